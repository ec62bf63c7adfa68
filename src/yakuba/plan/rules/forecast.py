"""Where a KPI will be if things go on as they have lately (見通し)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median, quantiles

from yakuba.plan.rules.kpi_path import Point
from yakuba.plan.rules.plan_file import Direction

METHOD = "Theil–Sen法（各月末の値どうしを結んだ傾きの中央値を延ばす）"
LAST_MONTHS = 12
FEWEST_MONTHS = 4
_DAYS_PER_YEAR = Decimal("365.25")


@dataclass(frozen=True)
class Forecast:
    """A forecast for one day.

    `low` and `high` come from the lower and upper quartile of the slopes: half of the observed trends lie between.
    `slope` is in units per year; `reaches_on` is when the target would be met at this slope, `None` if never or later
    than a hundred years; `used` are the points it rests on.
    """

    on: date
    value: Decimal
    low: Decimal
    high: Decimal
    slope: Decimal
    used: tuple[Point, ...]
    reaches_on: date | None
    method: str = METHOD


@dataclass(frozen=True)
class NoForecast:
    """Why there is no forecast, as a Japanese sentence; `months` tells how many there are when they are too few."""

    reason: str
    months: int | None = None


def last_of_each_month(series: Sequence[Point]) -> tuple[Point, ...]:
    """The last value of every month that has one: daily figures must not outvote monthly ones."""
    by_month = {(point.on.year, point.on.month): point for point in sorted(series)}
    return tuple(by_month[month] for month in sorted(by_month))


def forecast(
    series: Sequence[Point],
    *,
    on: date,
    direction: Direction,
    target: Decimal | None = None,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
) -> Forecast | NoForecast:
    """The value expected on a day, from the last twelve months that have a value.

    Refuses below four months, and for a day that is not after the last measurement. Values are kept within `minimum`
    and `maximum` of the measure. Source of the method: Sen (1968), Estimates of the regression coefficient based on
    Kendall's tau, JASA 63; chosen because one odd month does not move it.
    """
    months = last_of_each_month(series)[-LAST_MONTHS:]
    if len(months) < FEWEST_MONTHS:
        enough = f"見通しには{FEWEST_MONTHS}か月分以上の測定が必要です（いま{len(months)}か月分）。"
        return NoForecast(enough, len(months))
    last = months[-1].on
    if on <= last:
        return NoForecast("目標の日を過ぎているため、見通しは出しません。")
    slopes = [
        (later.value - earlier.value) / Decimal((later.on - earlier.on).days)
        for place, earlier in enumerate(months)
        for later in months[place + 1 :]
    ]
    slope = median(slopes)
    low_slope, _, high_slope = quantiles(slopes, n=4, method="inclusive")
    # The level is the median of what each point says about the last day: robust like the slope.
    level = median([point.value + slope * (last - point.on).days for point in months])
    ahead = (on - last).days
    return Forecast(
        on=on,
        value=_within(level + slope * ahead, minimum, maximum),
        low=_within(level + low_slope * ahead, minimum, maximum),
        high=_within(level + high_slope * ahead, minimum, maximum),
        slope=slope * _DAYS_PER_YEAR,
        used=months,
        reaches_on=_reaches(level, slope, target, direction, last),
    )


def _within(value: Decimal, minimum: Decimal | None, maximum: Decimal | None) -> Decimal:
    if minimum is not None and value < minimum:
        return minimum
    if maximum is not None and value > maximum:
        return maximum
    return value


def _reaches(level: Decimal, slope: Decimal, target: Decimal | None, direction: Direction, last: date) -> date | None:
    if target is None or direction is Direction.OBSERVE:
        return None
    sign = 1 if direction is Direction.UP else -1
    missing = sign * (target - level)
    if missing <= 0:
        return last
    if sign * slope <= 0:
        return None
    days = int((missing / (sign * slope)).to_integral_value(rounding="ROUND_CEILING"))
    return last + timedelta(days=days) if days < 36_525 else None
