"""How other apps may point at cases."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.cases import models
from yakuba.kernel.cases.access import may_see, sections_of
from yakuba.kernel.cases.queries.notices import notices_of
from yakuba.kernel.things.api import describe


def _url(case: models.Case) -> str:
    try:
        return reverse("office-case", args=[case.public_id])
    except NoReverseMatch:
        return ""  # the office pages belong to an initiative that may be switched off


def _snapshot(case: models.Case) -> dict[str, Any]:
    """What a decision rests on: which case, and the answers that count. Its way through the house is no part of it."""
    return {"number": case.number, "procedure": case.procedure.key, "answers": case.answers.digest}


describe(
    kind="cases.case",
    label="案件",
    model=models.Case,
    title=str,
    url=_url,
    gate=may_see,
    snapshot=_snapshot,
)


def _may_open(person: Person, notice: models.Notice) -> bool:
    """Clerks of the case read every letter; the person concerned those that were sent electronically."""
    if not may_see(person, notice.case):
        return False
    return person.kind is not PersonKind.RESIDENT or notice in notices_of(notice.case)


describe(
    kind="cases.notice",
    label="通知書",
    model=models.Notice,
    title=str,
    url=lambda one: _url(one.case),
    gate=_may_open,
    snapshot=lambda one: {"content": one.content, "on": one.on.isoformat()},
)
describe(
    kind="cases.receipt",
    label="他の窓口の受付",
    model=models.ExternalReceipt,
    title=lambda one: f"{one.number} {one.procedure}",
    url=lambda one: "",
    gate=lambda person, one: one.section_id in sections_of(person) or person.has(Role.AUDITOR),
)
