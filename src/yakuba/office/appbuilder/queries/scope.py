"""The records one person sees of an app, under conditions: counted, ordered, read page by page.

The typed table answers as much as it can: where a person sees all records that are not deleted, a filter, a count or an
order reads one index of it and not one record. Otherwise the same questions are asked among the records the person sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from yakuba.kernel.access.api import Person
from yakuba.office.appbuilder.access import seen_records, under_rule
from yakuba.office.appbuilder.models import App, Cell, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.spans import span
from yakuba.office.appbuilder.rules.values import column_of
from yakuba.office.appbuilder.rules.view_check import day_in, is_day, number_in
from yakuba.office.appbuilder.rules.views import AppView, FieldTest, Test

NEAR, MANY = 1000, 50_000
"""So many records at the head of an order are looked at first; so many matches are worth it in the order of numbers."""


@dataclass(frozen=True)
class Condition:
    """Cells a record must have, or must not have if `negated`.

    `many`: the field has more than one cell a record; `several`: more than one of them may meet the condition; `exact`:
    they hold one value, and stand in the order of numbers.
    """

    keys: tuple[str, ...]
    column: str
    q: Q
    negated: bool = False
    many: bool = False
    several: bool = False
    exact: bool = False


@dataclass(frozen=True)
class Order:
    """By a field (None: by number), down or up; records without a value last, equals by number."""

    field: AppField | None = None
    down: bool = True
    by_change: bool = False


@dataclass(frozen=True)
class Scope:
    """Records under conditions. `everything`: `visible` are all that are not deleted; `settled`: none waits for a
    change of fields, so that a field of one value has one cell at most."""

    app: App
    definition: AppDefinition
    visible: QuerySet[Record]
    everything: bool
    settled: bool
    words_in: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    order: Order = Order()

    # Narrowing

    def where(self, *conditions: Condition) -> Scope:
        """Under further conditions."""
        return replace(self, conditions=(*self.conditions, *conditions))

    def among(self, q: Q) -> Scope:
        """Under a condition on the records themselves."""
        return replace(self, visible=self.visible.filter(q), everything=False)

    def searched_in(self, keys: Sequence[str]) -> Scope:
        """With the fields in which words are searched."""
        return replace(self, words_in=tuple(keys))

    def searched(self, words: Sequence[str]) -> Scope:
        """Where every word stands in one of the fields searched."""
        return self.where(
            *(Condition(self.words_in, "text", Q(text__icontains=word), many=True, several=True) for word in words)
        )  # fmt: skip

    # Questions

    def count(self) -> int:
        """How many records there are, as they were counted first."""
        return self._count

    @cached_property
    def _count(self) -> int:
        if not self.conditions:
            return self.visible.count()
        positive = [one for one in self.conditions if not one.negated]
        if not positive:
            if self.everything and len(self.conditions) == 1:
                without = self.conditions[0]
                return self.visible.count() - _counted(self._cells_of(without), several=without.several)
            return self.records().count()
        base = self._among(positive[0], self.conditions)
        return _counted(base, several=positive[0].several)

    def ids(self, start: int, stop: int) -> list[int]:
        """The rows of records from `start` to before `stop`, in order."""
        near = self._near(start, stop)
        if near is not None:
            return near
        found: list[int] = []
        for part in self._parts():
            if stop <= start:
                break
            here = list(part[start:stop])
            found += here
            if here:
                start, stop = 0, stop - start - len(here)
            else:
                passed = part.count()
                start, stop = start - passed, stop - passed
        return found

    def rows(self, sort: str = "", *, down: bool = False, start: int, stop: int) -> list[Record]:
        """The records from `start` to before `stop`; `sort` is a column of the list ("": the order of the scope)."""
        order = self.order if not sort else self._order(sort, down)
        ordered = replace(self, order=order)
        ordered.__dict__["_count"] = self._count  # the order changes nothing about how many there are
        ids = ordered.ids(start, stop)
        known = Record.objects.select_related("app").in_bulk(ids)
        return [known[one] for one in ids if one in known]

    def records(self) -> QuerySet[Record]:
        """The records themselves, in no order."""
        found = self.visible
        for one in self.conditions:
            ids = self._cells_of(one).values("record_id")
            found = found.exclude(pk__in=ids) if one.negated else found.filter(pk__in=ids)
        return found

    def grouped(self, one: AppField) -> QuerySet[Cell]:
        """The cells of a field, of the records there are."""
        present = Condition((one.key,), column_of(one), Q(), many=one.type is FieldType.CHOICES)
        return self._among(present, (present, *self.conditions))

    # How the typed table is asked

    def _near(self, start: int, stop: int) -> list[int] | None:
        """The page, if the first thousand in the order hold enough records that meet the conditions; None if not.

        Where many records meet them, that spares the list of all that do. Nothing is guessed: a thousand are looked at,
        whatever they are.
        """
        if not (self.conditions and self.everything and self.settled) or self.order.by_change or 2 * stop > NEAR:
            return None
        only = self.conditions[0] if len(self.conditions) == 1 else None
        if self.order.field is None and (self._count < MANY or (only is not None and only.exact)):
            return None
        if self._count * NEAR < 2 * stop * self.app.next_number:
            return None
        ids = list(next(replace(self, conditions=())._parts())[:NEAR])
        for one in self.conditions:
            met = set(self._held(one).filter(record_id__in=ids).values_list("record_id", flat=True))
            ids = [pk for pk in ids if (pk in met) is not one.negated]
        return ids[start:stop] if len(ids) >= stop else None

    def _order(self, sort: str, down: bool) -> Order:
        if sort == "changed":
            return Order(down=down, by_change=True)
        one = self.definition.field(sort.removeprefix("f_")) if sort.startswith("f_") else None
        return Order(one, down)

    def _cells_of(self, one: Condition) -> QuerySet[Cell]:
        """The cells of a condition, whoever sees them."""
        return self._held(one).filter(app=self.app, deleted=False)

    def _held(self, one: Condition) -> QuerySet[Cell]:
        """The cells of a condition in any app, to be asked of certain records."""
        named: dict[str, Any] = {"key": one.keys[0]} if len(one.keys) == 1 else {"key__in": one.keys}
        if not self.settled and not one.many:
            named["place"] = 0
        return Cell.objects.filter(one.q, **named, **{f"{one.column}__isnull": False})

    def _among(self, base: Condition, conditions: Iterable[Condition]) -> QuerySet[Cell]:
        """The cells of one condition, of records that meet all of them and are seen."""
        found = self._cells_of(base)
        for one in conditions:
            if one is base:
                continue
            if not one.negated and one.keys == base.keys and not one.many:
                found = found.filter(one.q)  # the one cell there is meets both
                continue
            ids = self._cells_of(one).values("record_id")
            found = found.exclude(record_id__in=ids) if one.negated else found.filter(record_id__in=ids)
        return found if self.everything else found.filter(record_id__in=self.visible.values("pk"))

    def _parts(self) -> Iterator[QuerySet[Any]]:
        """Record ids in order, in pieces each of which an index can walk: those with a value, then those without."""
        order = self.order
        sign = "-" if order.down else ""
        if order.by_change:
            yield self.records().order_by(f"{sign}changed_at", f"{sign}pk").values_list("pk", flat=True)
            return
        if order.field is None:
            yield self._by_number(sign)
            return
        with_value = has_value(order.field)
        cells = self._among(with_value, (with_value, *self.conditions))
        if order.field.type.has_choices:
            places = [When(text=one.key, then=Value(place)) for place, one in enumerate(order.field.choices)]
            cells = cells.annotate(rank=Case(*places, default=Value(None), output_field=IntegerField()))
            yield cells.order_by(f"{sign}rank", f"{sign}record_id").values_list("record_id", flat=True)
        else:
            yield cells.order_by(f"{sign}{with_value.column}", f"{sign}record_id").values_list("record_id", flat=True)
        without = self.where(replace(with_value, negated=True)).records()
        yield without.order_by(f"{sign}pk").values_list("pk", flat=True)

    def _by_number(self, sign: str) -> QuerySet[Any]:
        positive = [one for one in self.conditions if not one.negated]
        if not positive:
            return self.records().order_by(f"{sign}pk").values_list("pk", flat=True)
        base = self._among(positive[0], self.conditions)
        ids = base.order_by(f"{sign}record_id").values_list("record_id", flat=True)
        return ids.distinct() if positive[0].several else ids


def _counted(cells: QuerySet[Cell], *, several: bool) -> int:
    return cells.values("record_id").distinct().count() if several else cells.count()


def has_value(one: AppField) -> Condition:
    """That a field is not empty. Choices no longer known count as empty where choices are ordered."""
    known = Q(text__in=[choice.key for choice in one.choices]) if one.type.has_choices else Q()
    many = one.type is FieldType.CHOICES
    return Condition((one.key,), column_of(one), known, many=many, several=many)


def condition_of(one: AppField, asked: FieldTest, *, today: date, me: str) -> Condition:
    """What a filter asks of the typed table. `me` is the public id of the staff row of the person who looks."""
    column, many = column_of(one), one.type is FieldType.CHOICES
    made = Condition((one.key,), column, Q(), many=many, several=many)
    match asked.test:
        case Test.EMPTY:
            return replace(made, negated=True)
        case Test.FILLED:
            return made
        case Test.CONTAINS:
            return replace(made, q=Q(text__icontains=asked.values[0]))
        case Test.SPAN:
            first, last = span(asked.values[0], today)
            return replace(made, q=Q(day__gte=first, day__lte=last))
        case Test.BETWEEN:
            read: Any = day_in if is_day(one) else number_in
            return between(one, *(read(value) if value else None for value in asked.values))
    values = [me if value == "me" and one.type is FieldType.PERSON else value for value in asked.values]
    wanted = [number_in(value) for value in values] if column == "num" else values
    q = Q(**{column: wanted[0]}) if len(wanted) == 1 else Q(**{f"{column}__in": wanted})
    return replace(made, q=q, negated=asked.test is Test.NOT, several=many and len(wanted) > 1, exact=len(wanted) == 1)


def between(one: AppField, low: Any, high: Any) -> Condition:
    """That a number or day lies within two ends, either None for open."""
    column = column_of(one)
    ends = {f"{column}__gte": low, f"{column}__lte": high}
    return Condition((one.key,), column, Q(**{name: end for name, end in ends.items() if end is not None}))


def scope_for(
    person: Person,
    app: App,
    definition: AppDefinition,
    sight: Sight,
    *,
    today: date,
    shapes: Shapes,
    view: AppView | None = None,
    me: str = "",
) -> Scope:
    """The records a person sees, under what a view asks. Raises `TooManyForRule`."""
    visible, everything = seen_records(person, app, definition, sight, today=today)
    if view is not None and view.rule is not None:
        visible = under_rule(
            visible,
            definition,
            view.rule,
            today,
            what=f"見方「{view.name}」の条件",
            remedy="値との比較だけの条件に直してください。",
        )
        everything = False
    made = Scope(app, definition, visible, everything, settled=not shapes.waits())
    if view is None:
        return made
    fields = ((definition.field(asked.field), asked) for asked in view.filters)
    made = made.where(*(condition_of(one, asked, today=today, me=me) for one, asked in fields if one is not None))
    by = definition.field(view.sort) if view.sort else None
    return replace(made, order=Order(by, view.down)) if by is not None else made
