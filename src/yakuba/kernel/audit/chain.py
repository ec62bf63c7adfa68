"""The chain over the audit log: sealing and verifying."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from yakuba.kernel.audit.context import writing
from yakuba.kernel.audit.digests import keyed
from yakuba.kernel.audit.models import AuditEvent, AuditLink, AuditSubject

GENESIS = "0" * 64
#: Row numbers are given before commit, so a slow transaction may appear behind the last sealed number.
TRAILING_NUMBERS = 20_000
_ADVISORY_LOCK = 7421701
_FIELDS = (
    "id", "at", "kind", "verb", "actor", "actor_kind", "capacity", "face", "request_id", "subjects", "count", "digest",
    "is_withheld",
)  # fmt: skip


def link_value(before: str, event: Mapping[str, Any], sealed_at: datetime) -> str:
    """The chain value of an event (a mapping of its columns), sealed then, that follows the link value ``before``."""
    content = {
        name: event[name].astimezone(UTC).isoformat() if isinstance(event[name], datetime) else event[name]
        for name in _FIELDS
    }
    sealed = sealed_at.astimezone(UTC).isoformat()
    return keyed((before + sealed + json.dumps(content, ensure_ascii=False, sort_keys=True)).encode())


def seal_new_events(*, now: datetime, limit: int = 500) -> int:
    """Chain events that have no link yet, at most ``limit``; returns how many. One sealer at a time."""
    with transaction.atomic(), writing("audit.seal"):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        last = AuditLink.objects.order_by("-position").first()
        newest = AuditLink.objects.aggregate(newest=Max("event_id"))["newest"] or 0
        low = max(0, newest - TRAILING_NUMBERS)
        sealed = AuditLink.objects.filter(event_id__gt=low).values("event_id")
        events = AuditEvent.objects.filter(id__gt=low).exclude(id__in=sealed).order_by("id").values(*_FIELDS)[:limit]
        position, value = (last.position, last.value) if last else (0, GENESIS)
        links = []
        for event in events:
            position += 1
            value = link_value(value, event, now)
            links.append(AuditLink(position=position, event_id=event["id"], value=value, sealed_at=now))
        AuditLink.objects.bulk_create(links)
    return len(links)


@dataclass(frozen=True)
class ChainFault:
    """One place where the log is not what was sealed. ``reason`` is Japanese, for the auditor."""

    position: int
    event_id: int | None
    reason: str


@dataclass(frozen=True)
class ChainReport:
    """Result of verifying: links checked, faults, events not yet sealed (count, oldest), the head."""

    checked: int
    faults: tuple[ChainFault, ...]
    unsealed: int
    unsealed_since: datetime | None
    head_position: int
    head_value: str

    @property
    def is_intact(self) -> bool:
        return not self.faults


def _links(chunk: int = 2000) -> Iterator[AuditLink]:
    after = 0
    while True:
        page = list(AuditLink.objects.filter(position__gt=after).order_by("position")[:chunk])
        if not page:
            return
        yield from page
        after = page[-1].position


def verify_chain(*, heads: Mapping[int, str] | None = None) -> ChainReport:
    """Recompute the whole chain. ``heads`` are positions and values that left the machine earlier."""
    faults: list[ChainFault] = []
    expected, value, checked = 0, GENESIS, 0
    known_heads = dict(heads or {})
    buffer: list[AuditLink] = []

    def check(links: list[AuditLink]) -> None:
        nonlocal expected, value, checked
        events = {
            event["id"]: event
            for event in AuditEvent.objects.filter(id__in=[link.event_id for link in links]).values(*_FIELDS)
        }
        subjects: dict[int, list[str]] = {}
        for event_id, ref in AuditSubject.objects.filter(event_id__in=list(events)).values_list("event_id", "ref"):
            subjects.setdefault(event_id, []).append(ref)
        for link in links:
            expected += 1
            if link.position != expected:
                faults.append(ChainFault(expected, None, f"{expected}番から{link.position - 1}番の封印が消えています"))
                expected = link.position
                value = ""
            event = events.get(link.event_id)
            if event is None:
                faults.append(ChainFault(link.position, link.event_id, "監査記録が消えています"))
            elif value != "" and link_value(value, event, link.sealed_at) != link.value:
                faults.append(ChainFault(link.position, link.event_id, "監査記録または封印が書き換えられています"))
            elif sorted(subjects.get(link.event_id, [])) != sorted(event["subjects"]):
                faults.append(ChainFault(link.position, link.event_id, "対象の索引が監査記録と一致しません"))
            if link.position in known_heads and known_heads[link.position] != link.value:
                faults.append(ChainFault(link.position, link.event_id, "外に控えた連鎖値と一致しません"))
            value = link.value
            checked += 1

    for link in _links():
        buffer.append(link)
        if len(buffer) == 2000:
            check(buffer)
            buffer = []
    check(buffer)
    beyond = [position for position in known_heads if position > expected]
    if beyond:
        faults.append(ChainFault(max(beyond), None, f"外に控えた{max(beyond)}番までの封印が、ここにはありません"))
    loose = AuditEvent.objects.exclude(id__in=AuditLink.objects.values("event_id"))
    first = loose.order_by("at").first()
    return ChainReport(
        checked=checked,
        faults=tuple(faults),
        unsealed=loose.count(),
        unsealed_since=first.at if first else None,
        head_position=expected,
        head_value=value if expected else GENESIS,
    )


def unsealed_since() -> datetime | None:
    """When the oldest event without a seal happened; ``None`` when the sealer has caught up."""
    newest = AuditLink.objects.aggregate(newest=Max("event_id"))["newest"] or 0
    low = max(0, newest - TRAILING_NUMBERS)
    sealed = AuditLink.objects.filter(event_id__gt=low).values("event_id")
    oldest = AuditEvent.objects.filter(id__gt=low).exclude(id__in=sealed).order_by("id").first()
    return oldest.at if oldest else None
