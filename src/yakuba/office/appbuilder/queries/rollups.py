"""What records of other apps come to at a record, for the person who looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Max, Min, Q, QuerySet, Sum

from yakuba.kernel.access.api import NotVisible, Person
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import app_for, visible_apps, visible_records
from yakuba.office.appbuilder.models import App, Cell, Record
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType, Summary
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.rollup import Rollable, rollable, ways_of, written
from yakuba.office.appbuilder.rules.values import column_of

_IN_DATABASE = {Summary.SUM: Sum, Summary.MIN: Min, Summary.MAX: Max, Summary.AVG: Avg}


def rolls_for(person: Person, app: App, definition: AppDefinition | None = None) -> dict[str, Rollable]:
    """The apps whose records lead to this one and which the person sees; asked only if the definition rolls up at all."""
    if definition is not None and not any(one.type is FieldType.ROLLUP for one in definition.fields):
        return {}
    found: dict[str, Rollable] = {}
    for other, sight in visible_apps(person):
        version = next((one for one in other.versions.all() if one.state == "in_use"), None)
        source = rollable(version.content, sight.visible, app.public_id) if version and sight.see else None
        if source is not None:
            found[other.public_id] = source
    return found


def rolled_up(
    person: Person, fields: Sequence[AppField], records: Sequence[Record], *, today: date
) -> dict[int, dict[str, Any]]:
    """The roll-ups among some fields, for the records of a page: one grouped query a field, whatever the records.

    Only records and fields the person sees count. Without sight of the other app, of its lookup or of the field, there is
    no value at all; without a record that leads here, a count is 0.
    """
    asked = [one for one in fields if one.type is FieldType.ROLLUP]
    held: dict[int, dict[str, Any]] = {record.pk: {} for record in records}
    if not asked or not records:
        return held
    by_id = {record.public_id: record.pk for record in records}
    known: dict[str, _Source | None] = {}
    for one in asked:
        if one.app not in known:
            known[one.app] = _opened(person, one.app, today)
        source = known[one.app]
        found = source.summed(one, by_id) if source is not None else None
        if found is not None:
            for public_id, pk in by_id.items():
                value = found.get(public_id, 0 if one.how is Summary.COUNT else None)
                held[pk][one.key] = written(one, value)
    return held


def with_rollups(
    person: Person, fields: Sequence[AppField], record: Record, values: Mapping[str, Any], *, today: date
) -> dict[str, Any]:
    """The values of one record with its roll-ups."""
    return {**values, **rolled_up(person, fields, [record], today=today)[record.pk]}


class _Source:
    """Another app as one person sees it."""

    def __init__(self, app: App, definition: AppDefinition, sight: Sight, records: QuerySet[Record]) -> None:
        self.app, self.definition, self.sight, self.records = app, definition, sight, records

    def summed(self, one: AppField, ids: Mapping[str, int]) -> dict[str, Any] | None:
        """Result by public id of the record looked up; None when something of it is hidden or gone."""
        via = self._seen(one.via)
        if via is None or via.type is not FieldType.LOOKUP:
            return None
        leading = Cell.objects.filter(app=self.app, key=via.key, place=0, text__in=list(ids), deleted=False)
        grouped = leading.filter(record__in=self.records.values("pk")).order_by().values("text")
        if one.how is Summary.COUNT:
            return {
                str(text): count for text, count in grouped.annotate(result=Count("pk")).values_list("text", "result")
            }
        of = self._seen(one.of)
        if of is None or one.how not in ways_of(of):
            return None
        same = Q(record__cells__key=of.key, record__cells__place=0)
        result = _IN_DATABASE[one.how](f"record__cells__{column_of(of)}", filter=same)
        return {str(text): found for text, found in grouped.annotate(result=result).values_list("text", "result")}

    def _seen(self, key: str) -> AppField | None:
        one = self.definition.field(key)
        return one if one is not None and one.has_cell and key in self.sight.visible else None


def _opened(person: Person, public_id: str, today: date) -> _Source | None:
    try:
        app, definition, sight = app_for(person, public_id)
        return _Source(app, definition, sight, visible_records(person, app, definition, sight, today=today))
    except (NotVisible, Refusal):
        return None
