"""Who will see a draft, in which order, and why: asked before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.rules.laying import nobody_in
from yakuba.kernel.approval.rules.routes import Route, StageKind
from yakuba.kernel.approval.rules.states import Decider
from yakuba.kernel.approval.services.routing import facts_of, layout_for
from yakuba.kernel.organisation.models import Authority, Section, Staff


@dataclass(frozen=True, slots=True)
class PreviewSeat:
    """One seat: what it is called, who sits in it on the day, who may stand in."""

    words: str
    name: str
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewStage:
    """One stage: ``skipped`` says why it is left out, ``why`` why it is as it is."""

    kind: StageKind
    title: str
    seats: tuple[PreviewSeat, ...]
    quorum: int
    why: str
    skipped: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A route as a draft would take it; ``missing`` are seats nobody sits in, for which it could not set out."""

    title: str
    stages: tuple[PreviewStage, ...]
    missing: tuple[str, ...]


def preview_route(
    *,
    kind: str,
    section: Section,
    authority: Authority,
    on: date,
    drafter: int | None = None,
    facts: Mapping[str, Any] | None = None,
    content: Mapping[str, Any] | None = None,
    decider: Decider = Decider.SECTION_HEAD,
    route: Route | None = None,
) -> Preview:
    """Who will see a draft of ``kind``, in which order, and why; nothing is stored.

    ``drafter`` is the row of the member of staff; ``facts`` and ``content`` are as for ``ask_decision``; ``route`` is
    tried out instead of what the town has laid down. Raises ``ValueError`` for facts nobody knows.
    """
    day = Day.of(on)
    draft = DecisionRequest(
        kind=kind[:40],
        section=section,
        authority=authority,
        decider=Decider(decider).value,
        asked_staff_id=drafter,
        holder_id=drafter,
        facts=facts_of(kind[:40], section, content or {}, facts),
    )
    layout = layout_for(draft, section, day, route=route)
    staff = {one.staff for stage in layout.stages for seat in stage.seats for one in seat.sitting}
    names = dict(Staff.objects.filter(pk__in=staff).values_list("pk", "name"))
    stages = tuple(
        PreviewStage(
            kind=stage.kind,
            title=stage.title,
            seats=tuple(
                PreviewSeat(
                    seat.words,
                    names[seat.sitting[0].staff] if seat.sitting else "",
                    tuple(names[one.staff] for one in seat.sitting[1:]),
                )
                for seat in stage.seats
            ),
            quorum=stage.quorum,
            why=stage.why,
            skipped=stage.skipped,
        )
        for stage in layout.stages
    )
    return Preview(layout.title, stages, tuple(nobody_in(layout.stages)))
