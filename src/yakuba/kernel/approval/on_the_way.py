"""The way of requests as the rules see it: stored stages, with who sits in their seats on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from yakuba.kernel.approval.house import absent_on, directory_on, house_on
from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteSeat, RouteStage
from yakuba.kernel.approval.rules.flow import Act, SeatNow, SeatState, StageNow, StageState, Turn, turns_for
from yakuba.kernel.approval.rules.routes import Seat, StageKind, Who
from yakuba.kernel.approval.rules.seats import Directory, Draft, who_sits
from yakuba.kernel.approval.rules.states import Decider, RequestState
from yakuba.kernel.approval.rules.who_decides import House, MayDecide

VIRTUAL = 0
"""The key of the one stage of requests from before there were routes: it has no row."""


@dataclass(frozen=True, slots=True)
class Day:
    """The house on a day, looked up once for many requests."""

    on: date
    house: House
    directory: Directory
    absent: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, day: date) -> Day:
        """Twelve queries or so."""
        return cls(day, house_on(day), directory_on(day), absent_on(day))


def deciders_on(request: DecisionRequest, *, on: date) -> tuple[MayDecide, ...]:
    """Who may decide a request on a day, the principal first."""
    return deciders_of(request, Day.of(on))


def draft_of(request: DecisionRequest, directory: Directory | None = None) -> Draft:
    """What the seats of a request depend on. Whoever entered a draft for somebody else is as barred as the drafter."""
    drafters = frozenset(
        one for one in (request.asked_staff_id, request.holder_id, request.proxy_staff_id) if one is not None
    )
    drafted_in = None
    if directory is not None and request.asked_staff_id is not None:
        drafted_in = _seated_in(request.asked_staff_id, request.section_id, directory)
    return Draft(request.section_id, request.authority_id, drafters, drafted_in)


def _seated_in(staff: int, section: int, directory: Directory) -> int:
    """Where the drafter sits: the responsible section if posted there, else the lowest place they are posted to."""
    places = [place for place, posted in directory.ranks.items() if any(one == staff for one, _ in posted)]
    return section if section in places or not places else places[0]


def seat_of_decider(request: DecisionRequest) -> Seat:
    """Who decides a request that has no route of its own."""
    head = request.decider == Decider.AUTHORITY_HEAD
    return Seat(Who.AUTHORITY_HEAD if head else Who.SECTION_HEAD)


def stages_of(requests: Sequence[DecisionRequest], day: Day) -> dict[int, list[StageNow]]:
    """The stages of many requests by row, in order, with two queries."""
    wanted = [one.pk for one in requests]
    seats: dict[int, list[RouteSeat]] = {}
    for seat in RouteSeat.objects.filter(stage__request__in=wanted).order_by("order"):
        seats.setdefault(seat.stage_id, []).append(seat)
    drafts = {one.pk: draft_of(one) for one in requests}
    found: dict[int, list[StageNow]] = {one: [] for one in wanted}
    for row in RouteStage.objects.filter(request__in=wanted).order_by("position"):
        found[row.request_id].append(_stage(row, seats.get(row.pk, []), drafts[row.request_id], day))
    for request in requests:
        if not found[request.pk]:
            found[request.pk] = [_virtual(request, drafts[request.pk], day)]
    return found


def _stage(row: RouteStage, seats: Iterable[RouteSeat], draft: Draft, day: Day) -> StageNow:
    kind = StageKind(row.kind)
    is_over = row.state in (StageState.DONE, StageState.SKIPPED)
    return StageNow(
        row.pk,
        kind,
        row.quorum,
        StageState(row.state),
        tuple(
            SeatNow(one.pk, one.read, SeatState(one.state), () if is_over else _sits(one.read, kind, draft, day))
            for one in seats
        ),
    )


def _virtual(request: DecisionRequest, draft: Draft, day: Day) -> StageNow:
    seat = seat_of_decider(request)
    is_open = request.is_waiting
    sitting = _sits(seat, StageKind.DECIDE, draft, day) if is_open else ()
    state = StageState.OPEN if is_open else StageState.DONE
    return StageNow(
        VIRTUAL,
        StageKind.DECIDE,
        0,
        state,
        (SeatNow(VIRTUAL, seat, SeatState.WAITING if is_open else SeatState.AGREED, sitting),),
    )


def _sits(seat: Seat, kind: StageKind, draft: Draft, day: Day) -> tuple[MayDecide, ...]:
    return who_sits(seat, kind=kind, draft=draft, house=day.house, directory=day.directory)


def deciders_of(request: DecisionRequest, day: Day) -> tuple[MayDecide, ...]:
    """Who may decide a request, the principal first."""
    for stage in stages_of([request], day)[request.pk]:
        if stage.kind is StageKind.DECIDE and stage.seats:
            return stage.seats[0].sitting
    return ()


def acted_in(request: DecisionRequest, seat_keys: Collection[int]) -> frozenset[int]:
    """Who has acted in one of the seats on the content as it is now: nobody fills two seats of a stage."""
    rows = RouteAct.objects.filter(
        request=request, seat_key__in=seat_keys, edition=request.edition, act__in=[Act.AGREE, Act.DISSENT, Act.EXAMINE]
    )
    return frozenset(one for one in rows.values_list("staff_id", flat=True) if one is not None)


def turns_on(request: DecisionRequest, staff: int, day: Day) -> list[Turn]:
    """What somebody may do with a request now; empty while its drafter has pulled it back."""
    if request.pulled_back_at is not None or request.state not in (RequestState.WAITING, RequestState.APPROVED):
        return []
    stages = stages_of([request], day)[request.pk]
    keys = [seat.key for stage in stages if stage.state is StageState.OPEN for seat in stage.seats]
    return turns_for(staff, stages, acted=acted_in(request, keys) if len(keys) > 1 else ())


def under_way() -> list[DecisionRequest]:
    """Every request with a seat that waits: undecided ones, and decided ones not yet examined, issued or seen."""
    rows = DecisionRequest.objects.defer("content", "content_text", "files")
    waiting = rows.filter(state=RequestState.WAITING, pulled_back_at__isnull=True)
    decided = rows.filter(state=RequestState.APPROVED, disposed_on__isnull=True, stages__state=StageState.OPEN.value)
    return list(waiting) + list(decided.distinct())


def turns_by_request(staff: int, day: Day) -> dict[int, Turn]:
    """The first turn somebody has with each request under way, by row; what could only be lifted does not count."""
    requests = under_way()
    stages = stages_of(requests, day)
    found: dict[int, Turn] = {}
    for request in requests:
        for turn in turns_for(staff, stages[request.pk]):
            if turn.acts != (Act.LIFT,):
                found.setdefault(request.pk, turn)
    return found
