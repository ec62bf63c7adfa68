"""Correcting the record of a posting (発令の記録の訂正): it was wrong from the beginning."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Post, Posting, Section, Staff
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.services.post_staff import store_posting


@verb("organisation.correct_posting", label="発令の記録の訂正")
def correct_posting(
    *,
    by: Person,
    posting: Posting,
    section: Section,
    post: Post,
    starts_on: date,
    ends_on: date | None = None,
    is_main: bool = True,
    ground: str = "",
) -> Posting:
    """Correct what is recorded of a posting; a real change of section or post is ``transfer_staff``.

    Raises ``Refusal`` if the corrected posting overlaps another or leaves the service or the section's life.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=posting.staff_id)
    posting = Posting.objects.get(pk=posting.pk)
    posting.staff = staff
    posting.section = section
    posting.post = post
    posting.starts_on = check_day(starts_on, field="starts_on", what="発令日")
    posting.ends_on = ends_on or staff.leaves_on
    posting.is_main = is_main
    posting.ground = ground.strip()[:100]
    posting.is_carried = False
    return store_posting(posting)
