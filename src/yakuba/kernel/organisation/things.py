"""What the house knows of sections, posts and people when something points at them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.organisation.access import sees_records
from yakuba.kernel.organisation.models import (
    Authority,
    Deputy,
    OutsideOrganisation,
    Post,
    Posting,
    RoleGrant,
    Section,
    Staff,
)
from yakuba.kernel.things.api import describe


def _has_office_seat(person: Person, thing: Any) -> bool:
    return person.kind in (PersonKind.STAFF, PersonKind.OUTSIDE, PersonKind.SYSTEM)


def _keeps_records(person: Person, thing: Any) -> bool:
    return sees_records(person)


def _staff_url(staff: Staff) -> str:
    return reverse("organisation-person", args=[staff.public_id])


def _structure_url(thing: Any) -> str:
    return reverse("organisation-structure")


describe(
    kind="organisation.section",
    label="所属",
    model=Section,
    title=str,
    url=lambda section: reverse("organisation-section", args=[section.public_id]),
    gate=_has_office_seat,
    snapshot=lambda section: [section.code, section.name, section.starts_on.isoformat()],
)
describe(
    kind="organisation.staff",
    label="職員",
    model=Staff,
    title=lambda staff: staff.name,
    url=_staff_url,
    gate=_has_office_seat,
    snapshot=lambda staff: [staff.number, staff.name],
)
describe(
    kind="organisation.posting",
    label="発令",
    model=Posting,
    title=lambda posting: f"{posting.staff.name}（{posting}）",
    url=lambda posting: _staff_url(posting.staff),
    gate=_keeps_records,
)
describe(
    kind="organisation.role",
    label="権限の任命",
    model=RoleGrant,
    title=lambda grant: f"{grant.staff.name}（{grant}）",
    url=lambda grant: _staff_url(grant.staff),
    gate=_keeps_records,
)
describe(
    kind="organisation.deputy",
    label="代決者の指定",
    model=Deputy,
    title=lambda deputy: f"{deputy.staff.name}の代決者",
    url=lambda deputy: _staff_url(deputy.staff),
    gate=_keeps_records,
)
describe(
    kind="organisation.authority",
    label="執行機関",
    model=Authority,
    title=str,
    url=_structure_url,
    gate=_has_office_seat,
)
describe(kind="organisation.post", label="職", model=Post, title=str, url=_structure_url, gate=_has_office_seat)
describe(
    kind="organisation.outside",
    label="外部の団体",
    model=OutsideOrganisation,
    title=str,
    url=_structure_url,
    gate=_has_office_seat,
)
