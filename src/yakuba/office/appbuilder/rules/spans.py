"""Spans of days that move with today (期間): this month, last fiscal year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from yakuba.kernel.values.api import FiscalYear, Refusal
from yakuba.office.appbuilder.rules.views import Step

SPANS: Mapping[str, str] = MappingProxyType(
    {
        "today": "今日",
        "week": "今日から7日",
        "month": "今月",
        "last_month": "先月",
        "next_month": "来月",
        "year": "今年度",
        "last_year": "昨年度",
        "past": "今日より前",
        "coming": "今日より後",
    }
)


def span(name: str, today: date) -> tuple[date, date]:
    """First and last day of a span. Raises `KeyError` for an unknown one."""
    first = today.replace(day=1)
    following = next_month(first)
    year = FiscalYear.of(today)
    return {
        "today": (today, today),
        "week": (today, today + timedelta(days=6)),
        "month": (first, following - timedelta(days=1)),
        "last_month": ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
        "next_month": (following, next_month(following) - timedelta(days=1)),
        "year": (year.start, year.last_day),
        "last_year": (year.previous.start, year.previous.last_day),
        "past": (date.min, today - timedelta(days=1)),
        "coming": (today + timedelta(days=1), date.max),
    }[name]


def next_month(first: date) -> date:
    """The first day of the month after one; the last day there is, where there is none."""
    if first.year == date.max.year and first.month == 12:
        return date.max
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def start_of(day: date, step: Step) -> date:
    """The first day of the day, month or fiscal year a day lies in."""
    if step is Step.MONTH:
        return day.replace(day=1)
    if step is Step.FISCAL_YEAR:
        year = day.year if day.month >= 4 else day.year - 1
        return date(year, 4, 1) if year else date.min
    return day


def end_of(first: date, step: Step) -> date:
    """The last day of what begins with `first`."""
    after = following(first, step)
    return after if after == date.max else after - timedelta(days=1)


def following(first: date, step: Step) -> date:
    """Where the next one begins; the last day there is, where there is none."""
    if step is Step.MONTH:
        return next_month(first)
    if step is Step.FISCAL_YEAR:
        year = (first.year if first.month >= 4 else first.year - 1) + 1
        return date(year, 4, 1) if year <= date.max.year else date.max
    return first + timedelta(days=1) if first < date.max else first


def step_words(first: date, step: Step) -> str:
    """What people call it: 2026年4月, 令和8年度, 2026-04-01."""
    if step is Step.MONTH:
        return f"{first.year}年{first.month}月"
    if step is Step.FISCAL_YEAR:
        year = first.year if first.month >= 4 else first.year - 1
        try:
            return str(FiscalYear(year))
        except Refusal:
            return f"{year}年度"
    return first.isoformat()
