"""Reads of the audit log."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotVisible, Person, Role
from yakuba.kernel.audit.models import AuditEvent, EventKind
from yakuba.kernel.things.api import Ref


def visible_to(person: Person) -> QuerySet[AuditEvent]:
    """Events a person may read: the auditor, IT and the secretariat all of them, others their own."""
    if person.has(Role.AUDITOR, Role.IT):
        return AuditEvent.objects.all()
    if person.is_signed_in:
        return AuditEvent.objects.filter(actor=person.id)
    return AuditEvent.objects.none()


def get_for(person: Person, event_id: int) -> AuditEvent:
    """One event; raises ``NotVisible``."""
    event = visible_to(person).filter(pk=event_id).first()
    if event is None:
        raise NotVisible
    return event


def readings_of(refs: Iterable[Ref], *, limit: int = 200) -> list[AuditEvent]:
    """Readings that touched any of ``refs``, newest first."""
    rows = (
        AuditEvent.objects.filter(kind=EventKind.VIEW, subject_rows__ref__in=[str(ref) for ref in refs])
        .order_by("-id")
        .distinct()
    )
    return list(rows[:limit])


def history_of(ref: Ref, *, limit: int = 100) -> list[AuditEvent]:
    """Everything that was done to or seen of one thing, newest first."""
    return list(AuditEvent.objects.filter(subject_rows__ref=str(ref)).order_by("-id")[:limit])


def last_write() -> int:
    """The number of the newest event that changed something; 0 when nothing was ever written.

    What was read at the same number is still as it was: every change of our tables is an event.
    """
    newest = AuditEvent.objects.filter(kind=EventKind.WRITE).order_by("-id").values_list("id", flat=True).first()
    return newest or 0
