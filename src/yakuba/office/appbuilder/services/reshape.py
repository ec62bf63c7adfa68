"""Bringing records into the shape of the version in use, chunk by chunk."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock
from yakuba.office.appbuilder.models import Act, App, Cell, ImportBatch, Record, RecordHistory
from yakuba.office.appbuilder.queries.names import section_names, staff_names
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.values import Names, in_words
from yakuba.office.appbuilder.services.cells import rewrite_cells, unique_cells, write_cells

CHUNK = 100


@verb("appbuilder.reshape_chunk", label="項目の変更を記録に反映")
def reshape_chunk(*, by: Person, app: App, clock: Clock) -> int:
    """Reshape some records; returns how many. 0 when all are in the shape in use.

    What changes is written to the history. A value that is a duplicate under a new "no duplicates" is kept beside the
    field, like one that cannot be converted.
    """
    shapes = Shapes(app)
    number = shapes.number
    waiting = Record.objects.select_for_update().filter(app=app, shape__lt=number)
    unfinished = ImportBatch.objects.filter(app=app, finished_at__isnull=True).values_list("pk", flat=True)
    some = list(waiting.exclude(batch_id__in=list(unfinished)).order_by("pk")[:CHUNK])
    if not some:
        return 0
    names = Names(staff=staff_names(), sections=section_names())
    past: list[RecordHistory] = []
    for record in some:
        new = shapes.of(record, today=clock.today(), names=names)
        before = record.values
        record.values, record.kept, record.shape = new.values, new.kept, number
        changed = [key for key in {*before, *new.values} if before.get(key) != new.values.get(key)]
        if changed:
            record.version += 1
            past.append(
                RecordHistory(
                    record=record,
                    version=record.version,
                    shape=number,
                    act=Act.RESHAPED,
                    before={key: before.get(key) for key in changed},
                    after={key: new.values.get(key) for key in changed},
                    by=by.id,
                    by_name=by.name,
                    at=clock.now(),
                )
            )
    try:
        with transaction.atomic():
            rewrite_cells(some, shapes.definition)
    except IntegrityError:
        _one_by_one(some, shapes.definition, names)
    Record.objects.bulk_update(some, ["values", "kept", "shape", "version"], batch_size=CHUNK)
    RecordHistory.objects.bulk_create(past)
    return len(some)


def _one_by_one(records: list[Record], definition: AppDefinition, names: Names) -> None:
    """Store cells record by record; a duplicate loses its place in the field and is kept beside it."""
    Cell.objects.filter(record__in=records).delete()
    for record in records:
        for key, written in unique_cells(record, definition).items():
            one = definition.field(key)
            if one is not None and Cell.objects.filter(app=record.app_id, key=key, unique_text=written).exists():
                value = record.values.pop(one.key)
                record.kept[one.key] = {
                    "field": one.model_dump(mode="json", exclude_defaults=True),
                    "value": value,
                    "words": in_words(one, value, names),
                    "reason": "duplicate",
                }
        write_cells([record], definition)
