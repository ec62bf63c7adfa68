"""A table as people filled it in: rows of text, each cell with its place, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from yakuba.kernel.values.api import Refusal

T = TypeVar("T")


def column_letter(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Position:
    """Where a cell stands: sheet (empty for CSV), row and column as the spreadsheet program counts them, from 1."""

    sheet: str
    row: int
    column: int

    def words(self, name: str = "") -> str:
        """「シート「名簿」5行目 C列（氏名）」"""
        sheet = f"シート「{self.sheet}」" if self.sheet else ""
        return f"{sheet}{self.row}行目 {column_letter(self.column)}列" + (f"（{name}）" if name else "")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in one cell: `message` says what, `hint` what to do; `column` 0 stands for the whole row."""

    position: Position
    name: str
    value: str
    message: str
    hint: str = ""

    def words(self) -> str:
        """The whole as one line: place, value, what is wrong, way out."""
        value = f"「{shortened(self.value)}」" if self.value else ""
        place = self.position.words(self.name) if self.position.column else f"{self.position.row}行目"
        return f"{place}{value}：{self.message}{self.hint}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name (as declared by the reader where it was recognised) and its number from 1."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data. `row["氏名"]` is the text as typed, without spaces around it; "" for an empty cell."""

    number: int
    cells: Mapping[str, str]
    sheet: str = field(repr=False)
    _places: Mapping[str, int] = field(repr=False)

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def position(self, name: str) -> Position:
        """Where the cell stands; column 0 if the sheet lacks the column."""
        return Position(self.sheet, self.number, self._places.get(name, 0))

    def problem(self, name: str, message: str, hint: str = "") -> Problem:
        """Something wrong with this cell."""
        return Problem(self.position(name), name, self.cells.get(name, ""), message, hint)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person sees to say where the table is: the sheets, the one chosen, its first rows (number and filled texts)
    and its last row."""

    sheets: tuple[str, ...]
    sheet: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    last_row: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read.

    `problems` are those found while reading; `missing` names declared optional columns the sheet lacks, `unknown` its
    columns nobody declared; `notes` are Japanese sentences about what was passed over; `encoding` is given for CSV.
    """

    filename: str
    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]
    encoding: str
    source: bytes = field(repr=False)
    header_last: int = 0
    """The last row of the header; rows of data stand below it."""
    preview: Preview | None = None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class TableRefused(Refusal):
    """A file that cannot be read as a table at all."""


class NoTableFound(TableRefused):
    """There is no header to be found; `preview` lets a person say where the table is."""

    def __init__(self, message: str, *, hint: str, preview: Preview) -> None:
        super().__init__(message, hint=hint)
        self.preview = preview


class Findings:
    """Collects what is wrong while the rows of a table are read, so that people get all problems at once."""

    def __init__(self, table: Table) -> None:
        self.problems: list[Problem] = list(table.problems)

    def take(self, row: Row, name: str, convert: Callable[[str], T], *, required: bool = True) -> T | None:
        """The converted cell; `None` if it is empty or wrong, with the problem noted.

        `convert` raises `Refusal`; its message and hint become the problem.
        """
        text = row.cells.get(name, "")
        if not text:
            if required:
                self.add(row, name, "空欄です。", "必ず入力してください。")
            return None
        try:
            return convert(text)
        except Refusal as refusal:
            self.add(row, name, refusal.message, refusal.hint or "")
            return None

    def add(self, row: Row, name: str, message: str, hint: str = "") -> None:
        """Note something the reading application found out."""
        self.problems.append(row.problem(name, message, hint))

    def __bool__(self) -> bool:
        return bool(self.problems)


def shortened(text: str, longest: int = 30) -> str:
    """A value for a message: cut with … and without line breaks."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[:longest] + "…"


def column_key(name: str) -> str:
    """What makes two column names the same: width, case, spaces and marks such as 必須 or ※ do not count."""
    tidy = unicodedata.normalize("NFKC", name).casefold()
    tidy = re.sub(r"[(\[【〔]?(?:必須|任意)[)\]】〕]?|[*※]", "", tidy)
    return re.sub(r"\s+", "", tidy)


def listed(names: Sequence[str], most: int = 12) -> str:
    """「A」「B」「C」 for a message."""
    shown = "".join(f"「{shortened(name, 20)}」" for name in names[:most])
    return shown + (f" ほか {len(names) - most} 列" if len(names) > most else "")
