"""Limits of fields, and fields that are needed under a condition: in the form, the verbs, sheets and the check."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.queries.door_questions import form_of
from yakuba.office.appbuilder.rules.check import problems_of
from yakuba.office.appbuilder.rules.definition import AppField
from yakuba.office.appbuilder.rules.doors import Door
from yakuba.office.appbuilder.rules.limits import beyond, limits_in_words
from yakuba.office.appbuilder.rules.openapi import written_schema
from yakuba.office.appbuilder.rules.values import from_text
from yakuba.office.appbuilder.services import RecordFault, change_record
from yakuba.office.appbuilder.tests.world import CLOCK, define, sit

HOME = {"key": "home", "label": "住まい", "type": "choice",
        "choices": [{"key": "own", "label": "持ち家"}, {"key": "rent", "label": "借家"}]}  # fmt: skip
OWNER = {"key": "owner", "label": "家主", "type": "short_text", "needed_when": {"==": [{"var": "home"}, "rent"]}}
FIELDS: list[dict[str, Any]] = [
    {"key": "item", "label": "品名", "type": "short_text", "required": True, "most": "5"},
    {"key": "people", "label": "人数", "type": "number", "unit": "人", "least": "1", "most": "10"},
    {"key": "born", "label": "生年月日", "type": "date", "least": "1900-01-01", "most": "today"},
    HOME,
    OWNER,
]
TODAY = date(2027, 3, 15)


def of(kind: str, least: str = "", most: str = "", **more: Any) -> AppField:
    return AppField.model_validate({"key": "x", "label": "値", "type": kind, "least": least, "most": most, **more})


@pytest.mark.parametrize(
    ("field", "inside", "outside", "said"),
    [
        (of("number", "1", "10", unit="人"), [1, 10], [0, 11], "1人以上、10人以下"),
        (of("number", "0.5", decimals=1), ["0.5", "10"], ["0.4"], "0.5以上"),
        (of("yen", "0"), [0], [-1], "0円以上"),
        (of("short_text", "2", "3"), ["あい", "あいう"], ["あ", "あいうえ"], "2文字以上、3文字以下"),
        (of("time", "09:00", "17:00"), ["09:00"], ["08:59", "17:01"], "09:00以後、17:00以前"),
        (of("date", "today"), ["2027-03-15"], ["2027-03-14"], "今日以後"),
        (of("date", "", "2026-04-01"), ["2026-04-01"], ["2026-04-02"], "令和8年4月1日（2026年）以前"),
        (of("choices", "1", "2", choices=HOME["choices"]), [["own"]], [["a", "b", "c"]], "1個以上、2個以下"),
        (of("photos", "2"), [["a", "b"]], [["a"]], "2個以上"),
        (of("yes_no", "1"), [True], [], ""),
    ],
)
def test_a_value_outside_is_told_with_the_limit(field, inside, outside, said) -> None:
    assert limits_in_words(field) == said
    assert not any(beyond(field, one, today=TODAY) for one in inside)
    assert all(beyond(field, one, today=TODAY).startswith("「値」は") for one in outside)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"type": "yes_no", "least": "1"}, "範囲を決められません"),
        ({"type": "number", "least": "いくつか"}, "範囲の書き方"),
        ({"type": "date", "most": "きのう"}, "範囲の書き方"),
        ({"type": "number", "least": "9", "most": "1"}, "下限が上限より"),
        ({"type": "number", "most": "5", "default": 9}, "最初の値"),
        ({"type": "short_text", "needed_when": {"==": [{"var": "gone"}, 1]}}, "必須にする条件"),
        ({"type": "heading", "needed_when": True}, "必須にできません"),
    ],
)
def test_what_is_wrong_is_said_before_it_is_used(field, said) -> None:
    definition = define([FIELDS[0], {"key": "x", "label": "値", **field}])
    assert any(said in one.words() for one in problems_of(definition, apps={}))


def test_they_come_back_from_json_and_stand_in_forms_and_the_api() -> None:
    definition = define(FIELDS)
    assert define(definition.to_json()["fields"]).fields == definition.fields
    assert not problems_of(definition, apps={})
    people = definition.field("people")
    assert people and written_schema(people) == {"type": "integer", "minimum": 1, "maximum": 10}
    with pytest.raises(Refusal, match="10人以下"):
        from_text(people, "11人")
    door = Door.model_validate({"key": "d1", "kind": "survey", "title": {"ja": "題"}, "asks": [
        {"field": "item"}, {"field": "people"}, {"field": "born"}]})  # fmt: skip
    item, count, born = form_of(door, definition.fields, key="door").questions()
    assert (item.max_length, count.least, count.most) == (5, 1, 10)
    assert (born.earliest, born.latest) == ("1900-01-01", {"today": []})


@pytest.fixture
def homes(desk: Any) -> Any:
    desk.publish(FIELDS)
    return desk


def test_what_is_needed_under_a_condition_is_asked_when_the_condition_comes_true(homes) -> None:
    with pytest.raises(RecordFault, match="「家主」を入力してください（「住まい」が「借家」のときは必要です）"):
        homes.add(home="rent")
    record = homes.add(home="own")
    with pytest.raises(RecordFault, match="家主"):
        change_record(by=homes.maker, record=record, values={"home": "rent"}, version=1, clock=CLOCK)
    change_record(by=homes.maker, record=record, values={"home": "rent", "owner": "見本"}, version=1, clock=CLOCK)
    with pytest.raises(RecordFault, match="家主"):
        change_record(by=homes.maker, record=record, values={"owner": None}, version=2, clock=CLOCK)


@pytest.mark.parametrize("hidden", [{"home": "hide"}, {"owner": "view"}, {"owner": "hide"}])
def test_a_condition_asks_nothing_nobody_can_give_and_tells_nothing_hidden(homes, hidden) -> None:
    record = homes.add(home="rent", owner="見本")
    homes.permit({"name": "全員", "everybody": True, "create": True, "edit": True, "columns": hidden})
    values = {"owner": None} if "home" in hidden else {"home": "own"}
    change_record(by=homes.stranger, record=record, values=values, version=1, clock=CLOCK)


def test_the_form_says_them_and_old_values_outside_stay_until_they_are_changed(homes) -> None:
    old = homes.add(people=10)
    homes.publish([*FIELDS[:1], {**FIELDS[1], "most": "3"}, *FIELDS[2:]])
    change_record(
        by=homes.maker, record=old, values={"item": "いす"}, version=Record.objects.get().version, clock=CLOCK
    )
    maker = sit(homes, "行政 主事")
    at = f"/office/apps/{homes.app.public_id}/new/"
    assert (
        "1人以上、3人以下" in maker.get(at).content.decode()
        and "「借家」のときは必要です" in maker.get(at).content.decode()
    )
    typed = {"f_item": "とても長い名前", "f_people": "4", "f_born": "2027-03-16", "f_home": "rent"}
    shown = maker.post(at, typed)
    words = re.sub(r"\s+", "", shown.content.decode())
    assert shown.status_code == 422 and "5文字以下にして" in words and "3人以下にして" in words
    shown = maker.post(at, {"f_item": "机", "f_born": "2099-03-16", "f_home": "rent"})
    assert "今日以前にして" in shown.content.decode() and "「家主」を入力" in shown.content.decode()


def test_a_sheet_is_held_to_them_row_by_row(homes) -> None:
    book = Workbook()
    for row in (
        ["品名", "人数", "生年月日", "住まい", "家主"],
        ["机", 11, "", "持ち家", ""],
        ["机", 1, "2099-01-01", "借家", ""],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    maker = sit(homes, "行政 主事")
    sent = maker.post(f"/office/apps/{homes.app.public_id}/import/",
                      {"sheet": SimpleUploadedFile("a.xlsx", out.getvalue())})  # fmt: skip
    back = maker.post(sent.url, {"errors": "1"})
    told = [row[-1].value for row in load_workbook(io.BytesIO(back.content)).active.iter_rows(min_row=2)]
    assert "10人以下" in told[0] and "今日以前" in told[1] and "「借家」のときは" in told[1]


def test_they_are_built_in_the_form_of_a_field(homes) -> None:
    maker = sit(homes, "行政 主事")
    at = f"/office/apps/{homes.app.public_id}/fields/f/born/?type=date"
    assert 'value="今日"' in maker.get(at).content.decode()
    typed = {"type": "date", "label": "生年月日", "least": "昭和1年12月25日", "most": "今日", "edition": "0",
             "needed_when": "「住まい」 = \"借家\"", "data_class": "personal"}  # fmt: skip
    assert maker.post(at, typed).status_code == 302
    born = homes.app.versions.get(state="draft").content.field("born")
    assert (born.least, born.most) == ("1926-12-25", "today") and born.needed_when == {"==": [{"var": "home"}, "rent"]}
    wrong = maker.post(at, {**typed, "least": "むかし", "edition": "1"})
    assert wrong.status_code == 422 and "読めません" in wrong.content.decode()
