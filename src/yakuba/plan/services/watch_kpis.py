"""A KPI that left its corridor opens an observation by itself."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import Clock
from yakuba.plan.models import Kpi, OodaLoop
from yakuba.plan.queries.current import plan_in_force
from yakuba.plan.queries.kpi_states import KpiState, kpi_states
from yakuba.plan.rules.kpi_path import expected_on
from yakuba.plan.rules.ooda import Stage, opens_observation
from yakuba.plan.services.run_ooda import open_ooda_loop


def watch_kpis(*, by: Person, clock: Clock) -> list[OodaLoop]:
    """Open a loop for every KPI that is late and has none open, one verb each; running it again opens nothing more.

    A value that already led to a loop does not open another one once that is closed: only a newer one does.
    """
    in_force = plan_in_force()
    if in_force is None:
        return []
    rows = {row.key: row for row in Kpi.objects.filter(plan=in_force.plan, is_current=True)}
    opened = []
    for state in kpi_states(in_force.content, today=clock.today(), for_public=False):
        row = rows[state.kpi.id]
        loops = OodaLoop.objects.filter(kpi=row)
        has_open = loops.exclude(stage=Stage.CLOSED.value).exists()
        if not opens_observation(state.standing, has_open_loop=has_open) or state.latest is None:
            continue
        if loops.filter(closed_on__gte=state.latest.on).exists():
            continue
        opened.append(
            open_ooda_loop(
                by=by,
                plan=in_force.plan,
                initiative=row.initiative,
                kpi=row,
                title=f"「{state.kpi.title}」が計画より遅れています",
                text=_observation(state),
                value=state.latest.value,
                expected=expected_on(state.path, state.latest.on),
                is_automatic=True,
                clock=clock,
            )
        )
    return opened


def _observation(state: KpiState) -> str:
    return (
        f"{state.figure}。計画上の値は{state.expected_words}{state.measure.unit}で、"
        f"「計画どおり」の幅（道のりの±{state.path.corridor_percent}%）の外にあります。"
        f"測り方: {state.measure.measured_by}。"
    )
