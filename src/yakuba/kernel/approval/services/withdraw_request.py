"""Taking a draft back (取下げ), and taking up what was sent back (差戻しの受領)."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.access import drafters_of
from yakuba.kernel.approval.events import DecisionWithdrawn
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.rules.states import TRANSITIONS, RequestState
from yakuba.kernel.approval.services.closing import AlreadyClosed, words_of_the_end
from yakuba.kernel.approval.services.recording import record_act
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events.api import publish
from yakuba.kernel.values.api import Clock, Refusal


def is_drafter(person: Person, request: DecisionRequest) -> bool:
    """Whether the draft is the person's: asked for by them, or theirs now."""
    return person.id == request.asked_by or (person.staff_id is not None and person.staff_id in drafters_of(request))


@verb("approval.withdraw_request", label="決裁伺いの取下げ")
def withdraw_request(*, by: Person, request: DecisionRequest, reason: str, clock: Clock) -> DecisionRequest:
    """Take a waiting request back. Raises ``AlreadyClosed``, ``NotAllowed`` for others, ``Refusal`` without a reason.

    The system takes it back when there is nothing left to decide (the applicant withdrew).
    """
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not is_drafter(by, kept) and by.kind is not PersonKind.SYSTEM:
        raise NotAllowed("取り下げられるのは、起案した人と今の担当者だけです。")
    if not kept.is_waiting:
        raise AlreadyClosed(words_of_the_end(kept), hint="今の状態を確かめてください。")
    if not reason.strip():
        raise Refusal("取り下げる理由が空です。", field="reason", hint="決裁者に分かるように、一文で書いてください。")
    TRANSITIONS.check(RequestState(kept.state), RequestState.WITHDRAWN)
    kept.state = RequestState.WITHDRAWN.value
    kept.closed_at = clock.now()
    kept.withdrawn_name = by.name
    kept.withdrawal_reason = reason.strip()[:400]
    kept.save(update_fields=["state", "closed_at", "withdrawn_name", "withdrawal_reason"])
    record_act(Act.WITHDRAW, by=by, request=kept, clock=clock, words=kept.withdrawal_reason)
    publish(
        DecisionWithdrawn(request_public_id=kept.public_id, subject_kind=kept.subject_kind, subject_id=kept.subject_id)
    )
    return kept


@verb("approval.receive_return", label="差戻しの受領")
def receive_return(*, by: Person, request: DecisionRequest, clock: Clock) -> DecisionRequest:
    """Take up what was sent back: it leaves the worklist although no new request followed. Done twice, it stays done."""
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not is_drafter(by, kept):
        raise NotAllowed("差戻しを受け取れるのは、起案した人と今の担当者だけです。")
    if kept.state != RequestState.RETURNED:
        raise Refusal("この決裁伺いは差し戻されていません。", hint="画面を開き直して、今の状態を確かめてください。")
    if kept.answered_at is None:
        kept.answered_at = clock.now()
        kept.save(update_fields=["answered_at"])
    return kept
