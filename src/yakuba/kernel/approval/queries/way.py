"""The way of one request as its page shows it: stages, seats, who sits there now and before, every act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteSeat, RouteStage, SeatTrace
from yakuba.kernel.approval.on_the_way import Day, stages_of
from yakuba.kernel.approval.rules.flow import Act, SeatState, StageNow, StageState
from yakuba.kernel.approval.rules.routes import ALL, StageKind
from yakuba.kernel.approval.rules.states import Capacity
from yakuba.kernel.approval.rules.waiting import words_of_time
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock

_TONES = {StageState.DONE: "done", StageState.OPEN: "", StageState.AHEAD: "future", StageState.SKIPPED: "future"}
_BADGES = {StageState.DONE: "success", StageState.OPEN: "info", StageState.AHEAD: "", StageState.SKIPPED: ""}


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act as a line: what, by whom in which capacity, when, with which words, on which edition of the content."""

    public_id: str
    label: str
    place: str
    name: str
    title: str
    capacity: str
    principal: str
    at: datetime
    words: str
    files: tuple[tuple[int, str], ...]
    edition: int
    is_former: bool
    tone: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat: what it is called, who sits there today, who may stand in, what was answered."""

    words: str
    state: SeatState
    sitting: str
    deputies: tuple[str, ...]
    is_away: bool
    act: ActLine | None
    traces: tuple[SeatTrace, ...]

    @property
    def is_waiting(self) -> bool:
        return self.state is SeatState.WAITING


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage: its name, how it stands, why it is as it is, how long it has waited."""

    position: int
    kind: StageKind
    title: str
    state: StageState
    tone: str
    badge: str
    state_words: str
    why: str
    waited: str
    quorum: str
    seats: tuple[SeatLine, ...]
    may_leave_out: bool


@dataclass(frozen=True, slots=True)
class Way:
    """The whole: the stages in order and every act, the latest first."""

    stages: tuple[StageLine, ...]
    acts: tuple[ActLine, ...]


def label_of_act(act: RouteAct) -> str:
    """What an act is called where it was done: a consulted section agrees (同意), a superior approves (承認)."""
    if act.act == Act.AGREE and act.stage_kind == StageKind.CONSULT:
        return "同意"
    return Act(act.act).label


def way_of(request: DecisionRequest, day: Day, *, clock: Clock) -> Way:
    """The way of a request on a day: six queries."""
    acts = [_act_line(one, request) for one in acts_of(request)]
    rows = list(RouteStage.objects.filter(request=request).order_by("position"))
    if not rows:
        return Way((), tuple(reversed([line for _, line in acts])))
    seats: dict[int, list[RouteSeat]] = {}
    for seat in RouteSeat.objects.filter(stage__request=request).order_by("order"):
        seats.setdefault(seat.stage_id, []).append(seat)
    traces: dict[int, list[SeatTrace]] = {}
    for trace in SeatTrace.objects.filter(seat__stage__request=request).order_by("id"):
        traces.setdefault(trace.seat_id, []).append(trace)
    now = {one.key: one for one in stages_of([request], day)[request.pk]}
    people = _people(now.values())
    last = answers_of([one for one, _ in acts], request)
    lines = {act.public_id: line for act, line in acts}
    moment = clock.now()
    stages = tuple(_stage_line(row, seats.get(row.pk, []), now[row.pk], people, day, last, lines, traces, moment)
                   for row in rows)  # fmt: skip
    return Way(stages, tuple(reversed([line for _, line in acts])))


def acts_of(request: DecisionRequest) -> list[RouteAct]:
    """Every act with its words, the first one first."""
    return list(RouteAct.objects.filter(request=request).select_related("said").order_by("id"))


def answers_of(acts: Sequence[RouteAct], request: DecisionRequest) -> dict[int, RouteAct]:
    """The last act in each seat on the content as it is now, by the seat's row."""
    return {one.seat_key: one for one in acts if one.seat_key is not None and one.edition == request.edition}


def _act_line(act: RouteAct, request: DecisionRequest) -> tuple[RouteAct, ActLine]:
    said = getattr(act, "said", None)
    place = "・".join(dict.fromkeys(one for one in (act.stage_title, act.seat_words) if one))
    principal = f"{act.principal_title} {act.principal_name}".strip()
    negative = act.act in (Act.DISSENT, Act.HOLD, Act.REFUSE, Act.RETURN, Act.RETURN_TO, Act.WITHDRAW)
    return act, ActLine(
        public_id=act.public_id,
        label=label_of_act(act),
        place=place,
        name=act.name,
        title=act.title,
        capacity=act.get_capacity_display() if act.capacity != Capacity.OWN else "",
        principal=principal,
        at=act.at,
        words=said.words if said else "",
        files=tuple((number, one["name"]) for number, one in enumerate(said.files, start=1)) if said else (),
        edition=act.edition,
        is_former=act.edition != request.edition,
        tone="alert" if negative else "done",
    )


def _people(stages: Collection[StageNow]) -> dict[int, str]:
    staff = {one.staff for stage in stages for seat in stage.seats for one in seat.sitting}
    return dict(Staff.objects.filter(pk__in=staff).values_list("pk", "name")) if staff else {}


def _stage_line(
    row: RouteStage,
    seats: Sequence[RouteSeat],
    now: StageNow,
    people: Mapping[int, str],
    day: Day,
    last: Mapping[int, RouteAct],
    lines: Mapping[str, ActLine],
    traces: Mapping[int, Sequence[SeatTrace]],
    moment: datetime,
) -> StageLine:
    state = StageState(row.state)
    sitting = {one.key: one.sitting for one in now.seats}
    shown = []
    for seat in seats:
        who = sitting.get(seat.pk, ())
        answered = last.get(seat.pk)
        shown.append(
            SeatLine(
                words=seat.words,
                state=SeatState(seat.state),
                sitting=people.get(who[0].staff, "") if who else "",
                deputies=tuple(people[one.staff] for one in who[1:]),
                is_away=bool(who) and who[0].capacity is Capacity.OWN and who[0].staff in day.absent,
                act=lines[answered.public_id]
                if answered and (seat.state != SeatState.WAITING or answered.act == Act.HOLD)
                else None,
                traces=tuple(traces.get(seat.pk, ())),
            )
        )
    untouched = all(one.state == SeatState.WAITING for one in seats)
    return StageLine(
        position=row.position,
        kind=StageKind(row.kind),
        title=row.title,
        state=state,
        tone=_TONES[state],
        badge=_BADGES[state],
        state_words=state.label,
        why=row.why,
        waited=_waited(row, moment),
        quorum="" if row.quorum == ALL or len(seats) < 2 else f"{len(seats)}席のうち{row.quorum}席",
        seats=tuple(shown),
        may_leave_out=row.kind in (StageKind.LINE, StageKind.CONSULT, StageKind.CIRCULATE)
        and state in (StageState.AHEAD, StageState.OPEN)
        and untouched,
    )


def _waited(row: RouteStage, moment: datetime) -> str:
    if row.opened_at is None:
        return ""
    return words_of_time((row.closed_at or moment) - row.opened_at)


def first_in_turn(request: DecisionRequest, *, on: date, stage: int | None = None) -> list[int]:
    """The staff whose turn it is: who sits first in each open seat that waits, of one stage or of all."""
    stages = stages_of([request], Day.of(on))[request.pk]
    return [
        seat.sitting[0].staff
        for one in stages
        if one.state is StageState.OPEN and stage in (None, one.key)
        for seat in one.seats
        if seat.state is SeatState.WAITING and seat.sitting
    ]
