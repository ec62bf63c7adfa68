"""The typed table, made from the JSON of records; called by verbs only."""

from __future__ import annotations

from collections.abc import Iterable

from yakuba.office.appbuilder.models import Cell, Record
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.values import cells_of


def cells_for(record: Record, definition: AppDefinition) -> list[Cell]:
    """The cells a record shall have, not yet stored."""
    return [
        Cell(
            record_id=record.pk,
            app_id=record.app_id,
            key=one.key,
            place=place,
            text=cell.text,
            num=cell.num,
            day=cell.day,
            unique_text=cell.written if one.unique and record.deleted_at is None else None,
        )
        for one in definition.celled
        for place, cell in enumerate(cells_of(one, record.values.get(one.key)))
    ]


def rewrite_cells(records: Iterable[Record], definition: AppDefinition) -> None:
    """Put the cells of records in the place of those they had. Raises `IntegrityError` for a duplicate."""
    known = list(records)
    Cell.objects.filter(record_id__in=[one.pk for one in known]).delete()
    Cell.objects.bulk_create([cell for one in known for cell in cells_for(one, definition)], batch_size=500)
