"""Posting somebody (発令), mainly or concurrently (兼務)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Post, Posting, Section, Staff
from yakuba.kernel.organisation.queries import held_postings, service_of
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.postings import HeldPosting, check_posting
from yakuba.kernel.values.api import Period


@verb("organisation.post_staff", label="発令")
def post_staff(
    *,
    by: Person,
    staff: Staff,
    section: Section,
    post: Post,
    starts_on: date,
    ends_on: date | None = None,
    is_main: bool = False,
    ground: str = "",
) -> Posting:
    """Post somebody from ``starts_on`` until before ``ends_on``; without an end as long as the service lasts.

    Raises ``Refusal`` if a second main posting would overlap, or the days lie outside the service or the section's life.
    To move somebody use ``transfer_staff``.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    return store_posting(
        Posting(
            staff=staff,
            section=section,
            post=post,
            starts_on=check_day(starts_on, field="starts_on", what="発令日"),
            ends_on=ends_on or staff.leaves_on,
            is_main=is_main,
            ground=ground.strip()[:100],
        )
    )


def store_posting(posting: Posting) -> Posting:
    """Store a posting after asking the rules; the row of its person is locked or new."""
    if posting.ends_on is not None:
        check_day(posting.ends_on, field="last_day", what="終了日")
    check_posting(
        HeldPosting(
            key=posting.pk,
            section=posting.section_id,
            post=posting.post_id,
            period=Period(posting.starts_on, posting.ends_on),
            is_main=posting.is_main,
        ),
        held_postings(posting.staff),
        service=service_of(posting.staff),
        section_life=Period(posting.section.starts_on, posting.section.ends_on),
        section_name=posting.section.name,
    )
    posting.save()
    return posting
