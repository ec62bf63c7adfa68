"""How a request ends: the decision, with everything that must hold of what is decided."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.events import DecisionMade
from yakuba.kernel.approval.models import Decision, DecisionComment, DecisionRequest, RouteSeat, RouteStage
from yakuba.kernel.approval.rules.canonical import sha256_of
from yakuba.kernel.approval.rules.flow import SeatState, StageState
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import TRANSITIONS, Capacity, Outcome, RequestState
from yakuba.kernel.approval.services.recording import Standing
from yakuba.kernel.approval.services.routing import open_next
from yakuba.kernel.events.api import publish
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal


class AlreadyClosed(Refusal):
    """Somebody else decided meanwhile, or the request was withdrawn."""


def words_of_the_end(request: DecisionRequest) -> str:
    """How a request ended, as a sentence."""
    if request.state == RequestState.WITHDRAWN:
        return f"「{request.title}」は、{request.withdrawn_name}さんが取り下げました。"
    decision = request.decision
    return f"「{request.title}」は、すでに{decision.title} {decision.decided_name}さんが「{decision.get_outcome_display()}」としました。"


def close_request(
    request: DecisionRequest,
    outcome: Outcome,
    *,
    by: Person,
    standing: Standing,
    words: str,
    subject_sha256: str,
    clock: Clock,
) -> Decision:
    """Write the decision, close the request, tell the house; what comes after a decision opens (inside a verb)."""
    TRANSITIONS.check(RequestState(request.state), outcome.state)
    require_whole(request)
    staff = by.staff_id
    if staff is None:
        raise ValueError("a decision is made by a member of staff")
    decision = Decision.objects.create(
        request=request,
        outcome=outcome.value,
        decided_by=by.id,
        decided_name=by.name,
        decided_staff=Staff.objects.get(pk=staff),
        capacity=standing.capacity.value,
        title=standing.title[:120],
        decided_at=clock.now(),
        content_sha256=request.content_sha256,
        text_sha256=request.text_sha256,
        subject_sha256=subject_sha256,
        comment_sha256=sha256_of(words) if words else "",
        is_sample=request.is_sample,
        principal_name=standing.principal_name if standing.capacity is not Capacity.OWN else "",
        principal_title=standing.principal_title[:120] if standing.capacity is not Capacity.OWN else "",
    )
    if words:
        DecisionComment.objects.create(decision=decision, words=words)
    request.state = outcome.state.value
    request.closed_at = clock.now()
    request.save(update_fields=["state", "closed_at"])
    _close_stages(request, outcome, clock)
    publish(
        DecisionMade(
            request_public_id=request.public_id,
            subject_kind=request.subject_kind,
            subject_id=request.subject_id,
            outcome=outcome.value,
        )
    )
    return decision


def _close_stages(request: DecisionRequest, outcome: Outcome, clock: Clock) -> None:
    stages = RouteStage.objects.filter(request=request)
    if outcome is Outcome.RETURNED:
        stages.filter(state=StageState.OPEN.value).update(state=StageState.AHEAD.value)
        return
    decide = stages.filter(kind=StageKind.DECIDE.value)
    RouteSeat.objects.filter(stage__in=decide).update(state=SeatState.AGREED.value)
    decide.update(state=StageState.DONE.value, closed_at=clock.now())
    if outcome is Outcome.APPROVED:
        open_next(request, is_decided=True, clock=clock)
    else:
        stages.filter(state=StageState.AHEAD.value).update(state=StageState.SKIPPED.value, why="否決されたため")


def require_same_edition(request: DecisionRequest, seen: int | None) -> None:
    """Raise ``Refusal`` when the draft was amended after it was read."""
    if seen is not None and seen != request.edition:
        raise Refusal(
            "画面を開いたあとで、起案した人が内容を直しています。",
            hint="今の内容を読んでから、もう一度判断してください。書いた文は残しています。",
        )


def require_whole(request: DecisionRequest) -> None:
    """Raise ``Refusal`` when content or text are not what was hashed."""
    if not request.is_whole:
        raise Refusal(
            "決裁する内容が、起案された時のものと一致しません。記録が書き換えられたおそれがあります。",
            hint="決裁せずに、情報システム担当に知らせてください。",
        )


def require_unchanged(request: DecisionRequest, subject_sha256: str) -> None:
    """Raise ``Refusal`` when the subject or a file is no longer what was asked about."""
    require_whole(request)
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
