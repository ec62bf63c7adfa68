"""The applicant takes a case back (取下げ・取りやめ・辞退)."""

from __future__ import annotations

from yakuba.kernel.access.api import Person, PersonKind, system_person
from yakuba.kernel.approval.api import requests_on, withdraw_request
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_party
from yakuba.kernel.cases.events import CaseWithdrawn
from yakuba.kernel.cases.models import Case, CorrectionState, Proposal, ProposalState
from yakuba.kernel.cases.rules.actions import way_out
from yakuba.kernel.cases.rules.states import Mover
from yakuba.kernel.cases.services.grants import end_stage
from yakuba.kernel.cases.services.moving import hold_with_request, move
from yakuba.kernel.events.api import publish
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal

WHY = "申請した人が取り下げたため"


@verb("cases.withdraw", label="手続きの取下げ")
def withdraw_case(*, by: Person, case: Case, reason: str, clock: Clock) -> Case:
    """Take a case back before it is decided; by the applicant, or by a clerk who writes down their word.

    A waiting request for decision is withdrawn with it. Raises `Refusal` when it is too late. Done twice it stays done.
    """
    case = hold_with_request(case)
    require_party(by, case)
    words = reason.strip()[:400]
    to = way_out(case.kind, case.state, case.stage)
    if not to:
        if case.state in ("withdrawn", "declined"):
            return case
        raise Refusal(f"いまは「{case.state_label}」のため、取り下げられません。", hint="担当課へご相談ください。")
    if by.kind is PersonKind.STAFF and not words:
        raise Refusal("取下げの理由が空です。", field="reason", hint="だれから、どう申し出があったかを書いてください。")
    end_waiting_proposal(case, WHY, clock)
    case.corrections.filter(state__in=[CorrectionState.ASKED, CorrectionState.OVERDUE]).update(
        state=CorrectionState.TAKEN_BACK, closed_on=clock.today()
    )
    case.answer_by = case.due_on = None
    if case.kind == "subsidy":
        end_stage(case)
    mover = Mover.CLERK if by.kind is PersonKind.STAFF else Mover.RESIDENT
    move(
        case,
        to,
        mover,
        by=by,
        clock=clock,
        words=words or "本人が取り下げた",
        resident_words="取り下げました。" if to == "withdrawn" else "辞退しました。",
    )
    if mover is Mover.RESIDENT:
        publish(CaseWithdrawn(case_public_id=case.public_id))
    return case


def end_waiting_proposal(
    case: Case, why: str, clock: Clock, *, state: ProposalState = ProposalState.TAKEN_BACK
) -> Proposal | None:
    """Withdraw the request for decision of a held case, if one waits."""
    proposal = Proposal.objects.select_for_update().filter(case=case, state=ProposalState.WAITING).first()
    if proposal is None:
        return None
    # The proposal ends first: whoever hears of the withdrawn request must find nothing that waits for it.
    proposal.state = state
    proposal.why_ended = why
    proposal.ended_at = clock.now()
    proposal.save()
    for request in requests_on(ref_of(case)):
        if request.public_id == proposal.request_id and request.is_waiting:
            withdraw_request(by=system_person("cases"), request=request, reason=why, clock=clock)
    return proposal
