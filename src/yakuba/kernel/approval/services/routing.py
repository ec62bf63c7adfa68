"""Laying out the route of a draft, and moving it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from yakuba.kernel.access.api import Role
from yakuba.kernel.approval.events import TurnCame
from yakuba.kernel.approval.models import (
    DecisionRequest,
    DelegationLine,
    RouteAct,
    RoutePlan,
    RouteSeat,
    RouteStage,
    SeatTrace,
)
from yakuba.kernel.approval.on_the_way import Day, draft_of, stages_of
from yakuba.kernel.approval.rules.delegation import HEAD, Delegation
from yakuba.kernel.approval.rules.flow import SeatState, StageNow, StageState, is_answered, next_open
from yakuba.kernel.approval.rules.laying import LaidStage, lay_out, nobody_in
from yakuba.kernel.approval.rules.routes import FACTS, Route, Seat, Stage, StageKind, Who, read_route
from yakuba.kernel.approval.rules.states import Decider
from yakuba.kernel.approval.rules.who_decides import MayDecide, upwards
from yakuba.kernel.events.api import publish
from yakuba.kernel.organisation.api import valid_on
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.values.api import Clock, Refusal

ONE_STEP = Route((Stage(StageKind.DECIDE, (Seat(Who.DELEGATED),)),))
"""What holds where a town has laid down no route: the decision alone."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A route laid out, and under which name."""

    title: str
    stages: tuple[LaidStage, ...]


def facts_of(
    kind: str, section: Section, content: Mapping[str, Any], facts: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What conditions and the 専決 table may ask of a draft: said by the caller, else read from the content's own keys.

    Raises ``ValueError`` for a fact nobody knows or of the wrong type.
    """
    said = {key: content[key] for key in FACTS if key in content} | dict(facts or {})
    unknown = set(said) - set(FACTS)
    if unknown:
        raise ValueError(f"unknown facts: {', '.join(sorted(unknown))}")
    amount = said.get("amount")
    if amount is not None and (type(amount) is not int or amount < 0):
        if facts and "amount" in facts:
            raise ValueError(f"the amount is whole yen, not {amount!r}")
        said.pop("amount")
    return {"matter": kind, "section": section.code, **said}


def plan_for(kind: str, section: Section, authority_id: int, day: Day) -> RoutePlan | None:
    """The route a town has laid down for this kind of draft: of the section or one above it, of the authority, in general."""
    codes = [day.directory.codes.get(one, "") for one in upwards(section.pk, day.house)]
    plans = [
        one
        for one in RoutePlan.objects.filter(valid_on(day.on)).filter(Q(kind=kind) | Q(kind="")).order_by("-starts_on")
        if (not one.section_code or one.section_code in codes) and one.authority_id in (None, authority_id)
    ]

    def closeness(one: RoutePlan) -> tuple[int, int, int]:
        near = codes.index(one.section_code) if one.section_code else len(codes)
        return (0 if one.kind else 1, near, 0 if one.authority_id else 1)

    return min(plans, key=closeness, default=None)


def table_on(authority_id: int, day: date) -> list[Delegation]:
    """The 専決 table of an authority on a day."""
    rows = DelegationLine.objects.filter(valid_on(day), authority_id=authority_id)
    return [Delegation(one.matter, one.up_to, Seat.from_json(one.seat), one.ground) for one in rows]


def layout_for(request: DecisionRequest, section: Section, day: Day, *, route: Route | None = None) -> Layout:
    """The route a draft would take today. Nothing is written: the preview before drafting is this.

    ``route`` takes the place of what the town has laid down, to try out a route before it is stored.
    """
    plan = plan_for(request.kind, section, request.authority_id, day) if route is None else None
    if route is None:
        route = read_route(plan.stages) if plan is not None else ONE_STEP
    otherwise = HEAD if request.decider == Decider.AUTHORITY_HEAD else Seat(Who.SECTION_HEAD)
    stages = lay_out(
        route,
        facts=request.facts,
        draft=draft_of(request, day.directory),
        otherwise=otherwise,
        table=table_on(request.authority_id, day.on),
        house=day.house,
        directory=day.directory,
        name_of=Names(request, day),
        today=day.on,
    )
    return Layout(plan.title if plan is not None else "", tuple(stages))


class Names:
    """What a seat is called for one request: 「財政課長」. Looks up each name once."""

    def __init__(self, request: DecisionRequest, day: Day) -> None:
        self.request, self.day = request, day
        self._sections: dict[str, str] | None = None

    def __call__(self, seat: Seat) -> str:
        if seat.who is Who.ROLE:
            return Role(seat.role).label
        if seat.who is Who.AUTHORITY_HEAD:
            return str(self.request.authority.head_title)
        if seat.who is Who.SECTION_HEAD:
            return f"{self._headed()}の長"
        if seat.who is Who.SECTION:
            return f"{self._section(seat.section)}の長"
        if seat.who is Who.STAFF:
            named = Staff.objects.filter(number=seat.staff).first()
            return named.name if named else f"職員番号{seat.staff}"
        return seat.who.label

    def _headed(self) -> str:
        """The responsible section, or the nearest above it that has a head: a 班 is decided for by the 課長."""
        house = self.day.house
        place = next((one for one in upwards(self.request.section_id, house) if house.heads.get(one)), None)
        if place is None or place == self.request.section_id:
            return self.request.section.name
        return self._section(self.day.directory.codes.get(place, "")) if place in self.day.directory.codes else "上司"

    def _section(self, code: str) -> str:
        if self._sections is None:
            self._sections = dict(Section.objects.filter(valid_on(self.day.on)).values_list("code", "name"))
        return self._sections.get(code, f"所属{code}")


def check_layout(layout: Layout, section: Section) -> None:
    """Raise ``Refusal`` for a route in which somebody is missing."""
    missing = nobody_in(layout.stages)
    decides = next(one for one in layout.stages if one.kind is StageKind.DECIDE)
    if not decides.seats[0].sitting:
        raise Refusal(
            f"「{section.name}」の決裁をできる人がいません。",
            hint="所属長が発令されているか、起案した人のほかに決裁できる人がいるかを、人事担当に確かめてください。",
        )
    if missing:
        raise Refusal(
            f"決裁ルートの席に着く人がいません：{'、'.join(missing[:5])}",
            hint="発令や役割の任命を、人事担当に確かめてください。ルートそのものは「決裁ルート」の画面で直せます。",
        )


def keep_route(request: DecisionRequest, layout: Layout, *, clock: Clock) -> None:
    """Store the stages of a draft and open the first (inside the verb that drafts or amends)."""
    _store(request, layout.stages, first=1, people=_people(layout.stages))
    open_next(request, is_decided=False, clock=clock)


def store_stages(request: DecisionRequest, stages: Sequence[LaidStage], *, first: int) -> None:
    """Store further stages from a position on (inside the verb that re-routes)."""
    _store(request, stages, first=first, people=_people(stages))


def _store(request: DecisionRequest, stages: Sequence[LaidStage], *, first: int, people: Mapping[int, str]) -> None:
    for position, laid in enumerate(stages, start=first):
        row = RouteStage.objects.create(
            request=request,
            position=position,
            kind=laid.kind.value,
            title=laid.title,
            quorum=laid.quorum,
            state=(StageState.SKIPPED if laid.skipped else StageState.AHEAD).value,
            why=(laid.skipped or laid.why)[:300],
        )
        RouteSeat.objects.bulk_create(
            RouteSeat(
                stage=row,
                order=order,
                seat=seat.seat.to_json(),
                words=seat.words[:120],
                traced=[people[one.staff] for one in seat.sitting],
            )
            for order, seat in enumerate(laid.seats, start=1)
        )


def _people(stages: Sequence[LaidStage]) -> dict[int, str]:
    staff = {one.staff for stage in stages for seat in stage.seats for one in seat.sitting}
    return dict(Staff.objects.filter(pk__in=staff).values_list("pk", "name"))


def settle_stage(stage: StageNow, seat_key: int, state: SeatState, *, clock: Clock) -> None:
    """Write down that a seat has answered; if that is enough, the stage is done and who is left is not needed."""
    RouteSeat.objects.filter(pk=seat_key).update(state=state.value)
    seats = tuple(
        one if one.key != seat_key else type(one)(one.key, one.seat, state, one.sitting) for one in stage.seats
    )
    now = StageNow(stage.key, stage.kind, stage.quorum, stage.state, seats)
    if is_answered(now):
        RouteSeat.objects.filter(stage=stage.key, state=SeatState.WAITING.value).update(state=SeatState.UNNEEDED.value)
        RouteStage.objects.filter(pk=stage.key).update(state=StageState.DONE.value, closed_at=clock.now())


def open_next(request: DecisionRequest, *, is_decided: bool, clock: Clock) -> None:
    """Open the stage whose turn it is now (after a decision: 施行 or 審査, and 供覧)."""
    day = Day(clock.today(), *_nobody())
    stages = stages_of([request], day)[request.pk]
    for key in next_open(stages, is_decided=is_decided):
        opened = RouteStage.objects.filter(pk=key, state=StageState.AHEAD.value).update(
            state=StageState.OPEN.value, opened_at=clock.now()
        )
        if opened and len(stages) > 1:
            publish(TurnCame(request_public_id=request.public_id, stage=key))


def _nobody() -> tuple[Any, Any]:
    from yakuba.kernel.approval.rules.seats import Directory
    from yakuba.kernel.approval.rules.who_decides import House

    return House(), Directory()


def trace_seats(request: DecisionRequest, stages: Sequence[StageNow], *, on: date) -> int:
    """Write down where somebody else sits now than when last looked at (異動); returns how many seats."""
    people = dict(
        Staff.objects.filter(
            pk__in={one.staff for stage in stages for seat in stage.seats for one in seat.sitting}
        ).values_list("pk", "name")
    )
    moved = 0
    rows = {one.pk: one for one in RouteSeat.objects.filter(stage__request=request)}
    for stage in stages:
        if stage.is_over:
            continue
        for seat in stage.seats:
            row = rows.get(seat.key)
            names = [people[one.staff] for one in seat.sitting]
            if row is None or seat.state is not SeatState.WAITING or row.traced == names:
                continue
            SeatTrace.objects.create(
                seat=row, on=on, before="、".join(row.traced)[:200], after="、".join(names)[:200] or "（いません）"
            )
            row.traced = names
            row.save(update_fields=["traced"])
            moved += 1
    return moved


def reset_route(request: DecisionRequest) -> None:
    """Forget how far a draft has come: its stages are laid out anew. The acts stay."""
    SeatTrace.objects.filter(seat__stage__request=request).delete()
    RouteSeat.objects.filter(stage__request=request).delete()
    RouteStage.objects.filter(request=request).delete()


def agreed_before(request: DecisionRequest) -> set[int]:
    """Everybody who agreed to an earlier edition: they are asked again, or told if they are on the route no more."""
    return {
        one
        for one in RouteAct.objects.filter(request=request, act__in=["agree", "dissent"], edition__lt=request.edition)
        .values_list("staff_id", flat=True)
        .distinct()
        if one is not None
    }


def sitting_now(stages: Sequence[StageNow]) -> set[int]:
    """Everybody who sits first in a seat of these stages."""
    return {may.staff for stage in stages for seat in stage.seats for may in _first(seat.sitting)}


def _first(sitting: Sequence[MayDecide]) -> Sequence[MayDecide]:
    return sitting[:1]
