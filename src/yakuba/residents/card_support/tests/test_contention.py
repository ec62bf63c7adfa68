"""Many press at the same moment, on both databases: a place is given once, a sending is one appointment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.cases.tests.test_at_the_same_moment import refusals, together
from yakuba.residents.card_support.models import Appointment, Slot, Visit, VisitKind
from yakuba.residents.card_support.services import SlotFull, VisitAsked, ask_visit, close_slot, move_appointment
from yakuba.residents.card_support.tests.world import ADDRESS, CLOCK, TODAY, held

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db: None) -> Any:
    from yakuba.residents.card_support.tests.world import open_desk

    return open_desk()


def test_of_twelve_who_press_at_once_as_many_succeed_as_there_are_places(desk) -> None:
    slot = desk.slot(capacity=5)
    found = together(*[lambda place=place: desk.book(slot, sending=f"at-once-{place}") for place in range(12)])
    refused = refusals(found)
    assert len(refused) == 7 and all(isinstance(one, SlotFull) for one in refused)
    slot.refresh_from_db()
    assert slot.taken == 5 == held(slot)


def test_one_sending_pressed_eight_times_at_once_is_one_appointment(desk) -> None:
    slot = desk.slot(capacity=8)
    found = together(*[lambda: desk.book(slot, sending="the-same")] * 8)
    assert not refusals(found)
    assert Appointment.objects.count() == 1 and Slot.objects.get().taken == 1


def test_two_who_exchange_places_never_wait_for_each_other(desk) -> None:
    one, other = desk.slot(capacity=2), desk.slot(hour=11, capacity=2)
    first, second = desk.book(one, password="x" * 10), desk.book(other, password="x" * 10)
    found = together(
        lambda: move_appointment(by=VISITOR, appointment=first, to=other, clock=CLOCK),
        lambda: move_appointment(by=VISITOR, appointment=second, to=one, clock=CLOCK),
    )
    assert not refusals(found)
    assert {slot.taken for slot in Slot.objects.all()} == {1}


def test_closing_while_people_book_leaves_nobody_behind(desk) -> None:
    slot = desk.slot(capacity=6)
    clerk = desk.clerk()
    together(
        *[lambda place=place: desk.book(slot, sending=f"closing-{place}") for place in range(5)],
        lambda: close_slot(by=clerk, slot=slot, reason="点検", clock=CLOCK),
    )
    slot.refresh_from_db()
    assert slot.is_closed and slot.taken == held(slot) == 0
    assert set(Appointment.objects.values_list("state", flat=True)) <= {"must_move"}


def test_one_request_for_a_visit_pressed_at_once_is_one_request(desk) -> None:
    wanted = VisitAsked(
        kind=VisitKind.PERSONAL, purpose="apply", people=1, name="見本 太郎", kana="ミホン タロウ", address=ADDRESS,
        wishes=((TODAY + timedelta(days=3), "any"),), phone="0242-84-1503",
    )  # fmt: skip
    found = together(*[lambda: ask_visit(by=VISITOR, asked=wanted, sending="visit-once", clock=CLOCK)] * 6)
    assert not refusals(found)
    assert Visit.objects.filter(name="見本 太郎").count() == 1
