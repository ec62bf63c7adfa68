"""Reads of the organisation as it stands on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import Role
from yakuba.kernel.organisation.models import Posting, RoleGrant, Section, Staff


def valid_on(day: date, *, start: str = "starts_on", end: str = "ends_on") -> Q:
    """Condition: the row's period (half-open) contains ``day``."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


def sections_on(day: date) -> QuerySet[Section]:
    return Section.objects.filter(valid_on(day)).select_related("authority", "parent")


def staff_on(day: date) -> QuerySet[Staff]:
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
