"""Workbooks as other tools and people make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook with the given sheets, rows as they stand."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after somebody worked on it."""
    book = load_workbook(BytesIO(content))
    change(book)
    return saved(book)


def cell_of(book: Any, sheet: str, name: str, column: str) -> Any:
    """The cell of a question (or option) in a column, for changing."""
    page = book[sheet]
    heads = {head.value: head.column for head in page[1]}
    for row in range(2, page.max_row + 1):
        if page.cell(row, heads["name"]).value == name:
            return page.cell(row, heads[column])
    raise LookupError(name)


def without_column(content: bytes, column: str) -> bytes:
    """The workbook after a tool threw a column away that it does not know."""

    def change(book: Any) -> None:
        for page in book.worksheets:
            for head in page[1]:
                if head.value == column:
                    page.delete_cols(head.column)
                    break

    return edited(content, change)
