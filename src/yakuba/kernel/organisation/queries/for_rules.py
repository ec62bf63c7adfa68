"""The stored organisation as its rules see it."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.organisation.models import Posting, RoleGrant, Section, Staff
from yakuba.kernel.organisation.models.validity import valid_on
from yakuba.kernel.organisation.rules.appointments import INDISPENSABLE
from yakuba.kernel.organisation.rules.postings import HeldPosting
from yakuba.kernel.organisation.rules.sections import StandingSection
from yakuba.kernel.values.api import Period


def service_of(staff: Staff) -> Period:
    """The period of service of a person."""
    return Period(staff.joined_on, staff.leaves_on)


def held_postings(staff: Staff) -> list[HeldPosting]:
    """All postings of a person as the rules see them, earliest first."""
    rows = Posting.objects.filter(staff=staff).select_related("section", "post").order_by("starts_on", "pk")
    return [
        HeldPosting(
            key=row.pk,
            section=row.section_id,
            post=row.post_id,
            period=Period(row.starts_on, row.ends_on),
            is_main=row.is_main,
            where=f"{row.section.name} {row.post.title}",
            is_carried=row.is_carried,
        )
        for row in rows
    ]


def standing_sections() -> list[StandingSection]:
    """All sections as the rules see them."""
    return [as_standing(row) for row in Section.objects.all()]


def as_standing(row: Section) -> StandingSection:
    """A section as the rules see it."""
    return StandingSection(
        key=row.pk,
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent=row.parent_id,
        period=Period(row.starts_on, row.ends_on),
    )


def keepers_besides(staff: Staff, day: date) -> int:
    """How many other people in service on ``day`` may keep the organisation's records (人事担当, 情報システム担当)."""
    in_service = valid_on(day, start="staff__joined_on", end="staff__leaves_on")
    by_grant = RoleGrant.objects.filter(valid_on(day), in_service, role__in=INDISPENSABLE)
    by_post = Posting.objects.filter(valid_on(day), in_service, post__role__in=INDISPENSABLE)
    keepers = {*by_grant.values_list("staff_id", flat=True), *by_post.values_list("staff_id", flat=True)}
    return len(keepers - {staff.pk})


def keeps_records(staff: Staff, day: date) -> bool:
    """Whether a person may keep the organisation's records on ``day``."""
    return (
        RoleGrant.objects.filter(valid_on(day), staff=staff, role__in=INDISPENSABLE).exists()
        or Posting.objects.filter(valid_on(day), staff=staff, post__role__in=INDISPENSABLE).exists()
    )
