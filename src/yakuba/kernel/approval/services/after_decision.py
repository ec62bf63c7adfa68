"""What follows a decision: 施行 with number and seal, 後閲 of what was decided in somebody's place, reminders."""

from __future__ import annotations

from datetime import date, timedelta

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteStage, SealUse
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.queries.requests import waiting_for_post_view
from yakuba.kernel.approval.queries.way import first_in_turn
from yakuba.kernel.approval.rules.flow import Act, SeatState, StageState
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import Capacity, RequestState
from yakuba.kernel.approval.services.act_on_request import the_turn
from yakuba.kernel.approval.services.document_numbers import issue_document_number
from yakuba.kernel.approval.services.recording import record_act, require_staff, standing_of, titles_of
from yakuba.kernel.approval.services.routing import open_next, settle_stage
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal

MOST_COPIES = 10_000


@verb("approval.issue_request", label="施行")
def issue_request(
    *, by: Person, request: DecisionRequest, on: date, clock: Clock, seal_copies: int = 0, number: str = ""
) -> str:
    """Send out what was decided (施行): its document number, and the entry in the seal ledger for ``seal_copies``.

    ``number`` is a number the document already has; without it one is taken. 公印審査 on the route must be done: its
    stage stands before this one. Returns the number. Raises ``NotAllowed``, ``Refusal``.
    """
    kept = (
        DecisionRequest.objects.select_for_update(of=("self",))
        .select_related("section", "authority")
        .get(pk=request.pk)
    )
    staff = require_staff(by)
    if kept.state != RequestState.APPROVED:
        raise Refusal("決裁が済んでいません。", hint="決裁のあとで施行してください。")
    if not 0 <= seal_copies <= MOST_COPIES:
        raise Refusal("通数が正しくありません。", field="seal_copies", hint=f"0から{MOST_COPIES:,}までにしてください。")
    day = Day.of(clock.today())
    turn = the_turn(kept, staff, Act.ISSUE, day)
    standing = standing_of(by, turn, kept, day, said_absent=())
    examined = (
        RouteAct.objects.filter(request=kept, act=Act.EXAMINE.value, edition=kept.edition).order_by("-id").first()
    )
    if seal_copies and not kept.authority.seal_name:
        raise Refusal(
            f"「{kept.authority.name}」の公印の名称が登録されていません。",
            field="seal_copies",
            hint="「組織」の画面で、執行機関に公印の名称を登録してください。",
        )
    written = number.strip()[:40]
    if not written:
        written = issue_document_number(
            by=by, section=kept.section, on=on, clock=clock, about=kept.subject, title=kept.title
        ).written
    record_act(
        Act.ISSUE,
        by=by,
        request=kept,
        clock=clock,
        words=written,
        stage=turn.stage,
        seat=turn.seat,
        titles=titles_of(turn.stage, turn.seat),
        standing=standing,
    )
    if seal_copies:
        SealUse.objects.create(
            request=kept,
            authority=kept.authority,
            section=kept.section,
            seal_name=kept.authority.seal_name,
            document_number=written,
            copies=seal_copies,
            examined_name=examined.name if examined is not None else "",
            used_name=by.name[:80],
            used_at=clock.now(),
            is_sample=kept.is_sample,
        )
    settle_stage(turn.stage, turn.seat.key, SeatState.AGREED, clock=clock)
    open_next(kept, is_decided=True, clock=clock)
    return written


@verb("approval.post_view", label="後閲")
def post_view(*, by: Person, act: RouteAct, clock: Clock) -> RouteAct:
    """Who was away has seen what was decided in their place. Done twice, it stays done. Raises ``NotAllowed``."""
    staff = require_staff(by)
    if act.principal_id != staff or act.capacity != Capacity.ACTING:
        raise NotAllowed("後閲をするのは、代決された本人です。")
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=act.request_id)
    if act not in waiting_for_post_view(staff):
        return act
    return record_act(Act.POST_VIEW, by=by, request=kept, clock=clock, titles=(act.stage_title, act.seat_words))


@verb("approval.remind", label="決裁の督促")
def remind(*, by: Person, request: DecisionRequest, clock: Clock) -> list[int]:
    """Remind whoever's turn it is; returns the members of staff. Once a day at most. Raises ``NotAllowed``, ``Refusal``."""
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if (
        by.kind is not PersonKind.SYSTEM
        and by.id != kept.asked_by
        and by.staff_id
        not in (
            kept.asked_staff_id,
            kept.holder_id,
        )
    ):
        raise NotAllowed("督促できるのは、起案した人と今の担当者です。")
    if not kept.is_waiting or kept.pulled_back_at is not None:
        raise Refusal("だれの順番でもありません。", hint="今の状態を確かめてください。")
    since = clock.now() - timedelta(hours=20)
    if RouteAct.objects.filter(request=kept, act=Act.REMIND.value, at__gte=since).exists():
        raise Refusal("今日はもう知らせました。", hint="明日まで待つか、直接声をかけてください。")
    staff = first_in_turn(kept, on=clock.today())
    record_act(Act.REMIND, by=by, request=kept, clock=clock)
    return staff


def is_cleared(request: DecisionRequest) -> bool:
    """Whether every 審査 on the route is done: money and seals wait for it."""
    return not RouteStage.objects.filter(
        request=request,
        kind=StageKind.EXAMINE.value,
        state__in=(StageState.AHEAD.value, StageState.OPEN.value),
    ).exists()
