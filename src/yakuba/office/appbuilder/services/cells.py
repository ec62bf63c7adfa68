"""The typed table, made from the JSON of records; called by verbs only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from yakuba.office.appbuilder.models import Cell, Record
from yakuba.office.appbuilder.rules.alike import CELL as ALIKE
from yakuba.office.appbuilder.rules.alike import alike_text
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.values import cells_of

_INSERT = (
    'INSERT INTO "appbuilder_cell" ("record_id", "app_id", "key", "place", "text", "num", "day", "unique_text", '
    '"deleted") VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)'
)


def unique_cells(record: Record, definition: AppDefinition) -> dict[str, str]:
    """What a record, not being deleted, holds in fields without duplicates: key → written value."""
    if record.deleted_at is not None:
        return {}
    return {
        one.key: cell.written
        for one in definition.celled
        if one.unique
        for cell in cells_of(one, record.values.get(one.key))
    }


def write_cells(records: Iterable[Record], definition: AppDefinition) -> None:
    """Store the cells of records that have none. Raises `IntegrityError` for a duplicate.

    Written row by row of plain values: making a model of each cell takes four times as long, and there are ten to a
    record.
    """
    rows = list(_rows(records, definition))
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)


def _rows(records: Iterable[Record], definition: AppDefinition) -> Iterator[tuple[Any, ...]]:
    as_number = Cell._meta.get_field("num").get_db_prep_save
    as_day = Cell._meta.get_field("day").get_db_prep_save
    fields = definition.celled
    for record in records:
        if (same := alike_text(definition, record.values)) is not None:
            yield record.pk, record.app_id, ALIKE, 0, same, None, None, None, record.deleted_at is not None
        for one in fields:
            for place, cell in enumerate(cells_of(one, record.values.get(one.key))):
                yield (
                    record.pk,
                    record.app_id,
                    one.key,
                    place,
                    cell.text,
                    None if cell.num is None else as_number(cell.num, connection),
                    None if cell.day is None else as_day(cell.day, connection),
                    cell.written if one.unique and record.deleted_at is None else None,
                    record.deleted_at is not None,
                )


def rewrite_cells(records: Iterable[Record], definition: AppDefinition) -> None:
    """Put the cells of records in the place of those they had. Raises `IntegrityError` for a duplicate."""
    known = list(records)
    Cell.objects.filter(record_id__in=[one.pk for one in known]).delete()
    write_cells(known, definition)


def put_aside(record: Record) -> None:
    """The cells of a record that was deleted: found by no list, in the way of no other value, still read by conditions."""
    Cell.objects.filter(record=record).update(unique_text=None, deleted=True)
