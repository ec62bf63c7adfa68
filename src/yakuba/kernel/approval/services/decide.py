"""Deciding (決裁)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.models import Decision, DecisionRequest
from yakuba.kernel.approval.on_the_way import Day, draft_of, stages_of
from yakuba.kernel.approval.rules.flow import Act, StageState, Turn, who_must_be_away
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import TRANSITIONS, Outcome, RequestState, words_of_decision
from yakuba.kernel.approval.services.answering import answer
from yakuba.kernel.approval.services.closing import AlreadyClosed, close_request, words_of_the_end
from yakuba.kernel.audit.api import verb
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal

__all__ = ["AlreadyClosed", "decide", "words_of_the_end"]
_ACTS = {Outcome.APPROVED: Act.APPROVE, Outcome.REFUSED: Act.REFUSE, Outcome.RETURNED: Act.RETURN}


@verb("approval.decide", label="決裁")
def decide(
    *,
    by: Person,
    request: DecisionRequest,
    outcome: Outcome,
    comment: str,
    clock: Clock,
    principal_is_absent: bool = False,
    said_absent: Collection[int] = (),
    files: Sequence[Ref] = (),
    seen_edition: int | None = None,
) -> Decision:
    """Decide a request: who, in which capacity and post, with the hash of exactly what was decided.

    A deputy acts (代決) only while the head, and every deputy before, is away: by an absence entered for today, or by
    saying so. ``principal_is_absent`` says it of the head and all deputies before, ``said_absent`` of single people.
    ``seen_edition`` is the edition of the content that was read.

    Raises ``AlreadyClosed`` when somebody was faster; ``NotAllowed`` for who may not decide this request, own drafts
    above all; ``Refusal`` while stages before the decision are open, for a missing reason, for a deputy who does not say
    that the head is away, and when content, files or subject are no longer what was asked for (a changed subject may
    still be refused or sent back).
    """
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    outcome = Outcome(outcome)
    if not kept.is_waiting:
        raise AlreadyClosed(
            words_of_the_end(kept), hint="今の状態を確かめてください。書いた文は、この画面に残しています。"
        )
    TRANSITIONS.check(RequestState(kept.state), outcome.state)
    day = Day.of(clock.today())
    turn = _turn(by, kept, day)
    words = words_of_decision(outcome, comment)
    before = who_must_be_away(turn.may, turn.seat)
    given = answer(
        _ACTS[outcome],
        by=by,
        request=kept,
        turn=turn,
        day=day,
        words=words,
        files=files,
        said_absent={*said_absent, *(before if principal_is_absent else ())},
        seen_edition=seen_edition,
        clock=clock,
    )
    return close_request(
        kept,
        outcome,
        by=by,
        standing=given.standing,
        words=words,
        subject_sha256=given.subject_sha256,
        clock=clock,
    )


def _turn(by: Person, request: DecisionRequest, day: Day) -> Turn:
    if by.kind is not PersonKind.STAFF or by.staff_id is None:
        raise NotAllowed("決裁できるのは職員だけです。")
    if by.staff_id in draft_of(request).drafters or by.id == request.asked_by:
        raise NotAllowed("自分が起案したものは決裁できません。")
    if request.pulled_back_at is not None:
        raise Refusal("起案した人が引き戻して直しています。", hint="出し直されるのを待ってください。")
    for stage in stages_of([request], day)[request.pk]:
        if stage.kind is not StageKind.DECIDE:
            continue
        for seat in stage.seats:
            for one in seat.sitting:
                if one.staff == by.staff_id:
                    if stage.state is not StageState.OPEN:
                        raise Refusal(
                            "決裁の前の段階（回議・合議・審査）が、まだ済んでいません。",
                            hint="ルートで今の段階を確かめてください。回議だけが残っているときは「引き上げ」ができます。",
                        )
                    return Turn(stage, seat, one, (Act.APPROVE, Act.REFUSE, Act.RETURN))
    raise NotAllowed("この決裁をする立場にありません。決裁できる人は、決裁の画面に書いてあります。")
