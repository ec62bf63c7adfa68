"""Keeping and settling faults."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import TracebackType

from django.db import transaction
from django.db.models import F

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import unaudited_writes, verb
from yakuba.kernel.operations.models import ErrorEntry
from yakuba.kernel.values.api import Refusal, SystemClock


def keep_fault(*, exception: BaseException, route: str, request_id: str) -> None:
    """Count a fault in the error book. Only the exception's class and places are kept, never its text."""
    places = _places(exception.__traceback__)
    name = type(exception).__name__
    fingerprint = hashlib.sha256(f"{name}|{route}|{places[-1] if places else ''}".encode()).hexdigest()
    now = SystemClock().now()
    with transaction.atomic(), unaudited_writes("error book"):
        entry, is_new = ErrorEntry.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={
                "exception": name[:120],
                "route": route[:200],
                "where": places[-8:],
                "first_at": now,
                "last_at": now,
                "last_request_id": request_id,
            },
        )
        if not is_new:
            ErrorEntry.objects.filter(pk=entry.pk).update(
                count=F("count") + 1, last_at=now, last_request_id=request_id, is_settled=False
            )


@verb("operations.settle_fault", label="不具合を対応済みにする")
def settle_fault(*, by: Person, entry: ErrorEntry, note: str) -> ErrorEntry:
    """Mark a fault as settled, saying how; it opens again when it happens again."""
    if not note.strip():
        raise Refusal("対応の内容が空です。", field="note", hint="何をして直したかを一文で書いてください。")
    entry.is_settled = True
    entry.note = note.strip()[:400]
    entry.save(update_fields=["is_settled", "note"])
    return entry


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        module = "/".join(path.parts[-3:])
        places.append(f"{module}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places
