"""Organisations outside the town hall (外部の団体): entering and correcting them."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import OutsideOrganisation
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.services.words import words
from yakuba.kernel.values.api import Period, Refusal


@verb("organisation.admit_outside_organisation", label="外部の団体の登録")
def admit_outside_organisation(
    *, by: Person, name: str, kind: str, starts_on: date, ends_on: date | None = None
) -> OutsideOrganisation:
    """Enter an organisation with a seat or a task in the town hall. Raises ``Refusal`` for a name in use."""
    require_editor(by)
    return _store(OutsideOrganisation(), name, kind, starts_on, ends_on)


@verb("organisation.correct_outside_organisation", label="外部の団体の記録の訂正")
def correct_outside_organisation(
    *,
    by: Person,
    organisation: OutsideOrganisation,
    name: str,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
) -> OutsideOrganisation:
    """Correct an outside organisation, its end included."""
    require_editor(by)
    return _store(organisation, name, kind, starts_on, ends_on)


def _store(
    organisation: OutsideOrganisation, name: str, kind: str, starts_on: date, ends_on: date | None
) -> OutsideOrganisation:
    tidy = words(name, "名称", field="name", longest=100)
    if OutsideOrganisation.objects.filter(name=tidy).exclude(pk=organisation.pk).exists():
        raise Refusal(
            f"「{tidy}」はすでに登録されています。", field="name", hint="名称を確かめるか、今の登録を訂正してください。"
        )
    check_day(starts_on, field="starts_on", what="開始日")
    if ends_on is not None:
        check_day(ends_on, field="last_day", what="終わりの日")
    period = Period(starts_on, ends_on)
    organisation.name, organisation.kind = tidy, kind
    organisation.starts_on, organisation.ends_on = period.start, period.end
    organisation.save()
    return organisation
