"""What is wrong with a rule before anybody has answered: shapes, names, and comparisons that can never hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from yakuba.kernel.expressions.rules.dates import date_of
from yakuba.kernel.expressions.rules.faults import Fault, RuleProblem
from yakuba.kernel.expressions.rules.operators import operands_of
from yakuba.kernel.expressions.rules.references import Reading, list_name, readings
from yakuba.kernel.expressions.rules.shape import Place, path_of, shape_problems
from yakuba.kernel.expressions.rules.values import Rule, ValueType, number_of, taken


def check(rule: Rule, *, names: Mapping[str, ValueType]) -> tuple[RuleProblem, ...]:
    """The faults of a rule, in its order; empty when it may be published.

    `names` are the names a rule may read, with their types; parts of a name, an address, rows and files may be given
    with dots (`children.birthday`), and are then checked too, also where a rule goes through the rows. Found are:
    unknown operators and names, wrong numbers of operands, everything beyond the bounds, names a rule computes, a
    mapping that looks like a rule but is none, and comparing what can never be equal or in order.
    """
    problems = list(shape_problems(rule))
    if problems:
        return tuple(problems)
    problems = [problem for reading in readings(rule) for problem in _problem_of_name(reading, names)]
    problems.extend(_problems_of_parts(rule, None, names, ()))
    return tuple(problems)


def _problem_of_name(reading: Reading, names: Mapping[str, ValueType]) -> Iterator[RuleProblem]:
    path = path_of(reading.place)
    if reading.name is None:
        yield RuleProblem(
            path,
            Fault.NAME_NOT_WRITTEN,
            "項目名が計算で決まるため、どの項目を使うかを確かめられません。",
            "項目名をそのまま書いてください。",
        )
    elif reading.rows:
        if _type_in_rows(reading, names) is None:
            yield _unknown_name(reading.name, path, f"「{reading.rows[-1]}」の行に")
    elif _type_of_name(reading.name, names) is None:
        if reading.name == "":
            yield RuleProblem(path, Fault.UNKNOWN_NAME, "項目名が空です。", "使う項目の名前を書いてください。")
        else:
            yield _unknown_name(reading.name, path, "")


def _unknown_name(name: str, path: str, where: str) -> RuleProblem:
    return RuleProblem(
        path,
        Fault.UNKNOWN_NAME,
        f"{where}「{name[:60]}」という項目はありません。",
        "項目名を確かめるか、先にその項目を作ってください。",
    )


_LISTS = (ValueType.ROWS, ValueType.FILES, ValueType.CHOICES)
_PARTS = (ValueType.NAME, ValueType.ADDRESS)


def _type_of_name(name: str, names: Mapping[str, ValueType]) -> ValueType | None:
    """The type behind a name; parts of a composite answer that are not listed may be anything. `None` is unknown."""
    return _type_behind(name.split("."), "", None, names)


def _type_behind(
    parts: Sequence[str], reached: str, kind: ValueType | None, names: Mapping[str, ValueType]
) -> ValueType | None:
    """Go through the parts of a name from the one `reached` already, which is of the type `kind` if it is listed."""
    for part in parts:
        if kind is ValueType.ANY:
            return ValueType.ANY
        if kind in _LISTS:
            if not (part.isascii() and part.isdigit()):
                return None
            kind = ValueType.CHOICE if kind is ValueType.CHOICES else ValueType.NAME  # a row has parts as a name has
            continue
        if kind is not None and kind not in _PARTS:
            return None
        inside = f"{reached}." if reached else ""
        reached = f"{inside}{part}"
        if reached in names:
            kind = names[reached]
        elif any(each.startswith(f"{reached}.") for each in names):
            kind = None
        elif kind in _PARTS and not any(each.startswith(inside) for each in names):
            return ValueType.ANY
        else:
            return None
    return kind or ValueType.ANY


def _type_in_rows(reading: Reading, names: Mapping[str, ValueType]) -> ValueType | None:
    name = reading.name or ""
    if reading.accumulates:
        first, _, name = name.partition(".")
        if first in ("accumulator", ""):
            return ValueType.ANY
        if first != "current":
            return None
    rows = ".".join(row for row in reading.rows if row)
    if name == "" or None in reading.rows or names.get(rows) not in _LISTS:
        return ValueType.ANY
    if names[rows] is ValueType.CHOICES:
        return None
    return _type_behind(name.split("."), rows, ValueType.NAME, names)


# Types


class _Side(Enum):
    TEXT = "文字"
    NUMBER = "数"
    DATE = "日付"
    TIME = "時刻"
    TRUTH = "はい・いいえ"
    LIST = "一覧"
    PARTS = "複数の欄からなる項目"


_SIDES: dict[ValueType, _Side] = {
    ValueType.TEXT: _Side.TEXT,
    ValueType.CHOICE: _Side.TEXT,
    ValueType.NUMBER: _Side.NUMBER,
    ValueType.YEN: _Side.NUMBER,
    ValueType.DATE: _Side.DATE,
    ValueType.TIME: _Side.TIME,
    ValueType.YES_NO: _Side.TRUTH,
    ValueType.CHOICES: _Side.LIST,
    ValueType.ROWS: _Side.LIST,
    ValueType.FILES: _Side.LIST,
    ValueType.NAME: _Side.PARTS,
    ValueType.ADDRESS: _Side.PARTS,
}

_GIVES: dict[str, _Side] = {
    **dict.fromkeys(("+", "-", "*", "/", "%", "round_down", "round_up", "round_half_up"), _Side.NUMBER),
    **dict.fromkeys(("age", "days_between", "months_between", "fiscal_year", "year_of"), _Side.NUMBER),
    **dict.fromkeys(("count", "sum", "length"), _Side.NUMBER),
    **dict.fromkeys(("today", "add_days", "add_months", "add_years"), _Side.DATE),
    **dict.fromkeys(("cat", "substr"), _Side.TEXT),
    **dict.fromkeys(("map", "filter", "merge", "missing", "missing_some"), _Side.LIST),
    **dict.fromkeys(("==", "!=", "===", "!==", "<", "<=", ">", ">=", "!", "!!"), _Side.TRUTH),
    **dict.fromkeys(("in", "contains", "all", "some", "none", "is_empty"), _Side.TRUTH),
}

_EQUALITIES = ("==", "!=", "===", "!==")
_ORDERS = ("<", "<=", ">", ">=")

Rows = tuple[tuple[str | None, bool], ...]
"""The lists whose rows are gone through: each the name of the list, and whether it is a `reduce`."""


def _problems_of_parts(rule: Rule, place: Place, names: Mapping[str, ValueType], rows: Rows) -> Iterator[RuleProblem]:
    if type(rule) is list:
        for number, each in enumerate(rule):
            yield from _problems_of_parts(each, (place, number), names, rows)
        return
    if type(rule) is not dict:
        return
    if len(rule) != 1:
        if rule:
            yield RuleProblem(
                path_of(place),
                Fault.NOT_A_RULE,
                "一つの { } に演算子が二つ以上あるため、条件として働きません。",
                "一つの { } には演算子を一つだけ書き、「かつ」は and、「または」は or でつないでください。",
            )
        return
    ((key, written),) = rule.items()
    operands = operands_of(written)
    below = (place, key)
    if key in _EQUALITIES or key in _ORDERS:
        yield from _problems_of_comparison(key, operands, below, names, rows)
    elif key == "in" and type(operands[1]) is list:
        yield from _problems_of_membership(operands[0], operands[1], (below, 1), names, rows)
    for number, operand in enumerate(operands):
        inside = rows
        if key in ("map", "filter", "reduce", "all", "some", "none") and number == 1:
            inside = (*rows, (list_name(operands[0]), key == "reduce"))
        yield from _problems_of_parts(operand, (below, number), names, inside)


def _problems_of_comparison(
    key: str, operands: Sequence[Rule], place: Place, names: Mapping[str, ValueType], rows: Rows
) -> Iterator[RuleProblem]:
    sides = [_side_of(operand, names, rows) for operand in operands]
    for number in range(len(operands) - 1):
        one, other = operands[number], operands[number + 1]
        if key in _ORDERS and (one is None or other is None):
            yield RuleProblem(
                path_of(place),
                Fault.WRONG_TYPE,
                "空（null）とは大小を比べられません。",
                "答えがあるかどうかは is_empty で調べてください。",
            )
            continue
        if one is None or other is None:
            continue
        pair = (sides[number], one), (sides[number + 1], other)
        if not _may_be_equal(*pair, strictly=len(key) == 3) or (key in _ORDERS and not _has_order(*sides)):
            words = "と".join(f"「{side.value}」" for side, _ in pair if side is not None)
            yield _never_equal(words, place)


def _problems_of_membership(
    one: Rule, listed: list[Rule], place: Place, names: Mapping[str, ValueType], rows: Rows
) -> Iterator[RuleProblem]:
    side = _side_of(one, names, rows)
    for number, each in enumerate(listed):
        other = _side_of(each, names, rows)
        if not _may_be_equal((side, one), (other, each), strictly=True):
            words = "と".join(f"「{found.value}」" for found in (side, other) if found is not None)
            yield _never_equal(words, (place, number))


def _never_equal(words: str, place: Place) -> RuleProblem:
    return RuleProblem(
        path_of(place),
        Fault.NEVER_EQUAL,
        f"種類が違うため、この比較は成り立ちません（{words}）。",
        "同じ種類の値と比べてください。日付は「2026-04-01」、時刻は「09:30」の形で書きます。",
    )


def _side_of(rule: Rule, names: Mapping[str, ValueType], rows: Rows) -> _Side | None:
    """What kind of value a part gives; `None` when it may be anything."""
    if isinstance(rule, bool):
        return _Side.TRUTH
    if isinstance(rule, str):
        return _Side.TEXT
    if type(rule) is list:
        return _Side.LIST
    if type(rule) is not dict:
        return None if rule is None else _Side.NUMBER
    if len(rule) != 1:
        return _Side.PARTS
    ((key, written),) = rule.items()
    if key != "var":
        return _GIVES.get(key)
    operands = operands_of(written)
    if len(operands) != 1 or not isinstance(operands[0], str):
        return None
    if rows:
        reading = Reading(operands[0], None, tuple(name for name, _ in rows), rows[-1][1])
        kind = _type_in_rows(reading, names)
    else:
        kind = _type_of_name(operands[0], names)
    return _SIDES.get(kind) if kind is not None else None


def _may_be_equal(one: tuple[_Side | None, Rule], other: tuple[_Side | None, Rule], *, strictly: bool) -> bool:
    (side, rule), (other_side, other_rule) = one, other
    if side is None or other_side is None or side is other_side:
        return True
    if isinstance(other_rule, str):
        return _may_read(other_rule, side, strictly=strictly)
    if isinstance(rule, str):
        return _may_read(rule, other_side, strictly=strictly)
    texts = {_Side.TEXT, _Side.DATE, _Side.TIME}
    if side in texts and other_side in texts:
        return _Side.TEXT in (side, other_side)
    numbers = {_Side.NUMBER, _Side.TRUTH}
    if strictly:
        return False
    # A text entered by somebody may well be a numeral; a date never is, and "はい" is no number.
    return {side, other_side} == {_Side.TEXT, _Side.NUMBER} or (
        {side, other_side} <= numbers and _is_zero_or_one(one, other)
    )


def _is_zero_or_one(*sides: tuple[_Side | None, Rule]) -> bool:
    """A truth value equals 1 or 0 at most."""
    written = [rule for side, rule in sides if side is _Side.NUMBER and not isinstance(rule, dict)]
    return all(taken(rule) in (0, 1) for rule in written)


def _may_read(text: str, side: _Side, *, strictly: bool) -> bool:
    """Whether a written text may equal a value of the kind."""
    if side is _Side.DATE:
        return date_of(text) is not None
    if side is _Side.TIME:
        return len(text) in (5, 8) and text[2] == ":" and text.replace(":", "").isdigit()
    if side is _Side.NUMBER:
        return not strictly and number_of(text) is not None
    return side is _Side.TEXT


def _has_order(*sides: _Side | None) -> bool:
    return not any(side in (_Side.LIST, _Side.PARTS) for side in sides)
