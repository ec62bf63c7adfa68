"""Records as cards: a board, a month of a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from yakuba.kernel.access.api import Person
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries.groups import names_of_groups
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.queries.scope import Scope, between, has_value
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.queries.tallies import tallies
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField
from yakuba.office.appbuilder.rules.spans import next_month
from yakuba.office.appbuilder.rules.tallies import MOST_GROUPS, NOWHERE, ordered
from yakuba.office.appbuilder.rules.values import as_read
from yakuba.office.appbuilder.rules.view_words import group_words
from yakuba.office.appbuilder.rules.views import AppView

MOST_CARDS, MOST_A_DAY, MOST_IN_MONTH = 50, 5, 1000


@dataclass(frozen=True)
class Card:
    """One record on a board or in a calendar."""

    record: Record
    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Lane:
    """One column of a board: its cards, the newest first, and how many there are in all."""

    key: str
    name: str
    cards: tuple[Card, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


class Cards:
    """Makes cards of records: the title and up to three fields, in the words of the person who looks."""

    def __init__(self, app: App, definition: AppDefinition, view: AppView, *, person: Person, today: date) -> None:
        fields = (definition.field(key) for key in view.columns)
        self.fields = [one for one in fields if one is not None]
        self.shapes, self.definition, self.person, self.today = Shapes(app), definition, person, today

    def of(self, records: Sequence[Record]) -> dict[int, Card]:
        """Cards by the row of their record."""
        values = {one.pk: self.shapes.of(one, today=self.today).values for one in records}
        used = self.definition.model_copy(update={"fields": tuple(self.fields)})
        names = names_for(self.person, used, today=self.today, ids=ids_in(used, values.values()))
        made = {}
        for one in records:
            words = [(field.label, as_read(field, values[one.pk].get(field.key), names)) for field in self.fields]
            title = words[0][1][:80] if words else ""
            lines = tuple((label, text[:80]) for label, text in words[1:4] if text)
            made[one.pk] = Card(one, title or f"番号{one.number}", lines)
        return made


def board_of(view: AppView, scope: Scope, *, person: Person, today: date) -> list[Lane]:
    """The columns of a board in their order; choices no longer used only while records have them."""
    axis = view.group
    one = scope.definition.field(axis.field) if axis is not None else None
    if axis is None or one is None:
        return []
    counts = {keys[0]: tally.count for keys, tally in tallies(scope, [(one, axis)], ()).items()}
    names = names_of_groups(person, one, set(counts), today)
    offered = [choice.key for choice in one.choices if choice.is_used]
    known = offered if one.type.has_choices else []
    lanes = ordered({*known, *counts}, [choice.key for choice in one.choices] or list(names.of(one)))[:MOST_GROUPS]
    ids: dict[str, list[int]] = {}
    for key in lanes:
        if counts.get(key):
            ids[key] = _lane(scope, one, key).ids(0, MOST_CARDS)
    found = Record.objects.select_related("app").in_bulk([pk for some in ids.values() for pk in some])
    cards = Cards(scope.app, scope.definition, view, person=person, today=today).of(list(found.values()))
    return [
        Lane(
            key,
            group_words(one, axis, key, names),
            tuple(cards[pk] for pk in ids.get(key, ()) if pk in cards),
            counts.get(key, 0),
        )
        for key in lanes
    ]


def _lane(scope: Scope, one: AppField, key: str) -> Scope:
    present = replace(has_value(one), q=Q())
    if key == NOWHERE:
        return scope.where(replace(present, negated=True))
    return scope.where(replace(present, q=Q(text=key)))


@dataclass(frozen=True)
class Day:
    """One day of a month: its cards, and how many more there are."""

    day: date
    is_inside: bool
    is_today: bool
    cards: tuple[Card, ...]
    more: int


@dataclass(frozen=True)
class Month:
    """A month in weeks from Sunday; `first` its first day, `truncated` when not all records could be read."""

    first: date
    before: date
    after: date
    weeks: tuple[tuple[Day, ...], ...]
    records: tuple[Record, ...]
    truncated: bool

    @property
    def days(self) -> tuple[Day, ...]:
        """The days with something on them, for narrow pages."""
        return tuple(day for week in self.weeks for day in week if day.is_inside and day.cards)


def month_of(view: AppView, scope: Scope, first: date, *, person: Person, today: date) -> Month:
    """The records of a month by their day, those with an end on every day until then."""
    last = next_month(first) - timedelta(days=1)
    begin = first - timedelta(days=(first.weekday() + 1) % 7)
    end = last + timedelta(days=(5 - last.weekday()) % 7)
    day = scope.definition.field(view.day)
    until = scope.definition.field(view.until) if view.until else None
    records: dict[int, Record] = {}
    if day is not None:
        inside = scope.where(between(day, begin, end)).ids(0, MOST_IN_MONTH)
        if until is not None:
            inside += scope.where(between(day, None, begin - timedelta(days=1)), between(until, begin, None)).ids(
                0, MOST_IN_MONTH
            )
        records = Record.objects.select_related("app").in_bulk(inside)
    shapes = Shapes(scope.app)
    cards = Cards(scope.app, scope.definition, view, person=person, today=today).of(list(records.values()))
    on: dict[date, list[Card]] = {}
    for pk, record in sorted(records.items()):
        values = shapes.of(record, today=today).values
        starts, ends = _stretch(values.get(view.day), values.get(view.until) if view.until else None)
        if starts is None:
            continue
        here = max(starts, begin)
        while here <= min(ends or starts, end):
            on.setdefault(here, []).append(cards[pk])
            here += timedelta(days=1)
    days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
    made = [
        Day(
            one,
            first <= one <= last,
            one == today,
            tuple(on.get(one, ())[:MOST_A_DAY]),
            max(0, len(on.get(one, ())) - MOST_A_DAY),
        )
        for one in days
    ]
    weeks = tuple(tuple(made[start : start + 7]) for start in range(0, len(made), 7))
    return Month(
        first,
        (first - timedelta(days=1)).replace(day=1),
        next_month(first),
        weeks,
        tuple(records.values()),
        len(records) >= MOST_IN_MONTH,
    )


def _stretch(day: Any, until: Any) -> tuple[date | None, date | None]:
    if not isinstance(day, str):
        return None, None
    starts = date.fromisoformat(day)
    ends = date.fromisoformat(until) if isinstance(until, str) else starts
    return starts, max(starts, ends)
