"""The year schedule of initiatives against today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language, gettext, pgettext

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
) -> Chart | None:
    """Phases by track and milestones at the end of their year; `None` when there is neither."""
    if not phases and not milestones:
        return None
    tracks: dict[str, list[Phase]] = {}
    for one in phases:
        tracks.setdefault(one.phase.track or "", []).append(
            Phase(
                one.phase.label
                if one.phase.end_stated
                else gettext("%(phase)s（終期の記載なし）") % {"phase": one.phase.label},
                max(one.phase.first.start, header.period_start),
                min(one.phase.last.last_day, header.period_end),
                _DRAWN[one.state],
            )
        )
    rows = [ScheduleRow(track or pgettext("plan", "工程"), tuple(drawn)) for track, drawn in tracks.items()]
    if milestones:
        points = tuple(
            Milestone(
                state.milestone.statement,
                state.confirmation.on if state.confirmation else min(state.due.last_day, header.period_end),
                state.confirmation is not None,
            )
            for state in milestones
        )
        rows.append(ScheduleRow(pgettext("plan", "節目"), (), points))
    years = header.fiscal_years
    return schedule_chart(
        title=title,
        first=years[0],
        last=years[-1],
        rows=rows,
        today=today if header.period_start <= today <= header.period_end else None,
        note="" if schedule_stated else gettext("年度ごとの工程は、計画書に記載がありません。"),
        language=get_language() or "ja",
    )
