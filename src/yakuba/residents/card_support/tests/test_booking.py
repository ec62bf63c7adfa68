"""Booking, moving, cancelling, closing: places are never lost and never given twice."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.queries.calendar import read_calendar
from yakuba.kernel.notify.models import Delivery, Message
from yakuba.kernel.values.api import TOKYO, FixedClock, Refusal
from yakuba.residents.card_support.models import Appointment, Arrival, Slot
from yakuba.residents.card_support.rules.slots import Pattern
from yakuba.residents.card_support.rules.states import AppointmentState
from yakuba.residents.card_support.services import (
    SlotFull,
    cancel_appointment,
    close_slot,
    make_slots,
    mark_appointment,
    mark_many,
    move_appointment,
    note_on_appointment,
    record_results,
    reopen_slot,
)
from yakuba.residents.card_support.tests.world import CLOCK, HANAKO, OTHER, TARO, TODAY, held

pytestmark = pytest.mark.django_db


def on(days: int, hour: int = 10) -> FixedClock:
    return FixedClock(datetime.combine(TODAY + timedelta(days=days), time(hour), TOKYO))


class TestBooking:
    def test_takes_places_and_makes_a_number_that_can_be_read_out(self, desk) -> None:
        slot = desk.slot(capacity=3)
        made = desk.book(slot, people=2, password="abcdefghij")
        slot.refresh_from_db()
        assert (slot.taken, slot.free) == (2, 1)
        assert made.number.startswith("K") and made.day == slot.day
        assert made.password_hash and "abcdefghij" not in made.password_hash

    def test_the_same_sending_is_the_same_appointment(self, desk) -> None:
        slot = desk.slot()
        first, second = desk.book(slot, sending="once"), desk.book(slot, sending="once")
        assert first.pk == second.pk
        assert Slot.objects.get().taken == 1

    def test_a_full_slot_says_so(self, desk) -> None:
        slot = desk.slot(capacity=2)
        desk.book(slot, people=2)
        with pytest.raises(SlotFull, match="満員"):
            desk.book(slot)
        with pytest.raises(SlotFull):
            desk.book(desk.slot(hour=11, capacity=2), people=3)
        assert Appointment.objects.count() == 1

    def test_the_database_itself_keeps_a_slot_from_being_overbooked(self, desk) -> None:
        slot = desk.slot(capacity=1)
        with pytest.raises(IntegrityError), unaudited_writes("test"), transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(taken=2)

    def test_residents_book_until_the_day_before_clerks_until_it_begins(self, desk) -> None:
        today = desk.slot(days=0, hour=15)
        with pytest.raises(SlotFull, match="締切"):
            desk.book(today)
        assert desk_books(desk, today).arrival == "phone"

    def test_a_slot_for_other_purposes_is_refused(self, desk) -> None:
        with pytest.raises(SlotFull, match="用件"):
            desk.book(desk.slot(only_for=",apply,renew,"))

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"purpose": "lost"}, "予約できません"),
            ({"purpose": "nothing"}, "予約できません"),
            ({"comer": "x"}, "来る人"),
            ({"purpose": "apply", "comer": "agent"}, "代理"),
            ({"people": 0}, "人数"),
            ({"people": 7}, "人数"),
            ({"name": " "}, "氏名"),
            ({"phone": "", "mail": ""}, "電話番号"),
        ],
    )
    def test_what_is_missing_or_wrong_is_refused(self, desk, changed, words) -> None:
        with pytest.raises(Refusal, match=words):
            desk.book(desk.slot(capacity=10), **changed)

    def test_who_gave_a_mail_is_told_by_a_mail_that_says_nothing_personal(self, desk) -> None:
        made = desk.book(desk.slot(), mail="hanako@example.jp")
        message = Message.objects.get(kind="card.booked")
        assert made.number in message.texts["body"]["ja"]
        assert message.link == "/my/card/lookup/"
        assert Delivery.objects.get().mail == "hanako@example.jp"

    def test_who_gave_a_telephone_only_is_told_nothing_and_nothing_fails(self, desk) -> None:
        desk.book(desk.slot())
        assert not Message.objects.exists()

    def test_the_log_holds_no_name(self, desk) -> None:
        desk.book(desk.slot())
        event = AuditEvent.objects.get(verb="card.book")
        assert "花子" not in str(vars(event))


def desk_books(desk, slot: Slot, **changed) -> Appointment:
    from dataclasses import replace

    from yakuba.residents.card_support.services import book
    from yakuba.residents.card_support.tests.world import BOOKING

    desk.counted += 1
    return book(
        by=changed.pop("by", desk.clerk()), slot=slot, booking=replace(BOOKING, **changed),
        sending=f"desk-{desk.counted}", arrival=Arrival.PHONE, clock=CLOCK,
    )  # fmt: skip


def test_only_the_section_in_charge_enters_bookings(desk) -> None:
    with pytest.raises(PermissionDenied, match="行政管理班"):
        desk_books(desk, desk.slot(), by=desk.clerk(OTHER))


class TestMoving:
    def test_gives_the_old_places_back(self, desk) -> None:
        one, other = desk.slot(), desk.slot(hour=11)
        made = desk.book(one, password="x" * 10)
        move_appointment(by=VISITOR, appointment=made, to=other, clock=CLOCK)
        assert [slot.taken for slot in Slot.objects.order_by("pk")] == [0, 1]

    def test_to_a_full_slot_changes_nothing(self, desk) -> None:
        one, other = desk.slot(), desk.slot(hour=11, capacity=1)
        desk.book(other)
        made = desk.book(one, password="x" * 10)
        with pytest.raises(SlotFull):
            move_appointment(by=VISITOR, appointment=made, to=other, clock=CLOCK)
        made.refresh_from_db()
        assert made.slot_id == one.pk and Slot.objects.get(pk=one.pk).taken == 1

    def test_is_over_for_the_resident_on_the_day_and_open_to_the_clerk(self, desk) -> None:
        made = desk.book(desk.slot(days=1), password="x" * 10)
        later = desk.slot(days=9)
        with pytest.raises(Refusal, match="期限"):
            move_appointment(by=VISITOR, appointment=made, to=later, clock=on(1, 8))
        with pytest.raises(Refusal, match="期限"):
            cancel_appointment(by=VISITOR, appointment=made, clock=on(1, 8))
        assert move_appointment(by=desk.clerk(), appointment=made, to=later, clock=on(1, 8)).slot_id == later.pk

    def test_nobody_touches_the_appointment_of_another(self, desk) -> None:
        made = desk.book(desk.slot(), by=HANAKO)
        for stranger in (TARO, VISITOR, desk.clerk(OTHER)):
            with pytest.raises(PermissionDenied):
                cancel_appointment(by=stranger, appointment=made, clock=CLOCK)

    def test_cancelled_frees_the_places_once_and_stays_cancelled(self, desk) -> None:
        slot = desk.slot()
        made = desk.book(slot, by=HANAKO, people=2)
        for _again in range(2):
            cancel_appointment(by=HANAKO, appointment=made, clock=CLOCK)
        slot.refresh_from_db()
        assert slot.taken == 0
        with pytest.raises(Refusal):
            move_appointment(by=HANAKO, appointment=made, to=desk.slot(hour=13), clock=CLOCK)


class TestAtTheCounter:
    def test_done_counts_by_purpose_and_can_be_corrected(self, desk) -> None:
        made = desk.book(desk.slot(days=1), people=2)
        done = mark_appointment(by=desk.clerk(), appointment=made, state=AppointmentState.DONE, clock=on(1))
        assert (done.applied, done.issued) == (0, 2)
        done = record_results(by=desk.clerk(), appointment=done, counts={"issued": 1, "renewed": 1}, clock=on(1))
        assert (done.issued, done.renewed) == (1, 1)
        back = mark_appointment(by=desk.clerk(), appointment=done, state=AppointmentState.ARRIVED, clock=on(1))
        assert (back.issued, back.renewed) == (0, 0), "what is not done has no result"

    def test_nobody_is_done_or_absent_before_the_day(self, desk) -> None:
        made = desk.book(desk.slot(days=2))
        for state in (AppointmentState.DONE, AppointmentState.ABSENT, AppointmentState.ARRIVED):
            with pytest.raises(Refusal, match="まだ来ていません"):
                mark_appointment(by=desk.clerk(), appointment=made, state=state, clock=on(1))

    def test_many_at_once_names_those_that_could_not(self, desk) -> None:
        one, two = desk.book(desk.slot(days=1, capacity=5)), desk.book(desk.slot(days=1, hour=11), by=HANAKO)
        cancel_appointment(by=HANAKO, appointment=two, clock=CLOCK)
        done, left = mark_many(by=desk.clerk(), appointments=[one, two], state=AppointmentState.ABSENT, clock=on(1))
        assert ([each.pk for each in done], [each.pk for each in left]) == ([one.pk], [two.pk])

    def test_other_sections_and_residents_mark_nothing(self, desk) -> None:
        made = desk.book(desk.slot(days=1), by=HANAKO)
        for by in (HANAKO, VISITOR, desk.clerk(OTHER)):
            with pytest.raises(PermissionDenied):
                mark_appointment(by=by, appointment=made, state=AppointmentState.DONE, clock=on(1))


class TestClosing:
    def test_people_are_told_or_listed_and_choose_again_without_a_deadline(self, desk) -> None:
        slot = desk.slot(days=1, capacity=5)
        mailed = desk.book(slot, mail="hanako@example.jp", password="x" * 10)
        phoned = desk.book(slot)
        gone = desk.book(slot, by=TARO)
        cancel_appointment(by=TARO, appointment=gone, clock=CLOCK)
        concerned = close_slot(by=desk.clerk(), slot=slot, reason="機器の点検", clock=on(1, 8))
        assert {one.pk for one in concerned} == {mailed.pk, phoned.pk}
        mailed.refresh_from_db()
        phoned.refresh_from_db()
        assert (mailed.state, mailed.must_call, phoned.must_call) == ("must_move", False, True)
        assert "機器の点検" in Message.objects.get(kind="card.must_move").texts["body"]["ja"]
        slot.refresh_from_db()
        assert slot.taken == 0 and slot.free == 0
        moved = move_appointment(by=VISITOR, appointment=mailed, to=desk.slot(days=3), clock=on(1, 9))
        assert moved.state == "booked"

    def test_closed_again_nothing_happens_and_reopened_it_takes_bookings(self, desk) -> None:
        slot = desk.slot()
        desk.book(slot)
        assert len(close_slot(by=desk.clerk(), slot=slot, reason="点検", clock=CLOCK)) == 1
        assert close_slot(by=desk.clerk(), slot=slot, reason="点検", clock=CLOCK) == []
        with pytest.raises(SlotFull, match="町の都合"):
            desk.book(Slot.objects.get())
        reopen_slot(by=desk.clerk(), slot=slot, clock=CLOCK)
        assert desk.book(Slot.objects.get()).state == "booked"

    def test_a_reason_is_asked_for(self, desk) -> None:
        with pytest.raises(Refusal, match="理由"):
            close_slot(by=desk.clerk(), slot=desk.slot(), reason=" ", clock=CLOCK)

    def test_who_was_telephoned_leaves_the_list(self, desk) -> None:
        slot = desk.slot()
        made = desk.book(slot)
        close_slot(by=desk.clerk(), slot=slot, reason="点検", clock=CLOCK)
        note_on_appointment(by=desk.clerk(), appointment=made, note="留守電", has_called=True, clock=CLOCK)
        made.refresh_from_db()
        assert (made.must_call, made.note) == (False, "留守電")


class TestMakingSlots:
    def test_those_there_stay_and_a_second_making_adds_nothing(self, desk) -> None:
        read_calendar(TODAY)
        pattern = Pattern(
            first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=14), weekdays=frozenset(range(7)),
            begins=time(9), ends=time(11), minutes=60, capacity=2, on_closing_days=True,
        )  # fmt: skip
        made = make_slots(by=desk.clerk(), place=desk.place, pattern=pattern, purposes=["collect"], clock=CLOCK)
        assert made == Slot.objects.count() == 28
        desk.book(Slot.objects.first())
        assert make_slots(by=desk.clerk(), place=desk.place, pattern=pattern, purposes=[], clock=CLOCK) == 0
        assert sum(slot.taken for slot in Slot.objects.all()) == 1

    def test_an_unknown_purpose_and_another_section_are_refused(self, desk) -> None:
        pattern = Pattern(
            first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=1), weekdays=frozenset(range(7)),
            begins=time(9), ends=time(11), minutes=60, capacity=2, on_closing_days=True,
        )  # fmt: skip
        with pytest.raises(Refusal, match="用件"):
            make_slots(by=desk.clerk(), place=desk.place, pattern=pattern, purposes=["x,y"], clock=CLOCK)
        with pytest.raises(PermissionDenied):
            make_slots(by=desk.clerk(OTHER), place=desk.place, pattern=pattern, purposes=[], clock=CLOCK)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_a_slot_counts_exactly_whom_it_holds(desk, seed) -> None:
    import random

    chance = random.Random(seed)
    slots = [desk.slot(days=days, hour=hour, capacity=chance.randint(1, 4)) for days in (1, 2) for hour in (9, 10, 11)]
    made: list[Appointment] = []
    clerk = desk.clerk()
    for _step in range(60):
        act = chance.randrange(6)
        slot = Slot.objects.get(pk=chance.choice(slots).pk)
        one = Appointment.objects.get(pk=chance.choice(made).pk) if made else None
        try:
            if act <= 1 or one is None:
                made.append(desk.book(slot, people=chance.randint(1, 3), password="", clock=CLOCK))
            elif act == 2:
                move_appointment(by=clerk, appointment=one, to=slot, clock=CLOCK)
            elif act == 3:
                cancel_appointment(by=clerk, appointment=one, clock=CLOCK)
            elif act == 4:
                state = chance.choice([AppointmentState.ARRIVED, AppointmentState.DONE, AppointmentState.ABSENT])
                mark_appointment(by=clerk, appointment=one, state=state, clock=on(3))
            elif chance.random() < 0.4:
                close_slot(by=clerk, slot=slot, reason="点検", clock=CLOCK)
            else:
                reopen_slot(by=clerk, slot=slot, clock=CLOCK)
        except Refusal:
            pass
        for each in Slot.objects.all():
            assert each.taken == held(each) <= each.capacity
    assert len(made) > 3
