"""Slots as people choose them: by day, with how many are free; nothing of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import Clock, Text, start_of_day
from yakuba.residents.card_support.models import Place, Slot
from yakuba.residents.card_support.rules.slots import bookable_from
from yakuba.residents.card_support.words import day_text, time_words

DAYS_SHOWN = 14


def open_places() -> list[Place]:
    """The places one may book."""
    return list(Place.objects.filter(is_open=True))


def bookable_slots(*, purpose: str, people: int, clock: Clock, for_clerk: bool = False) -> QuerySet[Slot]:
    """Slots that can be taken now for so many people, soonest first. A clerk is bound by no deadline."""
    first, last = _span(clock, for_clerk)
    rows = Slot.objects.filter(
        venue__is_open=True,
        is_closed=False,
        starts_at__gte=first,
        day__lte=last,
        taken__lte=F("capacity") - people,
    ).select_related("venue")
    return _taking(rows, purpose)


def next_free(
    *, purpose: str, people: int, clock: Clock, place: Place | None = None, for_clerk: bool = False
) -> list[Slot]:
    """The next six slots with room, at the same place first."""
    rows = bookable_slots(purpose=purpose, people=people, clock=clock, for_clerk=for_clerk)
    if place is None:
        return list(rows[:6])
    return list(rows.filter(venue=place)[:6]) or list(rows[:6])


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot as a line: `free` people fit; `is_open` whether it can be chosen."""

    slot: Slot
    time: str
    free: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class DayOfSlots:
    """A day with its slots."""

    day: date
    text: Text
    lines: tuple[SlotLine, ...]

    @property
    def is_full(self) -> bool:
        return not any(one.is_open for one in self.lines)


def days_of(
    place: Place,
    *,
    first: date,
    purpose: str,
    people: int,
    clock: Clock,
    days: int = DAYS_SHOWN,
    for_clerk: bool = False,
) -> tuple[DayOfSlots, ...]:
    """The days with slots from a day on, two weeks of them; full ones too, so that nobody thinks none are held."""
    since, last = _span(clock, for_clerk)
    rows = Slot.objects.filter(
        venue=place,
        is_closed=False,
        starts_at__gte=max(since, start_of_day(first)),
        day__range=(first, min(last, first + timedelta(days=days - 1))),
    ).order_by("starts_at")
    found: dict[date, list[SlotLine]] = {}
    for one in _taking(rows, purpose):
        found.setdefault(one.day, []).append(SlotLine(one, time_words(one.starts_at), one.free, one.free >= people))
    return tuple(DayOfSlots(day, day_text(day), tuple(lines)) for day, lines in found.items())


def next_day_with_room(place: Place, *, after: date, purpose: str, people: int, clock: Clock) -> date | None:
    """The first day after the days shown on which something is free."""
    rows = bookable_slots(purpose=purpose, people=people, clock=clock).filter(venue=place, day__gt=after)
    first = rows.first()
    return first.day if first else None


def last_bookable_day(clock: Clock) -> date:
    """How far ahead residents may book."""
    today = clock.today()
    return today + timedelta(days=whole_on("card.book_days_ahead", today))


def _span(clock: Clock, for_clerk: bool) -> tuple[datetime, date]:
    today = clock.today()
    if for_clerk:
        return start_of_day(today), today + timedelta(days=366)
    return (
        bookable_from(clock.now(), days_before=whole_on("card.book_days_before", today)),
        last_bookable_day(clock),
    )


def _taking(rows: QuerySet[Slot], purpose: str) -> QuerySet[Slot]:
    """Those that take the purpose: all that name none, and those that name it."""
    return rows.filter(Q(only_for="") | Q(only_for__contains=f",{purpose},")) if purpose else rows
