"""The values rules work with: JSON, with numbers that are exact.

While a rule is evaluated a number is an `int` or a `Fraction`, so that 10,000 ÷ 3 × 3 is 10,000 again; outside it is
an `int` or a `Decimal`. Binary fractions coming in (`float`) are taken as the decimal number they print.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias

from yakuba.kernel.expressions.rules.bounds import (
    DEEPEST,
    FINEST_NUMBER,
    LARGEST_NUMBER,
    LONGEST_LIST,
    LONGEST_TEXT,
    MOST_STEPS,
)
from yakuba.kernel.expressions.rules.faults import Fault, RuleFault, too_large

Rule: TypeAlias = Any
"""A JSON value: `None`, `bool`, `int`, `Decimal` (or `float`), `str`, `list`, `dict` with texts as keys."""

Value: TypeAlias = "bool | int | Decimal | str | Sequence[Value] | Mapping[str, Value] | None"
"""What a rule gives: JSON with exact numbers."""

Number: TypeAlias = int | Fraction


class ValueType(Enum):
    """The type of an answer or a column, as far as rules are concerned."""

    TEXT = "text"
    NUMBER = "number"
    YEN = "yen"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    ROWS = "rows"
    NAME = "name"
    ADDRESS = "address"
    FILES = "files"
    ANY = "any"


class Work:
    """Counts the steps of one evaluation, so that no rule keeps a worker busy."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = 0

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise too_large(
                f"条件式の計算が多すぎます（{MOST_STEPS:,}段階まで）。",
                "繰返しの中の繰返しを減らすか、条件を分けてください。",
            )


def is_true(value: object) -> bool:
    """Whether a value counts as yes: null, false, 0 and whatever is empty (text, list, mapping) do not, the rest does."""
    if value is None or value is False:
        return False
    if value is True:
        return True
    if isinstance(value, float) and math.isnan(value):
        return False
    if isinstance(value, str | list | tuple | dict):
        return len(value) > 0
    if isinstance(value, int | float | Decimal | Fraction):
        return value != 0
    return True


def taken(value: Any) -> Any:
    """A value from a rule or from the data, with its number made exact; raises `RuleFault` when it is no JSON."""
    kind = type(value)
    if kind is str or value is None or kind is bool or kind is list or kind is dict:
        return value
    if kind is int and -LARGEST_NUMBER < value < LARGEST_NUMBER:
        return value
    if isinstance(value, int) or kind is Fraction:
        return within_bounds(value)
    if isinstance(value, float):
        return _exact(Decimal(repr(value)) if math.isfinite(value) else Decimal("NaN"))
    if isinstance(value, Decimal):
        return _exact(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise RuleFault(
        f"条件式で扱えない種類の値（{kind.__name__[:40]}）があります。",
        fault=Fault.NOT_A_RULE,
        hint="文字、数、はい・いいえ、一覧のいずれかにしてください。",
    )


def within_bounds(number: Number) -> Number:
    """The same number, a whole one as `int`; raises `RuleFault` when it is too large or too fine."""
    if type(number) is not int:
        if number.denominator == 1:
            number = int(number)
        elif number.denominator >= FINEST_NUMBER:
            raise too_large("条件式の数のけたが細かすぎます。", "途中で端数処理（切捨てなど）をしてください。")
    if -LARGEST_NUMBER < number < LARGEST_NUMBER:
        return number
    raise too_large(
        f"条件式の数が大きすぎます（{len(str(LARGEST_NUMBER)) - 1}けたまで）。",
        "入力された数と、式の中の数のけたを確かめてください。",
    )


def _exact(number: Decimal) -> Number:
    if not number.is_finite():
        raise RuleFault(
            "数ではない値（NaN や無限大）があります。", fault=Fault.NOT_A_RULE, hint="ふつうの数を書いてください。"
        )
    if not number:
        return 0
    exponent = number.as_tuple().exponent
    # A short text such as 1e999999999 would otherwise grow into a gigabyte of digits.
    if number.adjusted() > 20 or not isinstance(exponent, int) or exponent < -60:
        raise too_large("条件式の数が大きすぎるか、細かすぎます。", "数のけたを確かめてください。")
    return within_bounds(Fraction(number))


_NUMERAL = re.compile(r"[-+]?[0-9]{1,18}(?:\.[0-9]{1,12})?")


def number_of(value: Any) -> Number | None:
    """The number a value stands for: numbers, true (1), false (0) and numerals such as `"12.5"`; else `None`."""
    kind = type(value)
    if kind is int or kind is Fraction:
        number: Number = value
        return number
    if kind is bool:
        return int(value)
    if kind is str and _NUMERAL.fullmatch(value):
        return within_bounds(Fraction(value))
    return None


def text_of(value: Any, work: Work) -> str:
    """How a value reads inside a text put together (`cat`): null is nothing, a list is joined with commas."""
    return _text_of(value, work, 0)


def _text_of(value: Any, work: Work, depth: int) -> str:
    if isinstance(value, str):
        work.spend(len(value) // 100 + 1)
        return value
    work.spend(1)
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        if depth >= DEEPEST:
            raise _too_deep()
        return ",".join(_text_of(taken(each), work, depth + 1) for each in walked(value))
    number = decimal_of(value)
    return str(number) if isinstance(number, int) else format(number, "f")


def walked(values: list[Any]) -> list[Any]:
    """A list an operator goes through; raises `RuleFault` when it is too long."""
    if len(values) > LONGEST_LIST:
        raise too_large(
            f"条件式で調べる一覧が長すぎます（{LONGEST_LIST:,}件まで）。", "行を減らすか、申請を分けてください。"
        )
    return values


def written(text: str) -> str:
    """A text a rule has put together; raises `RuleFault` when it is too long."""
    if len(text) > LONGEST_TEXT:
        raise too_large(
            f"条件式でつないだ文字が長すぎます（{LONGEST_TEXT:,}文字まで）。", "つなぐ文字を減らしてください。"
        )
    return text


def is_same(one: Any, other: Any, work: Work, *, loosely: bool = False, depth: int = 0) -> bool:
    """Whether two values are equal: of the same type, or `loosely` with numerals and truth values as numbers.

    Lists and mappings are equal when their parts are, part by part and strictly.
    """
    work.spend(1)
    kind, other_kind = type(one), type(other)
    if kind is str and other_kind is str:
        work.spend(len(one) // 100)
        return bool(one == other)
    if kind is list and other_kind is list:
        return _same_lists(one, other, work, depth)
    if kind is dict and other_kind is dict:
        return _same_mappings(one, other, work, depth)
    if one is None or other is None:
        return one is other
    if loosely or (_is_number(one) and _is_number(other)):
        number, other_number = number_of(one), number_of(other)
        return number is not None and number == other_number
    return kind is other_kind and bool(one == other)


def _is_number(value: object) -> bool:
    return type(value) is int or type(value) is Fraction


def _same_lists(one: list[Any], other: list[Any], work: Work, depth: int) -> bool:
    if depth >= DEEPEST:
        raise _too_deep()
    return len(one) == len(other) and all(
        is_same(taken(left), taken(right), work, depth=depth + 1) for left, right in zip(one, other, strict=True)
    )


def _same_mappings(one: dict[str, Any], other: dict[str, Any], work: Work, depth: int) -> bool:
    if depth >= DEEPEST:
        raise _too_deep()
    return len(one) == len(other) and all(
        key in other and is_same(taken(value), taken(other[key]), work, depth=depth + 1) for key, value in one.items()
    )


def compared(one: Any, other: Any, work: Work) -> int | None:
    """-1, 0 or 1 for less, equal or more; `None` when the two have no order (null, lists, a text and a number).

    Two texts go by their characters, which is the order of time for dates (2026-05-01) and times (09:30).
    """
    if isinstance(one, str) and isinstance(other, str):
        work.spend(min(len(one), len(other)) // 100)
        return (one > other) - (one < other)
    number, other_number = number_of(one), number_of(other)
    if number is None or other_number is None:
        return None
    return (number > other_number) - (number < other_number)


def is_empty(value: object, work: Work, depth: int = 0) -> bool:
    """Nothing answered: null, an empty text or list, a mapping whose parts are all empty (an address left blank)."""
    work.spend(1)
    if isinstance(value, dict):
        if depth >= DEEPEST:
            return False
        return all(is_empty(part, work, depth + 1) for part in value.values())
    return value is None or value == "" or value == []


_TO_THE_LAST_DIGIT = Context(prec=60)
_DECIMAL_PLACES = Decimal("1e-12")


def decimal_of(number: Number) -> int | Decimal:
    """The number outside of a rule: whole ones as `int`, others as `Decimal`; endless fractions to 12 places."""
    number = within_bounds(number)
    if isinstance(number, int):
        return number
    context = _TO_THE_LAST_DIGIT.copy()
    quotient = context.divide(Decimal(number.numerator), Decimal(number.denominator))
    if context.flags[Inexact]:
        quotient = quotient.quantize(_DECIMAL_PLACES, rounding=ROUND_HALF_UP, context=_TO_THE_LAST_DIGIT)
        if quotient == quotient.to_integral_value():
            return int(quotient)
    return quotient.normalize(_TO_THE_LAST_DIGIT)


def given(value: Any, work: Work, depth: int = 0) -> Value:
    """A value as it leaves the rule, numbers as `int` or `Decimal` down to the last part."""
    work.spend(1)
    if isinstance(value, list):
        if depth >= 2 * DEEPEST:
            raise _too_deep()
        return [given(taken(part), work, depth + 1) for part in value]
    if isinstance(value, dict):
        if depth >= 2 * DEEPEST:
            raise _too_deep()
        return {str(key): given(taken(part), work, depth + 1) for key, part in value.items()}
    if isinstance(value, Fraction):
        return decimal_of(value)
    plain: Value = value
    return plain


def _too_deep() -> RuleFault:
    return too_large("条件式の値が深く入り組みすぎています。", "値の入れ子を減らしてください。")
