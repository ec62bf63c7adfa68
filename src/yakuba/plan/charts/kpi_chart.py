"""The chart of a KPI: baseline to target, corridor, measured values, forecast."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import get_language, gettext

from yakuba.kernel.ui.charts import Chart, CorridorPoint, Svg, line_chart, sparkline
from yakuba.kernel.ui.charts import Point as Drawn
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.queries.kpi_states import KpiState
from yakuba.plan.rules.forecast import Forecast
from yakuba.plan.rules.kpi_path import corridor_on
from yakuba.plan.rules.plan_file import Header
from yakuba.plan.wording import joined, said, why_no_forecast

_STEPS = 16


def kpi_chart(state: KpiState, header: Header, *, today: date) -> Chart | None:
    """Draw a KPI over the years of the plan; what is unknown is not drawn and said in the note.

    `None` when nothing was measured and there is no number to reach: an axis without a line tells nobody anything.
    """
    if not state.kept and state.path.target is None:
        return None
    outlook = state.outlook
    years = header.fiscal_years
    baseline, target = state.path.baseline, state.path.target
    return line_chart(
        title=state.kpi.title,
        unit=state.measure.unit,
        first=min(years[0], FiscalYear.of(baseline.on)) if baseline else years[0],
        last=years[-1],
        baseline=Drawn(baseline.on, baseline.value) if baseline else None,
        target=Drawn(target.on, target.value) if target else None,
        measured=[Drawn(point.on, point.value) for point in state.kept],
        forecast=[Drawn(outlook.on, outlook.value)] if isinstance(outlook, Forecast) else [],
        corridor=_corridor(state),
        today=today if header.period_start <= today <= header.period_end else None,
        places=state.measure.decimals,
        note=chart_note(state),
        language=get_language() or "ja",
    )


def chart_note(state: KpiState) -> str:
    """What a reader must know about the drawing: missing values, method of the forecast, samples."""
    words = []
    if state.is_hidden:
        words.append(gettext("人数が少ないため、最新の値は公表していません。"))
    elif state.latest is None:
        words.append(gettext("まだ計測していません（未計測）。測り方: %(how)s。") % {"how": state.measure.measured_by})
    if state.kpi.target is None and state.kpi.no_target:
        words.append(gettext("目標値: %(reason)s。") % {"reason": state.kpi.no_target})
    elif state.path.target is None:
        words.append(gettext("基準値がまだないため、目標までの線は引けません。"))
    outlook = state.outlook
    if isinstance(outlook, Forecast):
        words.append(gettext("見通しの方法: %(method)s。") % {"method": said(outlook.method)})
    elif state.latest is not None and state.path.target is not None:
        words.append(why_no_forecast(outlook))
    if state.has_sample_values:
        words.append(gettext("見本の値を含みます。"))
    return joined(words)


def kpi_sparkline(state: KpiState) -> Svg | None:
    """A small line beside a figure; `None` with fewer than two values."""
    if len(state.kept) < 2:
        return None
    return sparkline(
        [point.value for point in state.kept],
        label=gettext("%(title)sの推移") % {"title": state.kpi.title},
        goal=state.path.target.value if state.path.target else None,
    )


def _corridor(state: KpiState) -> list[CorridorPoint]:
    start, goal = state.path.baseline, state.path.target
    if start is None or goal is None:
        return []
    length = (goal.on - start.on).days
    days = sorted({start.on + timedelta(days=length * step // _STEPS) for step in range(_STEPS + 1)})
    points = []
    for day in days:
        corridor = corridor_on(state.path, day)
        if corridor is not None:
            points.append(CorridorPoint(day, corridor.low, corridor.high))
    return points
