"""Questions come, go and move; rules follow the names of their questions, and nothing given is changed in place."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.forms.library import library_forms
from yakuba.kernel.forms.rules.check import Weight, check_definition
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.editing import (
    EditFault,
    Spot,
    add_questions,
    add_step,
    duplicate_question,
    keys_in,
    move_question,
    move_step,
    place_question,
    question_at,
    remove_question,
    remove_step,
    replace_question,
    spot_of,
    used_by,
)
from yakuba.kernel.forms.rules.suggest import free_key, suggest
from yakuba.kernel.forms.rules.walking import rules_of
from yakuba.kernel.forms.tests.example import example_form


def form() -> dict[str, Any]:
    return example_form().to_json()


def order(given: dict[str, Any]) -> list[str]:
    return [question["key"] for step in given["steps"] for question in step.get("questions", ())]


def inner(given: dict[str, Any]) -> list[str]:
    return [one["key"] for one in question_at(given, "children")["questions"]]


def musts(given: dict[str, Any]) -> list[str]:
    return [one.message for one in check_definition(read_definition(given)) if one.weight is Weight.MUST]


def test_a_question_moves_within_its_step_and_over_its_edge() -> None:
    given = form()
    assert order(move_question(given, "works", -1))[:3] == ["works", "guardian", "work"]
    over = move_question(given, "work", 1)
    assert spot_of(over, "work") == Spot("children", "", 0)
    assert spot_of(move_question(over, "work", -1), "work") == Spot("who", "", 2)
    with pytest.raises(EditFault):
        move_question(given, "guardian", -1)


def test_a_question_of_a_group_moves_within_the_group() -> None:
    assert inner(move_question(form(), "children.birth", -1))[:2] == ["birth", "name"]
    with pytest.raises(EditFault):
        move_question(form(), "children.name", -1)


def test_a_new_key_is_taken_over_by_every_rule() -> None:
    given = form()
    given["steps"][0]["ways"] = [{"when": {"in": [{"var": "work_other"}, ["x"]]}, "to": "money"}]
    changed = replace_question(given, "works", {**question_at(given, "works"), "key": "employed"})
    assert question_at(changed, "work")["when"] == {"var": "employed"}
    changed = replace_question(changed, "work", {**question_at(changed, "work"), "key": "job"})
    assert changed["steps"][0]["ways"][0]["when"] == {"in": [{"var": "job_other"}, ["x"]]}


def test_a_new_key_in_a_group_is_taken_over_in_the_row_and_outside() -> None:
    given = form()
    given["steps"][2]["when"] = {
        "and": [
            {"some": [{"var": "children"}, {"var": "allergy"}]},
            {">": [{"sum": [{"var": "children"}, "allergy"]}, 0]},
            {"var": "children.0.allergy"},
        ]
    }
    changed = replace_question(
        given, "children.allergy", {**question_at(given, "children.allergy"), "key": "has_allergy"}
    )
    assert question_at(changed, "children.allergy_words")["when"] == {"var": "row.has_allergy"}
    assert changed["steps"][2]["when"]["and"][:2] == [
        {"some": [{"var": "children"}, {"var": "has_allergy"}]},
        {">": [{"sum": [{"var": "children"}, "has_allergy"]}, 0]},
    ]


def test_a_key_that_is_taken_is_refused() -> None:
    with pytest.raises(EditFault, match="works"):
        replace_question(form(), "work", {**question_at(form(), "work"), "key": "works"})


def test_a_copy_stands_behind_the_original_under_a_free_key() -> None:
    changed, path = duplicate_question(form(), "work")
    assert path == "work2"
    assert order(changed)[:4] == ["guardian", "works", "work", "work2"]
    changed, path = duplicate_question(form(), "children.birth")
    assert path == "children.birth2" and inner(changed)[1:3] == ["birth", "birth2"]


def test_a_block_put_in_twice_keeps_its_own_conditions() -> None:
    block = [
        {"type": "yes_no", "key": "works", "label": "働いていますか"},
        {"type": "short_text", "key": "where", "label": "勤め先", "when": {"var": "works"}},
    ]
    changed, paths = add_questions(form(), block, Spot("money", "", 0))
    assert paths == ["works2", "where"]
    assert question_at(changed, "where")["when"] == {"var": "works2"}
    assert question_at(changed, "work")["when"] == {"var": "works"}


def test_a_question_leaves_its_group_and_rules_follow_it() -> None:
    changed = place_question(form(), "children.allergy", Spot("who", "", 0))
    assert order(changed)[0] == "allergy"
    assert question_at(changed, "children.allergy_words")["when"] == {"var": "allergy"}
    back = place_question(changed, "allergy", Spot("children", "children", 2))
    assert question_at(back, "children.allergy_words")["when"] == {"var": "row.allergy"}
    assert inner(back) == inner(form())


def test_groups_do_not_stand_in_groups_and_keep_one_question() -> None:
    given = form()
    with pytest.raises(EditFault, match="繰り返しの中"):
        add_questions(given, [question_at(given, "children")], Spot("children", "children", 0))
    for key in ("birth", "allergy", "allergy_words", "certificate"):
        given = remove_question(given, f"children.{key}")
    with pytest.raises(EditFault, match="最後の質問"):
        remove_question(given, "children.name")


def test_what_refers_to_a_question_is_named() -> None:
    assert [one.question for one in used_by(form(), "works")] == ["work"]
    assert [one.question for one in used_by(form(), "children.birth")] == ["children.certificate"]
    assert not used_by(form(), "account")


def test_steps_come_go_and_move() -> None:
    changed, key = add_step(form(), "確認", after="who")
    assert [one["key"] for one in changed["steps"]][:2] == ["who", key]
    assert [one["key"] for one in move_step(form(), "who", 1)["steps"]][:2] == ["children", "who"]
    assert "account" not in keys_in(remove_step(form(), "money"))
    with pytest.raises(EditFault):
        remove_step({"steps": form()["steps"][:1]}, "who")


@pytest.mark.parametrize("path", ["nobody", "children.nobody", "guardian.family", "", "children."])
def test_what_is_not_there_is_said(path) -> None:
    with pytest.raises(EditFault):
        spot_of(form(), path)


@given(st.data())
def test_whatever_is_moved_the_form_stays_a_form_with_all_its_questions_and_its_input_untouched(data) -> None:
    given = form()
    before = deepcopy(given)
    paths = ["guardian", "works", "children", "how_many", "discount", "children.name", "children.birth"]
    changed = given
    for _ in range(data.draw(st.integers(1, 6))):
        path = data.draw(st.sampled_from(paths))
        spot = Spot(
            data.draw(st.sampled_from([one["key"] for one in given["steps"]])),
            data.draw(st.sampled_from(["", "children"])),
            data.draw(st.integers(-3, 9)),
        )
        try:
            changed = place_question(changed, path, spot)
        except EditFault:
            continue
        read_definition(changed)
    assert given == before
    every = sorted(order(changed) + inner(changed))
    assert len(every) == len(order(given) + inner(given))


@pytest.mark.parametrize("form_", library_forms(), ids=lambda one: one.definition.key)
def test_renaming_every_question_of_a_library_form_breaks_no_rule(form_) -> None:
    given = form_.definition.to_json()
    count = len(list(rules_of(given)))
    for step in form_.definition.steps:
        for question in step.questions:
            for one in getattr(question, "questions", ()):
                path = f"{question.key}.{one.key}"
                given = replace_question(given, path, {**question_at(given, path), "key": f"z_{one.key}"[:40]})
            given = replace_question(
                given, question.key, {**question_at(given, question.key), "key": f"z_{question.key}"[:40]}
            )
    assert not musts(given)
    assert len(list(rules_of(given))) == count


@pytest.mark.parametrize(
    ("label", "kind", "key"),
    [
        ("氏名", "name", "name"),
        ("保護者の電話番号", "phone", "phone"),
        ("生年月日", "date", "birth_date"),
        ("希望日", "date", "day"),
        ("参加する人数", "number", "people"),
        ("工事の費用", "yen", "amount"),
        ("町内にお住まいですか", "yes_no", "yes_no"),
        ("会社の名前", "short_text", "organisation"),
        ("備考", "long_text", "details"),
        ("曜日", "short_text", "text"),
        ("好きな食べ物", "short_text", "text"),
    ],
)
def test_the_words_of_a_question_tell_its_kind(label, kind, key) -> None:
    told = suggest(label)
    assert (told.kind, told.key) == (kind, key)
    question = {"type": told.kind, "key": told.key, "label": label, **told.settings}
    read_definition({"key": "aa", "title": "t", "steps": [{"key": "s", "title": "t", "questions": [question]}]})


def test_a_key_is_never_given_twice() -> None:
    assert suggest("氏名", taken={"name", "name2"}).key == "name3"
    assert free_key("row", set()) == "row2", "reserved for rules"
    assert free_key("9-!", set()) == "question"
