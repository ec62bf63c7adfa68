"""The stored organisation as the rule of who decides sees it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import Role, remembered
from yakuba.kernel.approval.models import Absence
from yakuba.kernel.approval.rules.seats import Directory
from yakuba.kernel.approval.rules.who_decides import House
from yakuba.kernel.organisation.api import successors_on, valid_on
from yakuba.kernel.organisation.models import Authority, Deputy, Posting, RoleGrant, Section, Staff


def house_on(day: date) -> House:
    """The organisation on a day: six queries, whatever its size.

    The head of an authority is who holds the post its title ends with (会津坂下町教育委員会教育長: 教育長), somebody
    posted to a section of that authority first.
    """
    return remembered(("approval.house_on", day), lambda: _house_on(day))


def _house_on(day: date) -> House:
    parent_of = dict(Section.objects.values_list("pk", "parent_id"))
    in_service = valid_on(day, start="staff__joined_on", end="staff__leaves_on")
    posted = (
        Posting.objects.filter(valid_on(day))
        .filter(in_service)
        .exclude(staff__employment="outside")
        .order_by("-is_main", "-post__rank", "staff__number")
    )
    heads: dict[int, list[int]] = {}
    for section, staff in posted.filter(post__role=Role.SECTION_HEAD.value).values_list("section_id", "staff_id"):
        heads.setdefault(section, []).append(staff)
    deputies: dict[int, list[int]] = {}
    for staff, deputy in (
        Deputy.objects.filter(valid_on(day))
        .filter(valid_on(day, start="deputy__joined_on", end="deputy__leaves_on"))
        .order_by("order", "pk")
        .values_list("staff_id", "deputy_id")
    ):
        deputies.setdefault(staff, []).append(deputy)
    return House(
        parent_of=parent_of,
        stands_for=successors_on(parent_of, day),
        heads=heads,
        authority_heads=_authority_heads(posted),
        deputies=deputies,
    )


def _authority_heads(posted: QuerySet[Posting]) -> dict[int, list[int]]:
    titles = dict(Authority.objects.values_list("pk", "head_title"))
    holders = list(posted.values_list("post__title", "section__authority_id", "staff_id"))
    found: dict[int, list[int]] = {}
    for authority, head_title in titles.items():
        fitting = [one for one in holders if head_title.endswith(one[0])]
        if not fitting:
            continue
        longest = max(len(title) for title, _, _ in fitting)
        chosen = [(place != authority, staff) for title, place, staff in fitting if len(title) == longest]
        found[authority] = [staff for _, staff in sorted(chosen, key=lambda one: one[0])]
    return found


def directory_on(day: date) -> Directory:
    """The words routes use, for a day: four queries."""
    return remembered(("approval.directory_on", day), lambda: _directory_on(day))


def _directory_on(day: date) -> Directory:
    sections = dict(Section.objects.filter(valid_on(day)).values_list("code", "pk"))
    in_service = valid_on(day, start="staff__joined_on", end="staff__leaves_on")
    roles: dict[str, list[int]] = {}
    for role, staff in RoleGrant.objects.filter(valid_on(day)).filter(in_service).values_list("role", "staff_id"):
        roles.setdefault(role, []).append(staff)
    ranks: dict[int, list[tuple[int, int]]] = {}
    for section, staff, rank, role in (
        Posting.objects.filter(valid_on(day))
        .filter(in_service)
        .exclude(staff__employment="outside")
        .order_by("-post__rank", "-is_main", "staff__number")
        .values_list("section_id", "staff_id", "post__rank", "post__role")
    ):
        ranks.setdefault(section, []).append((staff, rank))
        if role and staff not in roles.setdefault(role, []):
            roles[role].append(staff)
    numbers = Staff.objects.filter(valid_on(day, start="joined_on", end="leaves_on")).values_list("number", "pk")
    return Directory(
        sections=sections,
        codes={pk: code for code, pk in sections.items()},
        roles={role: tuple(found) for role, found in roles.items()},
        staff=dict(numbers),
        ranks=ranks,
    )


def absent_on(day: date) -> dict[int, bool]:
    """Who is away on a day, and whether the first deputy has full power meanwhile (職務代理)."""
    return dict(Absence.objects.filter(valid_on(day)).values_list("staff_id", "is_standing"))
