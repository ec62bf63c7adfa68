"""Cell references of a workbook, moved when rows are put in. Pure: text in, text out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from openpyxl.formula.tokenizer import Token, Tokenizer

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")
_ROW = re.compile(r"(\$?)([0-9]{1,7})")
_SHEET = re.compile(r"^('(?:[^']|'')+'|[^'!]+)!")


@dataclass(frozen=True, slots=True)
class Insertion:
    """Rows `first` to `last` of sheet `sheet` are now there `copies` times, one below the other."""

    sheet: str
    first: int
    last: int
    copies: int

    @property
    def added(self) -> int:
        """How far everything below has moved, in rows."""
        return (self.last - self.first + 1) * (self.copies - 1)

    def row(self, row: int) -> int:
        """Where a single row outside the repeated ones has gone."""
        return row + self.added if row > self.last else row

    def end(self, row: int) -> int:
        """Where the last row of a range has gone: a range over the repeated rows grows with them."""
        return row + self.added if row >= self.last else row

    def in_copy(self, row: int, copy: int) -> int:
        """Where a row has gone as seen from the given copy (from 0) of the repeated rows."""
        if self.first <= row <= self.last:
            return row + copy * (self.last - self.first + 1)
        return self.row(row)


def moved_range(reference: str, insertion: Insertion) -> str:
    """A reference without sheet (`B3`, `$A$1:C9`, `1:2`, several separated by spaces) after the insertion."""
    return " ".join(_moved(one, insertion, None) for one in reference.split(" "))


def moved_formula(formula: str, insertion: Insertion, *, sheet: str, copy: int | None = None) -> str:
    """A formula (without =) of `sheet` after the insertion; `copy` is the copy it stands in, if it stands in one."""
    tokens = Tokenizer("=" + formula)
    written = []
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            written.append(_moved_operand(token.value, insertion, sheet, copy))
        else:
            written.append(token.value)
    return "".join(written)


def _moved_operand(operand: str, insertion: Insertion, sheet: str, copy: int | None) -> str:
    prefix = _SHEET.match(operand)
    named = prefix.group(1).strip("'").replace("''", "'") if prefix else sheet
    if named != insertion.sheet:
        return operand
    head = prefix.group() if prefix else ""
    return head + _moved(operand[len(head) :], insertion, copy)


def _moved(reference: str, insertion: Insertion, copy: int | None) -> str:
    first, colon, last = reference.partition(":")
    if not colon:
        return _single(first, lambda row: insertion.row(row) if copy is None else insertion.in_copy(row, copy))
    if copy is not None and _inside(first, insertion) and _inside(last, insertion):
        return ":".join(_single(one, lambda row: insertion.in_copy(row, copy)) for one in (first, last))
    return _single(first, insertion.row) + ":" + _single(last, insertion.end)


def _inside(reference: str, insertion: Insertion) -> bool:
    found = _CELL.fullmatch(reference) or _ROW.fullmatch(reference)
    return found is not None and insertion.first <= int(found.groups()[-1]) <= insertion.last


def _single(reference: str, move: Callable[[int], int]) -> str:
    if found := _CELL.fullmatch(reference):
        column_fixed, column, row_fixed, row = found.groups()
        return f"{column_fixed}{column}{row_fixed}{move(int(row))}"
    if found := _ROW.fullmatch(reference):
        return f"{found.group(1)}{move(int(found.group(2)))}"
    return reference
