"""Writing a description into the row and its editions; used by every verb that changes one."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.catalogue.models import Procedure, ProcedureEdition, ProcedureEvent, Source
from yakuba.kernel.catalogue.models.acted import acting
from yakuba.kernel.catalogue.queries.delivery import section_roles
from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.delivery import section_for
from yakuba.kernel.catalogue.rules.missing import missing_in
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.search.api import put
from yakuba.kernel.values.api import Clock


def write_content(
    procedure: Procedure, content: ProcedureContent, *, by: Person, source: Source, note: str, clock: Clock
) -> None:
    """Make a description the newest edition of a procedure (new or locked) and save both."""
    is_new = procedure.pk is None
    procedure.values = content.to_dict()
    procedure.key, procedure.number = content.key, content.number
    procedure.title_ja = content.title.ja[:200]
    procedure.kind = content.kind.value
    if procedure.section_role != content.section:
        procedure.section_role = content.section
        if procedure.section_id is None:
            procedure.section_id = section_of_role(content.section, clock.today())
    procedure.authority = Authority.objects.filter(code=content.authority).first()
    procedure.identity, procedure.signature = content.identity.value, content.signature.value
    procedure.standard_days, procedure.retention_years = content.standard_days, content.retention_years
    lacks = missing_in(content)
    procedure.missing, procedure.missing_count = [one.key for one in lacks], len(lacks)
    procedure.edition = 1 if is_new else procedure.edition + 1
    procedure.acted_at = clock.now()
    for name, value in acting(by).items():
        setattr(procedure, name, value)
    procedure.save()
    _write_events(procedure, content)
    put(procedure)
    ProcedureEdition.objects.create(
        procedure=procedure,
        number=procedure.edition,
        values=procedure.values,
        source=source,
        note=note.strip()[:400],
        acted_at=clock.now(),
        **acting(by),
    )


def section_of_role(role: str, today: date) -> int | None:
    """The section of today's town hall that has a role, by its name or its duties; `None` when nothing fits."""
    known = section_roles().get(role)
    if known is None:
        return None
    rows = [
        (one.pk, one.name, one.duties, one.kind in ("unit", "facility"))
        for one in sections_on(today).order_by("order", "code")
    ]
    return section_for(known, rows)


def _write_events(procedure: Procedure, content: ProcedureContent) -> None:
    kept = list(procedure.events.order_by("position").values_list("event", flat=True))
    if kept == list(content.events):
        return
    procedure.events.all().delete()
    ProcedureEvent.objects.bulk_create(
        ProcedureEvent(procedure=procedure, event=event, position=position)
        for position, event in enumerate(content.events)
    )
