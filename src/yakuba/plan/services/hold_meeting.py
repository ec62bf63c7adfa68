"""Headquarters meetings: called, prepared, held, minuted."""

from __future__ import annotations

from datetime import date, time

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal, TransitionTable
from yakuba.plan.access import MAY_STEER, ensure
from yakuba.plan.models import AgendaItem, Initiative, Meeting, MeetingState, Plan
from yakuba.plan.models.acted import acting

MEETING_STATES: TransitionTable[MeetingState] = TransitionTable(
    {
        MeetingState.PLANNED: {MeetingState.HELD: "会議を開いた"},
        MeetingState.HELD: {
            MeetingState.MINUTED: "会議録を確かめて確定した",
            MeetingState.PLANNED: "開催の記録が誤りだった",
        },
        MeetingState.MINUTED: {MeetingState.HELD: "会議録に誤りがあり、理由を書いて開き直した"},
    },
    start=MeetingState.PLANNED,
    labels={state: str(state.label) for state in MeetingState},
)


@verb("plan.call_meeting", label="本部会議を予定する")
def call_meeting(
    *, by: Person, plan: Plan, title: str, held_on: date, starts_at: time | None, place: str, clock: Clock
) -> Meeting:
    """Plan a meeting."""
    ensure(by, may=MAY_STEER, doing="本部会議を予定する")
    if not title.strip():
        raise Refusal("会議名が空です。", field="title", hint="「第1回DX推進本部会議」のように書いてください。")
    return Meeting.objects.create(
        plan=plan,
        title=title.strip(),
        held_on=held_on,
        starts_at=starts_at,
        place=place.strip(),
        acted_at=clock.now(),
        **acting(by),
    )


@verb("plan.edit_meeting", label="本部会議を書き改める")
def edit_meeting(
    *,
    by: Person,
    meeting: Meeting,
    seen_edition: int,
    title: str,
    held_on: date,
    starts_at: time | None,
    place: str,
    attendees: str,
    summary: str,
    clock: Clock,
) -> Meeting:
    """Change what is known of a meeting. Raises `Refusal` when it changed meanwhile or its minutes are final."""
    ensure(by, may=MAY_STEER, doing="本部会議を書き改める")
    kept = _open(meeting)
    if kept.edition != seen_edition:
        raise Refusal(
            "あなたが書いている間に、ほかの人がこの会議を書き改めました。",
            hint="別の画面で今の内容を確かめ、書いたものを合わせてから、もう一度登録してください。",
        )
    if not title.strip():
        raise Refusal("会議名が空です。", field="title", hint="会議名を書いてください。")
    kept.title, kept.held_on, kept.starts_at, kept.place = title.strip(), held_on, starts_at, place.strip()
    kept.attendees, kept.summary = attendees.strip(), summary.strip()
    kept.edition += 1
    kept.save()
    return kept


@verb("plan.put_on_agenda", label="議題を載せる")
def put_on_agenda(
    *, by: Person, meeting: Meeting, title: str, initiative: Initiative | None, explanation: str, clock: Clock
) -> AgendaItem:
    """Add an item at the end of the agenda."""
    ensure(by, may=MAY_STEER, doing="議題を載せる")
    kept = _open(meeting)
    if not title.strip():
        raise Refusal("議題が空です。", field="title", hint="議題を書いてください。")
    position = max(kept.agenda.values_list("position", flat=True), default=0) + 1
    return AgendaItem.objects.create(
        meeting=kept,
        position=position,
        title=title.strip(),
        initiative=initiative,
        explanation=explanation.strip(),
        acted_at=clock.now(),
        **acting(by),
    )


@verb("plan.record_decision", label="議題の結果を記録する")
def record_decision(
    *, by: Person, item: AgendaItem, explanation: str, discussion: str, decision: str, is_dropped: bool, clock: Clock
) -> AgendaItem:
    """Write what was said and decided on an item, or drop it from the agenda."""
    ensure(by, may=MAY_STEER, doing="議題の結果を記録する")
    kept = AgendaItem.objects.select_for_update().get(pk=item.pk)
    _open(kept.meeting)
    kept.explanation, kept.discussion, kept.decision = explanation.strip(), discussion.strip(), decision.strip()
    kept.is_dropped = is_dropped
    kept.acted_at = clock.now()
    for name, value in acting(by).items():
        setattr(kept, name, value)
    kept.save()
    return kept


@verb("plan.move_meeting", label="本部会議の状態を変える")
def move_meeting(*, by: Person, meeting: Meeting, to: MeetingState, reason: str, clock: Clock) -> Meeting:
    """Bring a meeting to another state. Minutes become final only when every item has its outcome.

    Raises `TransitionRefused`, and `Refusal` for a meeting of the future, open items, or reopening without a reason.
    """
    ensure(by, may=MAY_STEER, doing="本部会議の状態を変える")
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    current = MeetingState(kept.state)
    MEETING_STATES.check(current, to)
    if to is MeetingState.HELD and current is MeetingState.PLANNED and kept.held_on > clock.today():
        raise Refusal("開催日がまだ来ていません。", hint="開催日を直すか、開催の後に記録してください。")
    if to is MeetingState.MINUTED:
        unclear = [item.title for item in kept.agenda.filter(is_dropped=False, decision="")]
        if unclear:
            raise Refusal(
                f"決定の書かれていない議題があります: {'、'.join(unclear[:5])}。",
                hint="決定（報告だけなら「了承」など）を書くか、議題を取り下げてください。",
            )
        if not kept.attendees:
            raise Refusal("出席者が空です。", field="attendees", hint="出席者を書いてから確定してください。")
    if current is MeetingState.MINUTED:
        if not reason.strip():
            raise Refusal("開き直す理由が空です。", field="reason", hint="何が誤っていたかを書いてください。")
        note = f"（{clock.today().isoformat()} 会議録を開き直し: {reason.strip()}）"
        kept.summary = f"{kept.summary}\n{note}".strip()
    kept.state = to
    kept.edition += 1
    kept.save()
    return kept


def _open(meeting: Meeting) -> Meeting:
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if kept.state == MeetingState.MINUTED:
        raise Refusal("会議録は確定しています。", hint="直すときは、理由を書いて会議録を開き直してください。")
    return kept
