"""Public names of `kernel.paper`: prints, the town's sheets, tables in and out."""

from yakuba.kernel.paper.prints.letterhead import Letterhead, town_letterhead
from yakuba.kernel.paper.prints.render import UndrawableCharacters, render_pdf
from yakuba.kernel.paper.queries import FilledSheet, fill_sheet
from yakuba.kernel.paper.services.assign_section import prepare_sheet
from yakuba.kernel.paper.sheets.fields import (
    FieldKind,
    SheetDeclaration,
    SheetFamily,
    SheetField,
    SheetKind,
    sheet,
    sheet_family,
)
from yakuba.kernel.paper.sheets.file import SheetFile
from yakuba.kernel.paper.sheets.rules import SheetCheck
from yakuba.kernel.paper.tables import converters
from yakuba.kernel.paper.tables.error_sheet import Download, error_sheet
from yakuba.kernel.paper.tables.read import read_table
from yakuba.kernel.paper.tables.table import (
    Findings,
    NoTableFound,
    Preview,
    Problem,
    Row,
    Table,
    TableRefused,
)
from yakuba.kernel.paper.tables.write import CsvEncoding, write_csv, write_xlsx

__all__ = [
    "CsvEncoding",
    "Download",
    "FieldKind",
    "FilledSheet",
    "Findings",
    "Letterhead",
    "NoTableFound",
    "Preview",
    "Problem",
    "Row",
    "SheetCheck",
    "SheetDeclaration",
    "SheetFamily",
    "SheetField",
    "SheetFile",
    "SheetKind",
    "Table",
    "TableRefused",
    "UndrawableCharacters",
    "converters",
    "error_sheet",
    "fill_sheet",
    "prepare_sheet",
    "read_table",
    "render_pdf",
    "sheet",
    "sheet_family",
    "town_letterhead",
    "write_csv",
    "write_xlsx",
]
