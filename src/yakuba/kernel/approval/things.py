"""What the house knows of requests, decisions and document numbers when something points at them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.access import numbers_visible_to, visible_to
from yakuba.kernel.approval.models import Decision, DecisionRequest, DocumentNumber
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import describe


def _sees(person: Person, request: DecisionRequest) -> bool:
    return visible_to(person, on=town_clock().today()).filter(pk=request.pk).exists()


def _sees_number(person: Person, number: DocumentNumber) -> bool:
    return numbers_visible_to(person, on=town_clock().today()).filter(pk=number.pk).exists()


def _url(request: DecisionRequest) -> str:
    return reverse("approval-decision", args=[request.public_id])


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "request": decision.request.public_id,
        "outcome": decision.outcome,
        "content": decision.content_sha256,
        "by": decision.decided_by,
    }


describe(
    kind="approval.request",
    label="決裁伺い",
    model=DecisionRequest,
    title=lambda request: request.title,
    url=_url,
    gate=_sees,
    snapshot=lambda request: {"content": request.content_sha256, "text": request.text_sha256},
)
describe(
    kind="approval.decision",
    label="決裁",
    model=Decision,
    title=lambda decision: decision.request.title,
    url=lambda decision: _url(decision.request),
    gate=lambda person, decision: _sees(person, decision.request),
    snapshot=_decided,
)
describe(
    kind="approval.number",
    label="文書番号",
    model=DocumentNumber,
    title=str,
    url=lambda number: reverse("approval-number", args=[number.public_id]),
    gate=_sees_number,
)
