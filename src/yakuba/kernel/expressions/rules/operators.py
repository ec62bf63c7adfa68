"""All operators: their names, how many operands they take, and what they do.

An operator either gets its operands evaluated (`by_value`), or evaluates them itself because it may leave some out or
goes through rows (`by_rule`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

from yakuba.kernel.expressions.rules.bounds import LONGEST_LIST, LONGEST_PATH
from yakuba.kernel.expressions.rules.dates import (
    age_on,
    date_of,
    days_later,
    fiscal_year_of,
    full_months,
    months_later,
)
from yakuba.kernel.expressions.rules.faults import too_large
from yakuba.kernel.expressions.rules.values import (
    Number,
    Rule,
    Work,
    compared,
    is_empty,
    is_same,
    is_true,
    number_of,
    taken,
    text_of,
    walked,
    within_bounds,
    written,
)
from yakuba.kernel.values.api import Rounding


class Evaluation(Protocol):
    """What an operator sees of the evaluation it takes part in."""

    today: date
    work: Work

    def value(self, rule: Rule, scope: Any) -> Any:
        """The value of a part of the rule, seen from `scope` (the data, or one row of it)."""


ByValue = Callable[[list[Any], Evaluation], Any]
ByRule = Callable[[Sequence[Rule], Any, Evaluation], Any]


@dataclass(frozen=True)
class Operation:
    """One operator: `least` to `most` operands (`None` is any number); `body` is the operand evaluated row by row."""

    key: str
    least: int
    most: int | None
    by_value: ByValue | None = None
    by_rule: ByRule | None = None
    body: int | None = None


# Data


def found_at(path: object, scope: Any) -> Any:
    """What stands in the data under a dotted name (or an index); `None` where there is nothing."""
    if path is None or path == "":
        return taken(scope)
    if type(path) is int:
        parts = [str(path)]
    elif isinstance(path, str):
        if type(scope) is dict and "." not in path:
            return taken(scope.get(path))
        parts = path.split(".", LONGEST_PATH)
        if len(parts) > LONGEST_PATH:
            raise too_large(
                f"条件式の項目名の「.」が多すぎます（{LONGEST_PATH}段まで）。", "項目名を確かめてください。"
            )
    else:
        return None
    for part in parts:
        if type(scope) is dict:
            scope = scope.get(part)
        elif type(scope) is list and part.isascii() and part.isdigit() and len(part) <= 9:
            scope = scope[int(part)] if int(part) < len(scope) else None
        else:
            return None
    return taken(scope)


def _var(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> Any:
    path = operands[0] if operands else ""
    if type(path) is not str:
        path = evaluation.value(path, scope)
    found = found_at(path, scope)
    if found is None and len(operands) > 1:
        return evaluation.value(operands[1], scope)
    return found


def _unanswered(names: Sequence[Any], scope: Any, evaluation: Evaluation) -> list[Any]:
    evaluation.work.spend(len(names))
    return [name for name in names if found_at(taken(name), scope) in (None, "")]


def _missing(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> list[Any]:
    values = [evaluation.value(operand, scope) for operand in operands]
    names = values[0] if values and type(values[0]) is list else values
    return _unanswered(walked(names), scope, evaluation)


def _missing_some(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> list[Any]:
    needed, names = (evaluation.value(operand, scope) for operand in operands)
    names = walked(names) if type(names) is list else [names]
    missing = _unanswered(names, scope, evaluation)
    return [] if len(names) - len(missing) >= (number_of(needed) or 0) else missing


# Logic


def _if(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> Any:
    place = 0
    while place + 1 < len(operands):
        if is_true(evaluation.value(operands[place], scope)):
            return evaluation.value(operands[place + 1], scope)
        place += 2
    return evaluation.value(operands[place], scope) if place < len(operands) else None


def _and(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> Any:
    value = None
    for operand in operands:
        value = evaluation.value(operand, scope)
        if not is_true(value):
            return value
    return value


def _or(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> Any:
    value = None
    for operand in operands:
        value = evaluation.value(operand, scope)
        if is_true(value):
            return value
    return value


def _equality(*, loosely: bool, wanted: bool) -> ByRule:
    def compare(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> bool:
        one, other = evaluation.value(operands[0], scope), evaluation.value(operands[1], scope)
        if one is None or other is None:
            # Only a rule that writes null asks for absence; an answer that is not there equals and differs from nothing.
            asks_for_absence = operands[0] is None or operands[1] is None
            return asks_for_absence and (one is other) is wanted
        return is_same(one, other, evaluation.work, loosely=loosely) is wanted

    return compare


def _order(holds: Callable[[int], bool]) -> ByValue:
    def compare(values: list[Any], evaluation: Evaluation) -> bool:
        for one, other in pairwise(values):
            order = compared(one, other, evaluation.work)
            if order is None or not holds(order):
                return False
        return True

    return compare


# Numbers


def _numbers(values: Sequence[Any]) -> list[Number] | None:
    numbers = [number_of(value) for value in values]
    return None if None in numbers else numbers  # type: ignore[return-value]


def _plus(values: list[Any], _: Evaluation) -> Any:
    numbers = _numbers(values)
    return None if numbers is None else within_bounds(_added(numbers))


def _added(numbers: Sequence[Number]) -> Number:
    total: Number = 0
    for number in numbers:
        total = within_bounds(total + number)
    return total


def _times(values: list[Any], _: Evaluation) -> Any:
    numbers = _numbers(values)
    if numbers is None:
        return None
    product: Number = 1
    for number in numbers:
        product = within_bounds(product * number)
    return product


def _minus(values: list[Any], _: Evaluation) -> Any:
    numbers = _numbers(values)
    if numbers is None:
        return None
    return within_bounds(-numbers[0] if len(numbers) == 1 else numbers[0] - numbers[1])


def _divided(values: list[Any], _: Evaluation) -> Any:
    numbers = _numbers(values)
    if numbers is None or numbers[1] == 0:
        return None
    return within_bounds(Fraction(numbers[0]) / numbers[1])


def _remainder(values: list[Any], _: Evaluation) -> Any:
    numbers = _numbers(values)
    if numbers is None or numbers[1] == 0:
        return None
    whole = int(Fraction(numbers[0]) / numbers[1])  # towards zero: the remainder has the sign of the first number
    return within_bounds(numbers[0] - numbers[1] * whole)


def _extreme(choose: Callable[..., Any]) -> ByValue:
    def pick(values: list[Any], _: Evaluation) -> Any:
        if values and all(date_of(value) for value in values):
            return choose(values)
        numbers = _numbers(values)
        return choose(numbers) if numbers else None

    return pick


def _rounded(rounding: Rounding) -> ByValue:
    def round_number(values: list[Any], _: Evaluation) -> Any:
        numbers = _numbers(values)
        if numbers is None:
            return None
        unit = numbers[1] if len(numbers) > 1 else 1
        if unit <= 0:
            return None
        return within_bounds(rounding.apply(Fraction(numbers[0]) / unit) * unit)

    return round_number


# Texts and lists


def _cat(values: list[Any], evaluation: Evaluation) -> str:
    text = ""
    for value in values:
        text = written(text + text_of(value, evaluation.work))
    return text


def _substr(values: list[Any], evaluation: Evaluation) -> str | None:
    text = text_of(values[0], evaluation.work)
    places = [number_of(value) for value in values[1:]]
    if None in places:
        return None
    start = int(places[0] or 0)
    text = text[max(start, -len(text)) :]
    if len(places) > 1:
        length = int(places[1] or 0)
        text = text[:length] if length >= 0 else text[: max(len(text) + length, 0)]
    return written(text)


def _holds(whole: Any, part: Any, evaluation: Evaluation) -> bool:
    if whole is None or part is None:
        return False
    if type(whole) is list:
        return any(is_same(taken(each), part, evaluation.work) for each in walked(whole))
    if isinstance(whole, str):
        evaluation.work.spend(len(whole) // 100)
        return not isinstance(part, list | dict) and text_of(part, evaluation.work) in whole
    return False


def _in(values: list[Any], evaluation: Evaluation) -> bool:
    return _holds(values[1], values[0], evaluation)


def _contains(values: list[Any], evaluation: Evaluation) -> bool:
    return _holds(values[0], values[1], evaluation)


def _merge(values: list[Any], evaluation: Evaluation) -> list[Any]:
    merged: list[Any] = []
    for value in values:
        merged.extend(value if type(value) is list else [value])
        evaluation.work.spend(1 + (len(value) if type(value) is list else 0))
        if len(merged) > LONGEST_LIST:
            walked(merged)
    return merged


def _length(values: list[Any], _: Evaluation) -> int | None:
    if values[0] is None:
        return 0
    return len(values[0]) if isinstance(values[0], str | list) else None


def _count(values: list[Any], _: Evaluation) -> int:
    return len(values[0]) if type(values[0]) is list else 0


def _sum(values: list[Any], evaluation: Evaluation) -> Any:
    rows = values[0]
    if type(rows) is not list:
        return 0 if rows is None else None
    evaluation.work.spend(len(rows))
    cells = [found_at(values[1], row) if len(values) > 1 else taken(row) for row in walked(rows)]
    numbers = _numbers([cell for cell in cells if cell is not None and cell != ""])
    return None if numbers is None else _added(numbers)


# Rows


def _rows(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> list[Any]:
    rows = evaluation.value(operands[0], scope)
    return walked(rows) if type(rows) is list else []


def _map(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> list[Any]:
    return [evaluation.value(operands[1], taken(row)) for row in _rows(operands, scope, evaluation)]


def _filter(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> list[Any]:
    rows = [taken(row) for row in _rows(operands, scope, evaluation)]
    return [row for row in rows if is_true(evaluation.value(operands[1], row))]


def _reduce(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> Any:
    reached = evaluation.value(operands[2], scope) if len(operands) > 2 else None
    for row in _rows(operands, scope, evaluation):
        reached = evaluation.value(operands[1], {"current": row, "accumulator": reached})
    return reached


def _all(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> bool:
    rows = _rows(operands, scope, evaluation)
    return bool(rows) and all(is_true(evaluation.value(operands[1], taken(row))) for row in rows)


def _some(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> bool:
    rows = _rows(operands, scope, evaluation)
    return any(is_true(evaluation.value(operands[1], taken(row))) for row in rows)


def _none(operands: Sequence[Rule], scope: Any, evaluation: Evaluation) -> bool:
    return not _some(operands, scope, evaluation)


# Days


def _age(values: list[Any], evaluation: Evaluation) -> int | None:
    birth = date_of(values[0])
    day = date_of(values[1]) if len(values) > 1 else evaluation.today
    return age_on(birth, day) if birth and day else None


def _between(count: Callable[[date, date], int]) -> ByValue:
    def apply(values: list[Any], _: Evaluation) -> int | None:
        first, last = date_of(values[0]), date_of(values[1])
        return count(first, last) if first and last else None

    return apply


def _later(move: Callable[[date, int], date | None]) -> ByValue:
    def apply(values: list[Any], _: Evaluation) -> str | None:
        day, number = date_of(values[0]), number_of(values[1])
        if day is None or type(number) is not int:
            return None
        moved = move(day, number)
        return moved.isoformat() if moved else None

    return apply


def _part_of_date(part: Callable[[date], int]) -> ByValue:
    def apply(values: list[Any], _: Evaluation) -> int | None:
        day = date_of(values[0])
        return part(day) if day else None

    return apply


_ALL = (
    Operation("var", 0, 2, by_rule=_var),
    Operation("missing", 0, None, by_rule=_missing),
    Operation("missing_some", 2, 2, by_rule=_missing_some),
    Operation("if", 0, None, by_rule=_if),
    Operation("?:", 0, None, by_rule=_if),
    Operation("==", 2, 2, by_rule=_equality(loosely=True, wanted=True)),
    Operation("!=", 2, 2, by_rule=_equality(loosely=True, wanted=False)),
    Operation("===", 2, 2, by_rule=_equality(loosely=False, wanted=True)),
    Operation("!==", 2, 2, by_rule=_equality(loosely=False, wanted=False)),
    Operation("!", 1, 1, by_value=lambda values, _: not is_true(values[0])),
    Operation("!!", 1, 1, by_value=lambda values, _: is_true(values[0])),
    Operation("and", 1, None, by_rule=_and),
    Operation("or", 1, None, by_rule=_or),
    Operation(">", 2, 2, by_value=_order(lambda order: order > 0)),
    Operation(">=", 2, 2, by_value=_order(lambda order: order >= 0)),
    Operation("<", 2, 3, by_value=_order(lambda order: order < 0)),
    Operation("<=", 2, 3, by_value=_order(lambda order: order <= 0)),
    Operation("max", 0, None, by_value=_extreme(max)),
    Operation("min", 0, None, by_value=_extreme(min)),
    Operation("+", 0, None, by_value=_plus),
    Operation("-", 1, 2, by_value=_minus),
    Operation("*", 1, None, by_value=_times),
    Operation("/", 2, 2, by_value=_divided),
    Operation("%", 2, 2, by_value=_remainder),
    Operation("map", 2, 2, by_rule=_map, body=1),
    Operation("filter", 2, 2, by_rule=_filter, body=1),
    Operation("reduce", 2, 3, by_rule=_reduce, body=1),
    Operation("all", 2, 2, by_rule=_all, body=1),
    Operation("some", 2, 2, by_rule=_some, body=1),
    Operation("none", 2, 2, by_rule=_none, body=1),
    Operation("merge", 0, None, by_value=_merge),
    Operation("in", 2, 2, by_value=_in),
    Operation("cat", 0, None, by_value=_cat),
    Operation("substr", 2, 3, by_value=_substr),
    # The standard operator writes to a console; ours does not, because a log is no place for answers.
    Operation("log", 1, 1, by_value=lambda values, _: values[0]),
    Operation("today", 0, 0, by_value=lambda _, evaluation: evaluation.today.isoformat()),
    Operation("age", 1, 2, by_value=_age),
    Operation("days_between", 2, 2, by_value=_between(lambda first, last: (last - first).days)),
    Operation("months_between", 2, 2, by_value=_between(full_months)),
    Operation("add_days", 2, 2, by_value=_later(days_later)),
    Operation("add_months", 2, 2, by_value=_later(months_later)),
    Operation("add_years", 2, 2, by_value=_later(lambda day, years: months_later(day, 12 * years))),
    Operation("fiscal_year", 1, 1, by_value=_part_of_date(fiscal_year_of)),
    Operation("year_of", 1, 1, by_value=_part_of_date(lambda day: day.year)),
    Operation("round_down", 1, 2, by_value=_rounded(Rounding.DOWN)),
    Operation("round_up", 1, 2, by_value=_rounded(Rounding.UP)),
    Operation("round_half_up", 1, 2, by_value=_rounded(Rounding.HALF_UP)),
    Operation("count", 1, 1, by_value=_count),
    Operation("sum", 1, 2, by_value=_sum),
    Operation("length", 1, 1, by_value=_length),
    Operation("contains", 2, 2, by_value=_contains),
    Operation("is_empty", 1, 1, by_value=lambda values, evaluation: is_empty(values[0], evaluation.work)),
)

OPERATIONS: dict[str, Operation] = {operation.key: operation for operation in _ALL}


def operands_of(written: Rule) -> Sequence[Rule]:
    """The operands of an operator; a single one may stand without its list."""
    return written if type(written) is list else [written]
