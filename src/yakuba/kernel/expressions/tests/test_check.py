"""Faults are found before a rule is published, and said with the place and the way out."""

from __future__ import annotations

from typing import Any

import pytest

from yakuba.kernel.expressions.api import Fault, ValueType, check, references

NAMES = {
    "house": ValueType.CHOICE,
    "people": ValueType.NUMBER,
    "cost": ValueType.YEN,
    "birth": ValueType.DATE,
    "arrival": ValueType.TIME,
    "agrees": ValueType.YES_NO,
    "note": ValueType.TEXT,
    "wishes": ValueType.CHOICES,
    "address": ValueType.ADDRESS,
    "children": ValueType.ROWS,
    "children.name": ValueType.NAME,
    "children.birth": ValueType.DATE,
    "photos": ValueType.FILES,
    "fact": ValueType.ANY,
    "clerk.section": ValueType.TEXT,
}


@pytest.mark.parametrize(
    "rule",
    [
        True,
        {"==": [{"var": "house"}, "own"]},
        {"and": [{">=": [{"var": "people"}, 2]}, {"<": [{"var": "cost"}, 100000]}]},
        {"<=": ["2026-04-01", {"var": "birth"}, {"today": []}]},
        {">=": [{"age": [{"var": "birth"}]}, 18]},
        {"==": [{"var": "agrees"}, True]},
        {"==": [{"var": "agrees"}, 1]},
        {"==": [{"var": "arrival"}, "09:30"]},
        {"==": [{"var": "note"}, 5]},
        {"==": [{"var": "people"}, "5"]},
        {"==": [{"var": "house"}, None]},
        {"contains": [{"var": "wishes"}, "visit"]},
        {"in": [{"var": "house"}, ["own", "rent"]]},
        {"==": [{"var": "address.city"}, "会津坂下町"]},
        {"some": [{"var": "children"}, {"<": [{"age": {"var": "birth"}}, 3]}]},
        {"some": [{"filter": [{"var": "children"}, {"var": "name"}]}, {"<": [{"var": "birth"}, "2026-04-01"]}]},
        {"==": [{"var": "children.0.name.family"}, "会津"]},
        {"reduce": [{"var": "children"}, {"+": [{"var": "accumulator"}, 1]}, 0]},
        {"reduce": [{"var": "children"}, {"max": [{"var": "accumulator"}, {"var": "current.birth"}]}]},
        {">": [{"count": {"var": "photos"}}, 1]},
        {"==": [{"var": "fact.kind"}, 3]},
        {"missing": ["house", "people"]},
        {"==": [{"var": "clerk.section"}, "住民課"]},
        {"==": [{"var": "wishes.0"}, "visit"]},
    ],
)
def test_sound_rules_have_no_problem(rule: Any) -> None:
    assert check(rule, names=NAMES) == ()


@pytest.mark.parametrize(
    ("rule", "fault", "path"),
    [
        ({"is": [1, 2]}, Fault.UNKNOWN_OPERATOR, ""),
        ({"and": [True, {"==": [1]}]}, Fault.WRONG_COUNT, "/and/1"),
        ({"and": [True, {"var": "hose"}]}, Fault.UNKNOWN_NAME, "/and/1"),
        ({"var": "people.count"}, Fault.UNKNOWN_NAME, ""),
        ({"var": "children.birth"}, Fault.UNKNOWN_NAME, ""),
        ({"var": "children.0.age"}, Fault.UNKNOWN_NAME, ""),
        ({"missing": ["house", "phone"]}, Fault.UNKNOWN_NAME, ""),
        ({"missing": {"merge": ["house", {"if": [True, ["phone"], []]}]}}, Fault.UNKNOWN_NAME, ""),
        ({"some": [{"var": "children"}, {"var": "age"}]}, Fault.UNKNOWN_NAME, "/some/1"),
        ({"some": [{"var": "children"}, {"var": "house"}]}, Fault.UNKNOWN_NAME, "/some/1"),
        ({"reduce": [{"var": "children"}, {"var": "birth"}, 0]}, Fault.UNKNOWN_NAME, "/reduce/1"),
        ({"var": {"cat": ["ho", "use"]}}, Fault.NAME_NOT_WRITTEN, ""),
        ({"var": ""}, Fault.UNKNOWN_NAME, ""),
        ({"==": [{"var": "agrees"}, "はい"]}, Fault.NEVER_EQUAL, "/=="),
        ({"==": [{"var": "agrees"}, 2]}, Fault.NEVER_EQUAL, "/=="),
        ({"===": [{"var": "agrees"}, 1]}, Fault.NEVER_EQUAL, "/==="),
        ({"==": [{"var": "people"}, "二人"]}, Fault.NEVER_EQUAL, "/=="),
        ({"===": [{"var": "people"}, "2"]}, Fault.NEVER_EQUAL, "/==="),
        ({"<": [{"var": "birth"}, "令和8年4月1日"]}, Fault.NEVER_EQUAL, "/<"),
        ({"<": [{"var": "birth"}, 18]}, Fault.NEVER_EQUAL, "/<"),
        ({"==": [{"var": "birth"}, {"var": "arrival"}]}, Fault.NEVER_EQUAL, "/=="),
        ({"==": [{"var": "wishes"}, "visit"]}, Fault.NEVER_EQUAL, "/=="),
        ({"<": [{"var": "wishes"}, {"var": "photos"}]}, Fault.NEVER_EQUAL, "/<"),
        ({"==": [{"var": "address"}, "会津坂下町"]}, Fault.NEVER_EQUAL, "/=="),
        ({">": [{"age": {"var": "birth"}}, "2008-04-01"]}, Fault.NEVER_EQUAL, "/>"),
        ({">": [{"var": "people"}, None]}, Fault.WRONG_TYPE, "/>"),
        ({"in": [{"var": "people"}, ["1", 2]]}, Fault.NEVER_EQUAL, "/in/1/0"),
        ({"some": [{"var": "children"}, {"==": [{"var": "birth"}, 3]}]}, Fault.NEVER_EQUAL, "/some/1/=="),
        ({"==": [1, 1], "!=": [1, 2]}, Fault.NOT_A_RULE, ""),
    ],
)
def test_each_fault_is_found_at_its_place(rule: Any, fault: Fault, path: str) -> None:
    problems = check(rule, names=NAMES)

    assert [(problem.fault, problem.path) for problem in problems] == [(fault, path)]
    assert problems[0].message.endswith("。")
    assert problems[0].hint.endswith("。")


def test_all_faults_of_a_rule_are_told_at_once_and_in_order() -> None:
    rule = {"and": [{"var": "a"}, {"or": [{"var": "b"}, {"var": "people"}]}, {"var": "c"}]}
    assert [problem.path for problem in check(rule, names=NAMES)] == ["/and/0", "/and/1/or/0", "/and/2"]

    rule = {"and": [{"is": 1}, {"==": []}, {"!": [1, 2]}]}
    assert [problem.path for problem in check(rule, names=NAMES)] == ["/and/0", "/and/1", "/and/2"]


def test_references_are_names_with_their_first_parts_but_not_those_of_rows() -> None:
    rule = {
        "and": [
            {"==": [{"var": "address.city"}, {"var": ["town", {"var": "fallback"}]}]},
            {"some": [{"var": "children"}, {"and": [{"var": "birth"}, {"some": [{"var": "toys"}, {"var": "name"}]}]}]},
            {
                "reduce": [
                    {"var": "costs"},
                    {"+": [{"var": "current.amount"}, {"var": "accumulator"}]},
                    {"var": "start"},
                ]
            },
            {"missing": ["house", "tel.mobile"]},
            {"missing_some": [1, ["mail", "fax"]]},
            {"missing": {"merge": ["vin", {"if": [{"var": "financed"}, ["rate"], []]}]}},
        ]
    }
    assert references(rule) == {
        "address", "address.city", "town", "fallback", "children", "costs", "start", "house", "tel", "tel.mobile",
        "mail", "fax", "vin", "rate", "financed",
    }  # fmt: skip
    assert references({"var": 1}) == {"1"}
    assert references({"a": {"var": "x"}, "b": 1}) == frozenset()
