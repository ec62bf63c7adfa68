"""The operators of JsonLogic as jsonlogic.com documents them, one line a case: rule, data, value."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from yakuba.kernel.expressions.api import evaluate, is_true

TODAY = date(2026, 5, 1)

HOUSEHOLD = {
    "house": "own",
    "people": 3,
    "income": 2400000,
    "head": {"family": "会津", "given": "太郎"},
    "children": [{"name": "一郎", "age": 9}, {"name": "二郎", "age": 2}],
    "scores": [3, 1, 2],
    "blank": "",
    "nothing": None,
}

CASES = """
# Plain values stand for themselves
17 → 17
3.25 → 3.25
"申請" → "申請"
null → null
["a", {"var": "people"}] → ["a", 3]
{"a": 1, "b": {"var": "people"}} → {"a": 1, "b": {"var": "people"}}
{} → {}

# var
{"var": "people"} → 3
{"var": ["people"]} → 3
{"var": "head.family"} → "会津"
{"var": "head.title"} → null
{"var": "head.family.length"} → null
{"var": "children.1.name"} → "二郎"
{"var": "children.7.name"} → null
{"var": ["telephone", "なし"]} → "なし"
{"var": ["nothing", "なし"]} → "なし"
{"var": ["blank", "なし"]} → ""
{"var": ["telephone", {"var": "people"}]} → 3
{"var": {"if": [true, "people", "house"]}} → 3

# missing, missing_some
{"missing": ["house", "telephone", "blank", "nothing"]} → ["telephone", "blank", "nothing"]
{"missing": "house"} → []
{"missing": "head.title"} → ["head.title"]
{"missing": {"merge": ["house", {"if": [{"var": "people"}, ["fax"], []]}]}} → ["fax"]
{"missing": []} → []
{"missing_some": [1, ["house", "fax"]]} → []
{"missing_some": [2, ["house", "fax", "people"]]} → []
{"missing_some": [2, ["house", "fax", "mail"]]} → ["fax", "mail"]

# if
{"if": [true, "yes", "no"]} → "yes"
{"if": [false, "yes", "no"]} → "no"
{"if": [false, "yes"]} → null
{"if": [false, 1, true, 2, 3]} → 2
{"if": [false, 1, false, 2, 3]} → 3
{"if": []} → null
{"if": ["だけ"]} → "だけ"
{"?:": [true, 1, 2]} → 1

# Equality
{"==": [1, 1]} → true
{"==": [1, "1"]} → true
{"==": [0, false]} → true
{"==": [1, 2]} → false
{"==": ["a", "a"]} → true
{"===": [1, 1]} → true
{"===": [1, 1.0]} → true
{"===": [1, "1"]} → false
{"===": [1, true]} → false
{"!=": [1, 2]} → true
{"!=": [1, "1"]} → false
{"!==": [1, "1"]} → true

# Truth
{"!": [true]} → false
{"!": true} → false
{"!": 0} → true
{"!": [[]]} → true
{"!!": [[]]} → false
{"!!": ["0"]} → true
{"!!": [{}]} → false
{"!!": ""} → false
{"or": [false, 0, "a"]} → "a"
{"or": [false, 0]} → 0
{"or": [true, {"/": [1, 0]}]} → true
{"and": [true, "a", 3]} → 3
{"and": [true, "", 3]} → ""
{"and": [[], true]} → []

# Order
{">": [2, 1]} → true
{">": ["2", 1]} → true
{">=": [1, 1]} → true
{"<": [1, 2]} → true
{"<": [2, 1]} → false
{"<": [1, 2, 3]} → true
{"<": [1, 1, 3]} → false
{"<": [1, 4, 3]} → false
{"<=": [1, 1, 3]} → true
{"<": ["2026-04-30", "2026-05-01"]} → true
{"<": ["9", "10"]} → false

# Numbers
{"max": [1, 3, 2]} → 3
{"min": [1, 3, 2]} → 1
{"max": []} → null
{"max": ["2026-04-30", "2026-05-01"]} → "2026-05-01"
{"+": [4, 2]} → 6
{"+": [2, 2, 2, 2]} → 8
{"+": "3.14"} → 3.14
{"+": []} → 0
{"-": [4, 2]} → 2
{"-": 2} → -2
{"-": "1"} → -1
{"*": [4, 2, 0.5]} → 4
{"/": [4, 2]} → 2
{"/": [2, 4]} → 0.5
{"/": [1, 0]} → null
{"%": [101, 2]} → 1
{"%": [-7, 2]} → -1
{"%": [7, 0]} → null

# Lists
{"map": [{"var": "scores"}, {"*": [{"var": ""}, 2]}]} → [6, 2, 4]
{"map": [{"var": "telephone"}, {"var": ""}]} → []
{"map": [{"var": "children"}, {"var": "name"}]} → ["一郎", "二郎"]
{"filter": [{"var": "scores"}, {"%": [{"var": ""}, 2]}]} → [3, 1]
{"reduce": [{"var": "scores"}, {"+": [{"var": "current"}, {"var": "accumulator"}]}, 0]} → 6
{"reduce": [{"var": "children"}, {"+": [{"var": "current.age"}, {"var": "accumulator"}]}, 0]} → 11
{"reduce": [{"var": "telephone"}, {"var": "current"}, 5]} → 5
{"all": [{"var": "scores"}, {">": [{"var": ""}, 0]}]} → true
{"all": [[], true]} → false
{"some": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]} → true
{"some": [[], true]} → false
{"none": [{"var": "children"}, {">": [{"var": "age"}, 18]}]} → true
{"none": [[], true]} → true
{"merge": [[1, 2], [3, 4]]} → [1, 2, 3, 4]
{"merge": [1, 2, [3]]} → [1, 2, 3]
{"merge": []} → []
{"in": ["own", ["own", "rent"]]} → true
{"in": [{"var": "people"}, ["3"]]} → false

# Texts
{"in": ["津", "会津坂下町"]} → true
{"in": ["東京", "会津坂下町"]} → false
{"cat": ["会津", "坂下町"]} → "会津坂下町"
{"cat": "一つ"} → "一つ"
{"cat": ["第", 1.50, "号", null, true]} → "第1.5号true"
{"cat": [[1, [2, 3]]]} → "1,2,3"
{"substr": ["jsonlogic", 4]} → "logic"
{"substr": ["jsonlogic", -5]} → "logic"
{"substr": ["jsonlogic", 1, 3]} → "son"
{"substr": ["jsonlogic", 4, -2]} → "log"
{"substr": ["会津坂下町", 2, 2]} → "坂下"
{"log": "apple"} → "apple"
"""


def _cases() -> list[Any]:
    lines = [line for line in CASES.splitlines() if line and not line.startswith("# ")]
    return [pytest.param(*line.split(" → "), id=line) for line in lines]


@pytest.mark.parametrize(("rule", "value"), _cases())
def test_operator_gives_its_documented_value(rule: str, value: str) -> None:
    found = evaluate(json.loads(rule), HOUSEHOLD, today=TODAY)
    wanted = json.loads(value, parse_float=Decimal)

    assert found == wanted
    assert type(found) is type(wanted) or isinstance(found, int | Decimal)


def test_data_may_be_any_json_value() -> None:
    assert evaluate({"var": ""}, "まるごと", today=TODAY) == "まるごと"
    assert evaluate({"var": None}, 1, today=TODAY) == 1
    assert evaluate({"var": []}, [1], today=TODAY) == [1]
    assert evaluate({"var": 1}, ["一", "二"], today=TODAY) == "二"
    assert evaluate({"var": "1.1"}, ["一", ["二", "三"]], today=TODAY) == "三"
    assert evaluate({"var": "a.b"}, None, today=TODAY) is None


def test_what_is_not_reached_is_not_evaluated() -> None:
    costly: Any = {"map": [{"var": "rows"}, {"map": [{"var": "rows"}, 1]}]}
    rows = {"rows": [{"rows": [1] * 900}] * 900}

    assert evaluate({"if": [True, 1, costly]}, rows, today=TODAY) == 1
    assert evaluate({"and": [False, costly]}, rows, today=TODAY) is False
    assert evaluate({"or": [True, costly]}, rows, today=TODAY) is True


@pytest.mark.parametrize("value", [None, False, 0, Decimal("0.0"), 0.0, float("nan"), "", [], {}])
def test_nothing_zero_and_empty_count_as_no(value: object) -> None:
    assert not is_true(value)


@pytest.mark.parametrize("value", [True, 1, -1, Decimal("0.1"), "0", "false", [0], {"a": None}])
def test_everything_else_counts_as_yes(value: object) -> None:
    assert is_true(value)
