"""A case is decided through the decision engine."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from yakuba.kernel.approval.api import Outcome as Verdict
from yakuba.kernel.approval.api import decide, decisions_on, is_current, withdraw_request
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import get_for
from yakuba.kernel.cases.models import Case, OrderRequest, Outcome, Proposal
from yakuba.kernel.cases.services import (
    answer_correction,
    ask_correction,
    ask_fee,
    drop_fee,
    mark_overdue,
    mark_paid,
    propose_decision,
    start_work,
    take_back_proposal,
    withdraw_case,
)
from yakuba.kernel.cases.tests.deciding import SYSTEM, decided, propose, verdict
from yakuba.kernel.cases.tests.world import ANSWERS, CLOCK, HANAKO, STRANGER
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import FixedClock, Refusal, TransitionRefused


def test_what_is_decided_is_the_content_with_the_hash_of_the_answers(world) -> None:
    case = world.submit()
    proposal = propose(world, case, fee_items=[{"name": "手数料", "yen": 300, "count": 2}])
    case.refresh_from_db()
    assert case.state == "deciding"
    assert proposal.content["申請の内容（要約値）"] == case.answers.digest
    assert proposal.fee == 600
    case = verdict(world, proposal)
    assert (case.state, case.phase, case.outcome) == ("approved", "decided", "approved")
    assert is_current(decisions_on(ref_of(case))[0], proposal.content)
    assert case.events.filter(after="approved").get().actor_name == "総務 課長"


def test_a_refusal_needs_its_reasons_before_anybody_is_asked(world) -> None:
    case = world.submit()
    with pytest.raises(Refusal, match="理由が空"):
        propose(world, case, outcome=Outcome.REFUSED, reasons="  ")
    assert not DecisionRequest.objects.exists()
    assert decided(world, case, outcome=Outcome.REFUSED).state == "refused"


@pytest.mark.parametrize("outcome", ["returned", "refused"])
def test_what_the_head_sends_back_or_does_not_agree_to_returns_to_the_clerk(world, outcome) -> None:
    case = world.submit()
    proposal = propose(world, case)
    case = verdict(world, proposal, outcome, words="根拠を足してください")
    assert (case.state, case.outcome) == ("examining", "")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.why_ended) == ("sent_back", "根拠を足してください")
    assert decided(world, case).state == "approved"
    assert Proposal.objects.filter(case=case, state="decided").count() == 1


def test_nobody_decides_an_own_proposal(world) -> None:
    case = world.submit()
    proposal = propose(world, case, by="総務 課長")
    with pytest.raises(PermissionDenied):
        verdict(world, proposal, by="総務 課長")
    assert verdict(world, proposal, by="町長 一郎").state == "approved"


def test_the_applicant_may_withdraw_until_the_decision(world) -> None:
    case = world.submit()
    proposal = propose(world, case)
    assert withdraw_case(by=HANAKO, case=case, reason="", clock=CLOCK).state == "withdrawn"
    proposal.refresh_from_db()
    assert proposal.state == "taken_back"
    assert DecisionRequest.objects.get().state == "withdrawn"
    with pytest.raises(Refusal):
        verdict(world, proposal)
    decided_case = decided(world, world.submit())
    with pytest.raises(Refusal, match="取り下げられません"):
        withdraw_case(by=HANAKO, case=decided_case, reason="", clock=CLOCK)


def test_the_clerk_takes_a_proposal_back_here_or_on_the_page_of_decisions(world) -> None:
    case = world.submit()
    propose(world, case)
    assert take_back_proposal(by=world.clerk(), case=case, reason="書き直す", clock=CLOCK).state == "examining"
    second = propose(world, case)
    request = DecisionRequest.objects.get(public_id=second.request_id)
    withdraw_request(by=world.clerk(), request=request, reason="やはり書き直す", clock=CLOCK)
    assert Case.objects.get().state == "examining"
    second.refresh_from_db()
    assert (second.state, second.why_ended) == ("taken_back", "やはり書き直す")


def test_a_case_in_decision_is_not_corrected_nor_changed(world) -> None:
    case = world.submit()
    propose(world, case)
    with pytest.raises(TransitionRefused):
        ask_correction(
            by=world.clerk(),
            case=case,
            items=[("reason", "直して")],
            message="",
            deadline=CLOCK.today().replace(day=16),
            clock=CLOCK,
        )


def test_answers_that_changed_after_asking_make_the_request_void_visibly(world) -> None:
    case = world.submit()
    proposal = propose(world, case)
    other = world.submit(reason="別の内容")
    with unaudited_writes("a fault nobody foresaw"):
        Case.objects.filter(pk=other.pk).delete()
        Case.objects.filter(pk=case.pk).update(answers=other.answers)
    request = DecisionRequest.objects.get(public_id=proposal.request_id)
    with pytest.raises(Refusal, match="内容が変わっています"):
        decide(by=world.clerk("総務 課長"), request=request, outcome=Verdict.APPROVED, comment="", clock=CLOCK)
    assert Case.objects.get(pk=case.pk).state == "deciding"
    assert verdict(world, proposal, "returned").state == "examining"


def test_a_missed_correction_may_lead_to_a_refusal_by_a_person(world) -> None:
    case = world.submit()
    start_work(by=world.clerk(), case=case, clock=CLOCK)
    ask_correction(
        by=world.clerk(),
        case=case,
        items=[("reason", "詳しく")],
        message="",
        deadline=CLOCK.today().replace(day=16),
        clock=CLOCK,
    )
    late = FixedClock(CLOCK.today().replace(day=17))
    mark_overdue(by=SYSTEM, case=case, clock=late)
    proposal = propose(world, case, outcome=Outcome.REFUSED, clock=late)
    assert case.corrections.get().state == "taken_back"
    with pytest.raises(Refusal, match="直していただくところは、いまありません"):
        answer_correction(by=HANAKO, case=case, answers=ANSWERS, sources={}, clock=late)
    assert verdict(world, proposal, clock=late).state == "refused"


def test_what_is_not_shown_yet_stands_in_the_way_of_approval_only(world) -> None:
    case = world.submit("in_person")
    with pytest.raises(Refusal, match="本人確認がまだ"):
        propose(world, case, by="総務 主査")
    assert decided(world, case, by="総務 主査", outcome=Outcome.REFUSED).state == "refused"


def test_who_is_to_decide_sees_the_case_while_it_waits_for_them(world) -> None:
    case = world.submit()
    mayor = world.clerk("町長 一郎")
    propose(world, case, by="総務 課長")
    assert get_for(mayor, case.public_id, on=CLOCK.today()) == case


def test_only_the_section_proposes(world) -> None:
    case = world.submit()
    start_work(by=world.clerk(), case=case, clock=CLOCK)
    for by in (HANAKO, STRANGER, world.clerk("財政 課長")):
        with pytest.raises(PermissionDenied):
            propose_decision(
                by=by,
                case=case,
                outcome=Outcome.APPROVED,
                reasons="",
                conditions="",
                fee_items=[],
                amount=None,
                clock=CLOCK,
            )


class TestFees:
    def test_an_approval_leaves_an_order_that_the_counter_marks_paid(self, world) -> None:
        case = decided(world, world.submit(), fee_items=[{"name": "手数料", "yen": 300, "count": 2}])
        order = OrderRequest.objects.get()
        assert (order.amount, order.state) == (600, "unpaid")
        with pytest.raises(Refusal, match="納めたところ"):
            mark_paid(by=world.clerk(), order=order, where=" ", slip="", clock=CLOCK)
        mark_paid(by=world.clerk(), order=order, where="会計窓口", slip="12", clock=CLOCK)
        again = mark_paid(by=world.clerk(), order=order, where="別の窓口", slip="99", clock=CLOCK)
        assert (again.paid_where, again.slip, again.marked_name) == ("会計窓口", "12", "行政 主事")
        with pytest.raises(Refusal, match="納付済み"):
            drop_fee(by=world.clerk(), order=order, waives=True, reason="x", clock=CLOCK)
        assert case.state == "approved"

    def test_a_refusal_asks_for_no_fee(self, world) -> None:
        decided(world, world.submit(), outcome=Outcome.REFUSED, fee_items=[{"name": "手数料", "yen": 300, "count": 1}])
        assert not OrderRequest.objects.exists()

    @pytest.mark.parametrize(
        "item",
        [
            {"name": "", "yen": 300, "count": 1},
            {"name": "x", "yen": -1, "count": 1},
            {"name": "x", "yen": 300, "count": 0},
            {"name": "x", "yen": 300.5, "count": 1},
            {"name": "x", "yen": True, "count": 1},
        ],
    )
    def test_a_faulty_line_is_refused(self, world, item) -> None:
        with pytest.raises(Refusal, match="内訳"):
            ask_fee(by=world.clerk(), case=world.submit(), items=[item], clock=CLOCK)

    def test_a_fee_may_be_waived_with_a_reason(self, world) -> None:
        order = ask_fee(
            by=world.clerk(), case=world.submit(), items=[{"name": "手数料", "yen": 300, "count": 1}], clock=CLOCK
        )
        with pytest.raises(Refusal, match="理由"):
            drop_fee(by=world.clerk(), order=order, waives=True, reason="", clock=CLOCK)
        assert drop_fee(by=world.clerk(), order=order, waives=True, reason="条例第5条", clock=CLOCK).state == "waived"
