"""The organisation chart (組織図) as of any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.kernel.access.api import Face, Role, office_seat, page
from yakuba.kernel.japan.api import parse_date
from yakuba.kernel.organisation.access import may_edit, sections_visible_to, sees_people_on
from yakuba.kernel.organisation.models import Authority, Posting, Section
from yakuba.kernel.organisation.models.validity import valid_on
from yakuba.kernel.organisation.queries import work_waiting_for_heirs
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.values.api import Refusal


@dataclass
class Branch:
    """A section in the chart with its head, how many people are posted to it, and what stands below it."""

    section: Section
    url: str
    head: str = ""
    head_title: str = ""
    people: int = 0
    units: list[Branch] = field(default_factory=list)

    @property
    def all_people(self) -> int:
        return self.people + sum(unit.all_people for unit in self.units)


@page(Face.OFFICE, may=office_seat)
def chart(request: HttpRequest) -> HttpResponse:
    """All sections by authority on a day (``?on=``), with heads and numbers of people."""
    asking: Any = request
    today = asking.clock.today()
    day, fault = asked_day(request.GET.get("on", ""), today)
    shows_people = sees_people_on(asking.person, day, today)
    branches = _branches(sections_visible_to(asking.person).filter(valid_on(day)), day, shows_people)
    authorities = [
        {"authority": authority, "branches": [one for one in branches if one.section.authority_id == authority.pk]}
        for authority in Authority.objects.all()
    ]
    return render(
        request,
        "organisation/chart.html",
        {
            "day": day,
            "is_today": day == today,
            "fault": fault,
            "authorities": [one for one in authorities if one["branches"]],
            "sections": sum(1 for _ in _walk(branches)),
            "shows_people": shows_people,
            "people": sum(branch.all_people for branch in branches),
            "may_edit": may_edit(asking.person),
            "waiting": len(work_waiting_for_heirs(today)) if may_edit(asking.person) else 0,
        },
    )


def asked_day(text: str, today: date) -> tuple[date, str]:
    """The day the URL asks for, else today; and a sentence if what it asks for is no day."""
    if not text:
        return today, ""
    try:
        return check_day(parse_date(text[:20]), field="on", what="日付"), ""
    except Refusal:
        return today, "日付として読めないため、今日の組織を表示しています。「2027-04-01」のように指定してください。"


def _branches(sections: Iterable[Section], day: date, shows_people: bool) -> list[Branch]:
    by_id = {one.pk: Branch(one, reverse("organisation-section", args=[one.public_id])) for one in sections}
    postings = (
        Posting.objects.filter(valid_on(day), section_id__in=by_id)
        .filter(valid_on(day, start="staff__joined_on", end="staff__leaves_on"))
        .order_by("-post__rank", "staff__number")
        .values_list("section_id", "is_main", "staff__name", "post__title", "post__role")
        if shows_people
        else ()
    )
    for section_id, is_main, name, title, post_role in postings:
        branch = by_id[section_id]
        branch.people += is_main
        if not branch.head and post_role == Role.SECTION_HEAD:
            branch.head, branch.head_title = name, title
    tops: list[Branch] = []
    for branch in by_id.values():
        above = by_id.get(branch.section.parent_id) if branch.section.parent_id else None
        (above.units if above else tops).append(branch)
    return tops


def _walk(branches: Iterable[Branch]) -> Iterable[Branch]:
    for branch in branches:
        yield branch
        yield from _walk(branch.units)
