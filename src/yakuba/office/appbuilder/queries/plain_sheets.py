"""Excel sheets (様式) made for an app that has none: a ledger with a row for each record, a slip for one record."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from yakuba.office.appbuilder.queries.sheet_out import ROWS, named_fields
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType

_THIN = Side(style="thin", color="808080")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="E8EDF2")
_FONT = "游ゴシック"
_WIDE = (FieldType.LONG_TEXT, FieldType.ADDRESS, FieldType.CHOICES)
_MOST_COLUMNS = 12


def ledger(definition: AppDefinition) -> bytes:
    """A table on A4 across: the fields of the list, a row for each record."""
    columns = [(name, one) for name, one in named_fields(definition) if one.in_list][:_MOST_COLUMNS]
    book, sheet = _book("台帳", landscape=True)
    _put(sheet, 1, 1, "{{アプリの名前}}", size=16)
    _put(sheet, 2, 1, "{{出した日}}現在　{{件数}}件")
    for place, (name, one) in enumerate(columns, start=1):
        _put(sheet, 4, place, one.label, framed=True, filled=True)
        mark = f"{{{{{name}}}}}"
        if place == 1:
            mark = f"{{{{#{ROWS}}}}}{mark}"
        if place == len(columns):
            mark += f"{{{{/{ROWS}}}}}"
        _put(sheet, 5, place, mark, framed=True)
        sheet.column_dimensions[get_column_letter(place)].width = (
            24 if one.type in _WIDE else max(10, 2.2 * len(one.label))
        )
    sheet.print_title_rows = "4:4"
    return _saved(book)


def slip(definition: AppDefinition, title: str) -> bytes:
    """A form on A4 upright: a line for each field, room for stamps at the foot."""
    book, sheet = _book(title[:30], landscape=False)
    for place, width in enumerate((20, 26, 20, 26), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.merge_cells("A1:D1")
    _put(sheet, 1, 1, title, size=18, centred=True)
    _put(sheet, 2, 3, "作成")
    _put(sheet, 2, 4, "{{作成した日}}　{{作成した人}}")
    row, column = 4, 1
    for name, one in named_fields(definition):
        is_wide = one.type in _WIDE or one.type.holds_files
        if is_wide and column == 3:
            _frame(sheet, row, 3)
            row, column = row + 1, 1
        _put(sheet, row, column, one.label, framed=True, filled=True)
        _put(sheet, row, column + 1, _mark(name, one), framed=True)
        sheet.row_dimensions[row].height = 54 if is_wide else 24
        if is_wide:
            for place in (3, 4):
                _put(sheet, row, place, None, framed=True)
            sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=4)
        row, column = (row + 1, 1) if is_wide or column == 3 else (row, 3)
    if column == 3:
        _frame(sheet, row, 3)
        row += 1
    for place, label in enumerate(("課長", "係長", "係", "担当"), start=1):
        _put(sheet, row + 1, place, label, framed=True, filled=True, centred=True)
        _put(sheet, row + 2, place, None, framed=True)
    sheet.row_dimensions[row + 2].height = 48
    return _saved(book)


def _mark(name: str, one: AppField) -> str:
    return f"{{{{{name}}}}}{one.unit}" if one.unit and one.type is not FieldType.YEN else f"{{{{{name}}}}}"


def _frame(sheet: Any, row: int, column: int) -> None:
    _put(sheet, row, column, None, framed=True, filled=True)
    _put(sheet, row, column + 1, None, framed=True)


def _put(
    sheet: Any,
    row: int,
    column: int,
    text: str | None,
    *,
    size: int = 11,
    framed: bool = False,
    filled: bool = False,
    centred: bool = False,
) -> None:
    cell = sheet.cell(row, column, text)
    cell.font = Font(name=_FONT, size=size, bold=size > 11)
    cell.alignment = Alignment(
        vertical="center", horizontal="center" if centred else None, wrap_text=framed, shrink_to_fit=False
    )
    if framed:
        cell.border = _FRAME
    if filled:
        cell.fill = _HEAD


def _book(title: str, *, landscape: bool) -> tuple[Workbook, Any]:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return book, sheet


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
