"""No rule and no answer can hold up the house: everything has a bound, and its refusal names a way out."""

from __future__ import annotations

import re
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yakuba.kernel.expressions.api import Fault, RuleFault, ValueType, check, evaluate, references
from yakuba.kernel.expressions.rules.operators import OPERATIONS
from yakuba.kernel.expressions.rules.shape import refuse_unsound, shape_problems

TODAY = date(2026, 5, 1)


def nested(levels: int) -> Any:
    rule: Any = True
    for _ in range(levels):
        rule = {"!": [rule]}
    return rule


def doubled(times: int) -> Any:
    """A text that doubles with every turn of a `reduce`."""
    twice = {"cat": [{"var": "accumulator"}, {"var": "accumulator"}]}
    return {"reduce": [[0] * times, twice, "あ"]}


bomb: Any = {"var": ""}
for _ in range(4):
    bomb = {"map": [{"var": ""}, bomb]}

HUGE = [[1] * 200] * 200

REFUSED: dict[str, tuple[Any, Any]] = {
    "unknown operator": ({"eval": "1"}, None),
    "too few operands": ({"==": [1]}, None),
    "too many operands": ({">": [1, 2, 3]}, None),
    "too deep": (nested(40), None),
    "far too deep": (nested(5000), None),
    "deep plain value": ({"a": nested(40), "b": 1}, None),
    "too many parts": ({"and": [True] * 2000}, None),
    "wide and deep": ([[1] * 900] * 900, None),
    "a long text": ({"cat": ["あ" * 20000]}, None),
    "a large number": ({"+": [10**30]}, None),
    "a number with a giant exponent": (Decimal("1e999999999"), None),
    "a number with a tiny exponent": (Decimal("1e-999999999"), None),
    "not a number": (float("nan"), None),
    "infinity": ({"+": [float("inf")]}, None),
    "something else than JSON": ({"==": [date(2026, 5, 1), 1]}, None),
    "growing text": (doubled(60), None),
    "growing number": ({"reduce": [[0] * 90, {"*": [{"var": "accumulator"}, 10]}, 7]}, None),
    "ever finer fraction": ({"reduce": [[0] * 90, {"/": [{"var": "accumulator"}, 7]}, 1]}, None),
    "map over map": ({"map": [{"var": ""}, {"map": [{"var": ""}, {"map": [[1] * 90, 1]}]}]}, HUGE),
    "long list": ({"map": [{"var": ""}, 1]}, [1] * 5000),
    "growing list": ({"reduce": [[0] * 40, {"merge": [{"var": "accumulator"}] * 2}, [1]]}, None),
    "large answer": ({"+": [{"var": "x"}, 1]}, {"x": 10**40}),
    "answer with a giant exponent": ({"var": "x"}, {"x": Decimal("1e999999999")}),
    "deep answer": ({"var": ""}, nested(500)),
    "deep answers compared": ({"==": [{"var": "a"}, {"var": "b"}]}, {"a": nested(500), "b": nested(500)}),
    "deep answer joined": ({"cat": [{"var": ""}]}, [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]),
    "dotted name without end": ({"var": ".".join("a" * 50)}, {}),
}


@pytest.mark.parametrize(("rule", "data"), REFUSED.values(), ids=REFUSED.keys())
def test_refusal_is_quick_says_what_is_wrong_and_what_to_do(rule: Any, data: Any) -> None:
    begun = time.process_time()
    with pytest.raises(RuleFault) as caught:
        evaluate(rule, data, today=TODAY)

    assert time.process_time() - begun < 1.0
    assert re.search(r"[ぁ-ん].*。$", caught.value.message)
    assert caught.value.hint
    assert re.search(r"[ぁ-ん].*。$", caught.value.hint)
    assert isinstance(caught.value.fault, Fault)


def test_refusal_points_at_the_part_of_the_rule() -> None:
    with pytest.raises(RuleFault) as caught:
        evaluate({"and": [True, {"==": [{"a/b": 1}, 2]}]}, {}, today=TODAY)
    assert caught.value.path == "/and/1/==/0"
    assert caught.value.fault is Fault.UNKNOWN_OPERATOR


def test_a_fault_is_refused_even_where_this_answer_does_not_lead() -> None:
    with pytest.raises(RuleFault):
        evaluate({"if": [True, 1, {"eval": 1}]}, {}, today=TODAY)


def test_a_form_of_many_rows_stays_within_the_bounds() -> None:
    rows = [{"price": number, "kind": "a" if number % 2 else "b"} for number in range(500)]
    rule = {"sum": [{"filter": [{"var": "rows"}, {"==": [{"var": "kind"}, "a"]}]}, "price"]}
    assert evaluate(rule, {"rows": rows}, today=TODAY) == 62500


numbers = st.integers() | st.floats() | st.decimals()
texts = st.text(max_size=12) | st.sampled_from(["2026-05-01", "2026-02-30", "12.5", "-0", "a.b", "a", "rows", "a.0"])
plain = st.none() | st.booleans() | numbers | texts
json_values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3), max_leaves=25
)
operators = st.sampled_from(sorted(OPERATIONS))
rules = st.recursive(
    plain,
    lambda inner: (
        st.builds(lambda key, operands: {key: operands}, operators, st.lists(inner, max_size=3) | inner)
        | st.lists(inner, max_size=3)
    ),
    max_leaves=25,
)
data_sets = st.fixed_dictionaries({}, optional={"a": json_values, "rows": st.lists(json_values, max_size=6)})


@given(json_values | rules, json_values | data_sets)
@example({"round_half_up": [1, 1e-12]}, {})
@example({"substr": ["a", 10**17, -(10**17)]}, {})
@example({"var": [[], {}]}, {"a": 1})
@example({"missing_some": [None, {"a": 1, "b": 2}]}, {})
@example({"sum": [[{"a": 1}], {"a": 1, "b": 2}]}, {})
@example({"cat": ["\ud800", {"var": "a"}]}, {"a": "\ud800"})
@settings(max_examples=400)
def test_no_json_raises_anything_but_a_rule_fault(rule: Any, data: Any) -> None:
    try:
        found = evaluate(rule, data, today=TODAY)
    except RuleFault as fault:
        assert fault.hint
    else:
        assert _is_exact_json(found)
        assert evaluate(rule, data, today=TODAY) == found
    try:
        references(rule)
    except RuleFault:
        assert check(rule, names={})
    check(rule, names={"a": ValueType.ANY, "rows": ValueType.ROWS, "rows.a": ValueType.NUMBER})


@given(rules)
def test_what_the_shape_check_lets_through_is_never_refused_as_malformed(rule: Any) -> None:
    if any(problem.fault in (Fault.UNKNOWN_OPERATOR, Fault.WRONG_COUNT) for problem in check(rule, names={})):
        return
    try:
        evaluate(rule, {}, today=TODAY)
    except RuleFault as fault:
        assert fault.fault in (Fault.TOO_LARGE, Fault.NOT_A_RULE)


@given(json_values | rules)
@example({"and": [True] * 998})
@example({"and": [True] * 999})
@example({"and": [True] * 1000})
@example(nested(29))
@example(nested(30))
def test_the_quick_look_lets_nothing_through_that_the_thorough_one_finds(rule: Any) -> None:
    found = next(shape_problems(rule), None)
    if found is None:
        refuse_unsound(rule)
    else:
        with pytest.raises(RuleFault) as caught:
            refuse_unsound(rule)
        assert (caught.value.path, caught.value.fault) == (found.path, found.fault)


def _is_exact_json(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_exact_json(each) for each in value)
    if isinstance(value, dict):
        return all(type(key) is str and _is_exact_json(each) for key, each in value.items())
    return value is None or type(value) in (bool, int, Decimal, str)
