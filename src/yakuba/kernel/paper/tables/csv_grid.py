"""A CSV file as a grid."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import suppress
from io import StringIO

from yakuba.kernel.paper.tables.encodings import decoded
from yakuba.kernel.paper.tables.formulas import restored
from yakuba.kernel.paper.tables.grid import Grid, TableLimits
from yakuba.kernel.paper.tables.table import TableRefused


def csv_grid(content: bytes, filename: str, limits: TableLimits) -> tuple[Grid, str]:
    """The grid and the name of the encoding. Rows count as the spreadsheet program shows them, not as lines."""
    text, encoding = decoded(content, filename)
    if "\x00" in text:
        raise TableRefused(
            f"「{filename}」は CSV ではありません（文字以外のデータが入っています）。",
            hint="Excel のファイルは .xlsx のまま送るか、CSV で保存し直してください。",
        )
    csv.field_size_limit(max(limits.max_cell * 4, 131_072))
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    grid = Grid(sheet="")
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            for column, value in enumerate(record, start=1):
                if value.strip():
                    grid.put(number, column, restored(value), limits, filename)
    except csv.Error as fault:
        raise TableRefused(
            f'「{filename}」の {number + 1} 行目で、引用符（"）の対応が取れていません。',
            hint='値の中の引用符は二つ重ねて（""）書くか、Excel で CSV として保存し直してください。',
        ) from fault
    return grid, encoding


def _delimiter(text: str) -> str:
    """Comma, tab or semicolon: with whichever most of the first rows have the same number of cells, more than one.

    Counting the marks alone would be misled by cells that hold them. Excel's Unicode text uses tabs.
    """
    head = text[:20_000]
    even = {mark: _even_rows(head, mark) for mark in (",", "\t", ";")}
    return max(even, key=lambda mark: even[mark])  # the comma where they are alike


def _even_rows(head: str, mark: str) -> int:
    widths: Counter[int] = Counter()
    with suppress(csv.Error):  # the piece ends within a cell, or this is not the mark: what was read until then counts
        widths.update(len(row) for row in csv.reader(StringIO(head, newline=""), delimiter=mark))
    return max((count for width, count in widths.items() if width > 1), default=0)
