"""The chart of a KPI: baseline to target, corridor, measured values, forecast."""

from __future__ import annotations

from datetime import date, timedelta

from yakuba.kernel.ui.charts import Chart, CorridorPoint, Svg, line_chart, sparkline
from yakuba.kernel.ui.charts import Point as Drawn
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.queries.kpi_states import KpiState
from yakuba.plan.rules.forecast import Forecast
from yakuba.plan.rules.kpi_path import corridor_on
from yakuba.plan.rules.plan_file import Header

_STEPS = 16


def kpi_chart(state: KpiState, header: Header, *, today: date) -> Chart:
    """Draw a KPI over the years of the plan; what is unknown is not drawn and said in the note."""
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
    )


def chart_note(state: KpiState) -> str:
    """What a reader must know about the drawing: missing values, method of the forecast, samples."""
    words = []
    if state.is_hidden:
        words.append("人数が少ないため、最新の値は公表していません。")
    elif state.latest is None:
        words.append(f"まだ計測していません（未計測）。測り方: {state.measure.measured_by}。")
    if state.kpi.target is None and state.kpi.no_target:
        words.append(f"目標値: {state.kpi.no_target}。")
    elif state.path.target is None:
        words.append("基準値がまだないため、目標までの線は引けません。")
    outlook = state.outlook
    if isinstance(outlook, Forecast):
        words.append(f"見通しの方法: {outlook.method}。")
    elif state.latest is not None and state.path.target is not None:
        words.append(outlook.reason)
    if state.has_sample_values:
        words.append("見本の値を含みます。")
    return "".join(words)


def kpi_sparkline(state: KpiState) -> Svg | None:
    """A small line beside a figure; `None` with fewer than two values."""
    if len(state.kept) < 2:
        return None
    return sparkline(
        [point.value for point in state.kept],
        label=f"{state.kpi.title}の推移",
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
