"""Days, months, ages: how the law and the calendar count them.

Dates are texts such as `2026-05-01`. Whatever is no date gives `None`, as an absent answer does.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def date_of(value: object) -> date | None:
    """The day a text names, or `None`."""
    if not isinstance(value, str) or _WRITTEN.fullmatch(value) is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def age_on(birth: date, day: date) -> int | None:
    """Age (満年齢) on a day: the number of birthdays reached; `None` before the birth.

    Whoever was born on 29 February grows older on 1 March in common years. The law (年齢計算ニ関する法律) lets an age be
    reached at the end of the day before the birthday; for 「〜歳に達する日」 ask for the age on the next day.
    """
    if day < birth:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def months_later(day: date, months: int) -> date | None:
    """The same day of another month, or its last day when it has no such day (民法第143条第2項); `None` beyond year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_later(day: date, days: int) -> date | None:
    """The day so many days later; `None` beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def full_months(first: date, last: date) -> int:
    """Full months from one day to another: the largest number that `months_later` does not carry past `last`.

    Negative when `last` comes first.
    """
    if last < first:
        return -full_months(last, first)
    months = (last.year - first.year) * 12 + last.month - first.month
    reached = months_later(first, months)
    return months if reached is not None and reached <= last else months - 1


def fiscal_year_of(day: date) -> int:
    """The fiscal year (年度) of a day: the calendar year of its 1 April."""
    return day.year if day.month >= 4 else day.year - 1
