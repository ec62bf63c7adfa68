from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yakuba.kernel.events.api import Event


@dataclass(frozen=True)
class MeasurementApproved(Event):
    """A hand-entered value counts from now on."""

    name: ClassVar[str] = "kpi.measurement_approved"

    measure_id: str
    on: str


@dataclass(frozen=True)
class SnapshotsTaken(Event):
    """The measures of a day were read."""

    name: ClassVar[str] = "kpi.snapshots_taken"

    on: str
