"""A CSV file as a grid."""

from __future__ import annotations

import csv
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
    """Tab, semicolon or comma: whichever the first lines use most; Excel's Unicode text uses tabs."""
    head = text[:20_000]
    counts = {mark: head.count(mark) for mark in (",", "\t", ";")}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] > counts[","] else ","
