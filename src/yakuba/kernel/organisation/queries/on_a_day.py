"""Reads of the organisation as it stands on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import Role, remembered
from yakuba.kernel.organisation.models import Deputy, Posting, RoleGrant, Section, SectionSuccession, Staff
from yakuba.kernel.organisation.models.validity import valid_on


def sections_on(day: date) -> QuerySet[Section]:
    """The sections that exist on ``day``."""
    return Section.objects.filter(valid_on(day)).select_related("authority", "parent")


def staff_on(day: date) -> QuerySet[Staff]:
    """The people in service on ``day``."""
    return Staff.objects.filter(valid_on(day, start="joined_on", end="leaves_on"))


def postings_of(staff: Staff, day: date) -> list[Posting]:
    """Postings of a person on ``day``, the main one first."""
    return list(
        Posting.objects.filter(valid_on(day), staff=staff)
        .select_related("section", "section__authority", "post")
        .order_by("-is_main", "-post__rank")
    )


def roles_of(staff: Staff, day: date, postings: list[Posting]) -> frozenset[Role]:
    """Roles by post and by appointment on ``day``; everybody but outside people is STAFF."""
    roles = {Role(posting.post.role) for posting in postings if posting.post.role}
    roles.update(Role(grant.role) for grant in RoleGrant.objects.filter(valid_on(day), staff=staff))
    if staff.employment != "outside":
        roles.add(Role.STAFF)
    return frozenset(roles)


def members_of(section: Section, day: date) -> QuerySet[Posting]:
    """The postings to a section on ``day``, highest post first; people who already left are not among them."""
    return (
        Posting.objects.filter(valid_on(day), section=section)
        .filter(valid_on(day, start="staff__joined_on", end="staff__leaves_on"))
        .select_related("staff", "post")
        .order_by("-is_main", "-post__rank", "staff__number")
    )


def head_of(section: Section, day: date) -> Staff | None:
    """The head (所属長) of a section on ``day``: of itself, else of the nearest section above it."""
    looked_at: Section | None = section
    seen: set[int] = set()
    while looked_at is not None and looked_at.pk not in seen:
        seen.add(looked_at.pk)
        head = members_of(looked_at, day).filter(post__role=Role.SECTION_HEAD.value).first()
        if head is not None:
            return head.staff
        looked_at = looked_at.parent
    return None


def deputies_of(staff: Staff, day: date) -> list[Deputy]:
    """Who stands in for a person on ``day``, in order; people who already left are not among them."""
    return list(
        Deputy.objects.filter(valid_on(day), staff=staff)
        .filter(valid_on(day, start="deputy__joined_on", end="deputy__leaves_on"))
        .select_related("deputy")
        .order_by("order", "pk")
    )


def successors_on(section_ids: Iterable[int], day: date) -> dict[int, list[int]]:
    """For each section, which sections stand in its place on ``day``: itself while it exists, else its successors.

    A section closed without successor has an empty list; one that was split has several, in the order of their code.
    """
    wanted = list(dict.fromkeys(section_ids))
    rows = {row.pk: row for row in Section.objects.all()}
    after: dict[int, list[int]] = {}
    for succession in SectionSuccession.objects.filter(on__lte=day).order_by("after__order", "after__code"):
        after.setdefault(succession.before_id, []).append(succession.after_id)
    return {section_id: _standing(section_id, day, rows, after, frozenset()) for section_id in wanted}


def sections_worked_for(section_ids: frozenset[int]) -> frozenset[int]:
    """The sections somebody of these sections works for: these, everything below them, and what they succeeded."""
    if not section_ids:
        return frozenset()
    return remembered(("organisation.sections_worked_for", section_ids), lambda: _worked_for(section_ids))


def _worked_for(section_ids: frozenset[int]) -> frozenset[int]:
    further: dict[int, list[int]] = {}
    for section, parent in Section.objects.values_list("pk", "parent_id"):
        if parent is not None:
            further.setdefault(parent, []).append(section)
    for before, after in SectionSuccession.objects.values_list("before_id", "after_id"):
        further.setdefault(after, []).append(before)
    found: set[int] = set()
    waiting = list(section_ids)
    while waiting:
        section = waiting.pop()
        if section not in found:
            found.add(section)
            waiting += further.get(section, [])
    return frozenset(found)


def _standing(
    section_id: int, day: date, rows: dict[int, Section], after: dict[int, list[int]], seen: frozenset[int]
) -> list[int]:
    row = rows.get(section_id)
    if row is None or section_id in seen:
        return []
    if row.ends_on is None or row.ends_on > day:
        return [section_id]
    found: list[int] = []
    for next_id in after.get(section_id, []):
        found += [one for one in _standing(next_id, day, rows, after, seen | {section_id}) if one not in found]
    return found
