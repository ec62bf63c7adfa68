"""A condition is chosen in rows and read as a sentence; what rows cannot say is left alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.expressions.api import OPERATORS, Named, Use, ValueType, evaluate, in_words, is_true
from yakuba.kernel.forms.exchange.plain_rules import read_rule, write_rule
from yakuba.kernel.forms.rules.check import Weight, check_definition
from yakuba.kernel.forms.rules.conditions import (
    Condition,
    ConditionFault,
    ConditionRow,
    comparisons_for,
    read_rows,
    subjects_of,
    value_of_words,
    write_rows,
)
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.naming import every_name, named_before
from yakuba.kernel.forms.tests.example import example, example_form

NAMES = {
    "works": Named("働いている", {}, ValueType.YES_NO),
    "house": Named("住まい", {"own": "持ち家", "rent": "借家"}, ValueType.CHOICE),
    "wishes": Named("希望", {"visit": "訪問", "call": "電話"}, ValueType.CHOICES),
    "people": Named("人数", {}, ValueType.NUMBER),
    "cost": Named("費用", {}, ValueType.YEN),
    "birth": Named("生年月日", {}, ValueType.DATE),
    "start": Named("開始日", {}, ValueType.DATE),
    "at": Named("時刻", {}, ValueType.TIME),
    "words": Named("内容", {}, ValueType.TEXT),
    "who": Named("氏名", {}, ValueType.NAME),
    "children": Named("子ども", {}, ValueType.ROWS),
    "children.age": Named("年齢", {}, ValueType.NUMBER),
}
SUBJECTS = subjects_of(NAMES)

PAIRS: list[tuple[Any, Condition]] = [
    ({"==": [{"var": "works"}, True]}, Condition("and", (ConditionRow("works", "yes"),))),
    ({"!": [{"var": "works"}]}, Condition("and", (ConditionRow("works", "not yes"),))),
    ({"==": [{"var": "house"}, "own"]}, Condition("and", (ConditionRow("house", "==", "own"),))),
    ({"!": [{"==": [{"var": "house"}, "own"]}]}, Condition("and", (ConditionRow("house", "not ==", "own"),))),
    ({"in": [{"var": "house"}, ["own", "rent"]]}, Condition("and", (ConditionRow("house", "in", "", ("own", "rent")),))),
    ({"contains": [{"var": "wishes"}, "visit"]}, Condition("and", (ConditionRow("wishes", "contains", "visit"),))),
    ({">=": [{"var": "people"}, 2]}, Condition("and", (ConditionRow("people", ">=", "2"),))),
    ({"<": [{"age": [{"var": "birth"}]}, 6]}, Condition("and", (ConditionRow("age birth", "<", "6"),))),
    ({">=": [{"count": [{"var": "children"}]}, 2]}, Condition("and", (ConditionRow("count children", ">=", "2"),))),
    ({">=": [{"var": "start"}, {"var": "birth"}]}, Condition("and", (ConditionRow("start", ">=", "「生年月日」"),))),
    (
        {"<": [{"var": "start"}, {"add_days": [{"today": []}, 14]}]},
        Condition("and", (ConditionRow("start", "<", "今日の14日後"),)),
    ),
    ({"!": [{"is_empty": [{"var": "who"}]}]}, Condition("and", (ConditionRow("who", "filled"),))),
    (
        {"or": [{"==": [{"var": "works"}, False]}, {"==": [{"var": "at"}, "09:30"]}, {"==": [{"var": "words"}, "x"]}]},
        Condition("or", (ConditionRow("works", "no"), ConditionRow("at", "==", "09:30"), ConditionRow("words", "==", "x"))),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "condition"), PAIRS)
def test_rows_and_rule_stand_for_each_other(rule, condition) -> None:
    assert read_rows(rule, SUBJECTS) == condition
    assert write_rows(condition, SUBJECTS) == rule


@pytest.mark.parametrize(
    ("rule", "same"),
    [
        ({"var": "works"}, {"==": [{"var": "works"}, True]}),
        ({"in": ["visit", {"var": "wishes"}]}, {"contains": [{"var": "wishes"}, "visit"]}),
        ({"!": {"var": "works"}}, {"!": [{"var": "works"}]}),
        (
            {"and": [{"and": [{"var": "works"}, {">": [{"var": "people"}, 1]}]}, {"<": [{"var": "cost"}, 9]}]},
            {"and": [{"==": [{"var": "works"}, True]}, {">": [{"var": "people"}, 1]}, {"<": [{"var": "cost"}, 9]}]},
        ),
    ],
)
def test_other_spellings_are_understood(rule, same) -> None:
    condition = read_rows(rule, SUBJECTS)
    assert condition is not None
    assert write_rows(condition, SUBJECTS) == same


@pytest.mark.parametrize(
    "rule",
    [
        {"some": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]},
        {"and": [{"var": "works"}, {"or": [{"var": "works"}, {"var": "works"}]}]},
        {"<": [{"*": [{"var": "people"}, 2]}, 9]},
        {"==": [{"var": "nobody"}, 1]},
        {"==": [{"var": "house"}, "tent"]},
        {"==": [{"var": "people"}, "2"]},
        {"==": [{"var": ["works", False]}, True]},
        {"var": "people"},
        True,
        "text",
    ],
)
def test_what_rows_cannot_say_is_left_alone(rule) -> None:
    assert read_rows(rule, SUBJECTS) is None


def test_a_column_of_rows_is_no_answer_of_its_own() -> None:
    ids = [one.id for one in SUBJECTS]
    assert "children.age" not in ids
    assert {"age birth", "count children", "count wishes"} <= set(ids)


def test_only_earlier_questions_are_offered() -> None:
    form = example_form()
    ids = [one.id for one in subjects_of(named_before(form, "children", "children.allergy_words"))]
    assert ids[:3] == ["guardian", "guardian.family", "guardian.given"]
    assert "row.birth" in ids and "row.allergy" in ids and "row.certificate" not in ids
    assert "how_many" not in ids and "facts.is_agent" in ids
    assert list(named_before(form, "who")) == list(named_before(form, "who", "guardian"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ConditionRow("house", "", ""), "比べ方"),
        (ConditionRow("house", "==", "tent"), "値を選んで"),
        (ConditionRow("house", "in"), "一つ以上"),
        (ConditionRow("people", ">=", "ふたり"), "数では"),
        (ConditionRow("people", ">=", ""), "値を入力"),
        (ConditionRow("birth", ">=", "あした"), "日付"),
        (ConditionRow("at", "==", "25:00"), "時刻"),
        (ConditionRow("start", ">=", "「内容」"), "使えません"),
        (ConditionRow("nobody", "==", "1"), "前にありません"),
        (ConditionRow("house", "<", "own"), "比べ方"),
    ],
)
def test_an_incomplete_row_says_what_it_lacks(row, words) -> None:
    with pytest.raises(ConditionFault, match=words) as fault:
        write_rows(Condition("and", (ConditionRow("works", "yes"), row)), SUBJECTS)
    assert fault.value.row == 1


def test_blank_rows_are_passed_over() -> None:
    assert write_rows(Condition("or", (ConditionRow(), ConditionRow("works", "yes"), ConditionRow())), SUBJECTS) == {
        "==": [{"var": "works"}, True]
    }
    assert write_rows(Condition(), SUBJECTS) is None


def test_typed_values_may_be_full_width_and_by_era() -> None:
    assert value_of_words("１，２００円", ValueType.YEN, ()) == 1200
    assert value_of_words("令和8年4月1日", ValueType.DATE, ()) == "2026-04-01"
    assert value_of_words("今日の３か月前", ValueType.DATE, ()) == {"add_months": [{"today": []}, -3]}


def test_every_comparison_the_table_of_operators_prefers_is_offered() -> None:
    offered = {one.key for subject in SUBJECTS for one in comparisons_for(subject)}
    assert {one.key for one in OPERATORS if one.use is Use.COMPARE and one.is_preferred} <= offered


@given(st.data())
def test_every_row_that_can_be_chosen_becomes_a_sound_rule_and_comes_back(data) -> None:
    rows = []
    for _ in range(data.draw(st.integers(1, 4))):
        subject = data.draw(st.sampled_from(SUBJECTS))
        comparison = data.draw(st.sampled_from(comparisons_for(subject)))
        values = [value for value, _label in subject.choices]
        typed = {ValueType.NUMBER: "3", ValueType.YEN: "500", ValueType.DATE: "今日", ValueType.TIME: "09:30"}
        one = data.draw(st.sampled_from(values)) if values else typed.get(subject.type, "字")
        rows.append(
            ConditionRow(subject.id, comparison.key, values=(one,))
            if comparison.takes == "several"
            else ConditionRow(subject.id, comparison.key, one if comparison.takes == "one" else "")
        )
    condition = Condition(data.draw(st.sampled_from(["and", "or"])) if len(rows) > 1 else "and", tuple(rows))
    rule = write_rows(condition, SUBJECTS)
    assert read_rows(rule, SUBJECTS) == condition
    assert in_words(rule, names=NAMES)
    is_true(evaluate(rule, {}, today=date(2026, 11, 23)))
    assert read_rows(read_rule(write_rule(rule)), SUBJECTS) == condition


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["var", "==", "and", "!", "in", "age", "is_empty"]), inner, max_size=2)
    ),
    max_leaves=10,
)


@given(_JSON)
def test_no_rule_breaks_the_reading_of_rows(rule) -> None:
    read_rows(rule, SUBJECTS)


def musts(given: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (one.question, one.message) for one in check_definition(read_definition(given)) if one.weight is Weight.MUST
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {"==": [{"var": "work"}, "gone"]},
        {"!=": ["gone", {"var": "work"}]},
        {"in": [{"var": "work"}, ["full", "gone"]]},
        {"and": [{"var": "works"}, {"!": {"==": [{"var": "work"}, "gone"]}}]},
    ],
)
def test_a_value_no_option_has_is_found(rule) -> None:
    given = example()
    given["steps"][3]["questions"][1]["when"] = rule
    assert musts(given) == [("account", "「働き方」に、値「gone」の選択肢はありません。条件の値を選び直してください。")]


def test_values_that_exist_and_the_other_are_no_finding() -> None:
    given = example()
    given["steps"][3]["questions"][1]["when"] = {"in": [{"var": "work"}, ["full", "other"]]}
    assert not musts(given)


def test_a_value_no_option_of_a_row_has_is_found_inside_and_outside() -> None:
    given = example()
    children = given["steps"][1]["questions"][0]["questions"]
    children.append({"type": "choice", "key": "school", "label": "学校", "options": [{"value": "east", "label": "東"}]})
    children.append({"type": "yes_no", "key": "bus", "label": "バス", "when": {"==": [{"var": "row.school"}, "west"]}})
    given["steps"][2]["when"] = {"some": [{"var": "children"}, {"==": [{"var": "school"}, "north"]}]}
    assert [(question, "west" in words or "north" in words) for question, words in musts(given)] == [
        ("children.bus", True),
        ("", True),
    ]


def test_names_of_columns_have_their_words() -> None:
    names = every_name(example_form(), "children")
    assert names["children.birth"].label == names["row.birth"].label == "生年月日"
