"""Support visits and reminders: asked for, answered, sent once, stopped, deleted; names erased in time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from yakuba.kernel.access.api import VISITOR, Person, PersonKind, system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.api import unseal
from yakuba.kernel.identity.tests.people import a_resident_account
from yakuba.kernel.notify.models import Delivery, Message
from yakuba.kernel.values.api import TOKYO, FixedClock, Refusal
from yakuba.residents.card_support import jobs
from yakuba.residents.card_support.kpi import appointments_kept, holders_share, supported
from yakuba.residents.card_support.models import Appointment, Reminded, Reminder, Visit, VisitKind
from yakuba.residents.card_support.queries.counts import count_rows, figures, total_of
from yakuba.residents.card_support.reminder_links import reminder_of, token_of
from yakuba.residents.card_support.rules.states import AppointmentState
from yakuba.residents.card_support.services import (
    ask_for_reminders,
    confirm_reminder,
    decline_visit,
    delete_over,
    enter_figure,
    erase_old,
    finish_visit,
    mark_appointment,
    remind,
    schedule_visit,
    stop_reminder,
    withdraw_visit,
)
from yakuba.residents.card_support.tests.world import ADDRESS, CLOCK, HANAKO, OTHER, TARO, TODAY

pytestmark = pytest.mark.django_db
JOBS = system_person("jobs")


def later(days: int) -> FixedClock:
    return FixedClock(datetime.combine(TODAY + timedelta(days=days), time(10), TOKYO))


class TestVisits:
    def test_address_and_reason_are_stored_sealed(self, desk) -> None:
        visit = desk.visit()
        stored = str(Visit.objects.filter(pk=visit.pk).values().get())
        assert ADDRESS not in stored and "足が悪い" not in stored
        assert (unseal(visit.address), unseal(visit.reason)) == (ADDRESS, "足が悪いため")

    def test_scheduled_the_asker_is_told_and_the_result_counts(self, desk) -> None:
        visit = desk.visit(kind=VisitKind.GROUP, people=20, mail="group@example.jp")
        schedule_visit(
            by=desk.clerk(), visit=visit, on=TODAY + timedelta(days=3), at=time(10), staff=[desk.hall.staff["行政 主事"]],
            answer="写真を撮ります。", clock=CLOCK,
        )  # fmt: skip
        visit.refresh_from_db()
        assert (visit.state, visit.must_call, visit.staff.count()) == ("scheduled", False, 1)
        assert "写真を撮ります" in Message.objects.get(kind="card.visit_scheduled").texts["body"]["ja"]
        with pytest.raises(Refusal, match="まだ来ていません"):
            finish_visit(by=desk.clerk(), visit=visit, counts={"applied": 18}, clock=CLOCK)
        finish_visit(by=desk.clerk(), visit=visit, counts={"applied": 18}, clock=later(3))
        finish_visit(by=desk.clerk(), visit=visit, counts={"applied": 17}, clock=later(3))
        assert Visit.objects.get().applied == 17

    def test_without_mail_a_clerk_telephones(self, desk) -> None:
        visit = decline_visit(by=desk.clerk(), visit=desk.visit(), reason="手配できません", clock=CLOCK)
        assert (visit.state, visit.must_call, visit.answer) == ("declined", True, "手配できません")

    def test_a_refusal_needs_its_reason_and_a_date_its_staff(self, desk) -> None:
        visit = desk.visit()
        with pytest.raises(Refusal, match="理由"):
            decline_visit(by=desk.clerk(), visit=visit, reason=" ", clock=CLOCK)
        with pytest.raises(Refusal, match="担当"):
            schedule_visit(by=desk.clerk(), visit=visit, on=TODAY, at=time(9), staff=[], answer="", clock=CLOCK)

    def test_withdrawn_by_who_asked_and_by_nobody_else(self, desk) -> None:
        visit = desk.visit(by=HANAKO)
        for stranger in (TARO, VISITOR, desk.clerk(OTHER)):
            with pytest.raises(PermissionDenied):
                withdraw_visit(by=stranger, visit=visit, clock=CLOCK)
        assert withdraw_visit(by=HANAKO, visit=visit, clock=CLOCK).state == "withdrawn"
        with pytest.raises(Refusal):
            decline_visit(by=desk.clerk(), visit=visit, reason="x", clock=CLOCK)

    @pytest.mark.parametrize(
        "changed",
        [
            {"people": 0},
            {"people": 11},
            {"purpose": "lost"},
            {"address": ""},
            {"phone": ""},
            {"wishes": ()},
            {"wishes": ((TODAY, "am"),)},
            {"wishes": ((TODAY + timedelta(days=2), "night"),)},
            {"wishes": tuple((TODAY + timedelta(days=n), "am") for n in range(1, 5))},
            {"kind": VisitKind.GROUP, "organisation": " "},
        ],
    )
    def test_what_cannot_be_is_refused(self, desk, changed) -> None:
        with pytest.raises(Refusal):
            desk.visit(**changed)


class TestReminders:
    def ask(self, *, by: Person = VISITOR, mail: str = "hanako@example.jp", days: int = 80) -> Reminder:
        return ask_for_reminders(
            by=by,
            card_until=TODAY + timedelta(days=days),
            certificate_until=None,
            mail=mail,
            language="ja",
            clock=CLOCK,
        )

    def test_a_mail_address_counts_only_after_its_link_was_pressed(self, desk) -> None:
        entry = self.ask()
        assert Delivery.objects.get().message.kind == "card.confirm_reminder"
        assert Message.objects.get().link == f"/my/card/reminders/{token_of(entry)}/"
        assert remind(by=JOBS, reminder=entry, clock=CLOCK) == ()
        confirm_reminder(by=VISITOR, reminder=entry, clock=CLOCK)
        assert [one.months for one in remind(by=JOBS, reminder=entry, clock=CLOCK)] == [3]

    def test_each_step_is_said_once_however_often_the_job_runs(self, desk, monkeypatch) -> None:
        entry = self.ask(days=80)
        confirm_reminder(by=VISITOR, reminder=entry, clock=CLOCK)
        for clock in (CLOCK, CLOCK, later(60), later(60), later(80)):
            monkeypatch.setattr(jobs, "town_clock", lambda clock=clock: clock)
            jobs.send_reminders()
        assert sorted(Reminded.objects.values_list("months", flat=True)) == [1, 3]
        assert Message.objects.filter(kind="card.renew").count() == 2

    def test_a_resident_with_account_is_told_there(self, desk) -> None:
        account = a_resident_account()
        by = Person(id=account.public_id, name="見本 花子", kind=PersonKind.RESIDENT)
        entry = self.ask(by=by, mail="")
        assert (entry.account, entry.mail) == (account.public_id, "")
        remind(by=JOBS, reminder=entry, clock=CLOCK)
        message = Message.objects.get(kind="card.renew")
        assert message.account == account.public_id
        assert (
            "マイナンバーカード" in message.texts["subject"]["ja"]
            and "My Number Card" in message.texts["subject"]["en"]
        )

    def test_a_stranger_who_types_my_address_changes_nothing_of_mine(self, desk) -> None:
        mine = self.ask()
        confirm_reminder(by=VISITOR, reminder=mine, clock=CLOCK)
        theirs = self.ask(days=900)
        assert Reminder.objects.filter(pk=mine.pk).exists()
        confirm_reminder(by=VISITOR, reminder=theirs, clock=CLOCK)
        assert list(Reminder.objects.values_list("pk", flat=True)) == [theirs.pk]

    def test_the_link_stops_it_and_a_wrong_link_opens_nothing(self, desk) -> None:
        entry = self.ask()
        token = token_of(entry)
        assert reminder_of(token) == entry
        for wrong in (
            "",
            "x",
            entry.public_id,
            f"{entry.public_id}-",
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            "あ-い",
        ):
            assert reminder_of(wrong) is None
        stop_reminder(by=VISITOR, reminder=entry, clock=CLOCK)
        assert reminder_of(token) is None and not Reminded.objects.exists()

    def test_what_is_over_or_unconfirmed_is_deleted(self, desk) -> None:
        self.ask(mail="never@example.jp", days=900)
        ended = self.ask(mail="ended@example.jp", days=10)
        kept = self.ask(mail="kept@example.jp", days=900)
        for one in (ended, kept):
            confirm_reminder(by=VISITOR, reminder=one, clock=CLOCK)
        assert delete_over(by=JOBS, limit=100, clock=later(2)) == 0
        assert delete_over(by=JOBS, limit=100, clock=later(4)) == 1
        assert delete_over(by=JOBS, limit=100, clock=later(40)) == 0
        assert delete_over(by=JOBS, limit=100, clock=later(41)) == 1
        assert list(Reminder.objects.values_list("mail", flat=True)) == ["kept@example.jp"]

    @pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=366 * 12)])
    def test_days_that_stand_on_no_card_are_refused(self, desk, day) -> None:
        with pytest.raises(Refusal):
            ask_for_reminders(
                by=VISITOR, card_until=day, certificate_until=None, mail="a@example.jp", language="ja", clock=CLOCK
            )


def test_names_are_erased_when_their_time_is_over_and_counts_stay(desk) -> None:
    made = desk.book(desk.slot(days=1), wish="車いす", mail="a@example.jp", password="x" * 10)
    mark_appointment(by=desk.clerk(), appointment=made, state=AppointmentState.DONE, clock=later(1))
    visit = desk.visit()
    assert erase_old(by=JOBS, limit=10, clock=later(200)) == 0
    assert erase_old(by=JOBS, limit=10, clock=later(366 * 3)) == 2
    assert erase_old(by=JOBS, limit=10, clock=later(366 * 3)) == 0
    made.refresh_from_db()
    visit.refresh_from_db()
    for one in (made, visit):
        assert not any((one.name, one.kana, one.name_key, one.phone, one.mail, one.account, one.password_hash))
    assert (made.wish, visit.address, visit.reason, made.issued) == ("", "", "", 1)


class TestCounts:
    def test_rows_by_month_place_and_purpose(self, desk) -> None:
        slot = desk.slot(days=1, capacity=9)
        for purpose in ("collect", "collect", "certificate"):
            made = desk.book(slot, purpose=purpose, people=2)
            mark_appointment(by=desk.clerk(), appointment=made, state=AppointmentState.DONE, clock=later(1))
        desk.book(slot)
        rows = count_rows(TODAY, TODAY + timedelta(days=2))
        assert [(one.purpose, one.booked, one.came, one.issued, one.renewed) for one in rows] == [
            ("受け取り（交付）", 3, 2, 4, 0),
            ("電子証明書の更新", 1, 1, 0, 2),
        ]
        assert total_of(rows).issued == 4

    def test_the_measures_count_real_records_only(self, desk) -> None:
        on = TODAY + timedelta(days=1)
        assert supported(on) is None and holders_share(on) is None and appointments_kept(on) is None
        made = desk.book(desk.slot(days=1), people=2)
        mark_appointment(by=desk.clerk(), appointment=made, state=AppointmentState.DONE, clock=later(1))
        assert (supported(on).value, supported(on).n) == (2, 1)
        with unaudited_writes("test"):
            Appointment.objects.update(is_sample=True)
        assert supported(on) is None, "sample data never count in a real town"

    def test_kept_appointments_are_those_of_the_month_before(self, desk) -> None:
        came, absent = desk.book(desk.slot(days=1)), desk.book(desk.slot(days=1, hour=11))
        mark_appointment(by=desk.clerk(), appointment=came, state=AppointmentState.ARRIVED, clock=later(1))
        mark_appointment(by=desk.clerk(), appointment=absent, state=AppointmentState.ABSENT, clock=later(1))
        day = TODAY + timedelta(days=1)
        next_month = date(day.year + (day.month == 12), day.month % 12 + 1, 3)
        assert appointments_kept(next_month).value == 50

    def test_a_figure_has_its_day_and_source_and_is_corrected_by_a_later_one(self, desk) -> None:
        for cards in (9000, 9100):
            enter_figure(by=desk.clerk(), on=TODAY, cards=cards, population=10_000, source="総務省の公表", clock=CLOCK)
        assert [one.cards for one in figures()] == [9100]
        assert str(holders_share(TODAY).value) == "91.0"
        for wrong in ({"on": TODAY + timedelta(days=1)}, {"source": " "}, {"cards": 10_001}):
            with pytest.raises(Refusal):
                enter_figure(
                    **{
                        "by": desk.clerk(),
                        "on": TODAY,
                        "cards": 1,
                        "population": 10_000,
                        "source": "x",
                        "clock": CLOCK,
                        **wrong,
                    }
                )
