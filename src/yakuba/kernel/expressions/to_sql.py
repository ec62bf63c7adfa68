"""The part of the language that a database can answer.

`to_q` gives a `Q` that selects exactly the rows for which `evaluate` holds, a row being the data with its columns as
answers. What a database would answer differently (texts as numbers, decimals added up) is refused, never approximated.

Every comparison says itself what it answers for a NULL, so that the three values of SQL never meet the two of the
language, and "not" is simply the opposite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any

from django.db.models import F, Func, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from yakuba.kernel.expressions.rules.dates import date_of, months_later
from yakuba.kernel.expressions.rules.evaluate import evaluate
from yakuba.kernel.expressions.rules.operators import operands_of
from yakuba.kernel.expressions.rules.references import readings
from yakuba.kernel.expressions.rules.shape import refuse_unsound
from yakuba.kernel.expressions.rules.values import Rule, ValueType, decimal_of, is_true, number_of, taken
from yakuba.kernel.values.api import Refusal


class NotCompilable(Refusal):
    """The database cannot answer this rule as `evaluate` does; `message` says which part and why."""


def to_q(
    rule: Rule,
    *,
    columns: Mapping[str, str],
    types: Mapping[str, ValueType] | None = None,
    today: date | None = None,
) -> Q:
    """The rows for which a rule holds, as a condition for `filter` on SQLite and PostgreSQL.

    `columns` says which column (a path as in `filter`, over single-valued relations) holds the answer of a name;
    `types` says what kind of answer it is: TEXT and CHOICE are texts, NUMBER and YEN numbers, DATE, TIME (full minutes)
    and YES_NO what Django has for them. A name without a type has that of the values it is compared with. `today` is
    needed where the rule asks for it. Raises `NotCompilable` outside the subset (see the README), `RuleFault` for a
    malformed rule.
    """
    refuse_unsound(rule)
    chosen = {**_types_by_use(rule), **(types or {})}
    return _Compiler(columns, chosen, today).condition(rule)


_NEVER = Q(pk__in=[])
_ALWAYS = ~Q(pk__in=[])
_MOST_DIGITS = 15
"""SQLite keeps decimals as binary numbers, which are exact to fifteen digits."""
_LONGEST_CHOICE = 300
"""Values of one `in`; a database takes so many comparisons without complaint."""


class _ByCharacter(Func):
    """A text in the order of its characters, as Python and JSON compare it, whatever the language of the database."""

    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s COLLATE BINARY", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


@dataclass(frozen=True)
class _Column:
    """The answer of a name."""

    path: str
    type: ValueType

    @property
    def known(self) -> Q:
        return Q(**{f"{self.path}__isnull": False})

    @property
    def in_order(self) -> Any:
        return _ByCharacter(F(self.path)) if self.type in _TEXTS else F(self.path)


@dataclass(frozen=True)
class _Constant:
    """A value that is the same for every row; only a written null asks for absence."""

    value: Any
    is_written_null: bool = False


@dataclass(frozen=True)
class _Steps:
    """A whole number computed from a day, such as an age: `at_least` selects the days for which it reaches a number."""

    known: Q
    at_least: Callable[[int], Q]


_Operand = _Column | _Constant | _Steps

_TEXTS = (ValueType.TEXT, ValueType.CHOICE)
_NUMBERS = (ValueType.NUMBER, ValueType.YEN)
_TYPED = (*_TEXTS, *_NUMBERS, ValueType.DATE, ValueType.TIME, ValueType.YES_NO)
_ORDERS: dict[str, Any] = {"<": LessThan, "<=": LessThanOrEqual, ">": GreaterThan, ">=": GreaterThanOrEqual}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EQUALITIES = ("==", "!=", "===", "!==")


class _Compiler:
    """Every condition it gives is true or false for a row, never unknown: that is what makes `~` of it right."""

    def __init__(self, columns: Mapping[str, str], types: Mapping[str, ValueType], today: date | None) -> None:
        self.columns = columns
        self.types = types
        self.today = today

    # Conditions

    def condition(self, rule: Rule) -> Q:
        """The rows for which a part of the rule holds."""
        if _is_constant(rule):
            return _ALWAYS if is_true(self._constant(rule)) else _NEVER
        key, operands = _parted(rule)
        tell: dict[str, Callable[[], Q]] = {
            "!": lambda: ~self.condition(operands[0]),
            "!!": lambda: self.condition(operands[0]),
            "and": lambda: reduce(and_, map(self.condition, operands)),
            "or": lambda: reduce(or_, map(self.condition, operands)),
            "if": lambda: self._choice(operands),
            "?:": lambda: self._choice(operands),
            "in": lambda: self._membership(operands[0], operands[1]),
            "contains": lambda: self._membership(operands[1], operands[0]),
            "is_empty": lambda: self._emptiness(operands[0]),
            "missing": lambda: self._missing(operands),
            "var": lambda: self._truth(rule),
            **dict.fromkeys(_EQUALITIES, lambda: self._equality(key, operands)),
            **dict.fromkeys(_ORDERS, lambda: self._order(key, operands)),
        }
        if key not in tell:
            raise _outside(f"「{key[:40]}」" if key else "一覧や表の形をした値")
        return tell[key]()

    def _choice(self, operands: Sequence[Rule]) -> Q:
        if len(operands) < 2:
            return self.condition(operands[0] if operands else None)
        when = self.condition(operands[0])
        return (when & self.condition(operands[1])) | (~when & self._choice(operands[2:]))

    def _equality(self, key: str, operands: Sequence[Rule]) -> Q:
        one, other = (self._operand(each) for each in operands)
        is_wanted, loosely = key in ("==", "==="), len(key) == 2
        if isinstance(one, _Constant):
            one, other = other, one
        if isinstance(one, _Constant):
            raise _outside("決まった値どうしの比較")
        if isinstance(other, _Constant) and other.value is None:
            if not other.is_written_null:
                return _NEVER
            return ~one.known if is_wanted else one.known
        known = one.known if isinstance(other, _Constant) else one.known & other.known
        equal = self._equal(one, other, loosely=loosely)
        return known & (equal if is_wanted else ~equal)

    def _equal(self, one: _Column | _Steps, other: _Operand, *, loosely: bool) -> Q:
        """The rows where both are equal, among those where both are known."""
        if isinstance(other, _Constant):
            if isinstance(one, _Column):
                value = _comparable(one, other.value, loosely=loosely)
                return _NEVER if value is None else Q(Exact(F(one.path), value))
            is_number = loosely or not isinstance(other.value, str | bool)
            number = number_of(other.value) if is_number else None
            return one.at_least(number) & ~one.at_least(number + 1) if isinstance(number, int) else _NEVER
        if isinstance(one, _Column) and isinstance(other, _Column) and _are_alike(one, other):
            return Q(Exact(F(one.path), F(other.path)))
        raise _outside("種類の違う項目や計算した値どうしの比較")

    def _order(self, key: str, operands: Sequence[Rule]) -> Q:
        return reduce(and_, (self._pair(key, one, other) for one, other in pairwise(map(self._operand, operands))))

    def _pair(self, key: str, one: _Operand, other: _Operand) -> Q:
        if isinstance(one, _Constant):
            if isinstance(other, _Constant):
                holds = is_true(evaluate({key: [_outer(one.value), _outer(other.value)]}, None, today=date.min))
                return _ALWAYS if holds else _NEVER
            key, one, other = _MIRRORED[key], other, one
        if isinstance(other, _Constant):
            if isinstance(one, _Steps):
                return one.known & _reached(one, key, other.value)
            return one.known & self._ordered(key, one, other.value)
        if isinstance(one, _Column) and isinstance(other, _Column) and _are_alike(one, other):
            if one.type is ValueType.YES_NO:
                raise _outside("はい・いいえの大小の比較")
            return one.known & other.known & Q(_ORDERS[key](one.in_order, other.in_order))
        raise _outside("種類の違う項目や計算した値どうしの比較")

    def _ordered(self, key: str, column: _Column, constant: Any) -> Q:
        if constant is None or isinstance(constant, list | dict):
            return _NEVER
        if column.type is ValueType.YES_NO:
            raise _outside("はい・いいえの大小の比較")
        if column.type not in _NUMBERS and not isinstance(constant, str):
            if column.type in _TEXTS:
                raise _outside("文字の項目と数との比較")
            return _NEVER  # a day or a time is no number
        value = _comparable(column, constant, loosely=True)
        if value is not None:
            return Q(_ORDERS[key](column.in_order, value))
        if column.type in _NUMBERS:
            return _NEVER
        raise _outside("日付・時刻の項目と、日付・時刻ではない文字との比較")

    def _membership(self, part: Rule, whole: Rule) -> Q:
        if type(whole) is not list:
            return self._part_of_text(self._column(whole), part)
        if len(whole) > _LONGEST_CHOICE:
            raise _outside(f"{_LONGEST_CHOICE}個より多い値のどれか")
        column = self._column(part)
        wanted = [_comparable(column, self._constant(each), loosely=False) for each in whole]
        return column.known & reduce(
            or_, (Q(Exact(F(column.path), value)) for value in wanted if value is not None), _NEVER
        )

    def _part_of_text(self, column: _Column, part: Rule) -> Q:
        if column.type not in _TEXTS:
            raise _outside("文字でない項目に含まれるかどうか")
        value = self._constant(part)
        if value is None or isinstance(value, list | dict):
            return _NEVER
        text = str(evaluate({"cat": [_outer(value)]}, None, today=date.min))
        if text == "":
            return column.known
        return column.known & Q(GreaterThan(StrIndex(F(column.path), Value(_storable(text))), Value(0)))

    def _emptiness(self, rule: Rule) -> Q:
        column = self._column(rule)
        if column.type not in _TEXTS:
            return ~column.known
        return ~(column.known & ~Q(Exact(F(column.path), Value(""))))

    def _missing(self, operands: Sequence[Rule]) -> Q:
        listed = operands[0] if operands and type(operands[0]) is list else operands
        return reduce(or_, (self._emptiness({"var": name}) for name in listed), _NEVER)

    def _truth(self, rule: Rule) -> Q:
        column = self._column(rule)
        if column.type is ValueType.YES_NO:
            return column.known & Q(Exact(F(column.path), Value(True)))
        if column.type in _TEXTS:
            return column.known & ~Q(Exact(F(column.path), Value("")))
        return column.known & ~Q(Exact(F(column.path), Value(0))) if column.type in _NUMBERS else column.known

    # Operands

    def _operand(self, rule: Rule) -> _Operand:
        if _is_constant(rule):
            return _Constant(self._constant(rule), rule is None)
        key, operands = _parted(rule)
        return self._steps(key, operands) if key in ("age", "fiscal_year", "year_of") else self._column(rule)

    def _column(self, rule: Rule) -> _Column:
        key, operands = _parted(rule)
        if key != "var" or len(operands) != 1 or not isinstance(operands[0], str):
            raise _outside(f"「{key[:40]}」で計算した値" if key not in ("", "var") else "項目そのもの以外の値")
        name = operands[0]
        if name not in self.columns:
            raise NotCompilable(
                f"「{name[:60]}」に当たる列がありません。", hint="一覧の列として持つ項目だけを条件に使ってください。"
            )
        kind = self.types.get(name, ValueType.ANY)
        if kind not in _TYPED:
            raise NotCompilable(
                f"「{name[:60]}」の種類では一覧を絞り込めません。",
                hint="文字、数、金額、日付、時刻、選択（一つ）、はい・いいえの項目を使ってください。",
            )
        return _Column(self.columns[name], kind)

    def _steps(self, key: str, operands: Sequence[Rule]) -> _Operand:
        column = self._column(operands[0])
        if column.type is not ValueType.DATE:
            raise _outside("日付ではない項目からの年齢や年度")
        path = column.path
        if key != "age":
            month = 4 if key == "fiscal_year" else 1
            return _Steps(column.known, lambda year: _from(path, year, month))
        day = date_of(self._constant(operands[1])) if len(operands) > 1 else self._day()
        if day is None:
            return _Constant(None)
        born = column.known & Q(LessThanOrEqual(F(path), Value(day)))
        return _Steps(born, lambda years: born & _until(path, months_later(day, -12 * max(years, 0))))

    def _constant(self, rule: Rule) -> Any:
        """The value of a part that reads nothing."""
        if not _is_constant(rule):
            raise _outside("ほかの項目の答えとの関係")
        if _asks_for_today(rule):
            self._day()
        return taken(evaluate(rule, None, today=self.today or date.min))

    def _day(self) -> date:
        if self.today is None:
            raise _outside("基準の日を決めない「今日」")
        return self.today


def _outside(what: str) -> NotCompilable:
    return NotCompilable(
        f"{what}は、一覧の絞り込みの条件には使えません。",
        hint="項目と決まった値との比較、「かつ」「または」「ではない」の組み合わせにしてください。",
    )


def _parted(rule: Rule) -> tuple[str, Sequence[Rule]]:
    if type(rule) is not dict or len(rule) != 1:
        return "", ()
    ((key, written),) = rule.items()
    return key, operands_of(written)


def _is_constant(rule: Rule) -> bool:
    return next(readings(rule), None) is None


def _asks_for_today(rule: Rule) -> bool:
    key, operands = _parted(rule)
    if key == "today" or (key == "age" and len(operands) == 1):
        return True
    return any(map(_asks_for_today, rule if type(rule) is list else operands))


def _are_alike(one: _Column, other: _Column) -> bool:
    return one.type is other.type or any(one.type in kinds and other.type in kinds for kinds in (_TEXTS, _NUMBERS))


def _outer(value: Any) -> Any:
    """A constant as it may stand in a rule again."""
    return value if value is None or isinstance(value, str | bool | list | dict) else decimal_of(value)


def _storable(text: str) -> str:
    """A text both databases can be asked about."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _outside("データベースに入れられない文字")
    return text


def _comparable(column: _Column, constant: Any, *, loosely: bool) -> Value | None:
    """A constant as a value of the column; `None` when the column never equals it."""
    if column.type in _NUMBERS:
        number = number_of(constant) if loosely or not isinstance(constant, str | bool) else None
        return None if number is None else Value(_number(decimal_of(number)))
    if column.type is ValueType.YES_NO:
        number = number_of(constant) if loosely or isinstance(constant, bool) else None
        return Value(bool(number)) if number in (0, 1) else None
    if not isinstance(constant, str):
        if column.type in _TEXTS and loosely and number_of(constant) is not None:
            raise _outside("文字の項目と数との比較")
        return None
    if column.type in _TEXTS:
        return Value(_storable(constant))
    moment = date_of(constant) if column.type is ValueType.DATE else _time_of(constant)
    return None if moment is None else Value(moment)


def _number(number: int | Decimal) -> int | Decimal:
    if isinstance(number, Decimal) and len(number.as_tuple().digits) > _MOST_DIGITS:
        raise _outside(f"{_MOST_DIGITS}けたを超える小数")
    return number


def _time_of(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == 5 and text[2] == ":" else None
    except ValueError:
        return None


def _reached(steps: _Steps, key: str, constant: Any) -> Q:
    """A number computed from a day, in order with a constant."""
    number = number_of(constant)
    if number is None:
        return _NEVER
    if key in (">=", "<"):
        return steps.at_least(math.ceil(number)) if key == ">=" else ~steps.at_least(math.ceil(number))
    over = steps.at_least(math.floor(number) + 1)
    return over if key == ">" else ~over


def _until(path: str, day: date | None) -> Q:
    return _NEVER if day is None else Q(LessThanOrEqual(F(path), Value(day)))


def _from(path: str, year: int, month: int) -> Q:
    """The days from the first of a month on; every day for a year before the calendar, none for one after it."""
    if year > date.max.year:
        return _NEVER
    known = Q(**{f"{path}__isnull": False})
    return known & Q(GreaterThanOrEqual(F(path), Value(date(year, month, 1)))) if year >= date.min.year else known


def _types_by_use(rule: Rule) -> dict[str, ValueType]:
    """The types of names as far as what they are compared with tells them, each name of one type only."""
    found: dict[str, set[ValueType]] = {}
    for name, kind in _uses(rule):
        found.setdefault(name, set()).add(kind)
    return {name: next(iter(kinds)) if len(kinds) == 1 else ValueType.ANY for name, kinds in found.items()}


def _uses(rule: Rule) -> Iterator[tuple[str, ValueType]]:
    key, operands = _parted(rule)
    kinds: set[ValueType] = set()
    if key in (*_EQUALITIES, *_ORDERS, "in", "contains"):
        kinds = {kind for each in operands for kind in _kinds_of(each)}
    elif key in ("age", "fiscal_year", "year_of"):
        kinds = {ValueType.DATE}
    names = [str(operands_of(each["var"])[0]) for each in operands if _parted(each)[0] == "var" and each["var"]]
    yield from ((name, kind) for name in names for kind in kinds)
    for each in operands:
        yield from _uses(each)


def _kinds_of(rule: Rule) -> set[ValueType]:
    if isinstance(rule, bool):
        return {ValueType.YES_NO}
    if isinstance(rule, str):
        return {ValueType.DATE if date_of(rule) else ValueType.TEXT}
    if isinstance(rule, list):
        return {kind for each in rule for kind in _kinds_of(each)}
    if isinstance(rule, dict):
        return {ValueType.DATE} if _parted(rule)[0] in ("today", "add_days", "add_months", "add_years") else set()
    return set() if rule is None else {ValueType.NUMBER}
