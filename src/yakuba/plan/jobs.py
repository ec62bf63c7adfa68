"""Work outside the request: looking for KPIs that left their corridor."""

from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.kpi.api import MeasurementApproved, SnapshotsTaken
from yakuba.kernel.parameters.api import town_clock
from yakuba.plan.services.watch_kpis import watch_kpis


def look_after_the_day(event: SnapshotsTaken) -> None:
    """The measures of a day were read."""
    watch_kpis(by=system_person("plan"), clock=town_clock())


def look_after_an_approval(event: MeasurementApproved) -> None:
    """A hand-entered value counts from now on."""
    watch_kpis(by=system_person("plan"), clock=town_clock())
