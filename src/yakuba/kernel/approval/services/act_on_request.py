"""Acts on the way of a draft: 回議, 合議, 審査, 引き上げ, 差戻し to a step, 差止め, 供覧."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteSeat, RouteStage
from yakuba.kernel.approval.on_the_way import Day, stages_of, turns_on
from yakuba.kernel.approval.rules.delegation import HEAD
from yakuba.kernel.approval.rules.flow import (
    ACTS,
    Act,
    SeatState,
    StageNow,
    StageState,
    Turn,
    has_failed,
    words_of_act,
)
from yakuba.kernel.approval.rules.routes import Seat, StageKind
from yakuba.kernel.approval.rules.states import Outcome, RequestState
from yakuba.kernel.approval.services.answering import Answer, answer
from yakuba.kernel.approval.services.closing import AlreadyClosed, close_request, words_of_the_end
from yakuba.kernel.approval.services.recording import require_staff
from yakuba.kernel.approval.services.routing import open_next, settle_stage
from yakuba.kernel.audit.api import verb
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal

AFTER_DECISION = (Act.EXAMINE, Act.HOLD, Act.ISSUE, Act.SEE)
OUTCOMES = {Act.APPROVE: Outcome.APPROVED, Act.REFUSE: Outcome.REFUSED, Act.RETURN: Outcome.RETURNED}


@verb("approval.act_on_request", label="決裁の途中の行為")
def act_on_request(
    *,
    by: Person,
    request: DecisionRequest,
    act: Act,
    comment: str,
    clock: Clock,
    files: Sequence[Ref] = (),
    said_absent: Collection[int] = (),
    back_to: int | None = None,
    seen_edition: int | None = None,
) -> RouteAct:
    """Do ``act`` in the seat whose turn it is for the person.

    ``said_absent`` are members of staff of whom a deputy says that they are away; ``back_to`` the position of the stage
    a 差戻し goes to; ``seen_edition`` the edition of the content the person has read.

    Raises ``AlreadyClosed`` when the draft is decided or withdrawn, ``NotAllowed`` for who has no turn, ``Refusal`` for
    missing words, a content amended meanwhile, a deputy out of turn.
    """
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    act = Act(act)
    staff = require_staff(by)
    day = Day.of(clock.today())
    if ACTS[act].kinds and not kept.is_waiting and act not in AFTER_DECISION:
        raise AlreadyClosed(
            words_of_the_end(kept), hint="今の状態を確かめてください。書いた文は、この画面に残しています。"
        )
    turn = the_turn(kept, staff, act, day)
    words = words_of_act(act, comment)
    given = answer(
        act,
        by=by,
        request=kept,
        turn=turn,
        day=day,
        words=words,
        files=files,
        said_absent=said_absent,
        seen_edition=seen_edition,
        clock=clock,
    )
    if act in OUTCOMES:
        _close(kept, OUTCOMES[act], given, by, words, clock)
    elif act is Act.RETURN_TO:
        _back_to(kept, turn, back_to)
        open_next(kept, is_decided=False, clock=clock)
    elif act is Act.LIFT:
        _lift(given.stages, turn, clock)
        if turn.stage.kind is StageKind.DECIDE:
            _close(kept, Outcome.APPROVED, given, by, words, clock)
        else:
            open_next(kept, is_decided=False, clock=clock)
    elif act is not Act.HOLD:
        settle_stage(turn.stage, turn.seat.key, ACTS[act].seat or SeatState.AGREED, clock=clock)
        _raise_when_disputed(kept, day)
        open_next(kept, is_decided=not kept.is_waiting, clock=clock)
    return given.act


def _close(kept: DecisionRequest, outcome: Outcome, given: Answer, by: Person, words: str, clock: Clock) -> None:
    close_request(
        kept, outcome, by=by, standing=given.standing, words=words, subject_sha256=given.subject_sha256, clock=clock
    )


def the_turn(request: DecisionRequest, staff: int, act: Act, day: Day) -> Turn:
    """The turn in which somebody may do this act. Raises ``NotAllowed`` with the reason."""
    if request.pulled_back_at is not None:
        raise Refusal(
            "起案した人が引き戻して直しています。", hint="出し直されると、もう一度ここで承認できるようになります。"
        )
    turns = turns_on(request, staff, day)
    for turn in turns:
        if act in turn.acts:
            return turn
    if turns:
        raise NotAllowed(f"今の段階（{turns[0].stage.kind.label}）では「{act.label}」はできません。")
    raise NotAllowed("この決裁をする立場にないか、まだ順番ではありません。順番は、決裁の画面のルートで確かめられます。")


def _back_to(request: DecisionRequest, turn: Turn, position: int | None) -> None:
    here = RouteStage.objects.get(pk=turn.stage.key)
    target = RouteStage.objects.filter(
        request=request, position=position or 0, position__lt=here.position, state=StageState.DONE.value
    ).first()
    if target is None:
        raise Refusal("戻す段階が選ばれていません。", field="back_to", hint="すでに済んだ、前の段階を選んでください。")
    again = RouteStage.objects.filter(
        request=request, position__gte=target.position, position__lte=here.position
    ).exclude(state=StageState.SKIPPED.value)
    RouteSeat.objects.filter(stage__in=again).update(state=SeatState.WAITING.value)
    again.update(state=StageState.AHEAD.value, opened_at=None, closed_at=None)


def _lift(stages: Sequence[StageNow], turn: Turn, clock: Clock) -> None:
    """The 回議 stages passed over are done without an answer; each keeps that it was lifted, and the act keeps why."""
    passed = []
    for stage in stages:
        if stage.key == turn.stage.key:
            break
        if not stage.is_over:
            passed.append(stage.key)
    RouteSeat.objects.filter(stage__in=passed, state=SeatState.WAITING.value).update(state=SeatState.LIFTED.value)
    RouteStage.objects.filter(pk__in=passed).update(state=StageState.DONE.value, closed_at=clock.now())
    settle_stage(turn.stage, turn.seat.key, SeatState.AGREED, clock=clock)


def _raise_when_disputed(request: DecisionRequest, day: Day) -> None:
    """合議不調: what a delegate would have decided goes up to the head of the authority."""
    if request.state != RequestState.WAITING:
        return
    stages = stages_of([request], day)[request.pk]
    if not has_failed(stages):
        return
    decide = next(one for one in stages if one.kind is StageKind.DECIDE)
    if not decide.seats or decide.seats[0].seat == HEAD:
        return
    _seat_the_head(request, decide.key, decide.seats[0].key)


def _seat_the_head(request: DecisionRequest, stage_key: int, seat_key: int) -> None:
    head: Seat = HEAD
    RouteSeat.objects.filter(pk=seat_key).update(seat=head.to_json(), words=request.authority.head_title, traced=[])
    RouteStage.objects.filter(pk=stage_key).update(why="合議が調わなかったため、専決によらない")
