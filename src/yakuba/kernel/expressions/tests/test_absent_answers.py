"""An answer that is not there is null. It equals nothing, differs from nothing, and has no size."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yakuba.kernel.expressions.api import evaluate

TODAY = date(2026, 5, 1)


def value(rule: Any, **answers: Any) -> Any:
    return evaluate(rule, answers, today=TODAY)


@pytest.mark.parametrize("operator", ["==", "!=", "===", "!==", "<", "<=", ">", ">="])
def test_every_comparison_with_an_absent_answer_is_false(operator: str) -> None:
    assert value({operator: [{"var": "people"}, 0]}) is False
    assert value({operator: [0, {"var": "people"}]}, people=None) is False
    assert value({operator: [{"var": "a"}, {"var": "b"}]}, a=None, b=None) is False


def test_a_rule_that_writes_null_asks_whether_there_is_an_answer() -> None:
    assert value({"==": [{"var": "people"}, None]}) is True
    assert value({"!=": [{"var": "people"}, None]}) is False
    assert value({"===": [None, {"var": "people"}]}, people=0) is False
    assert value({"!==": [None, {"var": "people"}]}, people=0) is True


def test_not_equal_is_narrower_than_the_opposite_of_equal() -> None:
    assert value({"!=": [{"var": "house"}, "own"]}) is False
    assert value({"!": {"==": [{"var": "house"}, "own"]}}) is True


@pytest.mark.parametrize("nothing", [None, "", [], {}, {"family": None, "given": ""}])
def test_is_empty_tells_an_answer_that_is_not_there(nothing: Any) -> None:
    assert value({"is_empty": {"var": "it"}}, it=nothing) is True


@pytest.mark.parametrize("something", [0, False, " ", [None], {"family": "会津", "given": None}])
def test_zero_no_and_a_partly_filled_address_are_answers(something: Any) -> None:
    assert value({"is_empty": {"var": "it"}}, it=something) is False


@pytest.mark.parametrize(
    "rule",
    [
        {"+": [1, {"var": "x"}]},
        {"-": [{"var": "x"}]},
        {"*": [2, {"var": "x"}]},
        {"/": [{"var": "x"}, 2]},
        {"%": [{"var": "x"}, 2]},
        {"max": [1, {"var": "x"}]},
        {"round_down": [{"var": "x"}, 100]},
        {"age": [{"var": "x"}]},
        {"add_days": [{"var": "x"}, 1]},
        {"add_days": [{"today": []}, {"var": "x"}]},
        {"days_between": [{"var": "x"}, {"today": []}]},
        {"fiscal_year": {"var": "x"}},
    ],
)
@pytest.mark.parametrize("x", [None, "", "三", "2026-02-30", [1], {"a": 1}])
def test_arithmetic_with_what_is_no_number_or_day_gives_nothing(rule: Any, x: Any) -> None:
    assert value(rule, x=x) is None


def test_texts_lists_and_rows_that_are_not_there_are_empty() -> None:
    assert value({"cat": ["殿", {"var": "x"}]}) == "殿"
    assert value({"length": {"var": "x"}}) == 0
    assert value({"count": {"var": "x"}}) == 0
    assert value({"sum": [{"var": "x"}, "price"]}) == 0
    assert value({"contains": [{"var": "x"}, "a"]}) is False
    assert value({"in": [{"var": "x"}, ["a", None]]}) is False
    assert value({"in": [{"var": "x"}, "null"]}) is False


def test_rows_without_the_amount_are_left_out_of_a_sum() -> None:
    rows = [{"price": 1200}, {"price": None}, {}, {"price": ""}, {"price": "300"}]
    assert value({"sum": [{"var": "rows"}, "price"]}, rows=rows) == 1500
    assert value({"sum": [{"var": "rows"}, "price"]}, rows=[*rows, {"price": "未定"}]) is None
    assert value({"sum": {"var": "amounts"}}, amounts=[1, 2.5]) == 3.5


def test_a_text_and_a_number_meet_only_where_the_text_is_a_numeral() -> None:
    assert value({"<": [{"var": "x"}, 5]}, x="4.5") is True
    assert value({"<": [{"var": "x"}, 5]}, x="4.5人") is False
    assert value({">=": [{"var": "x"}, 5]}, x="4.5人") is False
    assert value({"==": [{"var": "x"}, 0]}, x="") is False
    assert value({"==": [{"var": "x"}, 7]}, x="07") is True
    assert value({"==": [{"var": "x"}, "7"]}, x="07") is False


def test_lists_and_parts_are_equal_when_all_they_hold_is() -> None:
    assert value({"==": [{"var": "x"}, ["a", "b"]]}, x=["a", "b"]) is True
    assert value({"==": [{"var": "x"}, {"var": "y"}]}, x={"a": [1, {"b": None}]}, y={"a": [1.0, {"b": None}]}) is True
    assert value({"==": [{"var": "x"}, {"var": "y"}]}, x={"a": [1]}, y={"a": ["1"]}) is False
    assert value({"<": [{"var": "x"}, {"var": "y"}]}, x=[1], y=[2]) is False
