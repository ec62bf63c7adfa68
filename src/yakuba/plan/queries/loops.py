"""How an OODA loop stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yakuba.plan.models import OodaLoop
from yakuba.plan.queries.current import content_of, newest_version
from yakuba.plan.rules.ooda import Effect, Stage, deadline, effect, is_overdue
from yakuba.plan.rules.plan_file import Direction


@dataclass(frozen=True)
class LoopState:
    """Stage, deadline and, once closed, what the KPI did."""

    stage: Stage
    due: date | None
    is_overdue: bool
    effect: Effect | None
    unit: str


def loop_state(loop: OodaLoop, *, today: date) -> LoopState:
    """The state of a loop; the KPI's direction and unit come from the newest version of its plan."""
    stage = Stage(loop.stage)
    direction, unit = Direction.OBSERVE, ""
    version = newest_version(loop.plan) if loop.kpi else None
    if loop.kpi and version:
        content = content_of(version)
        found = next((kpi for _, kpi in content.all_kpis() if kpi.id == loop.kpi.key), None)
        if found:
            direction, unit = found.direction, content.measure_of(found).unit
    return LoopState(
        stage,
        deadline(stage, loop.opened_on),
        is_overdue(stage, loop.opened_on, today),
        effect(before=loop.value_before, after=loop.value_after, direction=direction),
        unit,
    )
