"""Many press at the same moment, on both databases: no place is given twice, nobody moves up twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import is_valid_path

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.cases.tests.test_at_the_same_moment import refusals, together
from yakuba.office.appbuilder.models import AnsweredMark, Arrival, Entrance
from yakuba.office.appbuilder.rules.door_states import HOLDING
from yakuba.office.appbuilder.services import AlreadyThere, DoorFull, cancel_sign_up
from yakuba.office.appbuilder.tests.door_world import CLASS_FIELDS, Doors, class_door
from yakuba.office.appbuilder.tests.world import CLOCK, cells_are_right, open_desk

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
FIELDS = [one if one["key"] != "time" else {**one, "required": False} for one in CLASS_FIELDS]


@pytest.fixture
def doors(transactional_db: None) -> Any:
    is_valid_path("/")
    return Doors(open_desk())


def held(entrance: Entrance) -> int:
    return sum(one.people for one in Arrival.objects.filter(entrance=entrance, state__in=HOLDING))


def test_of_ten_who_sign_up_at_once_as_many_succeed_as_there_are_places(doors) -> None:
    entrance = doors.open(FIELDS, class_door({"total": 4, "waiting": 3}))
    found = together(*[lambda number=number: doors.sign_up(entrance, number) for number in range(10)])
    refused = refusals(found)
    assert len(refused) == 3 and all(isinstance(one, DoorFull) for one in refused)
    states = sorted(Arrival.objects.values_list("state", flat=True))
    assert states == ["booked"] * 4 + ["waiting"] * 3
    assert entrance.places.get().taken == held(entrance) == 4 and Entrance.objects.get().received == 7
    assert len(set(Arrival.objects.values_list("number", flat=True))) == 7
    cells_are_right(entrance.app)


def test_one_sending_and_one_person_pressed_at_once_is_one_sign_up(doors) -> None:
    entrance = doors.open(FIELDS, class_door())
    found = together(*[lambda: doors.sign_up(entrance, 1)] * 4)
    assert not refusals(found) and Arrival.objects.count() == 1
    same = [lambda number=number: doors.sign_up(entrance, number, mail="a@example.jp") for number in (5, 6, 7)]
    refused = refusals(together(*same))
    assert len(refused) == 2 and all(isinstance(one, AlreadyThere) for one in refused)
    assert entrance.places.get().taken == 2


def test_cancelling_and_signing_up_at_once_leave_no_place_empty_and_none_sold_twice(doors) -> None:
    entrance = doors.open(FIELDS, class_door({"total": 3, "waiting": 10}))
    made = [doors.sign_up(entrance, number) for number in range(6)]
    found = together(
        *[lambda one=one: cancel_sign_up(by=VISITOR, arrival=one, clock=CLOCK) for one in (*made[:3], made[0])],
        *[lambda number=number: doors.sign_up(entrance, number) for number in (10, 11)],
    )
    assert not refusals(found)
    rows = list(Arrival.objects.order_by("pk").values_list("state", flat=True))
    assert rows == ["cancelled"] * 3 + ["booked"] * 3 + ["waiting"] * 2
    assert entrance.places.get().taken == held(entrance) == 3


def test_one_device_that_answers_many_times_at_once_answers_once(doors) -> None:
    entrance = doors.survey()
    found = together(*[lambda: doors.answer(entrance, 1)] * 5)
    assert not refusals(found)
    assert Arrival.objects.count() == AnsweredMark.objects.count() == Entrance.objects.get().received == 1
