"""Listings as files: CSV in UTF-8 with BOM or CP932, and Excel; no cell can run as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from yakuba.kernel.japan.api import unencodable
from yakuba.kernel.ui.listing.rules import neutralised, without_control_characters

Cell = str | int | float | Decimal | date | datetime | None
GETA = "〓"
"""The mark printers set for a character they do not have (ゲタ記号)."""


@dataclass(frozen=True, slots=True)
class Unfitting:
    """A character that does not fit into CP932: where it stands (row from 1 without the head) and what reads the same."""

    row: int
    column: str
    text: str
    character: str
    code: str
    suggestion: str


def unfitting(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Unfitting]:
    """All characters of the rows that CP932 does not have."""
    return [
        Unfitting(number, head, value, one.character, one.code, one.suggestion or "")
        for number, row in enumerate(rows, start=1)
        for head, value in zip(heads, row, strict=True)
        if isinstance(value, str) and not _fits(value)
        for one in unencodable(value)
    ]


def fitted(text: str, *, similar: bool) -> str:
    """The text in characters of CP932: each other one as its look-alike (if `similar` and there is one) or as 〓."""
    if _fits(text):
        return text
    for one in reversed(unencodable(text)):
        instead = (one.suggestion if similar else None) or GETA
        text = text[: one.position] + instead + text[one.position + len(one.character) :]
    return text


def csv_response(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: str) -> HttpResponse:
    """A CSV file; `encoding` is `utf-8-sig` or `cp932`. Rows for CP932 must fit (`fitted`)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutralised(head) for head in heads])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    charset = "Shift_JIS" if encoding == "cp932" else "utf-8"
    return _file(text.getvalue().encode(encoding), f"{name}.csv", f"text/csv; charset={charset}")


def excel_response(name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> HttpResponse:
    """An Excel file: bold head that stays in view, filters, widths after the content, texts kept as texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(heads)))}{len(rows) + 1}"
    for number, head in enumerate(heads, start=1):
        longest = max([_breadth(head) + 3, *(_breadth(row[number - 1]) for row in rows[:200])])
        sheet.column_dimensions[get_column_letter(number)].width = min(60, max(8, longest + 2))
    fill, bold = PatternFill("solid", fgColor="E6E6E6"), Font(bold=True)
    head_cells = []
    for head in heads:
        one = WriteOnlyCell(sheet, value=without_control_characters(head))
        one.font, one.fill, one.data_type = bold, fill, "s"
        head_cells.append(one)
    sheet.append(head_cells)
    wrap = Alignment(wrap_text=True, vertical="top")
    for row in rows:
        cells = []
        for value in row:
            stored: Any = without_control_characters(value) if isinstance(value, str) else value
            one = WriteOnlyCell(sheet, value=stored)
            if isinstance(value, str):
                # A text is stored as a text whatever it begins with; the quote prefix keeps it one when it is edited.
                one.data_type = "s"
                if neutralised(value) != value:
                    one.quotePrefix = True
                if "\n" in value:
                    one.alignment = wrap
            elif isinstance(value, datetime):
                one.number_format = "yyyy/mm/dd hh:mm"
            elif isinstance(value, date):
                one.number_format = "yyyy/mm/dd"
            cells.append(one)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return _file(out.getvalue(), f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def json_response(name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """A JSON file: the columns (key and label), and every row as an object by column key; days as YYYY-MM-DD."""
    written = {
        "columns": [{"key": key, "label": label} for key, label in columns],
        "rows": [
            {key: _json_cell(value) for (key, _), value in zip(columns, row, strict=True)} for row in rows
        ],
    }  # fmt: skip
    text = json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False)
    return _file(text.encode(), f"{name}.json", "application/json; charset=utf-8")


def _json_cell(value: Cell) -> str | int | float | None:
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        near = float(value)
        return near if Decimal(repr(near)) == value else f"{value:f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else value


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return neutralised(without_control_characters(value))
    return str(value)


def _fits(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return not any("\ue000" <= letter <= "\uf8ff" for letter in text)


def _breadth(value: Cell) -> int:
    if isinstance(value, datetime):
        return 16
    if isinstance(value, date):
        return 10
    line = max(str(value if value is not None else "").splitlines() or [""], key=len)
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in line)


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "一覧"


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    plain = name.encode("ascii", "ignore").decode() or "list"
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
