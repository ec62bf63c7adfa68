"""Measures over cases: medians of open days, shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from yakuba.kernel.japan.api import BusinessCalendar


class OpenDays:
    """Counts open days between two days at once, for many pairs: a running sum over the whole stretch."""

    def __init__(self, first: date, last: date, calendar: BusinessCalendar) -> None:
        self._first = first
        self._sums = [0]
        day = first
        while day <= last:
            self._sums.append(self._sums[-1] + calendar.is_open(day))
            day += timedelta(days=1)

    def between(self, start: date, end: date) -> int:
        """Open days after ``start`` through ``end``; 0 when ``end`` is not later."""
        return max(self._up_to(end) - self._up_to(start), 0)

    def _up_to(self, day: date) -> int:
        place = (day - self._first).days + 1
        return self._sums[min(max(place, 0), len(self._sums) - 1)]


def median(values: Iterable[int]) -> Decimal | None:
    """The median (中央値), of an even number the mean of the middle two; ``None`` without values."""
    ordered: Sequence[int] = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    return (Decimal(ordered[middle - 1]) + Decimal(ordered[middle])) / 2


def percent(part: int, whole: int) -> Decimal | None:
    """The share in percent with one decimal, half up; ``None`` of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
