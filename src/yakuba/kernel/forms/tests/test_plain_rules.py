"""A condition written in a cell is read as the rule it means, and a rule is written so that it is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.forms.exchange.plain_rules import PlainRuleFault, canonical, read_rule, write_rule

PAIRS = [
    ("works = はい", {"==": [{"var": "works"}, True]}),
    (
        "works = はい かつ 件数(children) >= 2",
        {"and": [{"==": [{"var": "works"}, True]}, {">=": [{"count": [{"var": "children"}]}, 2]}]},
    ),
    ("a または b かつ c", {"or": [{"var": "a"}, {"and": [{"var": "b"}, {"var": "c"}]}]}),
    ("(a または b) かつ c", {"and": [{"or": [{"var": "a"}, {"var": "b"}]}, {"var": "c"}]}),
    ("年齢(row.birth) < 6", {"<": [{"age": [{"var": "row.birth"}]}, 6]}),
    ("since >= 2026-04-01", {">=": [{"var": "since"}, "2026-04-01"]}),
    ("housing = 「own」", {"==": [{"var": "housing"}, "own"]}),
    ("月後(今日, 3)", {"add_months": [{"today": []}, 3]}),
    ("もし(discount, 3000, 4000) * how_many", {"*": [{"if": [{"var": "discount"}, 3000, 4000]}, {"var": "how_many"}]}),
    ("a - (b - c)", {"-": [{"var": "a"}, {"-": [{"var": "b"}, {"var": "c"}]}]}),
    ("含む(「a」, needs)", {"in": ["a", {"var": "needs"}]}),
    ("ではない(works)", {"!": [{"var": "works"}]}),
    ("300", 300),
]


@pytest.mark.parametrize(("words", "rule"), PAIRS)
def test_words_and_rule_stand_for_each_other(words, rule) -> None:
    assert read_rule(words) == rule
    assert write_rule(rule) == words


def test_full_width_signs_and_blanks_are_understood() -> None:
    assert read_rule("ｗorks = はい".replace("ｗ", "w").replace("=", "＝")) == {"==": [{"var": "works"}, True]}
    assert read_rule("件数（children）　≧　２") == {">=": [{"count": [{"var": "children"}]}, 2]}
    assert read_rule("  ") is None and write_rule(None) == ""


def test_what_the_plain_language_cannot_say_is_written_as_its_json() -> None:
    rule = {"reduce": [{"var": "items"}, {"+": [{"var": "accumulator"}, {"var": "current.fee"}]}, 0]}
    assert write_rule(rule).startswith("式:")
    assert read_rule(write_rule(rule)) == rule


@pytest.mark.parametrize(
    "words",
    ["works =", "works はい", "(a", "知らない言葉 = 1", "a かつ", "= 1", "年齢(", "式: {", "((((" * 20, "a = 「"],
)
def test_what_makes_no_sense_says_where(words) -> None:
    with pytest.raises(PlainRuleFault) as fault:
        read_rule(words)
    assert fault.value.hint


_NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}(\.[a-z]{1,3})?", fullmatch=True).map(lambda name: {"var": name})
_LITERALS = (
    st.integers(0, 9999) | st.booleans() | st.none() | st.text(max_size=8) | st.just("2026-04-01") | st.integers(-9, -1)
)


def _rules(inner):
    pair = st.lists(inner, min_size=2, max_size=2)
    return st.one_of(
        *[
            pair.map(lambda two, sign=sign: {sign: two})
            for sign in ("==", "!=", "<", ">=", "+", "-", "*", "/", "and", "or")
        ],
        st.lists(inner, min_size=1, max_size=3).map(lambda some: {"if": some}),
        inner.map(lambda one: {"!": [one]}),
        st.lists(inner, min_size=3, max_size=3).map(lambda some: {"<": some}),
        st.just({"today": []}),
    )


@given(st.recursive(_NAMES | _LITERALS, _rules, max_leaves=12))
def test_every_rule_survives_being_written(rule) -> None:
    assert read_rule(write_rule(rule)) == canonical(rule)


@given(st.text(max_size=60))
def test_no_words_break_the_reader(words) -> None:
    try:
        read_rule(words)
    except PlainRuleFault as fault:
        assert fault.message
