"""Series and latest values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yakuba.kernel.kpi.models import HandMeasurement, HandState, Snapshot
from yakuba.kernel.kpi.registry import Measure, MeasuredBy
from yakuba.kernel.parameters.api import whole_on


@dataclass(frozen=True)
class Point:
    """A value of a series that counts: the latest row of its day."""

    on: date
    value: Decimal
    n: int | None
    source: MeasuredBy
    is_sample: bool
    is_baseline: bool


def series(measure_id: str, *, until: date | None = None) -> list[Point]:
    """The values of a measure in order of days; a hand value wins over a measured one of the same day."""
    return series_of([measure_id], until=until).get(measure_id, [])


def series_of(measure_ids: Iterable[str], *, until: date | None = None) -> dict[str, list[Point]]:
    """Series of several measures in one query."""
    rows = Snapshot.objects.filter(measure_id__in=list(measure_ids)).order_by("measure_id", "on", "taken_at", "id")
    if until is not None:
        rows = rows.filter(on__lte=until)
    found: dict[str, dict[date, Point]] = {}
    for row in rows:
        by_day = found.setdefault(row.measure_id, {})
        earlier = by_day.get(row.on)
        if earlier and earlier.source is MeasuredBy.HAND and row.source == Snapshot.Source.SYSTEM:
            continue
        by_day[row.on] = Point(row.on, row.value, row.n, MeasuredBy(row.source), row.is_sample, row.is_baseline)
    return {key: [by_day[day] for day in sorted(by_day)] for key, by_day in found.items()}


def is_suppressed(measure: Measure, point: Point) -> bool:
    """Whether the value may not be shown in public because it counts too few people."""
    return measure.counts_people and 0 < point.value < whole_on("kpi.small_count", point.on)


def waiting_measurements(*, limit: int = 100) -> list[HandMeasurement]:
    """Values by hand that nobody has decided yet, oldest first."""
    return list(HandMeasurement.objects.filter(state=HandState.PROPOSED).order_by("entered_at")[:limit])
