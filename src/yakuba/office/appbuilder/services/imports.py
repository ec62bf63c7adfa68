"""Rows of a sheet becoming records: written in chunks, seen by nobody before the last one is in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.db.models import F

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.models import ALPHABET, PUBLIC_ID_LENGTH
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import sight_for
from yakuba.office.appbuilder.models import App, Cell, ImportBatch, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.check import in_order
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.reshaping import with_computed
from yakuba.office.appbuilder.services.cells import write_cells
from yakuba.office.appbuilder.services.define import RESHAPE, main_section

CHUNK = 250
"""Rows of one transaction: short enough that nobody waits for it."""


@verb("appbuilder.begin_import", label="アプリへの取込みの開始")
def begin_import(*, by: Person, app: App, filename: str, clock: Clock) -> ImportBatch:
    """Open an import. Who imports must manage the app: rows are written whatever the columns of a group."""
    app.refresh_from_db()
    definition = Shapes(app).definition
    if app.closed_at is not None or not sight_for(by, app, definition).manage:
        raise NotAllowed("取り込めるのは、このアプリを管理する人です。")
    return ImportBatch.objects.create(
        app=app, filename=filename[:160], made_by=by.id, made_by_name=by.name, started_at=clock.now()
    )


@verb("appbuilder.import_chunk", label="アプリへの取込み（一部）")
def import_chunk(*, by: Person, batch: ImportBatch, rows: Sequence[dict[str, Any]], clock: Clock) -> int:
    """Write some rows, at most `CHUNK`; each is a record's values, already read and checked. Returns how many.

    Raises `IntegrityError` when a unique value was taken since it was checked; the import is then dropped as a whole.
    """
    if batch.made_by != by.id:
        raise NotAllowed("取込みを続けられるのは、始めた人です。")
    if batch.finished_at is not None or len(rows) > CHUNK:
        raise Refusal("取込みはすでに終わっているか、一度に書く行が多すぎます。")
    app = batch.app
    shapes = Shapes(app)
    definition = shapes.definition
    section = main_section(by, clock.today())
    App.objects.filter(pk=app.pk).update(next_number=F("next_number") + len(rows))
    first = App.objects.values_list("next_number", flat=True).get(pk=app.pk) - len(rows)
    records = _records(batch, definition, rows, first, shapes.number, section, by, clock)
    Record.objects.bulk_create(records)
    write_cells(records, definition)
    ImportBatch.objects.filter(pk=batch.pk).update(rows=F("rows") + len(rows))
    return len(rows)


def _records(
    batch: ImportBatch,
    definition: AppDefinition,
    rows: Sequence[dict[str, Any]],
    first: int,
    shape: int,
    section: Section | None,
    by: Person,
    clock: Clock,
) -> list[Record]:
    now, today = clock.now(), clock.today()
    numbered = next((one.key for one in definition.fields if one.type is FieldType.AUTO_NUMBER), None)
    order = in_order(definition)
    process = definition.process
    made: list[Record] = []
    for number, row in enumerate(rows, start=first):
        values = {key: value for key, value in row.items() if value is not None}
        if process is not None:
            values[process.field] = process.start
        if numbered:
            values[numbered] = number
        made.append(
            Record(
                app_id=batch.app_id,
                public_id=_public_id(),
                number=number,
                values=with_computed(values, definition, today, order=order) if order else values,
                shape=shape,
                made_by=by.id,
                made_by_name=by.name,
                section=section,
                made_at=now,
                changed_by_name=by.name,
                changed_at=now,
                batch=batch,
            )
        )
    return made


def _public_id() -> str:
    """As `new_public_id`: 80 random bits, asked of the system in one go, which counts over thousands of rows."""
    return "".join(ALPHABET[byte % 32] for byte in secrets.token_bytes(PUBLIC_ID_LENGTH))


@verb("appbuilder.finish_import", label="アプリへの取込みの完了")
def finish_import(*, by: Person, batch: ImportBatch, clock: Clock) -> ImportBatch:
    """From now on everybody who may sees the rows, all at once."""
    batch.refresh_from_db()
    if batch.finished_at is None:
        batch.finished_at = clock.now()
        batch.save(update_fields=["finished_at"])
        # A version published in the meantime has left these rows alone.
        if Record.objects.filter(batch=batch, shape__lt=Shapes(batch.app).number).exists():
            enqueue(RESHAPE, key=f"{RESHAPE}:{batch.public_id}", app=batch.app.public_id)
    return batch


@verb("appbuilder.drop_import", label="取込みの取消し")
def drop_import(*, by: Person, batch: ImportBatch) -> int:
    """Take some rows of an unfinished import out again; returns how many, 0 when none is left and it is gone.

    Only who began it may, and the system for imports left behind.
    """
    batch.refresh_from_db()
    if by.kind is not PersonKind.SYSTEM and batch.made_by != by.id:
        raise NotAllowed("取込みを取り消せるのは、始めた人です。")
    if batch.finished_at is not None:
        raise Refusal("取込みはすでに終わっています。", hint="要らない記録は、一覧から削除してください。")
    some = list(Record.objects.filter(batch=batch).values_list("pk", flat=True)[: 4 * CHUNK])
    if not some:
        batch.delete()
        return 0
    Cell.objects.filter(record_id__in=some).delete()
    Record.objects.filter(pk__in=some).delete()
    return len(some)
