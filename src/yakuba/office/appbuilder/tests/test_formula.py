"""Formulas as clerks write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.office.appbuilder.rules.definition import AppChoice
from yakuba.office.appbuilder.rules.editing import choices_from, moved
from yakuba.office.appbuilder.rules.formula import FormulaFault, read_formula, write_formula
from yakuba.office.appbuilder.tests.world import FIELDS, define

APP = define(FIELDS)
PRICE, STATE = {"var": "price"}, {"var": "state"}


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("", None),
        ("「価格」*2", {"*": [PRICE, 2]}),
        ("「価格」×２＋１", {"+": [{"*": [PRICE, 2]}, 1]}),
        ("「価格」*(2+1)", {"*": [PRICE, {"+": [2, 1]}]}),
        ("10-3-2", {"-": [{"-": [10, 3]}, 2]}),
        ("-「価格」", {"-": [PRICE]}),
        ('「状態」="貸出中"', {"==": [STATE, "out"]}),
        ('"在庫"<>「状態」 かつ 「価格」≧1000', {"and": [{"!=": ["in", STATE]}, {">=": [PRICE, 1000]}]}),
        ('もし(「価格」>=1000,"高額","")', {"if": [{">=": [PRICE, 1000]}, "高額", ""]}),
        ("ではない(空欄(「備考」)) または 「故障」=はい", {"or": [{"!": [{"is_empty": [{"var": "note"}]}]}, {"==": [{"var": "broken"}, True]}]}),
        ("日数(「貸出日」、「貸出日」)", {"days_between": [{"var": "lent_on"}, {"var": "lent_on"}]}),
        ('含む(「用途」, "会議")', {"contains": [{"var": "tags"}, "a"]}),
    ],
)  # fmt: skip
def test_is_read(written: str, rule: Any) -> None:
    assert read_formula(written, APP) == rule
    assert read_formula(write_formula(rule, APP), APP) == rule


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("「値段」+1", "「値段」という項目はありません"),
        ("価格+1", "読めません"),
        ("「価格」+", "途中で終わっています"),
        ("(「価格」", "足りません"),
        ("「価格」「価格」", "前後が読めません"),
        ('「状態」="紛失"', "「紛失」という選択肢はありません"),
        ("日数(「貸出日」)", "かっこの中の数"),
        ("(" * 50 + "1" + ")" * 50, "深すぎます"),
        ("1+" * 2000 + "1", "長すぎます"),
        ("__import__", "読めません"),
    ],
)
def test_that_cannot_be_read_says_where(written: str, said: str) -> None:
    with pytest.raises(FormulaFault, match=said) as refused:
        read_formula(written, APP)
    assert refused.value.hint


RULES = st.recursive(
    st.one_of(st.just(PRICE), st.integers(0, 999), st.just({"var": "twice"})),
    lambda part: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/"]), part, part).map(lambda made: {made[0]: [made[1], made[2]]}),
        st.tuples(part, part).map(lambda made: {"max": list(made)}),
        part.map(lambda made: {"-": [made]}),
    ),
    max_leaves=8,
)


@given(RULES, RULES, st.sampled_from(["==", "!=", ">", "<=", "and", "or"]))
def test_written_out_and_read_again_is_the_same(one: Any, other: Any, joined: str) -> None:
    rule = {joined: [{">": [one, 1]}, {"<": [other, 2]}]} if joined in ("and", "or") else {joined: [one, other]}
    assert read_formula(write_formula(rule, APP), APP) == rule


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_formula(text, APP)
    except FormulaFault as refused:
        assert refused.hint


class TestChoices:
    BEFORE = (AppChoice(key="c1", label="庁舎"), AppChoice(key="c2", label="公民館"))

    def labels(self, *lines: str) -> list[tuple[str, str, bool]]:
        return [(one.key, one.label, one.is_used) for one in choices_from(lines, self.BEFORE)]

    def test_keep_their_keys_in_another_order(self) -> None:
        assert self.labels("公民館", "庁舎") == [("c2", "公民館", True), ("c1", "庁舎", True)]

    def test_renamed_in_place_keep_their_keys(self) -> None:
        assert self.labels("本庁舎", "公民館") == [("c1", "本庁舎", True), ("c2", "公民館", True)]

    def test_left_out_stay_for_old_records(self) -> None:
        assert self.labels("庁舎") == [("c1", "庁舎", True), ("c2", "公民館", False)]

    def test_new_ones_never_take_a_key_that_was_used(self) -> None:
        assert self.labels("庁舎", "公民館", "図書館", "", "図書館")[-1] == ("c3", "図書館", True)


def test_a_field_moves_and_stops_at_the_ends() -> None:
    assert [one.key for one in moved(APP, "code", -1).fields][:2] == ["code", "item"]
    assert moved(APP, "item", -1) == APP and moved(APP, "zz", 1) == APP
    assert moved(APP, "item", 200).fields[-1].key == "item"
