"""On which days this town hall works."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings

from yakuba.kernel.japan.api import BusinessCalendar, ClosingDays


def town_calendar() -> BusinessCalendar:
    """The calendar of the town's closing days (町の休日): weekdays, national holidays, the days of the town profile."""
    return _calendar(tuple(settings.TOWN.closed_weekdays), tuple(settings.TOWN.closed_days))


def read_calendar(today: date) -> None:
    """Have the holidays of the coming year worked out: once per process, and not in a transaction, where the quarter of
    a second it takes would hold everybody up."""
    for day in (today, today + timedelta(days=366)):
        town_calendar().is_open(day)


@lru_cache(maxsize=4)
def _calendar(weekdays: tuple[int, ...], days: tuple[str, ...]) -> BusinessCalendar:
    return BusinessCalendar(
        ClosingDays.from_dict(
            {
                "weekdays": ["月火水木金土日"[day] for day in weekdays],
                "national_holidays": True,
                "yearly": [{"from": day, "to": day, "name": "町の休日"} for day in days],
            }
        )
    )
