"""A whole import, chunk by chunk: all rows, or none. Not a verb itself; each chunk is one."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.models import App, ImportBatch
from yakuba.office.appbuilder.services.imports import CHUNK, begin_import, drop_import, finish_import, import_chunk


def bring_in(*, by: Person, app: App, filename: str, rows: list[dict[str, Any]], clock: Clock) -> ImportBatch:
    """Import rows that were read without a fault. Raises `Refusal` when one became a duplicate meanwhile."""
    batch = begin_import(by=by, app=app, filename=filename, clock=clock)
    try:
        for start in range(0, len(rows), CHUNK):
            import_chunk(by=by, batch=batch, rows=rows[start : start + CHUNK], clock=clock)
    except Exception as fault:
        while drop_import(by=by, batch=batch):
            pass
        if isinstance(fault, IntegrityError):
            raise Refusal(
                "取り込む間に、ほかの人が同じ値の記録を加えました。何も取り込んでいません。",
                hint="もう一度取り込むと、重なった行を示します。",
            ) from None
        raise
    return finish_import(by=by, batch=batch, clock=clock)
