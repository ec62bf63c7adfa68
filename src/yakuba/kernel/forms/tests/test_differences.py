"""Two versions beside each other: every difference question by question, in words, and nothing that is none."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.forms.exchange.differences import Difference, compare
from yakuba.kernel.forms.library import library_forms
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.editing import Spot, move_question, move_step, place_question, remove_question
from yakuba.kernel.forms.tests.example import example, example_form


def told(given: dict[str, Any]) -> tuple[Difference, ...]:
    return compare(example_form(), read_definition(given))


def said(given: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.key, change.what) for one in told(given) for change in one.changes or (None,) if change]


def test_the_same_is_no_difference() -> None:
    for form in library_forms():
        assert compare(form.definition, form.definition) == ()


def test_texts_settings_and_conditions_are_told_before_and_after() -> None:
    given = example()
    question = given["steps"][0]["questions"][2]
    question["label"]["en"] = "Kind of work"
    question["when"] = {"!": [{"var": "works"}]}
    question["required"] = False
    question["has_other"] = False
    (one,) = told(given)
    assert (one.kind, one.title, one.where) == ("changed", "働き方", "申込者")
    assert {change.what: (change.before, change.after) for change in one.changes} == {
        "質問の文（英語）": ("働き方", "Kind of work"),
        "必須": ("必須", "任意"),
        "出す条件": ("「働いていますか」が「はい」のとき", "「働いていますか」が「はい」でないとき"),
        "その他": ("はい", ""),
    }


def test_a_renamed_question_makes_no_other_condition() -> None:
    given = example()
    given["steps"][0]["questions"][1]["label"] = "お仕事は"
    assert [one.key for one in told(given)] == ["works"]


def test_options_and_checks_are_told() -> None:
    given = example()
    given["steps"][0]["questions"][2]["options"][0]["label"] = "常勤"
    given["steps"][0]["questions"][1]["checks"] = [{"rule": {"var": "works"}, "message": "働いている方だけです。"}]
    assert ("changed", "work", "選択肢") in said(given) and ("changed", "works", "入力の確認1") in said(given)


def test_added_removed_and_moved_questions_are_told_once_each() -> None:
    form = example_form().to_json()
    moved = place_question(form, "works", Spot("money", "", 0))
    assert [(one.kind, one.key) for one in told(moved)] == [("moved", "works")]
    assert told(moved)[0].changes[0].before == "申込者"
    up = move_question(form, "account", -1)
    assert [(one.kind, one.key) for one in told(up)] == [("moved", "account")]
    gone = remove_question(form, "children.allergy_words")
    assert [(one.kind, one.key) for one in told(gone)] == [("removed", "children.allergy_words")]
    back = compare(read_definition(gone), example_form())
    assert [(one.kind, one.key) for one in back] == [("added", "children.allergy_words")]


def test_steps_and_the_form_itself_are_told() -> None:
    given = example()
    given["title"] = "学童の申し込み"
    given["steps"][0]["ways"] = [{"when": {"var": "works"}, "to": "end"}]
    kinds = [(one.subject, one.kind, one.changes[0].what) for one in told(given)]
    assert ("様式", "changed", "題名") in kinds and ("画面", "changed", "次の画面") in kinds
    swapped = move_step(example_form().to_json(), "who", 1)
    assert [(one.subject, one.changes[0].what) for one in told(swapped)] == [("画面", "順番")]
