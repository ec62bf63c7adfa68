"""Numbers in rules are exact: no yen is lost on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.expressions.api import evaluate

TODAY = date(2026, 5, 1)


def value(rule: Any, **answers: Any) -> Any:
    return evaluate(rule, answers, today=TODAY)


def test_tenths_add_up() -> None:
    assert value({"+": [0.1, 0.2]}) == Decimal("0.3")
    assert value({"==": [{"+": [0.1, 0.2]}, 0.3]}) is True


def test_what_is_divided_and_multiplied_again_comes_back() -> None:
    assert value({"*": [{"/": [10000, 3]}, 3]}) == 10000
    assert value({"round_down": [{"*": [{"/": [10000, 3]}, 3]}]}) == 10000


def test_whole_numbers_are_int_and_others_decimal() -> None:
    whole, parted = value({"/": [6, 3]}), value({"/": [1, 4]})
    assert (whole, type(whole)) == (2, int)
    assert (parted, type(parted)) == (Decimal("0.25"), Decimal)
    assert type(value({"var": "x"}, x=2.0)) is int
    assert str(value({"var": "x"}, x=0.1)) == "0.1"


def test_an_endless_fraction_is_rounded_to_twelve_places_at_the_end_only() -> None:
    assert str(value({"/": [2, 3]})) == "0.666666666667"
    assert value({"/": [1, 3 * 10**13]}) == 0


def test_numbers_within_lists_and_parts_are_exact_too() -> None:
    found = value({"var": "x"}, x=[{"a": 0.1}, [1.0]])
    assert found == [{"a": Decimal("0.1")}, [1]]
    assert value({"cat": [{"/": [1, 8]}, "／", 1200000]}) == "0.125／1200000"


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"round_down": [1999, 1000]}, 1000),
        ({"round_down": 1.9}, 1),
        ({"round_down": [-1999, 1000]}, -1000),
        ({"round_up": [1001, 1000]}, 2000),
        ({"round_up": [1000, 1000]}, 1000),
        ({"round_half_up": [1250, 100]}, 1300),
        ({"round_half_up": 2.5}, 3),
        ({"round_half_up": -2.5}, -3),
        ({"round_half_up": [0.125, 0.01]}, Decimal("0.13")),
        ({"round_half_up": [5, 0]}, None),
    ],
)
def test_rounding_acts_on_the_amount_without_its_sign(rule: Any, wanted: Any) -> None:
    assert value(rule) == wanted


def test_a_subsidy_of_half_the_cost_is_cut_to_full_thousands_and_has_a_ceiling() -> None:
    """補助対象経費の2分の1以内、千円未満切捨て、上限20万円."""
    rule = {"min": [{"round_down": [{"/": [{"sum": [{"var": "costs"}, "amount"]}, 2]}, 1000]}, 200000]}

    assert value(rule, costs=[{"amount": 123456}, {"amount": 76543}]) == 99000
    assert value(rule, costs=[{"amount": 900000}]) == 200000
    assert value(rule, costs=[]) == 0


whole = st.integers(-(10**8), 10**8)


@given(whole, whole, whole)
def test_arithmetic_is_that_of_fractions(a: int, b: int, c: int) -> None:
    found = value({"+": [{"*": [{"var": "a"}, {"var": "b"}]}, {"/": [{"var": "c"}, 8]}]}, a=a, b=b, c=c)
    assert Fraction(found) == a * b + Fraction(c, 8)


@given(st.decimals(-(10**6), 10**6, places=4), st.sampled_from([1, 10, 100, 1000]))
def test_down_half_up_and_up_enclose_the_number(number: Decimal, unit: int) -> None:
    down, half, up = (value({f"round_{how}": [{"var": "n"}, unit]}, n=abs(number)) for how in ("down", "half_up", "up"))

    assert down <= abs(number) <= up
    assert half in (down, up)
    assert up - down in (0, unit)
