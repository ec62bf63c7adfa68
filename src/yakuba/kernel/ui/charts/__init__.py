"""Charts drawn on the server: SVG for the eye, a real table for everybody, no script (グラフ).

Every function returns a `Chart` with two drawings of the same data: a wide one and one made for phones, so that no
letter falls under 12 px. `<c-chart :chart="chart" only />` shows both, the legend and the table. Pure Python.
"""

from yakuba.kernel.ui.charts.bars import Bar, bar_chart
from yakuba.kernel.ui.charts.chart import Chart, LegendEntry
from yakuba.kernel.ui.charts.lines import CorridorPoint, Point, line_chart
from yakuba.kernel.ui.charts.quadrants import Opinion, quadrant_chart
from yakuba.kernel.ui.charts.schedules import Milestone, Phase, PhaseState, ScheduleRow, schedule_chart
from yakuba.kernel.ui.charts.sparklines import sparkline
from yakuba.kernel.ui.charts.stacks import Stack, stack_chart
from yakuba.kernel.ui.charts.svg import Svg
from yakuba.kernel.ui.charts.trends import trend_chart

__all__ = [
    "Bar",
    "Chart",
    "CorridorPoint",
    "LegendEntry",
    "Milestone",
    "Opinion",
    "Phase",
    "PhaseState",
    "Point",
    "ScheduleRow",
    "Stack",
    "Svg",
    "bar_chart",
    "line_chart",
    "quadrant_chart",
    "schedule_chart",
    "sparkline",
    "stack_chart",
    "trend_chart",
]
