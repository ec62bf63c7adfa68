"""Where a KPI should be on a day, and how it stands against that (指標の現在地)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from yakuba.plan.rules.plan_file import Direction, Source


@dataclass(frozen=True, order=True)
class Point:
    """One value of a measure on the day it was true."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class Corridor:
    """The range in which a KPI is on plan (計画どおりの幅); both ends belong to it."""

    low: Decimal
    expected: Decimal
    high: Decimal


@dataclass(frozen=True)
class KpiPath:
    """The planned way of a KPI. `corridor_percent` is the half width, in percent of the whole way."""

    direction: Direction
    baseline: Point | None
    target: Point | None
    corridor_percent: int


def target_value(*, baseline: Decimal | None, value: Decimal | None, change_percent: int | None) -> Decimal | None:
    """The number to reach: `value`, or the baseline changed by `change_percent`; `None` while it is not known."""
    if value is not None:
        return value
    if change_percent is None or baseline is None:
        return None
    return baseline * (100 + change_percent) / 100


def expected_on(path: KpiPath, day: date) -> Decimal | None:
    """The value the plan expects on a day: the straight line from baseline to target, level before and after.

    `None` without baseline value or target value.
    """
    start, goal = path.baseline, path.target
    if start is None or goal is None:
        return None
    if day <= start.on:
        return start.value
    if day >= goal.on:
        return goal.value
    share = Decimal((day - start.on).days) / Decimal((goal.on - start.on).days)
    return start.value + (goal.value - start.value) * share


def corridor_on(path: KpiPath, day: date) -> Corridor | None:
    """The corridor on a day. `None` where `expected_on` is."""
    expected = expected_on(path, day)
    if expected is None or path.baseline is None or path.target is None:
        return None
    half = abs(path.target.value - path.baseline.value) * path.corridor_percent / 100
    return Corridor(expected - half, expected, expected + half)


class Standing(StrEnum):
    """How a KPI stands (指標の状態)."""

    UNMEASURED = "unmeasured"
    STALE = "stale"
    NO_BASELINE = "no_baseline"
    REACHED = "reached"
    AHEAD = "ahead"
    ON_PLAN = "on_plan"
    LATE = "late"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSENED = "worsened"
    OBSERVED = "observed"

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]

    @property
    def can_be_judged(self) -> bool:
        """Whether the state says something about the plan's progress."""
        return self in (Standing.REACHED, Standing.AHEAD, Standing.ON_PLAN, Standing.LATE)


_LABELS = {
    Standing.UNMEASURED: "未計測",
    Standing.STALE: "測定が古い",
    Standing.NO_BASELINE: "基準値なし",
    Standing.REACHED: "目標達成",
    Standing.AHEAD: "計画より先",
    Standing.ON_PLAN: "計画どおり",
    Standing.LATE: "計画より遅れ",
    Standing.IMPROVED: "基準より改善",
    Standing.UNCHANGED: "基準と同じ",
    Standing.WORSENED: "基準より悪化",
    Standing.OBSERVED: "観測中",
}

FRESH_FOR = {
    Source.LIVE: timedelta(days=45),
    Source.HAND: timedelta(days=400),
    Source.SURVEY: timedelta(days=800),
}
"""How long a measurement speaks for the present. Live figures come daily (a month and a half bears a broken job and
holidays), hand counts yearly, surveys every other year; each with a margin."""


def standing_of(path: KpiPath, *, latest: Point | None, source: Source, today: date) -> Standing:
    """How a KPI stands today, judged by its latest measurement against the corridor of the day it was taken."""
    if latest is None:
        return Standing.UNMEASURED
    if today - latest.on > FRESH_FOR[source]:
        return Standing.STALE
    if path.direction is Direction.OBSERVE:
        return Standing.OBSERVED
    if path.baseline is None:
        return Standing.NO_BASELINE
    corridor = corridor_on(path, latest.on)
    if path.target is None or corridor is None:
        return _against_baseline(path.direction, path.baseline.value, latest.value)
    sign = 1 if path.direction is Direction.UP else -1
    if sign * latest.value >= sign * path.target.value:
        return Standing.REACHED
    if corridor.low <= latest.value <= corridor.high:
        return Standing.ON_PLAN
    return Standing.AHEAD if sign * latest.value > sign * corridor.expected else Standing.LATE


def _against_baseline(direction: Direction, baseline: Decimal, value: Decimal) -> Standing:
    if value == baseline:
        return Standing.UNCHANGED
    return Standing.IMPROVED if (value > baseline) == (direction is Direction.UP) else Standing.WORSENED


def share_of_way(path: KpiPath, value: Decimal) -> Decimal | None:
    """How much of the way from baseline to target is behind us, 0 … 1 and beyond; `None` where there is no way."""
    if path.baseline is None or path.target is None or path.target.value == path.baseline.value:
        return None
    return (value - path.baseline.value) / (path.target.value - path.baseline.value)
