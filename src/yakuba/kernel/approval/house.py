"""The stored organisation as the rule of who decides sees it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import Role
from yakuba.kernel.approval.rules.who_decides import House
from yakuba.kernel.organisation.api import successors_on, valid_on
from yakuba.kernel.organisation.models import Authority, Deputy, Posting, Section


def house_on(day: date) -> House:
    """The organisation on a day: six queries, whatever its size.

    The head of an authority is who holds the post its title ends with (会津坂下町教育委員会教育長: 教育長), somebody
    posted to a section of that authority first.
    """
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
