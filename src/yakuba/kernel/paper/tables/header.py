"""Which row holds the column names."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yakuba.kernel.paper.tables.grid import Grid, Merged
from yakuba.kernel.paper.tables.table import Column, TableRefused, column_key, column_letter, listed

ERROR_COLUMN = "エラー"
"""The column an error sheet adds; passed over when the sheet comes back."""

_SEARCHED_ROWS = 30
_AMOUNT = re.compile(r"[¥\\]?-?[0-9]{1,3}(?:,[0-9]{3})+円?|[¥\\]?-?[0-9]+円")


@dataclass(frozen=True, slots=True)
class Header:
    """The rows of the column names (`first` to `last`) and the columns found."""

    first: int
    last: int
    columns: tuple[Column, ...]


def find_header(grid: Grid, declared: Sequence[str]) -> Header | None:
    """The header of a sheet, found below title rows; `None` for a sheet without one.

    With `declared` names the row that holds most of them wins. Without, it is the first row that is about as full as
    the fullest, holds only texts that are no numbers, and each of them once.
    """
    candidates = [_header_at(grid, number) for number in sorted(grid.cells)[:_SEARCHED_ROWS]]
    if declared:
        keys = {column_key(name) for name in declared}
        scored = [(len(keys & {column_key(column.name) for column in one.columns}), one) for one in candidates]
        best = max((score for score, _one in scored), default=0)
        return next((one for score, one in scored if score == best and best > 0), None)
    fullest = max((len(one.columns) for one in candidates), default=0)
    return next((one for one in candidates if _looks_like_names(one, fullest)), None)


def header_between(grid: Grid, first: int, last: int) -> Header:
    """The header in rows a person has pointed at; cells merged to the right stand above the columns that have a name
    below them: 貸出／貸出日."""
    names: dict[int, str] = {}
    for number in range(last, first - 1, -1):
        row = grid.row(number)
        wide = {one.left: one.right for one in grid.merged if one.top == number}
        upper: dict[int, str] = {}
        for column, text in row.items():
            below = [one for one in names if column <= one <= wide.get(column, column)]
            upper |= {one: f"{text}／{names[one]}" for one in below} if below else {column: text}
        names |= upper
    return Header(first, last, _columns(names))


def named_columns(
    header: Header, declared: Sequence[str], required: Iterable[str], filename: str
) -> tuple[Column, ...]:
    """The columns under the names the reader declared. Raises `TableRefused` for missing and doubled required ones."""
    by_key = {column_key(name): name for name in declared}
    named: list[Column] = []
    seen: dict[str, int] = {}
    for column in header.columns:
        name = by_key.get(column_key(column.name), column.name)
        if name in seen and name in by_key.values():
            raise TableRefused(
                f"「{filename}」に「{name}」という列が二つあります"
                f"（{column_letter(seen[name])}列と{column_letter(column.number)}列）。",
                hint="どちらかの列の見出しを変えるか、削除してください。",
            )
        if name in seen:
            name = f"{name}（{column_letter(column.number)}列）"
        seen[name] = column.number
        named.append(Column(name, column.number))
    if missing := [name for name in required if name not in seen]:
        raise TableRefused(
            f"「{filename}」の {header.first} 行目の見出しに、必要な列{listed(missing)}がありません。",
            hint=f"見出しの行に列を加えてください。いまある列は{listed([one.name for one in header.columns])}です。",
        )
    return tuple(named)


def _header_at(grid: Grid, number: int) -> Header:
    row = grid.row(number)
    wide = [one for one in grid.merged if one.top == number and one.right > one.left and one.left in row]
    following = grid.row(number + 1)
    # One wide cell alone is a title above the table, not the upper half of a header.
    pairs = len(row) > 1 and any(
        sum(column in following for column in range(one.left, one.right + 1)) > 1 for one in wide
    )
    if not pairs:
        columns = _columns(row)
        return Header(number, _bottom(grid.merged, number, columns), columns)
    names: dict[int, str] = dict(row)
    for one in wide:
        for column in range(one.left, one.right + 1):
            if column in following:
                names[column] = f"{row[one.left]}／{following[column]}"
    return Header(number, number + 1, _columns(names))


def _bottom(merged: Iterable[Merged], number: int, columns: Sequence[Column]) -> int:
    """The last row of a header whose cells are merged downwards."""
    numbers = {column.number for column in columns}
    return max((one.bottom for one in merged if one.top == number and one.left in numbers), default=number)


def _columns(row: Mapping[int, str]) -> tuple[Column, ...]:
    named = (Column(" ".join(text.split()), number) for number, text in sorted(row.items()))
    return tuple(column for column in named if column.name != ERROR_COLUMN)


def _looks_like_names(header: Header, fullest: int) -> bool:
    names = [column.name for column in header.columns]
    if len(names) < math.ceil(fullest * 0.7) or (fullest > 1 and len(names) < 2):
        return False
    return len(set(names)) == len(names) and not any(_is_value(name) for name in names)


def _is_value(name: str) -> bool:
    """Whether a text is a number or an amount and no name of a column; 4月 and 1回目 may be one."""
    tidy = unicodedata.normalize("NFKC", name)
    return tidy.replace(".", "").replace("-", "").isdigit() or _AMOUNT.fullmatch(tidy) is not None
