"""Time: the one place that asks the machine what time it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
"""The zone of every business date (日本標準時)."""


@runtime_checkable
class Clock(Protocol):
    """What services take to know the time. Moments are aware and in UTC, days are business dates in Tokyo."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """The business date (業務日付): the day it is in Asia/Tokyo."""
        ...


def business_date(moment: datetime) -> date:
    """The business date a stored moment belongs to. Raises `ValueError` for a moment without zone."""
    return _aware(moment).astimezone(TOKYO).date()


def start_of_day(day: date) -> datetime:
    """0:00 of a business date in Tokyo as a moment in UTC: for comparing dates with stored moments."""
    if isinstance(day, datetime):
        raise TypeError("start_of_day takes a date; take business_date(moment) first")
    return datetime.combine(day, time.min, TOKYO).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day it is in Tokyo."""
        return business_date(self.now())


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for tests and for computing as of a moment. Takes an aware moment or a date (9:00)."""

    moment: datetime

    def __init__(self, moment: datetime | date) -> None:
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(9), TOKYO)
        object.__setattr__(self, "moment", _aware(moment).astimezone(UTC))

    def now(self) -> datetime:
        """The fixed moment, aware, in UTC."""
        return self.moment

    def today(self) -> date:
        """The business date of the fixed moment."""
        return business_date(self.moment)


@dataclass(frozen=True, slots=True)
class OffsetClock:
    """A clock that runs with another one, whole days away from it: the sample town lives on a chosen day and goes on.

    `today` is the business date it shows at the moment `since` of the base clock; without `since`, now. Store `since`
    with the town: then a restart on the next morning shows the next day and not the first one again.
    """

    base: Clock
    today_at_start: date
    since: datetime
    _shift: timedelta = field(repr=False)

    def __init__(self, base: Clock, *, today: date, since: datetime | None = None) -> None:
        began = _aware(base.now() if since is None else since).astimezone(UTC)
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "today_at_start", today)
        object.__setattr__(self, "since", began)
        object.__setattr__(self, "_shift", today - business_date(began))

    def now(self) -> datetime:
        """The base clock's moment, moved by whole days: the time of day stays that of the wall."""
        return self.base.now() + self._shift

    def today(self) -> date:
        """The business date of the moved moment."""
        return business_date(self.now())


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its zone, {moment!r} has none")
    return moment
