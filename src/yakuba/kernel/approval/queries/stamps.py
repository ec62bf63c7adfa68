"""The stamp row (押印欄) of a request."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.rules.states import Capacity, Outcome, RequestState
from yakuba.kernel.japan.api import era_date_short
from yakuba.kernel.values.api import business_date


@dataclass(frozen=True, slots=True)
class Stamp:
    """One cell of `<c-stamp-row>`; ``state`` is done, deputy, returned, current or "" for an empty one."""

    post: str
    name: str
    date: str
    state: str
    note: str = ""


def stamps_of(request: DecisionRequest, *, waiting_for: str = "") -> list[Stamp]:
    """Draft and decision of one request; ``waiting_for`` is who is to decide, while it waits."""
    drafted = Stamp("起案", _short(request.asked_name), era_date_short(business_date(request.asked_at)), "done")
    if request.state == RequestState.WAITING:
        return [drafted, Stamp("決裁", _short(waiting_for), "", "current", "決裁待ち")]
    if request.state == RequestState.WITHDRAWN:
        return [drafted, Stamp("決裁", "", "", "", "取下げ")]
    decision = request.decision
    day = era_date_short(business_date(decision.decided_at))
    is_deputy = decision.capacity != Capacity.OWN
    post = (decision.principal_title if is_deputy else decision.title).rpartition(" ")[2]
    note = decision.get_capacity_display() if is_deputy else ""
    if decision.outcome == Outcome.RETURNED:
        return [drafted, Stamp(post, _short(decision.decided_name), day, "returned", note)]
    if decision.outcome == Outcome.REFUSED:
        note = f"{note}・否決" if is_deputy else "否決"
    return [drafted, Stamp(post, _short(decision.decided_name), day, "deputy" if is_deputy else "done", note)]


def _short(name: str) -> str:
    """The family name, as a seal shows it."""
    return name.replace("　", " ").partition(" ")[0][:4]
