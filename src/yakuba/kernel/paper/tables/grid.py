"""What both readers deliver: filled cells by row and column, and the ranges that are merged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from yakuba.kernel.japan.api import find_my_numbers
from yakuba.kernel.paper.tables.table import Position, TableRefused

MEGABYTE = 1024 * 1024
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class TableLimits:
    """The largest table that is read: size as sent in bytes, rows, columns, characters in a cell."""

    max_bytes: int = 20 * MEGABYTE
    max_rows: int = 100_000
    max_columns: int = 300
    max_cell: int = 32_767


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range: rows and columns from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """A sheet: `cells[row][column]` is text, only filled cells stand in it. `faulty` holds cells without a value.

    `with_my_number` are the places at which a My Number stands.
    """

    sheet: str
    hidden: bool = False
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    faulty: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: int = 0
    with_my_number: list[Position] = field(default_factory=list)

    def row(self, number: int) -> Mapping[int, str]:
        return self.cells.get(number, {})

    def put(self, row: int, column: int, text: str, limits: TableLimits, filename: str) -> None:
        """Add a filled cell. Raises `TableRefused` beyond the limits."""
        if column > limits.max_columns:
            raise TableRefused(
                f"「{filename}」の列が多すぎます（上限 {limits.max_columns} 列）。",
                hint="使わない列を削除して保存し直してください。",
            )
        if len(text) > limits.max_cell:
            raise TableRefused(
                f"「{filename}」の {row} 行目に、長すぎる値があります（上限 {limits.max_cell:,} 文字）。",
                hint="長い文章は別のファイルにしてください。",
            )
        if row not in self.cells:
            if len(self.cells) >= limits.max_rows:
                raise TableRefused(
                    f"「{filename}」の行が多すぎます（上限 {limits.max_rows:,} 行）。",
                    hint="いくつかのファイルに分けてください。",
                )
            self.cells[row] = {}
        self.cells[row][column] = text
        # A mean that a spreadsheet worked out may have twelve digits behind its point.
        if len(text) >= 12 and not _DECIMAL.fullmatch(text) and find_my_numbers(text):
            self.with_my_number.append(Position(self.sheet, row, column))
