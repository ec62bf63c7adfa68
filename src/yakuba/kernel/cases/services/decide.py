"""Putting a case forward for decision, and what the decision does to it (決裁)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.approval.api import (
    Decider,
    DecisionMade,
    DecisionWithdrawn,
    ask_decision,
    decisions_on,
    is_current,
    requests_on,
    withdraw_request,
)
from yakuba.kernel.approval.models import Decision
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work
from yakuba.kernel.cases.events import CaseDecided
from yakuba.kernel.cases.models import (
    Case,
    CorrectionState,
    Happening,
    OrderRequest,
    Outcome,
    Proposal,
    ProposalState,
)
from yakuba.kernel.cases.queries.standing import handling_of, standing_of
from yakuba.kernel.cases.rules.hindrances import in_the_way_of_approval, refuse_if
from yakuba.kernel.cases.rules.letters import LONGEST_CONDITIONS, LONGEST_REASONS
from yakuba.kernel.cases.rules.states import Mover
from yakuba.kernel.cases.services.deadlines import reckon
from yakuba.kernel.cases.services.grants import check_budget, commit_decision, describe_stage
from yakuba.kernel.cases.services.moving import hold, hold_with_request, move
from yakuba.kernel.events.api import publish
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import Clock, FixedClock, Refusal

KIND = "申請の処分"
SUBJECT = "cases.case"


@verb("cases.propose", label="決定の案の作成")
def propose_decision(
    *,
    by: Person,
    case: Case,
    outcome: Outcome,
    reasons: str,
    conditions: str,
    fee_items: Sequence[Mapping[str, Any]],
    amount: int | None,
    clock: Clock,
    due: date | None = None,
    seen_edition: int | None = None,
) -> Proposal:
    """Put a case forward: approve, or refuse with reasons. The decision engine decides; until then the case waits.

    ``fee_items`` are ``{"name", "yen", "count"}`` to be paid on approval, ``amount`` the yen of a 補助金. Raises
    `Refusal` naming what is missing, `BudgetExceeded`, `ChangedMeanwhile`.
    """
    case = hold_with_request(case, seen_edition=seen_edition)
    require_work(by, case)
    outcome = Outcome(outcome)
    approves = outcome is Outcome.APPROVED
    _check_words(outcome, reasons, conditions)
    if approves:
        refuse_if(in_the_way_of_approval(standing_of(case)))
    items = checked_fee_items(fee_items) if approves else []
    amount = check_budget(case, amount, approves=approves) if case.kind == "subsidy" else None
    case.corrections.filter(state__in=[CorrectionState.ASKED, CorrectionState.OVERDUE]).update(
        state=CorrectionState.TAKEN_BACK, closed_on=clock.today()
    )
    content = _content(case, outcome, reasons, conditions, items, amount)
    handling = handling_of(case.procedure)
    request = ask_decision(
        by=by,
        subject=ref_of(case),
        title=f"{case.title}（{case.number}）{'を認める' if approves else 'を認めない'}決定",
        content=content,
        content_text=_readable(case, outcome, reasons, conditions, items, amount),
        authority=case.procedure.authority or case.section.authority,
        section=case.section,
        kind=KIND,
        clock=clock,
        decider=Decider(handling.decider),
        due=due or case.due_on,
    )
    proposal = Proposal.objects.create(
        case=case,
        request_id=request.public_id,
        answers=case.answers,
        outcome=outcome.value,
        reasons=reasons.strip(),
        conditions=conditions.strip(),
        amount=amount,
        fee_items=items,
        content=content,
        asked_at=clock.now(),
        asked_name=by.name[:80],
    )
    case.answer_by = None
    move(
        case,
        "deciding",
        Mover.CLERK,
        by=by,
        clock=clock,
        words=f"決裁を求めた（{outcome.label}）",
        resident_words="決定の手続きに進みました。",
        what=Happening.DECISION_ASKED,
    )
    reckon(case)
    case.save(update_fields=["due_on"])
    return proposal


@verb("cases.take_back_proposal", label="決定の案の引戻し")
def take_back_proposal(*, by: Person, case: Case, reason: str, clock: Clock) -> Case:
    """Take a proposal back before it is decided; whoever drafted it may. Raises `Refusal` without a reason."""
    case = hold_with_request(case)
    require_work(by, case)
    proposal = Proposal.objects.select_for_update().filter(case=case, state=ProposalState.WAITING).first()
    if proposal is None:
        raise Refusal("決裁を待っている案はありません。", hint="画面を開き直して、今の状態を確かめてください。")
    request = next((one for one in requests_on(ref_of(case)) if one.public_id == proposal.request_id), None)
    _end(proposal, ProposalState.TAKEN_BACK, reason.strip(), clock)
    if request is not None:
        withdraw_request(by=by, request=request, reason=reason, clock=clock)
    return _go_on(case, Mover.CLERK, by, clock, f"案を引き戻した：{reason.strip()}")


def hear_decision(event: DecisionMade) -> None:
    """The decision was made: the case moves in the same transaction. Approved means that the proposal holds, be it to
    refuse; refused or sent back means that the clerk thinks again."""
    found = _waiting(event.subject_kind, event.request_public_id)
    if found is None:
        return
    case, proposal = found
    decision = next(
        one for one in decisions_on(Ref(SUBJECT, case.public_id)) if one.request.public_id == proposal.request_id
    )
    by, clock = _decider(decision), FixedClock(decision.decided_at)
    if event.outcome != "approved":
        _end(proposal, ProposalState.SENT_BACK, decision.comment, clock)
        words = f"案が{decision.get_outcome_display()}になった：{decision.comment}"
        _go_on(case, Mover.DECIDER, by, clock, words)
        return
    if proposal.answers_id != case.answers_id or not is_current(decision, proposal.content):
        _end(proposal, ProposalState.INVALID, "決裁の間に申請の内容が変わった", clock)
        _go_on(case, Mover.SYSTEM, by, clock, "決裁の間に申請の内容が変わったため、決裁は無効。案を作り直す")
        return
    _decided(case, proposal, by, clock)


def hear_withdrawal(event: DecisionWithdrawn) -> None:
    """Whoever asked took the question back on the page of decisions: the case goes on with its clerk."""
    found = _waiting(event.subject_kind, event.request_public_id)
    if found is None:
        return
    case, proposal = found
    request = next((one for one in requests_on(ref_of(case)) if one.public_id == proposal.request_id), None)
    if request is None or request.closed_at is None:
        return
    clock = FixedClock(request.closed_at)
    by = Person(id=request.asked_by, name=request.withdrawn_name, kind=PersonKind.STAFF)
    _end(proposal, ProposalState.TAKEN_BACK, request.withdrawal_reason, clock)
    _go_on(case, Mover.CLERK, by, clock, f"案を引き戻した：{request.withdrawal_reason}")


def _decided(case: Case, proposal: Proposal, by: Person, clock: Clock) -> None:
    proposal.state = ProposalState.DECIDED
    proposal.ended_at = clock.now()
    proposal.save()
    case.outcome = proposal.outcome
    case.due_on = None
    move(
        case,
        proposal.outcome,
        Mover.DECIDER,
        by=by,
        clock=clock,
        words=f"{proposal.get_outcome_display()}ことが決裁された",
        resident_words="決定しました。通知書をお送りします。",
        what=Happening.DECISION_ENDED,
    )
    if case.kind == "subsidy":
        describe_stage(case, commit_decision(case, proposal, clock), by=by, clock=clock)
    if proposal.outcome == Outcome.APPROVED and proposal.fee:
        OrderRequest.objects.create(case=case, items=proposal.fee_items, amount=proposal.fee, asked_at=clock.now())
    publish(CaseDecided(case_public_id=case.public_id, outcome=proposal.outcome))


def _waiting(kind: str, request_id: str) -> tuple[Case, Proposal] | None:
    """The case and its waiting proposal, both held; the request's row is held already by who decides."""
    proposal = (
        Proposal.objects.select_related("case").filter(request_id=request_id).first() if kind == SUBJECT else None
    )
    if proposal is None:
        return None
    case = hold(proposal.case)
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    return (case, held) if held.state == ProposalState.WAITING else None


def _end(proposal: Proposal, state: ProposalState, why: str, clock: Clock) -> None:
    proposal.state, proposal.why_ended, proposal.ended_at = state, why[:2000], clock.now()
    proposal.save()


def _go_on(case: Case, mover: Mover, by: Person, clock: Clock, words: str) -> Case:
    move(case, "examining", mover, by=by, clock=clock, words=words, what=Happening.DECISION_ENDED)
    reckon(case)
    case.save(update_fields=["due_on"])
    return case


def _decider(decision: Decision) -> Person:
    return Person(id=decision.decided_by, name=decision.decided_name, kind=PersonKind.STAFF, title=decision.title)


def _check_words(outcome: Outcome, reasons: str, conditions: str) -> None:
    if outcome is Outcome.NONE:
        raise Refusal("認めるか、認めないかを選んでください。", field="outcome")
    if outcome is Outcome.REFUSED and not reasons.strip():
        raise Refusal(
            "認めない理由が空です。",
            field="reasons",
            hint="どの基準に、どの事実が当てはまらないかを、本人に分かるように書いてください（行政手続法第8条）。",
        )
    for text, longest, field, name in (
        (reasons, LONGEST_REASONS, "reasons", "理由"),
        (conditions, LONGEST_CONDITIONS, "conditions", "条件"),
    ):
        if len(text) > longest:
            raise Refusal(f"{name}が長すぎます（{longest:,}文字まで）。", field=field, hint="別紙にしてください。")


def checked_fee_items(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines of a fee as they are stored; lines of 0 yen are left out. Raises `Refusal`."""
    found = []
    for item in items:
        name, yen, count = str(item.get("name", "")).strip()[:80], item.get("yen"), item.get("count", 1)
        if not name or type(yen) is not int or type(count) is not int or yen < 0 or not 1 <= count <= 9999:
            raise Refusal(
                "手数料の内訳が正しくありません。", field="fee_items", hint="名前、単価（円）、数を入れてください。"
            )
        if yen > 0:
            found.append({"name": name, "yen": yen, "count": count})
    return found


def _content(
    case: Case, outcome: Outcome, reasons: str, conditions: str, items: list[dict[str, Any]], amount: int | None
) -> dict[str, Any]:
    """Exactly what is decided; the answers by their hash."""
    return {
        "案件": case.number,
        "手続": case.procedure.key,
        "段階": case.stage,
        "申請者": case.applicant_name,
        "申請の内容（要約値）": case.answers.digest,
        "結果": outcome.value,
        "理由": reasons.strip(),
        "条件": conditions.strip(),
        "手数料": items,
        "額": amount,
    }


def _readable(
    case: Case, outcome: Outcome, reasons: str, conditions: str, items: list[dict[str, Any]], amount: int | None
) -> str:
    """The same for readers; the answers themselves stand with the case, places and contacts nowhere here."""
    lines = [
        f"手続：{case.title}",
        f"受付番号：{case.number}（{era_date(case.received_on)}受付）",
        f"申請者：{case.applicant_name}",
        f"結果：{'認める' if outcome is Outcome.APPROVED else '認めない'}",
    ]
    if amount is not None:
        lines.append(f"額：{amount:,}円")
    if items:
        total = sum(one["yen"] * one["count"] for one in items)
        lines.append(
            f"手数料：{total:,}円（"
            + "、".join(f"{one['name']} {one['yen']:,}円×{one['count']}" for one in items)
            + "）"
        )
    if reasons.strip():
        lines += ["理由：", reasons.strip()]
    if conditions.strip():
        lines += ["条件：", conditions.strip()]
    lines.append("申請の内容は、案件の画面で確かめてください。")
    return "\n".join(lines)
