"""Which names a rule reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yakuba.kernel.expressions.rules.operators import OPERATIONS, operands_of
from yakuba.kernel.expressions.rules.shape import Place, refuse_unsound
from yakuba.kernel.expressions.rules.values import Rule


@dataclass(frozen=True, slots=True)
class Reading:
    """One place where a rule reads data: the name as written, or `None` when the rule computes the name itself.

    `rows` are the lists whose rows the place goes through, outermost first: each the name the list is read from, or
    `None` when it is computed. Empty for a reading of the data as a whole. `accumulates` in a `reduce`.
    """

    name: str | None
    place: Place
    rows: tuple[str | None, ...] = ()
    accumulates: bool = False


def references(rule: Rule) -> frozenset[str]:
    """The names a rule reads from the data, each dotted name also by its first part: `address.city` and `address`.

    Names inside the part of `map`, `filter`, `reduce`, `all`, `some` and `none` that is evaluated for each row belong
    to the row and are left out. The empty name is the data as a whole. Names a rule computes cannot be told; `check`
    refuses them. Raises `RuleFault` for a malformed rule.
    """
    refuse_unsound(rule)
    names = {reading.name for reading in readings(rule) if reading.name is not None and not reading.rows}
    return frozenset(names | {name.partition(".")[0] for name in names})


def readings(rule: Rule) -> Iterator[Reading]:
    """Every place where a sound rule reads data, in its order."""
    yield from _readings(rule, None, (), False)


def _readings(rule: Rule, place: Place, rows: tuple[str | None, ...], accumulates: bool) -> Iterator[Reading]:
    if type(rule) is list:
        for number, each in enumerate(rule):
            yield from _readings(each, (place, number), rows, accumulates)
        return
    if type(rule) is not dict or len(rule) != 1:
        return
    ((key, written),) = rule.items()
    operands = operands_of(written)
    for name in _names_read(key, operands):
        yield Reading(name, place, rows, accumulates)
    body = OPERATIONS[key].body
    for number, operand in enumerate(operands):
        inside = (*rows, list_name(operands[0])) if number == body else rows
        yield from _readings(
            operand, ((place, key), number), inside, key == "reduce" if number == body else accumulates
        )


def _names_read(key: str, operands: Sequence[Rule]) -> list[str | None]:
    """The names an operator reads by itself; `None` among them when it computes one."""
    if key == "var":
        return _possible_names(operands[0]) if operands else [""]
    if key == "missing":
        return [name for operand in operands for name in _possible_names(operand)]
    return _possible_names(operands[1]) if key == "missing_some" else []


def _possible_names(written: Rule) -> list[str | None]:
    """Names a rule may come to: written ones, also behind `if` and in lists that `merge` joins."""
    if type(written) is list:
        return [name for each in written for name in _possible_names(each)]
    if type(written) is not dict or len(written) != 1:
        return ["" if written is None else str(written)] if type(written) is not dict else [None]
    ((key, inner),) = written.items()
    operands = operands_of(inner)
    if key in ("if", "?:"):
        results = [each for number, each in enumerate(operands) if number % 2 or number == len(operands) - 1]
        return [name for each in results for name in _possible_names(each)]
    return _possible_names(list(operands)) if key == "merge" else [None]


def list_name(rule: Rule) -> str | None:
    """The name a list is read from when the rule is a plain `var` (or a `filter` of one), else `None`."""
    if type(rule) is not dict or len(rule) != 1:
        return None
    ((key, written),) = rule.items()
    operands = operands_of(written)
    if key == "filter" and operands:
        return list_name(operands[0])
    if key == "var" and operands and isinstance(operands[0], str):
        return operands[0]
    return None
