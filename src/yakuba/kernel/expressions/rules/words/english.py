"""Rules in English."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date

from yakuba.kernel.expressions.rules.dates import date_of
from yakuba.kernel.expressions.rules.values import Rule, ValueType, decimal_of, taken
from yakuba.kernel.expressions.rules.words.claims import Claim, Joined, Named, Settled, Statement, parted, statement_of
from yakuba.kernel.expressions.rules.words.terms import (
    COMPUTATIONS,
    SAME_UNIT,
    Scope,
    Unit,
    number_words,
    quoted,
    unit_of,
)

_TIME = re.compile(r"[0-2][0-9]:[0-5][0-9]")
_MONTHS = tuple(calendar.month_name)
_UNITS = {Unit.YEN: "yen", Unit.DAYS: "days", Unit.MONTHS: "months", Unit.LETTERS: "characters"}
_SIZES = {
    ">=": ("is {} or more", "is not {} or more"),
    "<=": ("is {} or less", "is not {} or less"),
    ">": ("is more than {}", "is not more than {}"),
    "<": ("is less than {}", "is not less than {}"),
}
_DAYS = {
    ">=": ("is {} or later", "is not {} or later"),
    "<=": ("is {} or earlier", "is not {} or earlier"),
    ">": ("is after {}", "is not after {}"),
    "<": ("is before {}", "is not before {}"),
}


class English:
    """Plain English sentences beginning with "when"."""

    def condition(self, statement: Statement, scope: Scope) -> str:
        if isinstance(statement, Settled):
            return "always" if statement.holds else "never"
        return f"when {self.phrase(statement, scope)}"

    # Statements

    def phrase(self, statement: Statement, scope: Scope) -> str:
        if isinstance(statement, Settled):
            return "it always applies" if statement.holds else "it never applies"
        if isinstance(statement, Claim):
            return self.claim(statement, scope)
        return f" {statement.by} ".join(self._part(part, scope) for part in statement.parts)

    def _part(self, statement: Statement, scope: Scope) -> str:
        inside = self.phrase(statement, scope)
        return f"({inside})" if isinstance(statement, Joined) else inside

    def claim(self, claim: Claim, scope: Scope) -> str:
        tell: Callable[[Claim, Scope], str] = {
            "==": self._equal, "!=": self._equal, "empty": self._empty, "absent": self._empty,
            "one_of": self._one_of, "holds": self._holds, "true": self._true, "missing": self._missing,
            "missing_some": self._missing_some, "all": self._all, "some": self._some, "none": self._some,
            "between": self._between, "strictly_between": self._between,
        }.get(claim.key, self._size)  # fmt: skip
        return tell(claim, scope)

    def _equal(self, claim: Claim, scope: Scope) -> str:
        one, other = claim.parts
        is_same = (claim.key == "==") is not claim.is_denied
        return f"{self.term(one, scope)} {'is' if is_same else 'is not'} {self.beside(other, one, scope)}"

    def _size(self, claim: Claim, scope: Scope) -> str:
        one, other = claim.parts
        words = (_DAYS if self._are_days(claim.parts, scope) else _SIZES)[claim.key][claim.is_denied]
        return f"{self.term(one, scope)} {words.format(self.beside(other, one, scope))}"

    def _between(self, claim: Claim, scope: Scope) -> str:
        about, low, high = claim.parts
        verb = "is not" if claim.is_denied else "is"
        ends = f"{self.beside(low, about, scope)} and {self.beside(high, about, scope)}"
        without = "" if claim.key == "between" else ", both excluded"
        return f"{self.term(about, scope)} {verb} between {ends}{without}"

    def _are_days(self, rules: Sequence[Rule], scope: Scope) -> bool:
        makers = ("today", "add_days", "add_months", "add_years")
        return any(
            scope.of(rule).type in (ValueType.DATE, ValueType.TIME)
            or parted(rule)[0] in makers
            or (isinstance(rule, str) and (date_of(rule) is not None or _TIME.fullmatch(rule) is not None))
            for rule in rules
        )

    def _empty(self, claim: Claim, scope: Scope) -> str:
        return f"{self.term(claim.parts[0], scope)} {'is answered' if claim.is_denied else 'is not answered'}"

    def _true(self, claim: Claim, scope: Scope) -> str:
        rule = claim.parts[0]
        kind = scope.of(rule).type
        about = self.term(rule, scope)
        if kind is ValueType.YES_NO:
            return f"{about} {'is not' if claim.is_denied else 'is'} “Yes”"
        if kind in (ValueType.NUMBER, ValueType.YEN) or parted(rule)[0] in ("+", "-", "*", "/", "%", "count", "sum"):
            return f"{about} {'is' if claim.is_denied else 'is not'} 0"
        return self._empty(Claim("empty", claim.parts, not claim.is_denied), scope)

    def _one_of(self, claim: Claim, scope: Scope) -> str:
        about, listed = claim.parts
        each = [self.beside(other, about, scope) for other in listed]
        if claim.is_denied:
            return f"{self.term(about, scope)} is neither {' nor '.join(each) or 'anything'}"
        return f"{self.term(about, scope)} is {' or '.join(each) or 'nothing'}"

    def _holds(self, claim: Claim, scope: Scope) -> str:
        whole, part = claim.parts
        verb = "does not include" if claim.is_denied else "includes"
        return f"{self.term(whole, scope)} {verb} {self.beside(part, whole, scope)}"

    def _missing(self, claim: Claim, scope: Scope) -> str:
        listed = claim.parts[0] if len(claim.parts) == 1 and isinstance(claim.parts[0], list) else claim.parts
        names = [self._name_of(each, scope) for each in listed]
        if len(names) == 1:
            return f"{names[0]} {'is answered' if claim.is_denied else 'is not answered'}"
        if claim.is_denied:
            return f"{_listed(names, 'and')} are all answered"
        return f"{_listed(names, 'or')} is not answered"

    def _missing_some(self, claim: Claim, scope: Scope) -> str:
        needed, listed = claim.parts
        names = [self._name_of(each, scope) for each in (listed if isinstance(listed, list) else [listed])]
        if needed == 1:
            return f"{'at least one' if claim.is_denied else 'none'} of {_listed(names, 'and')} is answered"
        number = self.term(needed, scope)
        size = f"at least {number}" if claim.is_denied else f"fewer than {number}"
        return f"{size} of {_listed(names, 'and')} are answered"

    def _name_of(self, written: Rule, scope: Scope) -> str:
        return self.named(scope.named(written)) if isinstance(written, str) else self.term(written, scope)

    def _row(self, claim: Claim, scope: Scope) -> str:
        return self.phrase(statement_of(claim.parts[1]), scope.inside(claim.parts[0]))

    def _all(self, claim: Claim, scope: Scope) -> str:
        start = "not every row" if claim.is_denied else "every row"
        return f"in {start} of {self.term(claim.parts[0], scope)}, {self._row(claim, scope)}"

    def _some(self, claim: Claim, scope: Scope) -> str:
        there_is = (claim.key == "some") is not claim.is_denied
        start = "at least one row" if there_is else "no row"
        return f"in {start} of {self.term(claim.parts[0], scope)}, {self._row(claim, scope)}"

    # Values

    def named(self, name: Named) -> str:
        return f"“{quoted(name.label)}”" if name.label else "the value"

    def beside(self, rule: Rule, about: Rule, scope: Scope) -> str:
        """A value as it is said beside what it is compared with: choices by their label, numbers with their unit."""
        choices = scope.of(about).choices
        if isinstance(rule, str) and rule in choices:
            return f"“{quoted(choices[rule])}”"
        if isinstance(rule, list):
            return _listed([self.beside(each, about, scope) for each in rule], "and")
        if rule is not None and not isinstance(rule, str | bool | dict):
            unit = unit_of(about, scope)
            return " ".join(filter(None, (number_words(rule, unit), _UNITS.get(unit))))
        return self.term(rule, scope)

    def term(self, rule: Rule, scope: Scope) -> str:
        """A value: an answer by its label, a written value, or how it is computed."""
        if rule is None:
            return "nothing"
        if isinstance(rule, bool):
            return "“Yes”" if rule else "“No”"
        if isinstance(rule, str):
            day = date_of(rule)
            return _day(day) if day else rule if _TIME.fullmatch(rule) else f"“{quoted(rule)}”"
        if isinstance(rule, list):
            return _listed([self.term(each, scope) for each in rule], "and")
        if not isinstance(rule, dict):
            return number_words(rule, Unit.NONE)
        key, operands = parted(rule)
        if key == "var":
            return self._answer(operands, scope)
        told = self._computed(key, operands, scope)
        return told if told is not None else self._judged(rule, scope)

    def _answer(self, operands: Sequence[Rule], scope: Scope) -> str:
        path = operands[0] if operands else ""
        if isinstance(path, dict | list):
            return "a computed answer"
        if scope.rows and path == "accumulator":
            return "the result so far"
        told = self.named(scope.named("" if path is None else str(path)))
        return f"{told} (or else {self.term(operands[1], scope)})" if len(operands) > 1 else told

    def _judged(self, rule: Rule, scope: Scope) -> str:
        if not isinstance(rule, dict) or len(rule) != 1:
            return "a fixed value"
        statement = statement_of(rule)
        if isinstance(statement, Claim) and statement.key == "true":
            return "a computed value"
        return f"whether {self.phrase(statement, scope)}"

    def _computed(self, key: str, operands: Sequence[Rule], scope: Scope) -> str | None:
        if key in ("if", "?:"):
            return self._chosen(operands, scope)
        if key in ("map", "filter", "reduce"):
            return self._rows_told(key, operands, scope)
        if key in ("round_down", "round_up", "round_half_up"):
            return self._rounded(key, operands, scope)
        if key in ("add_days", "add_months", "add_years"):
            return self._moved(key, operands, scope)
        values = [self._operand(operand, key, operands, scope) for operand in operands]
        if key == "length" and unit_of({key: operands}, scope) is Unit.ROWS:
            key = "count"
        if key == "sum" and len(operands) > 1:
            values[1] = self._name_of(operands[1], scope.inside(operands[0]))
        return _template(key, values)

    def _operand(self, operand: Rule, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        """A value within a computation: with the unit of the others, and in brackets if computed itself."""
        told = self.beside(operand, {key: operands}, scope) if key in SAME_UNIT else self.term(operand, scope)
        return f"({told})" if key in COMPUTATIONS and parted(operand)[0] in COMPUTATIONS else told

    def _chosen(self, operands: Sequence[Rule], scope: Scope) -> str:
        told = [
            f"{self.beside(operands[number + 1], {'if': operands}, scope)} {self.condition(statement_of(operands[number]), scope)}"
            for number in range(0, len(operands) - 1, 2)
        ]
        if len(operands) % 2:
            otherwise = self.beside(operands[-1], {"if": operands}, scope)
            told.append(f"otherwise {otherwise}" if told else otherwise)
        return ", ".join(told) or "nothing"

    def _rows_told(self, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        rows, inside = self.term(operands[0], scope), scope.inside(operands[0])
        if key == "filter":
            return f"the rows of {rows} where {self.phrase(statement_of(operands[1]), inside)}"
        value = self.term(operands[1], inside)
        return f"{value} of each row of {rows}" if key == "map" else f"{value}, row by row of {rows}"

    def _rounded(self, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        words = {"round_down": "down", "round_up": "up", "round_half_up": "half up"}[key]
        unit = self.beside(operands[1] if len(operands) > 1 else 1, operands[0], scope)
        return f"{self.term(operands[0], scope)} rounded {words} to {unit}"

    def _moved(self, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        day, number, unit = self.term(operands[0], scope), operands[1], key.removeprefix("add_")
        if isinstance(number, str | dict | list) or number is None:
            return f"{self.term(number, scope)} {unit} after {day}"
        exact = decimal_of(taken(number))
        size = abs(exact)
        unit = unit.removesuffix("s") if size == 1 else unit
        return f"{number_words(size, Unit.NONE)} {unit} {'after' if exact >= 0 else 'before'} {day}"


def _template(key: str, values: list[str]) -> str | None:
    all_of, first = _listed(values, "and"), values[0] if values else ""
    second = values[1] if len(values) > 1 else ""
    two = len(values) == 2
    return {
        "+": f"the sum of {all_of}" if len(values) > 1 else first,
        "-": f"{first} minus {second}" if two else f"the negative of {first}",
        "*": f"the product of {all_of}",
        "/": f"{first} divided by {second}",
        "%": f"the remainder of {first} divided by {second}",
        "max": f"the larger of {all_of}" if two else f"the largest of {all_of}",
        "min": f"the smaller of {all_of}" if two else f"the smallest of {all_of}",
        "today": "today",
        "age": f"the age by {first} on {second}" if two else f"the age by {first}",
        "days_between": f"the number of days from {first} to {second}",
        "months_between": f"the number of months from {first} to {second}",
        "fiscal_year": f"the fiscal year of {first}",
        "year_of": f"the year of {first}",
        "count": f"the number of {first}",
        "sum": f"the total of {second} in {first}" if two else f"the total of {first}",
        "length": f"the length of {first}",
        "cat": f"{all_of} joined",
        "substr": f"a part of {first}",
        "merge": f"{all_of} together",
        "missing": f"what is not answered of {all_of}",
        "log": first,
    }.get(key)


def _listed(words: Sequence[str], joint: str) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return words[0] if words else "nothing"
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month]} {day.year}"
