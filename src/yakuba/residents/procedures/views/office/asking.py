"""What every office page of cases begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from yakuba.kernel.access.api import Person
from yakuba.kernel.cases.access import sections_of, visible_to
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.rules.deadlines import Light, light
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import Clock
from yakuba.residents.procedures.queries.worklist import Box, boxes, warn_until

LIST_KEYS = ("box", "q", "sort", "size", "procedure", "kind", "phase", "arrival", "light", "section")
"""The parameters of the worklist a case page carries on, so that next and previous follow the list it came from."""

LIGHT_BADGES = {
    Light.NONE: "",
    Light.STOPPED: "info",
    Light.GREEN: "success",
    Light.YELLOW: "warning",
    Light.RED: "error",
}
PHASE_BADGES = {
    "consent": "",
    "new": "info",
    "working": "info",
    "applicant": "",
    "overdue": "error",
    "deciding": "info",
    "decided": "warning",
    "closed": "",
}


@dataclass
class Desk:
    """Where a clerk sits: the sections they work for and the cases they see, looked up once for a page."""

    person: Person
    today: date

    @cached_property
    def sections(self) -> frozenset[int]:
        return sections_of(self.person)

    @cached_property
    def cases(self) -> QuerySet[Case]:
        return visible_to(self.person)

    @cached_property
    def warn_until(self) -> date:
        return warn_until(self.today)

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        return boxes(self.person, self.sections, today=self.today)

    @cached_property
    def procedures(self) -> list[tuple[str, str]]:
        """The procedures of the cases they see, by key and title."""
        there = self.cases.order_by().values("procedure_id").distinct()
        return list(Procedure.objects.filter(pk__in=there).order_by("number").values_list("key", "title_ja"))

    @cached_property
    def section_names(self) -> list[tuple[str, str]]:
        """The sections of the cases they see, by public id and name."""
        there = self.cases.order_by().values("section_id").distinct()
        return list(Section.objects.filter(pk__in=there).order_by("order", "code").values_list("public_id", "name"))


def person_and_clock(request: HttpRequest) -> tuple[Person, Clock]:
    """Who asks, and the clock of the town."""
    asking: Any = request
    return asking.person, asking.clock


def light_of(case: Case, *, today: date, warn_until: date) -> Light:
    """The light of a case today."""
    return light(phase=case.standing, due_on=case.due_on, today=today, warn_until=warn_until)


def light_words(case: Case, shown: Light, *, today: date) -> str:
    """The light in words, with the day it is about: colour alone tells nobody anything."""
    if case.answer_by is not None and shown is Light.STOPPED:
        return f"申請者待ち（{case.answer_by.month}/{case.answer_by.day}まで）"
    if shown is Light.RED and case.due_on is None:
        return "補正の期限切れ・要判断"
    if case.due_on is None or shown in (Light.NONE, Light.STOPPED):
        return shown.label if shown is not Light.NONE else ""
    day = f"{case.due_on.month}/{case.due_on.day}"
    if shown is Light.RED:
        return f"{(today - case.due_on).days}日超過（{day}）"
    return f"{shown.label}（{day}まで）" if case.due_on != today else "今日が期限"


def carried(request: HttpRequest, *, at: int | None = None) -> str:
    """The worklist's parameters of this address as a query string with its question mark; empty without any.

    ``at`` is the place of the case in its list, for what comes next after it has left the list.
    """
    given = request.GET.copy()
    for key in list(given):
        if key not in LIST_KEYS:
            del given[key]
    if at is not None and given:
        given["at"] = str(at)
    text = given.urlencode()
    return f"?{text}" if text else ""


def number_in(text: str) -> int | None:
    """A small number of an address; ``None`` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
