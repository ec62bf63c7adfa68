"""Slots (予約枠): made from a weekly pattern, and when one may still be booked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yakuba.kernel.values.api import TOKYO, Refusal

MOST_DAYS = 200
MOST_SLOTS = 400
"""So many slots are made in one go; further ones in the next."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A weekly pattern (週の型): on which weekdays (0 = Monday) between which days, from when to when, how long a slot is,
    how many people it takes; the pause begins and ends inside (or is left out)."""

    first: date
    last: date
    weekdays: frozenset[int]
    begins: time
    ends: time
    minutes: int
    capacity: int
    pause_begins: time | None = None
    pause_ends: time | None = None
    left_out: frozenset[date] = frozenset()
    on_closing_days: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """What a pattern comes to: the slots' starts, and the days left out with the reason."""

    starts: tuple[datetime, ...]
    skipped: tuple[tuple[date, str], ...]


def planned(pattern: Pattern, *, closed_because: Callable[[date], str | None], today: date) -> Planned:
    """The slots of a pattern. Raises `Refusal` for a pattern that makes no sense or makes too many."""
    _check(pattern, today)
    starts: list[datetime] = []
    skipped: list[tuple[date, str]] = []
    times = tuple(_times(pattern))
    if not times:
        raise Refusal(
            "この時間の中に、予約枠が一つも入りません。",
            field="minutes",
            hint="終わりの時刻か、一枠の長さを直してください。",
        )
    day = pattern.first
    while day <= pattern.last:
        if day.weekday() in pattern.weekdays:
            reason = "除いた日" if day in pattern.left_out else None
            if reason is None and not pattern.on_closing_days:
                reason = closed_because(day)
            if reason is None:
                starts += [datetime.combine(day, at, TOKYO) for at in times]
            else:
                skipped.append((day, reason))
        day += timedelta(days=1)
    if len(starts) > MOST_SLOTS:
        raise Refusal(
            f"一度に作れる予約枠は{MOST_SLOTS}までです（この型では{len(starts)}）。",
            field="last",
            hint="期間を短くして、何回かに分けてください。",
        )
    return Planned(tuple(starts), tuple(skipped))


def _check(pattern: Pattern, today: date) -> None:
    if pattern.first < today:
        raise Refusal("始まりの日が過ぎています。", field="first", hint="今日以降の日にしてください。")
    if pattern.last < pattern.first:
        raise Refusal("終わりの日が、始まりの日より前です。", field="last", hint="日を確かめてください。")
    if (pattern.last - pattern.first).days >= MOST_DAYS:
        raise Refusal(f"期間は{MOST_DAYS}日までです。", field="last", hint="期間を短くしてください。")
    if not pattern.weekdays:
        raise Refusal("曜日が選ばれていません。", field="weekdays", hint="一つ以上選んでください。")
    if pattern.ends <= pattern.begins:
        raise Refusal("終わりの時刻が、始まりより前です。", field="ends", hint="時刻を確かめてください。")
    if (pattern.pause_begins is None) != (pattern.pause_ends is None):
        raise Refusal(
            "休みの時間は、始まりと終わりの両方を入れてください。",
            field="pause_begins",
            hint="なければ両方を空にします。",
        )
    if pattern.pause_begins and pattern.pause_ends and pattern.pause_ends <= pattern.pause_begins:
        raise Refusal("休みの終わりが、始まりより前です。", field="pause_ends", hint="時刻を確かめてください。")


def _times(pattern: Pattern) -> Iterator[time]:
    any_day = date(2000, 1, 1)
    length = timedelta(minutes=pattern.minutes)
    at, end = datetime.combine(any_day, pattern.begins), datetime.combine(any_day, pattern.ends)
    while at + length <= end:
        rest = _rest(pattern, at, at + length, any_day)
        if rest is None:
            yield at.time()
            at += length
        else:
            at = rest


def _rest(pattern: Pattern, begins: datetime, ends: datetime, day: date) -> datetime | None:
    """When the pause is over, if the slot would touch it."""
    if pattern.pause_begins is None or pattern.pause_ends is None:
        return None
    pause = datetime.combine(day, pattern.pause_begins), datetime.combine(day, pattern.pause_ends)
    return pause[1] if begins < pause[1] and pause[0] < ends else None


def bookable_from(now: datetime, *, days_before: int) -> datetime:
    """The first moment whose slots residents may still take: with 0 days those that have not begun, with 1 those from
    tomorrow on, and so on (days of the calendar in Tokyo)."""
    if days_before <= 0:
        return now
    day = now.astimezone(TOKYO).date() + timedelta(days=days_before)
    return datetime.combine(day, time.min, TOKYO)


def why_not(
    *,
    starts_at: datetime,
    is_closed: bool,
    free: int,
    people: int,
    purposes: Collection[str],
    purpose: str,
    since: datetime,
) -> str:
    """Why a slot cannot be taken: "closed", "over", "purpose", "full"; empty when it can."""
    if is_closed:
        return "closed"
    if starts_at < since:
        return "over"
    if purposes and purpose not in purposes:
        return "purpose"
    return "full" if free < people else ""
