"""The end of a day's measuring."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events.api import publish
from yakuba.kernel.kpi.events import SnapshotsTaken
from yakuba.kernel.values.api import Clock


@verb("kpi.finish_day", label="指標の計測を締める")
def finish_day(*, by: Person, clock: Clock) -> None:
    """Tell everybody that the measures of today were read."""
    publish(SnapshotsTaken(on=clock.today().isoformat()))
