"""The sheet that goes back: the same rows, the wrong cells marked, and a column that says what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.paper.tables.csv_grid import csv_grid
from yakuba.kernel.paper.tables.grid import TableLimits
from yakuba.kernel.paper.tables.header import ERROR_COLUMN
from yakuba.kernel.paper.tables.table import Problem, Table
from yakuba.kernel.paper.tables.write import XLSX_TYPE, printable

_MARKED = PatternFill("solid", start_color="FFFFD7D7")
_TOLD = Font(color="FFB40000")


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out."""

    content: bytes
    filename: str
    media_type: str


def error_sheet(table: Table, problems: Iterable[Problem]) -> Download:
    """The file that was read, as .xlsx, with the column エラー: column, value, what is wrong, way out.

    The wrong cells are marked. Corrected, the sheet can be sent as it is: the column is passed over. A CSV comes back
    as a workbook too, its cells as text, so that leading zeros survive.
    """
    book, sheet = _opened(table)
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.position.row].append(problem)
    column = _error_column(sheet, table)
    head = _own_cell(sheet, table.header_row, column)
    head.value = ERROR_COLUMN
    head.font = Font(bold=True, color="FFB40000")
    sheet.column_dimensions[head.column_letter].width = 60
    for number, found in by_row.items():
        for problem in found:
            if problem.position.column:
                _own_cell(sheet, number, problem.position.column).fill = _MARKED
        told = _own_cell(sheet, number, column)
        put_text(told, "\n".join(_line(problem) for problem in found))
        told.font = _TOLD
        told.alignment = Alignment(wrap_text=True, vertical="top")
    out = BytesIO()
    book.save(out)
    stem = table.filename.rpartition(".")[0] or table.filename
    return Download(out.getvalue(), f"{stem}_エラー.xlsx", XLSX_TYPE)


def put_text(cell: Cell, text: str) -> None:
    """Write text that stays text, whatever it begins with."""
    try:
        cell.value = text
    except IllegalCharacterError:
        cell.value = printable(text)
    cell.data_type = "s"


def _line(problem: Problem) -> str:
    place = problem.name or "この行"
    value = f"「{problem.value[:60]}」" if problem.value else ""
    return f"{place}{value}：{problem.message}{problem.hint}"


def _opened(table: Table) -> tuple[Workbook, Worksheet]:
    if table.sheet:
        book = load_workbook(BytesIO(table.source))
        read = next(one for one in book.worksheets if one.title == table.sheet)
        book.active = book.index(read)
        return book, read
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "データ"
    grid, _encoding = csv_grid(table.source, table.filename, TableLimits())
    for number, cells in grid.cells.items():
        for column, text in cells.items():
            cell = sheet.cell(number, column)
            if isinstance(cell, Cell):
                put_text(cell, text)
                cell.number_format = "@"
    return book, sheet


def _error_column(sheet: Worksheet, table: Table) -> int:
    """The column エラー of an earlier round, else the first one right of everything."""
    for cell in sheet[table.header_row]:
        if cell.value == ERROR_COLUMN and isinstance(cell, Cell):
            for (old,) in sheet.iter_rows(min_row=table.header_row + 1, min_col=cell.column, max_col=cell.column):
                if isinstance(old, Cell):
                    old.value = None
            return cell.column
    return sheet.max_column + 1


def _own_cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell itself, or the first of the merged range it lies in."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        return cell
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            first = sheet.cell(merged.min_row, merged.min_col)
            if isinstance(first, Cell):
                return first
    raise LookupError(cell.coordinate)
