"""Steps to a decision that several tests take."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.access.api import system_person
from yakuba.kernel.approval.api import Outcome as Verdict
from yakuba.kernel.approval.api import decide
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.cases.models import Case, Notice, Outcome, Proposal
from yakuba.kernel.cases.services import make_notice, print_notice, propose_decision, start_work
from yakuba.kernel.cases.tests.world import CLOCK, World
from yakuba.kernel.values.api import Clock

SYSTEM = system_person("jobs")


def propose(
    world: World,
    case: Case,
    *,
    outcome: Outcome = Outcome.APPROVED,
    by: str = "行政 主事",
    clock: Clock = CLOCK,
    **changed: Any,
) -> Proposal:
    given: dict[str, Any] = {
        "reasons": "" if outcome is Outcome.APPROVED else "基準第3号に当たる事実がないため",
        "conditions": "",
        "fee_items": [],
        "amount": None,
    }
    person = world.clerk(by, clock.today())
    case.refresh_from_db()
    if case.state == "received":
        start_work(by=person, case=case, clock=clock)
    return propose_decision(by=person, case=case, outcome=outcome, clock=clock, **{**given, **changed})


def verdict(
    world: World,
    proposal: Proposal,
    outcome: str = "approved",
    *,
    by: str = "総務 課長",
    clock: Clock = CLOCK,
    words: str = "意見",
) -> Case:
    request = DecisionRequest.objects.get(public_id=proposal.request_id)
    decide(
        by=world.clerk(by, clock.today()),
        request=request,
        outcome=Verdict(outcome),
        comment="" if outcome == "approved" else words,
        clock=clock,
    )
    return Case.objects.get(pk=proposal.case_id)


def decided(world: World, case: Case, *, by_head: str = "総務 課長", clock: Clock = CLOCK, **changed: Any) -> Case:
    return verdict(world, propose(world, case, clock=clock, **changed), by=by_head, clock=clock)


def lettered(world: World, case: Case, *, by: str = "行政 主事", clock: Clock = CLOCK, **changed: Any) -> Notice:
    notice = make_notice(by=world.clerk(by, clock.today()), case=case, clock=clock, **changed)
    print_notice(by=SYSTEM, notice=notice, clock=clock)
    return Notice.objects.get(pk=notice.pk)
