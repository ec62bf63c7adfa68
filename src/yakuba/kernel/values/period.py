"""Periods of days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yakuba.kernel.values.errors import Refusal

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=False, slots=True)
class Period:
    """A stretch of days (期間) from `start` up to, but not including, `end`; `end=None` stays open.

    Half-open, so that periods that follow each other share a border and never a day. People speak of last days
    (「3月31日まで」): build with `Period.through(start, last_day)` and show `last_day`.
    Raises `Refusal` when `end` is not after `start`, `TypeError` for anything but plain dates.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        _require_date(self.start)
        if self.end is None:
            return
        _require_date(self.end)
        if self.end <= self.start:
            raise Refusal(
                f"期間の終わり（{self.end - _ONE_DAY:%Y-%m-%d}）が始まり（{self.start:%Y-%m-%d}）より前です。",
                hint="終わりの日には、始まりの日と同じ日か、それより後の日を入力してください。",
            )

    @classmethod
    def through(cls, start: date, last_day: date | None) -> Period:
        """The period whose last day is `last_day` (`None`: open)."""
        if last_day is None:
            return cls(start)
        _require_date(last_day)
        return cls(start, last_day + _ONE_DAY)

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to the period; `None` when it is open."""
        return None if self.end is None else self.end - _ONE_DAY

    @property
    def days(self) -> int | None:
        """Number of days, at least 1; `None` when the period is open."""
        return None if self.end is None else (self.end - self.start).days

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period."""
        _require_date(day)
        return self.start <= day and (self.end is None or day < self.end)

    __contains__ = contains

    def __iter__(self) -> Iterator[date]:
        """Every day in order; an open period cannot be walked (`ValueError`)."""
        if self.end is None:
            raise ValueError("an open period has no last day: clip it first")
        return (self.start + timedelta(days=count) for count in range((self.end - self.start).days))

    def covers(self, other: Period) -> bool:
        """Whether every day of `other` lies in this period."""
        return self.start <= other.start and (self.end is None or (other.end is not None and other.end <= self.end))

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)

    def intersect(self, other: Period) -> Period | None:
        """The days both share; `None` when there are none."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return Period(max(self.start, other.start), min(ends) if ends else None)

    def clip(self, *, since: date | None = None, until: date | None = None) -> Period | None:
        """The part from `since` up to, not including, `until`; `None` when nothing is left."""
        start = self.start if since is None else max(self.start, since)
        end = self.end if until is None else until if self.end is None else min(self.end, until)
        return None if end is not None and end <= start else Period(start, end)

    def adjacent(self, other: Period) -> bool:
        """Whether one begins on the day after the other's last day."""
        return self.end == other.start or other.end == self.start

    def __str__(self) -> str:
        last_day = self.last_day
        return f"{self.start:%Y-%m-%d} – {'' if last_day is None else f'{last_day:%Y-%m-%d}'}".rstrip()


def _require_date(day: date) -> None:
    # datetime is a date to Python, yet its day depends on the zone: ask the clock for a business date instead.
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError(f"a period is made of plain dates, not {day!r}")
