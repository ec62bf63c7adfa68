"""Doors for residents: opened by a decision, answered without a trace, never oversold, erased in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from yakuba.kernel.access.api import VISITOR, NotAllowed
from yakuba.kernel.approval.api import Outcome
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, AuditSubject
from yakuba.kernel.notify.models import Message
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.kernel.values.api import FixedClock, Refusal
from yakuba.office.appbuilder import kpi
from yakuba.office.appbuilder.models import AnsweredMark, Arrival, Cell, Entrance, Record, RecordHistory
from yakuba.office.appbuilder.queries.door_numbers import public_results
from yakuba.office.appbuilder.services import (
    AlreadyThere,
    DoorClosed,
    DoorFull,
    RecordFault,
    accept_place,
    add_comment,
    answer_survey,
    ask_for_door,
    cancel_sign_up,
    change_record,
    close_door,
    door_arrivals,
    erase_arrivals,
    lapse_offers,
    move_up,
    open_door,
    reopen_door,
)
from yakuba.office.appbuilder.tests.door_world import (
    CLASS_FIELDS,
    SURVEY_FIELDS,
    class_door,
    records_of,
    resident,
    survey_door,
)
from yakuba.office.appbuilder.tests.world import CLOCK, cells_are_right

COURSE_FIELDS = [one if one["key"] != "time" else {**one, "required": False} for one in CLASS_FIELDS]


@pytest.fixture
def course(doors):
    """Three places, two may wait."""

    def made(places=None, **more):
        return doors.open(COURSE_FIELDS, class_door(places, **more))

    return made


def states(entrance: Entrance) -> list[str]:
    return list(Arrival.objects.filter(entrance=entrance).order_by("pk").values_list("state", flat=True))


def taken(entrance: Entrance) -> int:
    return entrance.places.get().taken


class TestOpening:
    def test_a_door_opens_by_the_decision_of_somebody_else(self, doors) -> None:
        app = doors.app(SURVEY_FIELDS, survey_door())
        entrance = ask_for_door(by=doors.desk.maker, app=app, key="d1", clock=CLOCK)
        assert entrance.state == "checking" and entrance.number == 101
        with pytest.raises(DoorClosed):
            doors.answer(entrance)
        doors.decide()
        entrance.refresh_from_db()
        assert entrance.state == "open" and entrance.content and "総務課 課長" in entrance.decision
        doors.answer(entrance)

    def test_nobody_opens_a_door_alone(self, doors) -> None:
        app = doors.app(SURVEY_FIELDS, survey_door())
        entrance = ask_for_door(by=doors.desk.maker, app=app, key="d1", clock=CLOCK)
        with pytest.raises(NotAllowed):
            open_door(by=doors.desk.maker, entrance=entrance, decision="", clock=CLOCK)
        with pytest.raises(NotAllowed):
            ask_for_door(by=doors.desk.stranger, app=app, key="d1", clock=CLOCK)

    def test_refused_it_is_a_draft_again_and_may_be_asked_again(self, doors) -> None:
        app = doors.app(SURVEY_FIELDS, survey_door())
        ask_for_door(by=doors.desk.maker, app=app, key="d1", clock=CLOCK)
        with pytest.raises(Refusal, match="すでに決裁を待って"):
            ask_for_door(by=doors.desk.maker, app=app, key="d1", clock=CLOCK)
        doors.decide(Outcome.REFUSED)
        assert Entrance.objects.get().state == "draft" and not Entrance.objects.get().waiting
        ask_for_door(by=doors.desk.maker, app=app, key="d1", clock=CLOCK)
        doors.decide()
        assert Entrance.objects.get().state == "open"

    def test_a_change_is_public_only_after_its_own_decision(self, doors) -> None:
        entrance = doors.survey()
        doors.change(entrance.app, doors=[survey_door(title={"ja": "新しい題名"})])
        assert Entrance.objects.get().door.name == "図書室アンケート"
        asked = ask_for_door(by=doors.desk.maker, app=entrance.app, key="d1", clock=CLOCK)
        assert asked.label == "公開中（変更を確認中）" and asked.door.name == "図書室アンケート"
        doors.answer(asked)
        doors.decide()
        assert Entrance.objects.get().door.name == "新しい題名"

    def test_an_unchanged_door_needs_no_decision(self, doors) -> None:
        entrance = doors.survey()
        with pytest.raises(Refusal, match="同じです"):
            ask_for_door(by=doors.desk.maker, app=entrance.app, key="d1", clock=CLOCK)

    def test_is_closed_and_opened_again_under_the_same_decision(self, doors) -> None:
        entrance = doors.survey()
        with pytest.raises(NotAllowed):
            close_door(by=doors.desk.colleague, entrance=entrance, clock=CLOCK)
        close_door(by=doors.desk.maker, entrance=entrance, clock=CLOCK)
        with pytest.raises(DoorClosed):
            doors.answer(entrance)
        reopen_door(by=doors.desk.maker, entrance=entrance, clock=CLOCK)
        doors.answer(entrance)

    def test_what_changed_in_the_app_stops_the_door(self, doors) -> None:
        entrance = doors.survey()
        fields = [one for one in SURVEY_FIELDS if one["key"] != "words"]
        door = survey_door(asks=[{"field": "often"}])
        doors.change(entrance.app, fields=fields, doors=[door])
        with pytest.raises(DoorClosed):
            doors.answer(entrance)
        close_door(by=doors.desk.maker, entrance=entrance, clock=CLOCK)
        with pytest.raises(Refusal, match="ご意見"):
            reopen_door(by=doors.desk.maker, entrance=entrance, clock=CLOCK)


class TestSurvey:
    def test_an_answer_is_a_record_the_apps_groups_see(self, doors) -> None:
        entrance = doors.survey()
        doors.answer(entrance, words="静かでよい", wants=["books"])
        [record] = records_of(entrance)
        assert record.values == {"often": "week", "wants": ["books"], "words": "静かでよい"}
        assert record.made_by == "system:door" and "図書室アンケート" in record.made_by_name
        assert record.arrival.entrance == entrance
        cells_are_right(entrance.app)

    def test_anonymous_stays_anonymous(self, doors) -> None:
        entrance = doors.survey(needs="account", survey={"once": "account"})
        who = resident(7)
        before = AuditEvent.objects.latest("pk").pk
        doors.answer(entrance, by=who)
        arrival, record = Arrival.objects.get(), records_of(entrance)[0]
        assert (arrival.account, arrival.mail, arrival.person, arrival.code, arrival.number) == ("",) * 5
        assert arrival.arrived_at is None and record.made_at == FixedClock(TODAY).now()
        events = AuditEvent.objects.filter(pk__gt=before)
        assert {one.actor for one in events} == {"system:door"} and {one.request_id for one in events} == {""}
        named = {one.ref for one in AuditSubject.objects.filter(event__in=events)}
        assert not any(record.public_id in ref or arrival.public_id in ref for ref in named)
        stored = "".join(str(one) for model in (Arrival, Record, AnsweredMark) for one in model.objects.values())
        assert who.id not in stored and "device-0" not in stored
        with pytest.raises(AlreadyThere):
            doors.answer(entrance, 1, by=who)

    def test_one_device_answers_once_and_a_second_press_is_the_same_answer(self, doors) -> None:
        entrance = doors.survey()
        doors.answer(entrance)
        doors.answer(entrance)
        assert Arrival.objects.count() == 1
        with pytest.raises(AlreadyThere):
            answer_survey(
                by=VISITOR, entrance=entrance, values={"often": "week"}, sending="another", device="device-0",
                language="ja", clock=CLOCK,
            )  # fmt: skip

    def test_takes_as_many_answers_as_the_town_wants(self, doors) -> None:
        entrance = doors.survey(survey={"once": "freely", "most": 2})
        doors.answer(entrance, 1)
        doors.answer(entrance, 2)
        with pytest.raises(DoorFull):
            doors.answer(entrance, 3)
        assert Entrance.objects.get().received == Arrival.objects.count() == 2

    @pytest.mark.parametrize(
        "values",
        [
            {"inner": "書き込み"},
            {"often": "sometimes"},
            {"often": None},
            {"words": "123456789018"},
            {"words": 5},
            {"x": 1},
        ],
    )
    def test_what_the_door_does_not_ask_or_cannot_be_is_refused(self, doors, values) -> None:
        entrance = doors.survey()
        with pytest.raises(RecordFault):
            doors.answer(entrance, **values)
        assert not Arrival.objects.exists() and not records_of(entrance) and not AnsweredMark.objects.exists()

    def test_before_and_after_its_time_nothing_comes_in(self, doors) -> None:
        tomorrow = f"{TODAY + timedelta(days=1):%Y-%m-%d}T00:00:00"
        entrance = doors.survey(opens_at=tomorrow)
        with pytest.raises(DoorClosed, match="まだ"):
            doors.answer(entrance)
        with unaudited_writes("test"):
            content = Entrance.objects.get().content
            content["door"] |= {"opens_at": None, "closes_at": f"{TODAY:%Y-%m-%d}T00:00:00"}
            Entrance.objects.update(content=content)
        with pytest.raises(DoorClosed, match="終わり"):
            doors.answer(Entrance.objects.get())

    def test_results_leave_out_what_was_taken_out_and_never_show_words(self, doors) -> None:
        entrance = doors.survey(survey={"once": "freely", "results": "live"})
        for number in range(12):
            doors.answer(entrance, number, words=f"ひみつ{number}")
        found = {one.field: one for one in public_results(entrance, clock=CLOCK)}
        assert set(found) == {"often", "wants", "satisfied"} and found["often"].answers == 10
        with unaudited_writes("test"):
            Record.objects.filter(app=entrance.app, number__lte=4).update(deleted_at=CLOCK.now())
        assert public_results(entrance, clock=CLOCK) == ()  # eight are left, ten are needed


class TestSignUp:
    def test_gets_a_place_while_there_is_one_then_waits_then_hears_it_is_full(self, doors, course) -> None:
        entrance = course()
        for number in range(5):
            doors.sign_up(entrance, number)
        assert states(entrance) == ["booked"] * 3 + ["waiting"] * 2 and taken(entrance) == 3
        with pytest.raises(DoorFull):
            doors.sign_up(entrance, 9)
        assert [one.values["state"] for one in records_of(entrance)] == ["in"] * 3 + ["wait"] * 2
        assert Arrival.objects.first().number == "101-1"
        cells_are_right(entrance.app)

    def test_the_first_in_line_moves_up_once_in_the_transaction_of_the_cancelling(self, doors, course) -> None:
        entrance = course()
        made = [doors.sign_up(entrance, number) for number in range(5)]
        cancel_sign_up(by=VISITOR, arrival=made[0], clock=CLOCK)
        cancel_sign_up(by=VISITOR, arrival=made[0], clock=CLOCK)
        assert states(entrance) == ["cancelled", "booked", "booked", "booked", "waiting"] and taken(entrance) == 3
        assert [one.values["state"] for one in records_of(entrance)] == ["out", "in", "in", "in", "wait"]
        told = Message.objects.filter(about_id=made[3].public_id).order_by("pk").values_list("kind", flat=True)
        assert list(told) == ["appbuilder.door.waiting", "appbuilder.door.booked"]

    def test_somebody_who_comes_now_does_not_pass_those_who_wait(self, doors, course) -> None:
        entrance = course({"group_most": 2, "promotion": "by_clerk"})
        made = [doors.sign_up(entrance, number) for number in range(3)]
        waiting = doors.sign_up(entrance, 3)
        cancel_sign_up(by=VISITOR, arrival=made[0], clock=CLOCK)
        assert doors.sign_up(entrance, 4).state == "waiting" and taken(entrance) == 2
        with pytest.raises(NotAllowed):
            move_up(by=doors.desk.stranger, arrival=waiting, clock=CLOCK)
        assert move_up(by=doors.desk.maker, arrival=waiting, clock=CLOCK).state == "booked"
        with pytest.raises(Refusal, match="空きが足りません"):
            move_up(by=doors.desk.maker, arrival=Arrival.objects.get(state="waiting"), clock=CLOCK)

    def test_a_large_group_in_front_is_not_passed_over(self, doors, course) -> None:
        entrance = course({"group_most": 2})
        first = doors.sign_up(entrance, 0)
        doors.sign_up(entrance, 1, people=2)
        doors.sign_up(entrance, 2, people=2)
        doors.sign_up(entrance, 3)
        cancel_sign_up(by=VISITOR, arrival=first, clock=CLOCK)
        assert states(entrance) == ["cancelled", "booked", "waiting", "waiting"] and taken(entrance) == 2

    def test_an_offer_keeps_its_place_until_it_is_answered_or_lapses(self, doors, course) -> None:
        entrance = course({"answer_hours": 24})
        made = [doors.sign_up(entrance, number) for number in range(5)]
        cancel_sign_up(by=VISITOR, arrival=made[0], clock=CLOCK)
        offered = Arrival.objects.get(pk=made[3].pk)
        assert offered.state == "offered" and offered.answer_by == CLOCK.now() + timedelta(hours=24)
        assert taken(entrance) == 3
        later = FixedClock(TODAY + timedelta(days=1))
        with pytest.raises(Refusal, match="期限を過ぎ"):
            accept_place(by=VISITOR, arrival=offered, clock=later)
        assert lapse_offers(by=doors.desk.maker, entrance=entrance, clock=later) == 1
        assert states(entrance)[3:] == ["lapsed", "offered"] and taken(entrance) == 3
        accepted = accept_place(by=VISITOR, arrival=made[4], clock=later)
        assert accepted.state == "booked" and lapse_offers(by=doors.desk.maker, entrance=entrance, clock=later) == 0

    def test_each_choice_has_its_own_places(self, doors) -> None:
        asks = [{"field": "name"}, {"field": "time"}]
        door = class_door({"field": "time", "by_choice": {"am": 1, "pm": 1}, "waiting": 0}, asks=asks)
        entrance = doors.open(CLASS_FIELDS, door)
        doors.sign_up(entrance, 1, time="am")
        doors.sign_up(entrance, 2, time="pm")
        with pytest.raises(DoorFull):
            doors.sign_up(entrance, 3, time="am")

    def test_a_person_signs_up_as_often_as_one_may(self, doors, course) -> None:
        entrance = course()
        first = doors.sign_up(entrance, 1, mail="same@example.jp")
        with pytest.raises(AlreadyThere):
            doors.sign_up(entrance, 2, mail="SAME@example.jp")
        assert doors.sign_up(entrance, 1, mail="same@example.jp") == first  # a second press
        doors.sign_up(entrance, 3, by=resident(3))
        with pytest.raises(AlreadyThere):
            doors.sign_up(entrance, 4, by=resident(3))
        cancel_sign_up(by=VISITOR, arrival=first, clock=CLOCK)
        doors.sign_up(entrance, 5, mail="same@example.jp")

    def test_only_the_person_and_clerks_cancel_and_the_person_only_in_time(self, doors, course) -> None:
        entrance = course(None, closes_at=f"{TODAY + timedelta(days=2):%Y-%m-%d}T00:00:00")
        mine = doors.sign_up(entrance, 1, by=resident(1))
        for other in (VISITOR, resident(2), doors.desk.stranger):
            with pytest.raises(NotAllowed):
                cancel_sign_up(by=other, arrival=mine, reason="なりすまし", clock=CLOCK)
        late = FixedClock(TODAY + timedelta(days=3))
        with pytest.raises(Refusal, match="期限を過ぎ"):
            cancel_sign_up(by=resident(1), arrival=mine, clock=late)
        with pytest.raises(Refusal, match="理由"):
            cancel_sign_up(by=doors.desk.maker, arrival=mine, clock=late)
        assert cancel_sign_up(by=doors.desk.maker, arrival=mine, reason="中止", clock=late).state == "cancelled"

    def test_no_address_of_a_protected_person_comes_into_the_app(self, doors, monkeypatch) -> None:
        home = {"key": "home", "label": "住所", "type": "address", "data_class": "personal"}
        door = class_door(asks=[{"field": "name"}, {"field": "home"}])
        entrance = doors.open([*COURSE_FIELDS, home], door)
        doors.sign_up(entrance, 1, home="会津坂下町字見本1")
        monkeypatch.setattr(door_arrivals, "is_protected", lambda **known: known["name"] == "見本 2")
        doors.sign_up(entrance, 2, home="会津坂下町字見本2")
        assert [one.values.get("home") for one in records_of(entrance)] == ["会津坂下町字見本1", None]

    def test_no_change_throws_anybody_out(self, doors, course) -> None:
        entrance = course()
        for number in range(3):
            doors.sign_up(entrance, number)
        doors.change(entrance.app, doors=[class_door({"total": 2})])
        with pytest.raises(Refusal, match="少なくできません"):
            ask_for_door(by=doors.desk.maker, app=entrance.app, key="d1", clock=CLOCK)
        with pytest.raises(DatabaseError), transaction.atomic(), unaudited_writes("test"):
            entrance.places.update(taken=4)


class TestKeeping:
    def test_what_came_in_is_erased_in_time_and_still_counted(self, doors, course) -> None:
        entrance = course(None, kept_months=1, closes_at=f"{TODAY + timedelta(days=3):%Y-%m-%d}T00:00:00")
        arrival = doors.sign_up(entrance, 1)
        record = records_of(entrance)[0]
        change_record(by=doors.desk.maker, record=record, values={"inner": "連絡済み"}, version=1, clock=CLOCK)
        add_comment(by=doors.desk.maker, record=record, text="電話した", clock=CLOCK)
        assert erase_arrivals(by=doors.desk.maker, clock=CLOCK) == 0
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), unaudited_writes("test"):
            RecordHistory.objects.filter(record=record).delete()
        later = FixedClock(TODAY + timedelta(days=40))
        assert erase_arrivals(by=doors.desk.maker, clock=later) == 1
        assert erase_arrivals(by=doors.desk.maker, clock=later) == 0
        record.refresh_from_db()
        arrival.refresh_from_db()
        assert (record.values, record.kept, record.erased_on) == ({}, {}, later.today())
        assert record.comments.get().text == ""
        assert not record.history.exists() and not Cell.objects.filter(record=record).exists()
        assert (arrival.mail, arrival.person, arrival.code) == ("", "", "") and not doors.desk.seen(
            doors.desk.maker, app=entrance.app
        )
        assert kpi.came_in(TODAY).value == 1

    def test_the_counts_of_a_survey_outlive_its_answers(self, doors) -> None:
        entrance = doors.survey(
            survey={"once": "device", "results": "live"},
            kept_months=1,
            closes_at=f"{TODAY + timedelta(days=3):%Y-%m-%d}T00:00:00",
        )
        for number in range(11):
            doors.answer(entrance, number)
        later = FixedClock(TODAY + timedelta(days=60))
        before = public_results(entrance, clock=later)
        assert before[0].answers == 11
        assert erase_arrivals(by=doors.desk.maker, limit=6, clock=later) == 6
        assert erase_arrivals(by=doors.desk.maker, clock=later) == 5
        assert public_results(Entrance.objects.get(), clock=later) == before and not AnsweredMark.objects.exists()
