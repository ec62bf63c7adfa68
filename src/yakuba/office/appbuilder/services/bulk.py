"""Many records changed or deleted at once, each under the same rules as alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.services.records import change_one, delete_one, opened

CHUNK = 10
"""Records of one transaction: short enough that nobody waits for it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record: it changed, it was so already, or `reason` says why it could not be changed."""

    record: Record
    changed: bool
    reason: str = ""


@verb("appbuilder.change_records", label="アプリの記録をまとめて変更")
def change_records(
    *, by: Person, app: App, records: Sequence[tuple[Record, int]], values: Mapping[str, Any], clock: Clock
) -> list[Outcome]:
    """Give some records, at most `CHUNK`, the same values; with each record the version the person saw.

    Nothing is undone for the others when one cannot be changed: its outcome says why.
    """
    shapes, _, sight = opened(by, app)
    return [
        _tried(record, partial(change_one, by, record, shapes, sight, values, version, clock))
        for record, version in _few(records)
    ]


@verb("appbuilder.delete_records", label="アプリの記録をまとめて削除")
def delete_records(*, by: Person, app: App, records: Sequence[tuple[Record, int]], clock: Clock) -> list[Outcome]:
    """Delete some records, at most `CHUNK`; each can be restored."""
    shapes, _, sight = opened(by, app)
    return [
        _tried(record, partial(delete_one, by, record, shapes, sight, version, clock))
        for record, version in _few(records)
    ]


def _few(records: Sequence[tuple[Record, int]]) -> Sequence[tuple[Record, int]]:
    if len(records) > CHUNK:
        raise ValueError(f"more than {CHUNK} records in one transaction")
    return records


def _tried(record: Record, act: Callable[[], Record]) -> Outcome:
    before = record.version
    try:
        with transaction.atomic():
            return Outcome(record, act().version != before)
    except NotVisible:
        return Outcome(record, False, "ほかの人が削除したか、見えなくなりました。")
    except NotAllowed as refusal:
        return Outcome(record, False, str(refusal))
    except Refusal as refusal:
        return Outcome(record, False, f"{refusal.message}{refusal.hint or ''}")
