"""Doors: what may be asked, whether an open one still fits, and what the public reads of a survey."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.forms.api import evaluate_form
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.office.appbuilder.queries.door_questions import form_of, values_of
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, read_definition
from yakuba.office.appbuilder.rules.door_check import door_problems, may_ask, still_fits
from yakuba.office.appbuilder.rules.door_results import BATCH, Tally, shown_answers, suppressed, tally
from yakuba.office.appbuilder.rules.doors import Door
from yakuba.office.appbuilder.rules.values import is_shaped
from yakuba.office.appbuilder.tests.door_world import CLASS_FIELDS, SURVEY_FIELDS, class_door, survey_door


def definition(fields: list[dict[str, Any]], *doors: dict[str, Any]) -> AppDefinition:
    return read_definition({"format": "yakuba-app/1", "title": "図書室", "fields": fields, "doors": list(doors)})


def said(fields: list[dict[str, Any]], door: dict[str, Any]) -> str:
    return "".join(one.words() for one in door_problems(definition(fields, door)))


def test_a_definition_with_doors_comes_back_unchanged_from_json() -> None:
    door = class_door({"field": "time", "by_choice": {"am": 3, "pm": 2}, "cancel_until": "2027-02-01T10:00:00"})
    made = definition(CLASS_FIELDS, door, {**survey_door(), "key": "d2"})
    assert read_definition(made.to_json()) == made


def test_whole_doors_have_no_problem() -> None:
    assert not said(SURVEY_FIELDS, survey_door())
    asks = [{"field": "name"}, {"field": "time"}]
    assert not said(CLASS_FIELDS, class_door({"field": "time", "by_choice": {"am": 3, "pm": 2}}, asks=asks))


@pytest.mark.parametrize(
    ("door", "words"),
    [
        (survey_door(purpose={"ja": " "}), "利用目的がありません"),
        (survey_door(title={"ja": ""}), "題名がありません"),
        (survey_door(asks=[]), "聞く項目がありません"),
        (survey_door(asks=[{"field": "often"}, {"field": "often"}]), "2回聞いています"),
        (survey_door(asks=[{"field": "often"}, {"field": "gone"}]), "「gone」が、アプリにありません"),
        (survey_door(asks=[{"field": "wants"}]), "必須の項目「来る回数」を聞いていません"),
        (survey_door(opens_at="2026-05-02T00:00:00", closes_at="2026-05-01T00:00:00"), "終わりが、始まりより前"),
        (survey_door(survey={"once": "account"}), "利用登録が必要"),
        (survey_door(survey={"anonymous": False}), "利用登録が必要"),
        (class_door(), "必須の項目「希望の回」を聞いていません"),
        (class_door({"total": 0}), "定員がありません"),
        (class_door({"group_most": 4}), "一回の申込みの人数が、定員より多く"),
        (class_door(closes_at=None), "申込みの終わりがありません"),
        (class_door(state_field="time"), "必要な選択肢がありません"),
        (class_door({"field": "time", "by_choice": {"am": 1}}, asks=[{"field": "name"}, {"field": "time"}]),
         "「午後の回」の定員がありません"),
        (class_door(asks=[{"field": "name"}, {"field": "state"}]), "「状態」（状態）は、町民には聞けません"),
    ],
)  # fmt: skip
def test_what_must_be_put_right_is_said_with_its_way_out(door, words) -> None:
    fields = CLASS_FIELDS if door["kind"] == "sign_up" else SURVEY_FIELDS
    assert words in said(fields, door)


def test_personal_data_is_not_asked_anonymously_and_sensitive_data_never() -> None:
    for data_class, words in (("personal", "無記名のアンケートでは"), ("sensitive", "要配慮個人情報のため")):
        fields = [*SURVEY_FIELDS[:3], {**SURVEY_FIELDS[3], "data_class": data_class}]
        assert words in said(fields, survey_door())


def test_a_field_without_duplicates_is_not_asked_because_the_refusal_would_tell_who_is_there() -> None:
    fields = [*CLASS_FIELDS[:1], {**CLASS_FIELDS[1], "unique": True}]
    assert "重複を禁止した項目" in said(fields, class_door())


def test_an_open_door_stops_when_the_app_changes_under_it() -> None:
    made = definition(SURVEY_FIELDS, survey_door())
    door = made.doors[0]
    fields = tuple(one for one in made.fields if one.key in door.asked)
    assert still_fits(door, fields, made) == ""
    for change in (
        lambda one: None if one["key"] == "words" else one,
        lambda one: {**one, "type": "short_text"} if one["key"] == "words" else one,
        lambda one: {**one, "required": True} if one["key"] == "words" else one,
        lambda one: {**one, "data_class": "sensitive"} if one["key"] == "words" else one,
        lambda one: {**one, "choices": one["choices"][:1]} if one["key"] == "often" else one,
        lambda one: {**one, "required": True} if one["key"] == "inner" else one,
    ):
        changed = [one for one in map(change, SURVEY_FIELDS) if one is not None]
        assert still_fits(door, fields, definition(changed, survey_door())), changed


def test_the_end_of_the_period_is_no_longer_open() -> None:
    door = Door.model_validate(class_door(opens_at="2026-04-01T09:00:00", closes_at="2026-04-02T17:00:00"))
    moments = [(1, 8, 59), (1, 9, 0), (2, 16, 59), (2, 17, 0)]
    opened = [door.is_open_at(datetime(2026, 4, *moment)) for moment in moments]  # noqa: DTZ001
    assert opened == [False, True, True, False]


ANY = {
    "short": {"type": "short_text"}, "long": {"type": "long_text"}, "num": {"type": "number", "decimals": 2},
    "whole": {"type": "number", "unit": "人"}, "yen": {"type": "yen"}, "day": {"type": "date"}, "at": {"type": "time"},
    "yes": {"type": "yes_no"}, "one": {"type": "choice", "choices": [{"key": "日本語の鍵", "label": "甲"}, {"key": "b", "label": "乙"}]},
    "many": {"type": "choices", "choices": [{"key": "x y", "label": "甲"}, {"key": "b", "label": "乙"}]},
    "phone": {"type": "phone"}, "mail": {"type": "mail"}, "home": {"type": "address"},
}  # fmt: skip
GIVEN = {
    "short": "見本", "long": "一行目\n二行目", "num": "1.25", "whole": 3, "yen": 1200, "day": "2026-05-01", "at": "09:30",
    "yes": False, "one": "no.0", "many": ["no.0", "b"], "phone": "0242-84-1503", "mail": "a@example.jp",
    "home": {"postal_code": "969-6500", "place": "会津坂下町", "lot": "字市中1", "building": ""},
}  # fmt: skip


def test_every_type_that_may_be_asked_becomes_a_question_and_its_answer_a_value_of_the_record() -> None:
    fields = tuple(AppField.model_validate({"key": key, "label": key, **one}) for key, one in ANY.items())
    assert all(may_ask(one) for one in fields)
    door = Door.model_validate(survey_door(asks=[{"field": key} for key in ANY]))
    evaluation = evaluate_form(form_of(door, fields, key="door-1"), GIVEN, today=TODAY)
    assert evaluation.is_complete and set(evaluation.answers) == set(ANY)
    values = values_of(fields, evaluation.answers)
    assert all(is_shaped(one, values[one.key]) for one in fields)
    assert values["one"] == "日本語の鍵" and values["many"] == ["b", "x y"] and values["yes"] is False
    assert values["home"] == "〒969-6500 会津坂下町字市中1"


def test_what_is_not_asked_is_no_question() -> None:
    made = definition(SURVEY_FIELDS, survey_door())
    form = form_of(made.doors[0], made.fields, key="door-1")
    assert [one.key for one in form.questions()] == ["often", "wants", "satisfied", "words"]


OFTEN = AppField.model_validate(SURVEY_FIELDS[0])


def test_small_counts_are_withheld_and_the_next_one_with_them() -> None:
    exact = tally(OFTEN, [{"often": "week"}] * 9 + [{"often": "month"}] * 4 + [{"often": "never"}] * 2)
    assert exact.counts == (("week", 9), ("month", 4), ("never", 2))
    assert suppressed(exact, least=3).counts == (("week", 9), ("month", None), ("never", None))


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=6),
    st.integers(2, 6),
)
def test_no_withheld_count_can_be_reckoned_from_the_others(counts, least) -> None:
    keys = [f"c{number}" for number in range(len(counts))]
    total = sum(counts)
    shown = dict(suppressed(Tally("f", total, tuple(zip(keys, counts, strict=True))), least=least).counts)
    withheld = [key for key, count in shown.items() if count is None]
    assert all(count is None or count == 0 or count >= least for count in shown.values())
    if any(0 < count < least for count in counts):
        assert len(withheld) >= 2 or len(counts) == 1
    else:
        assert not withheld


def test_public_results_move_on_in_batches_until_the_end() -> None:
    assert [shown_answers(count, is_over=False) for count in (4, 5, 9, 10)] == [0, 5, 5, 10] and BATCH == 5
    assert shown_answers(9, is_over=True) == 9
