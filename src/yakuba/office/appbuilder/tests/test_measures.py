"""What is counted of self-built apps."""

from __future__ import annotations

from datetime import timedelta

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.kernel.values.api import FixedClock
from yakuba.office.appbuilder import kpi
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.services import change_record, delete_record
from yakuba.office.appbuilder.services.bring_in import bring_in
from yakuba.office.appbuilder.tests.world import CLOCK


def test_an_app_without_records_is_not_in_use(desk) -> None:
    assert kpi.in_use(TODAY).value == 0
    desk.add()
    assert kpi.in_use(TODAY).value == 1
    assert kpi.in_use(TODAY - timedelta(days=1)).value == 0
    assert kpi.in_use(TODAY + timedelta(days=40)).value == 0


def test_everybody_who_writes_counts_once_by_hand_or_by_sheet(desk) -> None:
    record = desk.add()
    change_record(by=desk.maker, record=record, values={"item": "椅子"}, version=1, clock=CLOCK)
    assert kpi.people(TODAY).value == 1
    desk.add(by=desk.colleague)
    bring_in(by=desk.maker, app=desk.app, filename="a.csv", rows=[{"item": "棚"}], clock=CLOCK)
    assert kpi.people(TODAY).value == 2


def test_records_are_those_that_stood_at_the_end_of_the_day(desk) -> None:
    record = desk.add()
    desk.add()
    later = FixedClock(TODAY + timedelta(days=5))
    delete_record(by=desk.maker, record=record, version=1, clock=later)
    assert kpi.records(TODAY).value == 2
    assert kpi.records(TODAY + timedelta(days=5)).value == 1


def test_samples_are_never_counted(desk) -> None:
    desk.add()
    with unaudited_writes("test"):
        App.objects.update(is_sample=True)
    assert [one(TODAY).value for one in (kpi.in_use, kpi.people, kpi.records)] == [0, 0, 0]
