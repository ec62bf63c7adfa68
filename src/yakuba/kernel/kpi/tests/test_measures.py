"""Measures have a history nobody can overwrite; values by hand need evidence and a second person."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.kpi import registry
from yakuba.kernel.kpi.api import (
    Direction,
    Measure,
    MeasuredBy,
    Point,
    Reading,
    approve_measurement,
    enter_measurement,
    is_suppressed,
    known_measures,
    measure,
    measures_from,
    reject_measurement,
    series,
    take_snapshot,
)
from yakuba.kernel.kpi.models import HandMeasurement, HandState, Snapshot
from yakuba.kernel.values.api import FixedClock, Refusal, Text

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLOCK = FixedClock(date(2026, 11, 23))
CLERK = Person(id="c" * 16, name="見本 一", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF}))
HEAD = Person(id="h" * 16, name="見本 二", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.SECTION_HEAD}))
SYSTEM = Person(id="system:jobs", name="", kind=PersonKind.SYSTEM)


@pytest.fixture(autouse=True)
def own_measures(monkeypatch: pytest.MonkeyPatch) -> dict[str, Reading | None]:
    monkeypatch.setattr(registry, "_measures", {})
    monkeypatch.setattr(registry, "_sources", {})
    answers: dict[str, Reading | None] = {"now": Reading(31, n=31)}

    @measure(
        "tests.count", title=Text(ja="数"), definition=Text(ja="数えたもの"), unit="件", direction=Direction.UP, how="数える",
        counts_people=True,
    )  # fmt: skip
    def count(on: date) -> Reading | None:
        return answers["now"]

    measures_from(
        "tests",
        lambda: [Measure("tests.shelf", Text(ja="棚"), Text(ja="棚の長さ"), "m", Direction.DOWN, "巻き尺")],
    )
    return answers


def enter(by: Person = CLERK, **changed: object) -> HandMeasurement:
    values: dict[str, object] = {
        "measure_id": "tests.shelf", "on": date(2026, 11, 20), "value": Decimal("120.5"), "n": 12, "how": "巻き尺で測った",
        "evidence": "書庫の棚12本、測定表あり", "evidence_file": "", "is_baseline": False,
    }  # fmt: skip
    return enter_measurement(by=by, clock=CLOCK, **{**values, **changed})  # type: ignore[arg-type]


def test_the_first_value_of_a_day_stays(own_measures: dict[str, Reading | None]) -> None:
    first = take_snapshot(by=SYSTEM, measure_id="tests.count", clock=CLOCK)
    own_measures["now"] = Reading(99)
    assert take_snapshot(by=SYSTEM, measure_id="tests.count", clock=CLOCK) == first
    assert [point.value for point in series("tests.count")] == [Decimal(31)]


def test_nothing_to_measure_is_no_value_and_never_zero(own_measures: dict[str, Reading | None]) -> None:
    own_measures["now"] = None
    assert take_snapshot(by=SYSTEM, measure_id="tests.count", clock=CLOCK) is None
    assert series("tests.count") == []


def test_a_kept_value_can_neither_be_changed_nor_deleted() -> None:
    kept = take_snapshot(by=SYSTEM, measure_id="tests.count", clock=CLOCK)
    assert kept is not None
    with unaudited_writes("test"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Snapshot.objects.update(value=50)
        with pytest.raises(DatabaseError), transaction.atomic():
            Snapshot.objects.all()._raw_delete("default")
    assert series("tests.count")[0].value == 31


def test_a_value_by_hand_counts_only_after_a_second_person() -> None:
    entered = enter()
    assert series("tests.shelf") == []
    approve_measurement(by=HEAD, measurement=entered, clock=CLOCK)
    (point,) = series("tests.shelf")
    assert (point.value, point.source, point.n) == (Decimal("120.5"), MeasuredBy.HAND, 12)


def test_nobody_approves_an_own_value_not_even_in_the_database() -> None:
    entered = enter(by=HEAD)
    with pytest.raises(Refusal, match="自分が入力した値"):
        approve_measurement(by=HEAD, measurement=entered, clock=CLOCK)
    with unaudited_writes("test"), pytest.raises(IntegrityError), transaction.atomic():
        HandMeasurement.objects.update(state=HandState.APPROVED, decided_by=HEAD.id)


def test_a_clerk_without_the_right_cannot_approve() -> None:
    with pytest.raises(NotAllowed):
        approve_measurement(by=CLERK, measurement=enter(by=HEAD), clock=CLOCK)


def test_a_decided_value_is_decided_once() -> None:
    entered = enter()
    reject_measurement(by=HEAD, measurement=entered, reason="測定表がない", clock=CLOCK)
    with pytest.raises(Refusal, match="差し戻し"):
        approve_measurement(by=HEAD, measurement=entered, clock=CLOCK)
    assert series("tests.shelf") == []


def test_a_correction_is_a_later_value_and_the_earlier_one_stays_readable() -> None:
    for value in ("120.5", "118"):
        approve_measurement(by=HEAD, measurement=enter(value=Decimal(value)), clock=CLOCK)
    assert [point.value for point in series("tests.shelf")] == [Decimal(118)]
    assert Snapshot.objects.filter(measure_id="tests.shelf").count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"measure_id": "tests.unknown"}, "measure_id"),
        ({"on": date(2026, 11, 23) + timedelta(days=1)}, "on"),
        ({"how": "  "}, "how"),
        ({"evidence": ""}, "evidence"),
    ],
)
def test_what_is_wrong_is_named(changed: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        enter(**changed)
    assert refused.value.field == field


def test_small_counts_of_people_are_not_shown_in_public() -> None:
    measured = known_measures()["tests.count"]

    def point(value: int) -> Point:
        return Point(date(2026, 11, 1), Decimal(value), None, MeasuredBy.SYSTEM, False, False)

    assert [is_suppressed(measured, point(value)) for value in (0, 1, 4, 5, 100)] == [False, True, True, False, False]


def test_a_measure_is_declared_once() -> None:
    declare = measure(
        "tests.count", title=Text(ja="別"), definition=Text(ja="別"), unit="件", direction=Direction.UP, how="別"
    )

    def other(on: date) -> Reading | None:
        return None

    other.__module__ = "yakuba.somewhere.kpi"
    with pytest.raises(ValueError, match="declared twice"):
        declare(other)
