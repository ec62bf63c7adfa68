"""The year schedule of initiatives against today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yakuba.kernel.ui.charts import Chart, Milestone, Phase, PhaseState, ScheduleRow, schedule_chart
from yakuba.plan.queries.progress import MilestoneState, PhaseInPlace
from yakuba.plan.rules import schedule
from yakuba.plan.rules.plan_file import Header

_DRAWN = {
    schedule.PhaseState.AHEAD: PhaseState.PLANNED,
    schedule.PhaseState.RUNNING: PhaseState.RUNNING,
    schedule.PhaseState.DONE: PhaseState.DONE,
    schedule.PhaseState.UNCONFIRMED: PhaseState.LATE,
}


def schedule_strip(
    header: Header,
    *,
    title: str,
    phases: Sequence[PhaseInPlace],
    milestones: Sequence[MilestoneState],
    schedule_stated: bool,
    today: date,
) -> Chart:
    """Phases by track and milestones at the end of their year."""
    tracks: dict[str, list[Phase]] = {}
    for one in phases:
        tracks.setdefault(one.phase.track or "", []).append(
            Phase(
                one.phase.label if one.phase.end_stated else f"{one.phase.label}（終期の記載なし）",
                max(one.phase.first.start, header.period_start),
                min(one.phase.last.last_day, header.period_end),
                _DRAWN[one.state],
            )
        )
    rows = [ScheduleRow(track or "工程", tuple(drawn)) for track, drawn in tracks.items()]
    if milestones:
        points = tuple(
            Milestone(
                state.milestone.statement,
                state.confirmation.on if state.confirmation else min(state.due.last_day, header.period_end),
                state.confirmation is not None,
            )
            for state in milestones
        )
        rows.append(ScheduleRow("節目", (), points))
    years = header.fiscal_years
    return schedule_chart(
        title=title,
        first=years[0],
        last=years[-1],
        rows=rows,
        today=today if header.period_start <= today <= header.period_end else None,
        note="" if schedule_stated else "年度ごとの工程は計画書に記載なし。",
    )
