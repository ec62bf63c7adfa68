"""Workbooks made for the tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.files.tests import making


def workbook(rows: Iterable[Sequence[object]], *, sheet: str = "名簿", merged: Iterable[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for one in merged:
        page.merge_cells(one)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes, sheet: str | None = None) -> Worksheet:
    book = openpyxl.load_workbook(BytesIO(content))
    return book[sheet] if sheet else book.worksheets[0]


def with_shared_string(content: bytes, cell: str, item: str) -> bytes:
    """The workbook with the first shared string `item` (XML), and `cell` pointing at it."""
    part = "xl/worksheets/sheet1.xml"
    changed = re.sub(
        rf'<c r="{cell}"[^>]*>.*?</c>', f'<c r="{cell}" t="s"><v>0</v></c>', making.member(content, part).decode()
    )
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = making.repacked(content, changed={part: changed.encode()})
    strings = f'<sst xmlns="{namespace}">{item}</sst>'.encode()
    if "xl/sharedStrings.xml" in making.names(content):
        return making.repacked(content, changed={"xl/sharedStrings.xml": strings})
    content = making.with_content_type(
        content,
        "xl/sharedStrings.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
        strings,
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    return making.with_relation(content, "xl/_rels/workbook.xml.rels", kind, "sharedStrings.xml", external=False)
