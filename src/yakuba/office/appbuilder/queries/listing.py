"""The list of an app's records: columns, filters, sorting and files, by what one person sees of the definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.kernel.values.api import FiscalYear
from yakuba.office.appbuilder.models import App, Cell, Entrance, Record
from yakuba.office.appbuilder.queries.names import ids_in, names_for, section_names, staff_names
from yakuba.office.appbuilder.queries.rollups import rolled_up
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.values import column_of, for_sheet

MOST_COLUMNS, MOST_FILTERS, MOST_SEARCHED = 8, 5, 6
_WORDS = (FieldType.SHORT_TEXT, FieldType.PHONE, FieldType.MAIL)
_RESULTS = (FieldType.COMPUTED, FieldType.ROLLUP)
_NUMBERS = (FieldType.NUMBER, FieldType.YEN)


class RecordListing:
    """A listing for one person and one app; nothing hidden is shown, sorted by, filtered by, searched or written out."""

    def __init__(self, app: App, definition: AppDefinition, sight: Sight, *, person: Person, today: date) -> None:
        self.app, self.definition, self.sight, self.person, self.today = app, definition, sight, person, today
        self.shapes = Shapes(app)
        self.fields = [one for one in definition.columns if one.key in sight.visible]
        self.shown: dict[int, dict[str, Any]] = {}
        searched = [one for one in self.fields if one.filterable and one.type in _WORDS][:MOST_SEARCHED]
        self.searched = {one.key for one in searched}
        self.listing = Listing(
            name=app.title,
            title=app.title,
            columns=tuple(self._columns()),
            filters=tuple(self._filters()),
            order=("-number",),
            empty_title="まだ記録がありません",
            empty_text="「記録を加える」から一件ずつ、または Excel・CSV からまとめて入れられます。",
        )

    def prepared(self, found: QuerySet[Record]) -> QuerySet[Record]:
        """The records with the cells of the fields that may be sorted by or searched at hand."""
        used = [one for one in self.fields if one.has_cell and (one.sortable or one.key in self.searched)]
        return found.select_related("app").alias(
            **{
                f"cell_{one.key}": FilteredRelation("cells", condition=Q(cells__key=one.key, cells__place=0))
                for one in used
            }
        )

    def prepare(self, records: Sequence[Record]) -> None:
        """Read values and names of the records of a page, in a few queries for all of them."""
        values = {one.pk: self.shapes.of(one, today=self.today).values for one in records}
        for pk, rolled in rolled_up(self.person, self.fields, records, today=self.today).items():
            values[pk] = {**values[pk], **rolled}
        names = names_for(self.person, self.definition, today=self.today, ids=ids_in(self.definition, values.values()))
        self.shown = {
            pk: {one.key: for_sheet(one, held.get(one.key), names) for one in self.fields}
            for pk, held in values.items()
        }

    def _columns(self) -> list[Column]:
        columns = [Column("no", "番号", "number", sort="number", url=_url, kind=Kind.TIGHT)]
        in_list = [one for one in self.fields if one.in_list][:MOST_COLUMNS]
        for one in self.fields:
            columns.append(
                Column(
                    f"f_{one.key}",
                    _head(one),
                    _value(self, one.key),
                    sort=_sort(one) if one.sortable and one.has_cell else (),
                    search=(Searched(f"cell_{one.key}__text"),) if one.key in self.searched else (),
                    kind=_kind(one),
                    url=_url if in_list and one is in_list[0] else None,
                    badge=_badge if one.type is FieldType.STATUS else None,
                    shown=one in in_list,
                )
            )
        columns.append(Column("changed", "最後の変更", "changed_at", sort="changed_at", kind=Kind.DATE, exported=False))
        return columns

    def _filters(self) -> list[Filter]:
        made = [self._filter(one) for one in self.fields if one.filterable]
        return [*self._door_filter(), *[one for one in made if one is not None][:MOST_FILTERS]]

    def _door_filter(self) -> list[Filter]:
        """By the door a record came through, where the app has one."""
        doors = list(Entrance.objects.filter(app=self.app).exclude(content={}))
        options = [(str(one.number), one.door.name[:40]) for one in doors]
        return [Filter("door", "届いた入口", options, "arrival__entrance__number")] if options else []

    def _filter(self, one: AppField) -> Filter | None:
        options: Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]]
        apply: Callable[[QuerySet[Any], str], QuerySet[Any]] = self._by_text(one)
        if one.type.has_choices:
            options = [(choice.key, choice.label) for choice in one.choices]
        elif one.type is FieldType.YES_NO:
            options = [("1", "はい"), ("0", "いいえ")]
            apply = self._by_number(one)
        elif one.type is FieldType.PERSON:
            options = lambda: sorted(staff_names(self.today).items(), key=lambda pair: pair[1])  # noqa: E731
        elif one.type is FieldType.SECTION:
            options = lambda: list(section_names(self.today).items())  # noqa: E731
        elif one.type is FieldType.DATE:
            options = list(_SPANS)
            apply = self._by_day(one)
        else:
            return None
        return Filter(f"f_{one.key}", one.label, options, apply)

    def _cells(self, one: AppField) -> QuerySet[Cell]:
        return Cell.objects.filter(app=self.app, key=one.key)

    def _by_text(self, one: AppField) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
        return lambda found, value: found.filter(pk__in=self._cells(one).filter(text=value).values("record"))

    def _by_number(self, one: AppField) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
        return lambda found, value: found.filter(pk__in=self._cells(one).filter(num=int(value)).values("record"))

    def _by_day(self, one: AppField) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
        def narrowed(found: QuerySet[Any], value: str) -> QuerySet[Any]:
            if value == "empty":
                return found.exclude(pk__in=self._cells(one).values("record"))
            first, last = _span(value, self.today)
            return found.filter(pk__in=self._cells(one).filter(day__gte=first, day__lte=last).values("record"))

        return narrowed


_SPANS = (
    ("today", "今日"),
    ("month", "今月"),
    ("last_month", "先月"),
    ("year", "今年度"),
    ("last_year", "昨年度"),
    ("past", "今日より前"),
    ("coming", "今日より後"),
    ("empty", "空欄"),
)


def _span(name: str, today: date) -> tuple[date, date]:
    """First and last day of a span."""
    first = today.replace(day=1)
    year = FiscalYear.of(today)
    spans = {
        "today": (today, today),
        "month": (first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
        "last_month": ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
        "year": (year.start, year.next.start - timedelta(days=1)),
        "last_year": (year.previous.start, year.start - timedelta(days=1)),
        "past": (date.min, today - timedelta(days=1)),
        "coming": (today + timedelta(days=1), date.max),
    }
    return spans[name]


def _value(shown: RecordListing, key: str) -> Callable[[Any], object]:
    return lambda record: shown.shown[record.pk].get(key)


def _url(record: Record) -> str:
    return reverse("office-app-record", args=[record.app.public_id, record.public_id])


def _badge(_record: Record) -> str:
    return ""


def _head(one: AppField) -> str:
    unit = "円" if one.type is FieldType.YEN else one.unit
    return f"{one.label}（{unit}）" if unit else one.label


def _kind(one: AppField) -> Kind:
    if one.type in _NUMBERS or (one.type in _RESULTS and column_of(one) == "num"):
        return Kind.NUMBER
    if column_of(one) == "day":
        return Kind.DATE
    return Kind.WIDE if one.type in (FieldType.LONG_TEXT, FieldType.ADDRESS) else Kind.TEXT


def _sort(one: AppField) -> Any:
    """Choices by the order in which they were written, everything else by its value."""
    path = f"cell_{one.key}__{column_of(one)}"
    if one.type.has_choices:
        places = [When(**{path: choice.key}, then=Value(place)) for place, choice in enumerate(one.choices)]
        return (Case(*places, default=Value(None), output_field=IntegerField()),)
    return (F(path),)
