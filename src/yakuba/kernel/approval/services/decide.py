"""Deciding (決裁)."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.access import deciders_of, drafters_of
from yakuba.kernel.approval.events import DecisionMade
from yakuba.kernel.approval.house import house_on
from yakuba.kernel.approval.models import Decision, DecisionComment, DecisionRequest
from yakuba.kernel.approval.queries.titles import title_of_decider
from yakuba.kernel.approval.rules.canonical import sha256_of
from yakuba.kernel.approval.rules.states import TRANSITIONS, Capacity, Outcome, RequestState, words_of_decision
from yakuba.kernel.approval.rules.who_decides import MayDecide
from yakuba.kernel.approval.services.subjects import fingerprint
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events.api import publish
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal


class AlreadyClosed(Refusal):
    """Somebody else decided meanwhile, or the request was withdrawn."""


@verb("approval.decide", label="決裁")
def decide(
    *,
    by: Person,
    request: DecisionRequest,
    outcome: Outcome,
    comment: str,
    clock: Clock,
    principal_is_absent: bool = False,
) -> Decision:
    """Decide a request: who, in which capacity and post, with the hash of exactly what was decided.

    A deputy (代理) decides only while the head is away and says so with ``principal_is_absent``.

    Raises ``AlreadyClosed`` when somebody was faster; ``NotAllowed`` for who may not decide this request, own drafts
    above all; ``Refusal`` for a missing reason, for a deputy who does not say that the head is away, and when content,
    files or subject are no longer what was asked for (a changed subject may still be refused or sent back).
    """
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    outcome = Outcome(outcome)
    if not kept.is_waiting:
        raise AlreadyClosed(
            words_of_the_end(kept), hint="今の状態を確かめてください。書いた文は、この画面に残しています。"
        )
    TRANSITIONS.check(RequestState(kept.state), outcome.state)
    may = _capacity(by, kept, clock)
    words = words_of_decision(outcome, comment)
    if may.capacity is Capacity.DEPUTY and not principal_is_absent:
        raise Refusal(
            "代理で決裁できるのは、本人が不在のときだけです。",
            field="principal_is_absent",
            hint="不在を確かめて、「本人が不在です」に印を付けてください。",
        )
    if not kept.is_whole:
        raise Refusal(
            "決裁する内容が、起案された時のものと一致しません。記録が書き換えられたおそれがあります。",
            hint="決裁せずに、情報システム担当に知らせてください。",
        )
    subject_sha256 = fingerprint(kept.subject)
    if outcome is Outcome.APPROVED:
        _require_unchanged(kept, subject_sha256)
    decision = Decision.objects.create(
        request=kept,
        outcome=outcome.value,
        decided_by=by.id,
        decided_name=by.name,
        decided_staff_id=may.staff,
        capacity=may.capacity.value,
        title=title_of_decider(by, may, kept, clock.today()),
        decided_at=clock.now(),
        content_sha256=kept.content_sha256,
        text_sha256=kept.text_sha256,
        subject_sha256=subject_sha256,
        comment_sha256=sha256_of(words) if words else "",
        is_sample=kept.is_sample,
        **_principal(may, kept, clock),
    )
    if words:
        DecisionComment.objects.create(decision=decision, words=words)
    kept.state = outcome.state.value
    kept.closed_at = clock.now()
    kept.save(update_fields=["state", "closed_at"])
    publish(
        DecisionMade(
            request_public_id=kept.public_id,
            subject_kind=kept.subject_kind,
            subject_id=kept.subject_id,
            outcome=outcome.value,
        )
    )
    return decision


def words_of_the_end(request: DecisionRequest) -> str:
    """How a request ended, as a sentence."""
    if request.state == RequestState.WITHDRAWN:
        return f"「{request.title}」は、{request.withdrawn_name}さんが取り下げました。"
    decision = request.decision
    return f"「{request.title}」は、すでに{decision.title} {decision.decided_name}さんが「{decision.get_outcome_display()}」としました。"


def _capacity(by: Person, request: DecisionRequest, clock: Clock) -> MayDecide:
    if by.kind is not PersonKind.STAFF or by.staff_id is None:
        raise NotAllowed("決裁できるのは職員だけです。")
    if by.staff_id in drafters_of(request) or by.id == request.asked_by:
        raise NotAllowed("自分が起案したものは決裁できません。")
    for one in deciders_of(request, house_on(clock.today())):
        if one.staff == by.staff_id:
            return one
    raise NotAllowed("この決裁をする立場にありません。決裁できる人は、決裁の画面に書いてあります。")


def _principal(may: MayDecide, request: DecisionRequest, clock: Clock) -> dict[str, str]:
    if may.capacity is Capacity.OWN:
        return {}
    principal = Staff.objects.get(pk=may.principal)
    own = MayDecide(may.principal, Capacity.OWN, may.place, may.principal)
    return {
        "principal_name": principal.name,
        "principal_title": title_of_decider(None, own, request, clock.today()),
    }


def _require_unchanged(request: DecisionRequest, subject_sha256: str) -> None:
    if subject_sha256 != request.subject_sha256:
        raise Refusal(
            "起案のあとで、対象の内容が変わっています。今の内容のままでは承認できません。",
            hint="差し戻して、今の内容で出し直してもらってください。",
        )
    for one in request.files:
        file = StoredFile.objects.filter(public_id=Ref.parse(one["ref"]).public_id).first()
        if file is None or file.sha256 != one["sha256"]:
            raise Refusal(
                f"添えられたファイル「{one['name']}」が、起案された時のものではありません。",
                hint="差し戻して、出し直してもらってください。",
            )
