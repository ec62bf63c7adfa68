"""When somebody is reminded that a card or its certificate ends, and when the entry is deleted."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

FURTHEST_YEARS = 11
"""A card is valid to the tenth birthday after issue, so no entry lies further ahead."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due: what ends (`card` or `certificate`), on which day, which step (months before)."""

    what: str
    until: date
    months: int


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of a shorter month (民法第143条の応当日)."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_reminders(
    *, card_until: date | None, certificate_until: date | None, steps: tuple[int, ...], today: date
) -> tuple[Due, ...]:
    """What is due today: of each thing at most one, the latest step that came.

    Steps that had passed before the entry was made are not caught up one by one: only the last of them is said. After
    the day itself nobody is reminded.
    """
    found = []
    for what, until in (("card", card_until), ("certificate", certificate_until)):
        if until is None or today > until:
            continue
        come = [months for months in set(steps) if months_before(until, months) <= today]
        if come:
            found.append(Due(what, until, min(come)))
    return tuple(found)


def last_day(card_until: date | None, certificate_until: date | None) -> date:
    """The later of the two days. Raises `ValueError` without either."""
    days = [one for one in (card_until, certificate_until) if one is not None]
    return max(days)


def deletable_on(card_until: date | None, certificate_until: date | None, *, kept_days: int) -> date:
    """The first day on which the entry is deleted."""
    return last_day(card_until, certificate_until) + timedelta(days=kept_days + 1)
