"""The list of an app's records: columns, filters, sorting and files, by what one person sees of the definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Range
from yakuba.office.appbuilder.models import App, Entrance, Record
from yakuba.office.appbuilder.queries.names import ids_in, names_for, section_names, staff_names
from yakuba.office.appbuilder.queries.rollups import rolled_up
from yakuba.office.appbuilder.queries.scope import Scope, between, condition_of
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.spans import SPANS
from yakuba.office.appbuilder.rules.values import column_of, for_sheet
from yakuba.office.appbuilder.rules.view_check import is_amount, is_day, is_yes_no
from yakuba.office.appbuilder.rules.views import AppView, FieldTest, Test

MOST_COLUMNS, MOST_FILTERS, MOST_SEARCHED, MOST_RANGES = 8, 5, 6, 4
_WORDS = (FieldType.SHORT_TEXT, FieldType.PHONE, FieldType.MAIL)
_RESULTS = (FieldType.COMPUTED, FieldType.ROLLUP)
_NUMBERS = (FieldType.NUMBER, FieldType.YEN)


class RecordListing:
    """A listing for one person and one app; nothing hidden is shown, sorted by, filtered by, searched or written out.

    `view` (as the person sees it) says which columns stand in the list.
    """

    def __init__(
        self,
        app: App,
        definition: AppDefinition,
        sight: Sight,
        *,
        person: Person,
        today: date,
        view: AppView | None = None,
    ) -> None:
        self.app, self.definition, self.sight, self.person, self.today = app, definition, sight, person, today
        self.shapes = Shapes(app)
        self.fields = [one for one in definition.columns if one.key in sight.visible]
        self.shown: dict[int, dict[str, Any]] = {}
        searched = [one for one in self.fields if one.filterable and one.type in _WORDS][:MOST_SEARCHED]
        self.searched = tuple(one.key for one in searched)
        self.in_list = self._in_list(view)
        self.listing = Listing(
            name=app.title,
            title=view.name if view is not None else app.title,
            columns=tuple(self._columns()),
            filters=tuple(self._filters()),
            ranges=tuple(self._ranges()),
            order=("-number",),
            keep=("all", "group"),
            empty_title="まだ記録がありません",
            empty_text="「記録を加える」から一件ずつ、または Excel・CSV からまとめて入れられます。",
            as_json=True,
        )

    def source(self, scope: Scope) -> Scope:
        """The records of a scope as the listing reads them: searched in what the person sees only."""
        return scope.searched_in(self.searched)

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

    def narrows(self, one: AppField) -> bool:
        """Whether the list has a choice for the values of a field."""
        return any(each.key == f"f_{one.key}" for each in self.listing.filters)

    def reaches(self, one: AppField) -> bool:
        """Whether the list has a range for a field."""
        return any(each.key == f"f_{one.key}" for each in self.listing.ranges)

    def _in_list(self, view: AppView | None) -> list[AppField]:
        if view is not None and view.columns:
            known = {one.key: one for one in self.fields}
            return [known[key] for key in view.columns if key in known]
        return [one for one in self.fields if one.in_list][:MOST_COLUMNS]

    def _columns(self) -> list[Column]:
        columns = [Column("no", "番号", "number", sort="number", url=_url, kind=Kind.TIGHT)]
        rest = [one for one in self.fields if one not in self.in_list]
        for one in [*self.in_list, *rest]:
            columns.append(
                Column(
                    f"f_{one.key}",
                    _head(one),
                    _value(self, one.key),
                    sort=one.key if one.sortable and one.has_cell else (),
                    search=("text",) if one.key in self.searched else (),
                    kind=_kind(one),
                    url=_url if one in self.in_list[:1] else None,
                    badge=_badge if one.type is FieldType.STATUS else None,
                    shown=one in self.in_list,
                )
            )
        columns.append(Column("changed", "最後の変更", "changed_at", sort="changed_at", kind=Kind.DATE, exported=False))
        return columns

    def _filters(self) -> list[Filter]:
        made = [self._filter(one) for one in self.fields if one.filterable and one.has_cell]
        return [*self._door_filter(), *[one for one in made if one is not None][:MOST_FILTERS]]

    def _door_filter(self) -> list[Filter]:
        """By the door a record came through, where the app has one."""
        doors = list(Entrance.objects.filter(app=self.app).exclude(content={}))
        options = [(str(one.number), one.door.name[:40]) for one in doors]
        return [Filter("door", "届いた入口", options, _through_door)] if options else []

    def _ranges(self) -> list[Range]:
        reached = [one for one in self.fields if one.filterable and one.has_cell and (is_amount(one) or is_day(one))]
        return [
            Range(f"f_{one.key}", _head(one), Kind.DATE if is_day(one) else Kind.NUMBER, _reach(one))
            for one in reached[:MOST_RANGES]
        ]

    def _filter(self, one: AppField) -> Filter | None:
        options: Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]]
        if one.type.has_choices:
            options = [(choice.key, choice.label) for choice in one.choices]
        elif is_yes_no(one):
            options = [("1", "はい"), ("0", "いいえ")]
        elif one.type is FieldType.PERSON:
            options = lambda: sorted(staff_names(self.today).items(), key=lambda pair: pair[1])  # noqa: E731
        elif one.type is FieldType.SECTION:
            options = lambda: list(section_names(self.today).items())  # noqa: E731
        elif is_day(one):
            options = [*SPANS.items(), ("empty", "空欄")]
        else:
            return None
        return Filter(f"f_{one.key}", one.label, options, self._narrow(one))

    def _narrow(self, one: AppField) -> Callable[[Any, str], Any]:
        def narrowed(scope: Scope, value: str) -> Scope:
            if is_day(one):
                test = FieldTest(field=one.key, test=Test.EMPTY) if value == "empty" else None
                asked = test or FieldTest(field=one.key, test=Test.SPAN, values=(value,))
            else:
                asked = FieldTest(field=one.key, test=Test.IS, values=(value,))
            return scope.where(condition_of(one, asked, today=self.today, me=""))

        return narrowed


def _through_door(scope: Scope, value: str) -> Scope:
    return scope.among(Q(arrival__entrance__number=value))


def _reach(one: AppField) -> Callable[[Any, Any, Any], Any]:
    def reached(scope: Scope, low: Any, high: Any) -> Scope:
        return scope.where(between(one, low, high))

    return reached


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
