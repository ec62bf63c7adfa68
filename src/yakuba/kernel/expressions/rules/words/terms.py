"""What all languages need to know of a value before they name it: its label, its unit, its choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from yakuba.kernel.expressions.rules.references import list_name
from yakuba.kernel.expressions.rules.values import Rule, ValueType, decimal_of, taken
from yakuba.kernel.expressions.rules.words.claims import Named, parted

LONGEST_QUOTE = 40
"""Characters of a text written in a rule that a sentence repeats."""


class Unit(Enum):
    """What a number counts."""

    NONE = ""
    YEN = "yen"
    YEARS_OLD = "years_old"
    DAYS = "days"
    MONTHS = "months"
    ROWS = "rows"
    LETTERS = "letters"
    FISCAL_YEAR = "fiscal_year"
    YEAR = "year"


_UNITS = {
    "age": Unit.YEARS_OLD,
    "days_between": Unit.DAYS,
    "months_between": Unit.MONTHS,
    "count": Unit.ROWS,
    "fiscal_year": Unit.FISCAL_YEAR,
    "year_of": Unit.YEAR,
}
_KEEP_THE_UNIT = ("+", "-", "*", "/", "max", "min", "round_down", "round_up", "round_half_up", "if", "?:")

COMPUTATIONS = ("+", "-", "*", "/", "%", "max", "min")
"""Told in brackets within one another."""
SAME_UNIT = ("+", "-", "max", "min")
"""Their operands count the same: a bare number among yen is yen."""


@dataclass(frozen=True)
class Scope:
    """Where a sentence stands: the names it may use, and the list whose rows it goes through."""

    names: Mapping[str, Named]
    rows: str = ""

    def inside(self, rows: Rule) -> Scope:
        """The scope within the rows of a list."""
        name = list_name(rows)
        joined = f"{self.rows}.{name}" if self.rows and name else name
        return Scope(self.names, joined or "?")

    def named(self, name: str) -> Named:
        """What people call a name; the name itself where nobody said."""
        if self.rows and name in ("", "current"):
            return Named("")
        own = name.removeprefix("current.") if self.rows else name
        found = self.names.get(f"{self.rows}.{own}" if self.rows else own)
        return found or Named(own)

    def of(self, rule: Rule) -> Named:
        """What people call the answer a rule reads; nameless for anything else."""
        key, operands = parted(rule)
        if key == "var" and operands and not isinstance(operands[0], dict | list):
            return self.named("" if operands[0] is None else str(operands[0]))
        return Named("")


def unit_of(rule: Rule, scope: Scope) -> Unit:
    """What the number a rule gives counts."""
    key, operands = parted(rule)
    if key == "var":
        return Unit.YEN if scope.of(rule).type is ValueType.YEN else Unit.NONE
    if key == "sum" and len(operands) > 1 and isinstance(operands[1], str):
        inside = scope.inside(operands[0])
        return Unit.YEN if inside.named(operands[1]).type is ValueType.YEN else Unit.NONE
    if key == "length":
        lists = (ValueType.CHOICES, ValueType.ROWS, ValueType.FILES)
        return Unit.ROWS if scope.of(operands[0]).type in lists else Unit.LETTERS
    if key in _KEEP_THE_UNIT:
        units = [unit_of(operand, scope) for operand in operands]
        return Unit.YEN if Unit.YEN in units else Unit.NONE
    return _UNITS.get(key, Unit.NONE)


def number_words(number: Rule, unit: Unit) -> str:
    """A written number with commas, except for years."""
    exact = decimal_of(taken(number))
    if unit in (Unit.FISCAL_YEAR, Unit.YEAR):
        return str(exact)
    return f"{exact:,}" if isinstance(exact, int) else f"{exact:,f}"


def quoted(text: str) -> str:
    """A text as a sentence may repeat it: on one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"
