"""Records that are probably the same thing written twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import visible_records
from yakuba.office.appbuilder.models import App, Cell, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.alike import CELL, alike_by, alike_text
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField
from yakuba.office.appbuilder.rules.permissions import Sight

MOST_COMPARED, MOST_GROUPS, MOST_IN_GROUP, MOST_HINTED = 20_000, 50, 10, 5


@dataclass(frozen=True)
class Alike:
    """Groups of records that are alike, those with the newest record first, and how many records were looked at."""

    groups: list[list[Record]]
    count: int
    compared: int
    left_out: bool


def groups_alike(found: QuerySet[Record], fields: Sequence[AppField], shapes: Shapes, *, today: date) -> Alike:
    """Compare the newest records of a queryset by some fields."""
    by_words: dict[tuple[str, ...], list[int]] = {}
    some = found.order_by("-number").only("pk", "values", "kept", "shape")[: MOST_COMPARED + 1]
    looked = 0
    for record in some.iterator(chunk_size=2000):
        looked += 1
        if looked > MOST_COMPARED:
            break
        values = record.values if record.shape == shapes.number else shapes.of(record, today=today).values
        if words := alike_by(fields, values):
            by_words.setdefault(words, []).append(record.pk)
    several = [pks for pks in by_words.values() if len(pks) > 1]
    shown = [pks[:MOST_IN_GROUP] for pks in several[:MOST_GROUPS]]
    wanted = [pk for pks in shown for pk in pks]
    records = {one.pk: one for one in Record.objects.filter(pk__in=wanted).select_related("app")}
    groups = [[records[pk] for pk in pks] for pks in shown]
    return Alike(groups, len(several), min(looked, MOST_COMPARED), looked > MOST_COMPARED)


def alike_to(
    person: Person, app: App, definition: AppDefinition, sight: Sight, values: Mapping[str, Any], *, today: date
) -> list[Record]:
    """The newest records like one that is about to be made, as far as the person sees them and what makes them alike."""
    same = alike_text(definition, values)
    if same is None or not sight.see or not set(definition.alike) <= sight.visible:
        return []
    cells = Cell.objects.filter(app=app, key=CELL, text=same, deleted=False).values("record")
    try:
        found = visible_records(person, app, definition, sight, today=today).filter(pk__in=cells)
        return list(found.select_related("app").order_by("-number")[:MOST_HINTED])
    except Refusal:  # a condition of the group that can no longer be asked: the list says so, adding goes on
        return []
