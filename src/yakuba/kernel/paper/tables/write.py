"""Tables going out: CSV for every program, Excel for people."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, StrEnum
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from yakuba.kernel.japan.api import unencodable
from yakuba.kernel.paper.tables.formulas import harmless
from yakuba.kernel.paper.tables.table import Position
from yakuba.kernel.values.api import TOKYO

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value = str | int | float | bool | Decimal | date | datetime | time | None
"""What a cell may hold."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")
_WIDEST = 60


class CsvEncoding(StrEnum):
    """Encodings of CSV files people can open by a double click."""

    UTF8 = "utf-8-sig"
    CP932 = "cp932"

    @property
    def label(self) -> str:
        return "UTF-8（BOM 付き）" if self is CsvEncoding.UTF8 else "Shift_JIS（CP932）"


@dataclass(frozen=True, slots=True)
class Unfit:
    """A character that the encoding does not have: where, which, and what stands in its place (空欄は「〓」)."""

    position: Position
    name: str
    character: str
    code: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A written CSV: its bytes and every character that did not fit, to be shown to the person who asked for it."""

    content: bytes
    unfit: tuple[Unfit, ...]


def write_csv(
    header: Sequence[str], rows: Iterable[Sequence[Value]], encoding: CsvEncoding = CsvEncoding.UTF8
) -> CsvFile:
    """Write rows with CRLF ends; text that would run as a formula gets an apostrophe, which `read_table` takes off.

    For CP932, characters that do not fit (髙 fits, 𠮷 and IVS do not) are replaced by their common form, or by 〓, and
    each is listed in `unfit`: nothing changes silently.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    unfit: list[Unfit] = []
    for number, row in enumerate([header, *rows], start=1):
        texts = []
        for column, value in enumerate(row, start=1):
            text = csv_text(value)
            if encoding is CsvEncoding.CP932:
                name = header[column - 1] if column <= len(header) else ""
                text, found = _fitted(text, Position("", number, column), name)
                unfit += found
            texts.append(text)
        writer.writerow(texts)
    return CsvFile(out.getvalue().encode(encoding.value), tuple(unfit))


def csv_text(value: Value) -> str:
    """A value as CSV text: dates 2026-04-01, moments in Tokyo 2026-04-01 09:30, truth values ○ and empty."""
    match value:
        case None:
            return ""
        case bool():
            return "○" if value else ""
        case Enum():
            return csv_text(value.value)
        case datetime():
            return f"{_in_tokyo(value):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case int() | float():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case _:
            return harmless(printable(str(value)))


def write_xlsx(
    header: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    sheet: str = "一覧",
    title: str = "",
    notes: Sequence[str] = (),
) -> bytes:
    """Write a workbook: bold header that stays in view, filter, fitting widths; numbers and dates typed, text as text.

    `title` stands in the first row; `notes` (explanations, sources) below the table.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(sheet))
    lines = [list(row) for row in rows]
    head_row = 3 if title else 1
    page.freeze_panes = f"A{head_row + 1}"
    if header:
        page.auto_filter.ref = f"A{head_row}:{get_column_letter(len(header))}{head_row + len(lines)}"
    for number, name in enumerate(header, start=1):
        column = [name, *(csv_text(line[number - 1]) for line in lines[:200] if len(line) >= number)]
        page.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max(map(_width, column)) + 2)
    page.print_title_rows = f"{head_row}:{head_row}"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if title:
        page.append([_cell(page, title, font=Font(bold=True, size=14))])
        page.append([])
    page.append([_cell(page, name, font=Font(bold=True), fill=_HEAD) for name in header])
    for line in lines:
        page.append([_cell(page, value) for value in line])
    if notes:
        page.append([])
        for note in notes:
            page.append([_cell(page, note, font=Font(color="FF595959"))])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


_HEAD = PatternFill("solid", start_color="FFE8F1FE")


def printable(text: str) -> str:
    """The text without characters that spreadsheet files cannot hold."""
    return _UNPRINTABLE.sub("", text)


def _cell(page: Any, value: Any, font: Font | None = None, fill: PatternFill | None = None) -> Any:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        value = "○" if value else ""
    if isinstance(value, datetime):
        value = _in_tokyo(value).replace(tzinfo=None)
    if isinstance(value, str):
        value = printable(value)[:32_767]
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        # As in Excel itself: the cell stays text even when somebody edits it.
        cell.quotePrefix = harmless(value) != value
        if "\n" in value:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    return cell


def _fitted(text: str, position: Position, name: str) -> tuple[str, list[Unfit]]:
    found = unencodable(text)
    unfit: list[Unfit] = []
    for one in reversed(found):
        instead = one.suggestion or "〓"
        text = text[: one.position] + instead + text[one.position + len(one.character) :]
        unfit.append(Unfit(position, name, one.character, one.code, instead))
    return text, unfit[::-1]


def _in_tokyo(moment: datetime) -> datetime:
    return moment.astimezone(TOKYO) if moment.tzinfo else moment


def _width(text: str) -> float:
    """Columns a text needs: wide characters take two."""
    longest = max(text.split("\n"), key=len)
    return sum(2.1 if unicodedata.east_asian_width(one) in "WFA" else 1.1 for one in longest[:_WIDEST])


def _sheet_name(name: str) -> str:
    return _SHEET_NAME.sub("_", name).strip("'")[:31] or "一覧"
