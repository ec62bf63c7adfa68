"""Public names of ``kernel.kpi``: measures, their series, values taken by hand."""

from yakuba.kernel.kpi.events import MeasurementApproved, SnapshotsTaken
from yakuba.kernel.kpi.queries import Point, is_suppressed, series, series_of, waiting_measurements
from yakuba.kernel.kpi.registry import (
    Direction,
    Measure,
    MeasuredBy,
    Reading,
    known_measures,
    measure,
    measures_from,
    system_measures,
)
from yakuba.kernel.kpi.services import approve_measurement, enter_measurement, reject_measurement, take_snapshot

__all__ = [
    "Direction",
    "Measure",
    "MeasuredBy",
    "MeasurementApproved",
    "Point",
    "Reading",
    "SnapshotsTaken",
    "approve_measurement",
    "enter_measurement",
    "is_suppressed",
    "known_measures",
    "measure",
    "measures_from",
    "reject_measurement",
    "series",
    "series_of",
    "system_measures",
    "take_snapshot",
    "waiting_measurements",
]
