"""Transferring somebody (異動・昇任): the main posting changes on a day."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Deputy, Post, Posting, Section, Staff
from yakuba.kernel.organisation.models.validity import not_over_on
from yakuba.kernel.organisation.queries import held_postings, service_of
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.postings import transfer
from yakuba.kernel.organisation.services.post_staff import store_posting


@verb("organisation.transfer_staff", label="異動")
def transfer_staff(
    *, by: Person, staff: Staff, section: Section, post: Post, on: date, ground: str = "異動"
) -> Posting:
    """From ``on`` the person belongs to ``section`` as ``post``; the main posting until then ends.

    A concurrent posting to the same section and post ends too, because it becomes the main one. Who leaves a section
    no longer has its deputies: those named for the person end that day. Raises ``Refusal`` if nothing changes, a later
    main posting is registered, or the days do not fit.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    check_day(on, field="on", what="発令日")
    held = held_postings(staff)
    plan = transfer(
        main=[one for one in held if one.is_main], section=section.pk, post=post.pk, on=on, service=service_of(staff)
    )
    left: int | None = None
    if plan.ends is not None:
        old = Posting.objects.get(pk=plan.ends)
        left = old.section_id
        end_row(old, on)
    for same in Posting.objects.filter(not_over_on(on), staff=staff, section=section, post=post, is_main=False):
        end_row(same, on)
    posting = store_posting(
        Posting(
            staff=staff,
            section=section,
            post=post,
            starts_on=plan.period.start,
            ends_on=plan.period.end,
            is_main=True,
            ground=ground.strip()[:100],
        )
    )
    if left != section.pk:
        for deputy in Deputy.objects.filter(not_over_on(on), staff=staff):
            end_row(deputy, on)
    return posting


def end_row(row: Posting | Deputy, on: date) -> None:
    """End a dated row on ``on``; one that would only begin then never was."""
    if row.starts_on >= on:
        row.delete()
    else:
        row.ends_on = on
        row.save(update_fields=["ends_on"])
