"""A form for given answers: hidden answers vanish, what is missing is named, rows have a logic of their own."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.evaluate import AnsweredGroup, evaluate_form
from yakuba.kernel.forms.tests.example import complete_answers, example, example_form, text

TODAY = date(2026, 11, 23)


def codes(answers: dict[str, Any], form=None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step in evaluate_form(form or example_form(), answers, today=TODAY).steps:
        for path, fault in step.faults():
            found.setdefault(path, []).append(fault.code)
    return found


def test_complete_answers_are_complete_and_computed_values_follow() -> None:
    evaluation = evaluate_form(example_form(), complete_answers(), today=TODAY)
    assert evaluation.is_complete
    assert evaluation.answers["how_many"] == 2
    assert evaluation.fee == 6000
    assert not evaluation.dropped


def test_the_answer_to_a_hidden_question_is_dropped_with_its_other() -> None:
    answers = {**complete_answers(), "works": False}
    evaluation = evaluate_form(example_form(), answers, today=TODAY)
    assert "work" not in evaluation.answers and "work_other" not in evaluation.answers
    assert set(evaluation.dropped) == {"work", "work_other"}
    assert evaluation.is_complete


def test_a_hidden_answer_in_a_row_is_dropped_in_that_row_only() -> None:
    answers = complete_answers()
    answers["children"][1]["allergy_words"] = "（隠れている答え）"
    rows = evaluate_form(example_form(), answers, today=TODAY).answers["children"]
    assert rows[0]["allergy_words"] == "卵"
    assert "allergy_words" not in rows[1]


def test_each_row_shows_its_own_questions() -> None:
    evaluation = evaluate_form(example_form(), complete_answers(), today=TODAY)
    group = next(one for one in evaluation.step("children").entries if isinstance(one, AnsweredGroup))
    paths = [[one.path.split(".")[-1] for one in row.questions] for row in group.rows]
    assert paths == [["name", "birth", "allergy", "allergy_words"], ["name", "birth", "allergy", "certificate"]]


def test_a_step_that_does_not_apply_is_skipped_and_its_answers_are_dropped() -> None:
    answers = complete_answers()
    answers["children"].pop()
    evaluation = evaluate_form(example_form(), answers, today=TODAY)
    assert [one.step.key for one in evaluation.steps] == ["who", "children", "money"]
    assert "discount" not in evaluation.answers
    assert evaluation.fee == 4000


def test_what_is_missing_is_named_at_its_place() -> None:
    assert codes({}) == {
        "guardian": ["required"],
        "works": ["required_choice"],
        "children": ["rows_fewest"],
        "account": ["required"],
    }
    assert codes({**complete_answers(), "children": [{}]})["children.0.birth"] == ["required"]


def test_limits_may_be_rules() -> None:
    answers = complete_answers()
    answers["children"][0]["birth"] = "2026-11-24"
    assert codes(answers)["children.0.birth"] == ["latest"]


def test_more_rows_than_allowed_are_refused_not_kept() -> None:
    answers = complete_answers()
    answers["children"] = answers["children"] * 3
    evaluation = evaluate_form(example_form(), answers, today=TODAY)
    assert len(evaluation.answers["children"]) == 3
    assert "rows_most" in codes(answers)["children"]


def test_a_way_leads_past_steps_and_what_stands_there_is_dropped() -> None:
    given = example()
    given["steps"][0]["ways"] = [{"when": {"!": [{"var": "works"}]}, "to": "money"}]
    evaluation = evaluate_form(read_definition(given), {**complete_answers(), "works": False}, today=TODAY)
    assert [one.step.key for one in evaluation.steps] == ["who", "money"]
    assert "children" not in evaluation.answers


def test_an_option_that_is_not_offered_cannot_be_chosen() -> None:
    given = example()
    given["steps"][0]["questions"][2]["options"][0]["when"] = {"==": [1, 2]}
    answers = {**complete_answers(), "work": "full"}
    answers.pop("work_other")
    assert codes(answers, read_definition(given)) == {"work": ["not_offered"]}


def test_a_check_speaks_in_its_own_words() -> None:
    given = example()
    given["steps"][1]["questions"][0]["questions"][0]["checks"] = [
        {"rule": {"!=": [{"var": "row.name"}, "一郎"]}, "message": text("一郎はだめです。")}
    ]
    evaluation = evaluate_form(read_definition(given), complete_answers(), today=TODAY)
    assert [(path, one.say("ja")) for step in evaluation.steps for path, one in step.faults()] == [
        ("children.0.name", "一郎はだめです。")
    ]


def test_a_broken_rule_stops_the_form_and_hides_nothing() -> None:
    given = example()
    given["steps"][0]["questions"][1]["when"] = {"no_such_operator": []}
    assert codes(complete_answers(), read_definition(given))["works"] == ["rule"]


def test_a_form_of_a_hundred_years_is_the_same_twice() -> None:
    once = evaluate_form(example_form(), complete_answers(), today=TODAY)
    twice = evaluate_form(example_form(), once.answers, today=TODAY)
    assert once.answers == twice.answers and once.fee == twice.fee


# Random forms and answers -----------------------------------------------------------------------------------------

_SIMPLE = {
    "yes_no": st.booleans(),
    "number": st.integers(-5, 5),
    "short_text": st.sampled_from(["あ", "い", "う"]),
    "choice": st.sampled_from(["a", "b", "zz"]),
}


@st.composite
def forms_and_answers(draw) -> tuple[dict[str, Any], dict[str, Any]]:
    steps, before, answers = [], [], {}
    number = 0
    for place in range(draw(st.integers(1, 4))):
        questions = []
        for _ in range(draw(st.integers(1, 4))):
            kind = draw(st.sampled_from(sorted(_SIMPLE)))
            key = f"q{number}"
            number += 1
            asked: dict[str, Any] = {"type": kind, "key": key, "label": "質問", "required": draw(st.booleans())}
            if kind == "choice":
                asked["options"] = [{"value": one, "label": one} for one in ("a", "b")]
            if before and draw(st.booleans()):
                other = draw(st.sampled_from(before))
                asked["when"] = draw(
                    st.sampled_from([{"var": other}, {"!": [{"var": other}]}, {">": [{"var": other}, 0]}])
                )
            questions.append(asked)
            before.append(key)
            if draw(st.booleans()):
                answers[key] = draw(_SIMPLE[kind] | st.none() | st.integers() | st.text(max_size=3))
        step: dict[str, Any] = {"key": f"s{place}", "title": "画面", "questions": questions}
        steps.append(step)
    for place, step in enumerate(steps[:-1]):
        if draw(st.booleans()):
            target = draw(st.sampled_from([*[one["key"] for one in steps[place + 1 :]], "end"]))
            step["ways"] = [{"when": {"var": draw(st.sampled_from(before))}, "to": target}]
    return {"key": "random", "title": "様式", "steps": steps}, answers


@given(forms_and_answers())
@settings(max_examples=200)
def test_hidden_answers_never_survive_and_required_visible_ones_are_never_skipped(made) -> None:
    given_form, answers = made
    form = read_definition(given_form)
    before = deepcopy(answers)
    evaluation = evaluate_form(form, answers, today=TODAY)
    assert answers == before, "the answers given are not touched"
    visible = {entry.path: entry for step in evaluation.steps for entry in step.answered()}
    assert set(evaluation.answers) <= set(visible)
    for path, entry in visible.items():
        if entry.is_required and path not in evaluation.answers:
            assert entry.faults, path
        if entry.faults:
            assert path not in evaluation.answers
    again = evaluate_form(form, evaluation.answers, today=TODAY)
    assert again.answers == evaluation.answers, "what was accepted stays accepted"
    assert [one.step.key for one in again.steps] == [one.step.key for one in evaluation.steps]
    assert read_definition(form.to_json()) == form
