"""How every KPI of the plan stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yakuba.kernel.kpi.api import MeasuredBy, is_suppressed, known_measures, series_of
from yakuba.kernel.kpi.api import Point as KeptPoint
from yakuba.plan.rules.forecast import Forecast, NoForecast, forecast
from yakuba.plan.rules.kpi_path import KpiPath, Point, Standing, expected_on, share_of_way, standing_of, target_value
from yakuba.plan.rules.plan_file import Initiative, Kpi, MeasureDefinition, PlanFile


@dataclass(frozen=True)
class KpiState:
    """A KPI with its measured values and what they say on a day.

    `kept` holds the values that may be shown to the reader; `is_hidden` tells that the latest one counts too few
    people to be published. `is_live` is whether the system itself measures it today.
    """

    initiative: Initiative | None
    kpi: Kpi
    measure: MeasureDefinition
    path: KpiPath
    kept: tuple[KeptPoint, ...]
    standing: Standing
    is_live: bool
    is_hidden: bool
    today: date

    @property
    def latest(self) -> KeptPoint | None:
        """The newest value."""
        return self.kept[-1] if self.kept else None

    @property
    def value_words(self) -> str:
        """The newest value as people read it, without its unit; empty when there is none."""
        return written(self.latest.value, self.measure.decimals) if self.latest else ""

    @property
    def figure(self) -> str:
        """`31手続き（2026-11-20）`, `未計測`, or that the count is too small to publish."""
        if self.is_hidden:
            return "少人数のため非公表"
        if self.latest is None:
            return "未計測"
        return f"{self.value_words}{self.measure.unit}（{self.latest.on.isoformat()}）"

    @property
    def target_words(self) -> str:
        """The number to reach as people read it; empty when the plan has none or it is not known yet."""
        return written(self.path.target.value, self.measure.decimals) if self.path.target else ""

    @property
    def baseline_words(self) -> str:
        """The baseline as people read it; empty when it is missing."""
        return written(self.path.baseline.value, self.measure.decimals) if self.path.baseline else ""

    @property
    def expected_words(self) -> str:
        """What the plan expects on the day of the newest value (today without one)."""
        expected = expected_on(self.path, self.latest.on if self.latest else self.today)
        return "" if expected is None else written(expected, max(self.measure.decimals, 1))

    @property
    def percent_of_way(self) -> int | None:
        """How much of the way from baseline to target is done, 0 … 100, for a bar."""
        if self.latest is None:
            return None
        share = share_of_way(self.path, self.latest.value)
        return None if share is None else int(min(max(share, Decimal(0)), Decimal(1)) * 100)

    @property
    def has_sample_values(self) -> bool:
        """Whether any shown value is a sample."""
        return any(point.is_sample for point in self.kept)

    @property
    def is_by_hand(self) -> bool:
        """Whether the newest value was entered by hand."""
        return self.latest is not None and self.latest.source is MeasuredBy.HAND

    @property
    def outlook(self) -> Forecast | NoForecast:
        """The forecast for the day of the target, or the reason why there is none."""
        if self.path.target is None:
            return NoForecast("目標値がないため、見通しは出しません。")
        return forecast(
            [Point(point.on, point.value) for point in self.kept],
            on=self.path.target.on,
            direction=self.kpi.direction,
            target=self.path.target.value,
            minimum=self.measure.minimum,
            maximum=self.measure.maximum,
        )


def written(value: Decimal, decimals: int) -> str:
    """A number as people read it: `4,000`, `44.3`."""
    return f"{value:,.{decimals}f}"


def kpi_states(
    content: PlanFile, *, today: date, until: date | None = None, for_public: bool = True
) -> tuple[KpiState, ...]:
    """Every KPI of the plan, in its order. `until` leaves out later values (a report of a past year)."""
    measures = known_measures()
    series = series_of({kpi.measure for _, kpi in content.all_kpis()}, until=until or today)
    states = []
    for initiative, kpi in content.all_kpis():
        known = measures.get(kpi.measure)
        kept = tuple(series.get(kpi.measure, ()))
        hidden = [point for point in kept if for_public and known is not None and is_suppressed(known, point)]
        is_hidden = bool(kept) and kept[-1] in hidden
        shown = tuple(point for point in kept if point not in hidden)
        definition = content.measure_of(kpi)
        path = path_of(content, kpi, kept)
        latest = Point(shown[-1].on, shown[-1].value) if shown and not is_hidden else None
        standing = standing_of(path, latest=latest, source=definition.source, today=until or today)
        states.append(
            KpiState(
                initiative=initiative,
                kpi=kpi,
                measure=definition,
                path=path,
                kept=() if is_hidden else shown,
                standing=standing,
                is_live=known is not None and known.read is not None,
                is_hidden=is_hidden,
                today=today,
            )
        )
    return tuple(states)


def path_of(content: PlanFile, kpi: Kpi, kept: tuple[KeptPoint, ...] = ()) -> KpiPath:
    """The planned way of a KPI. A baseline the plan leaves open is the first value recorded as baseline."""
    baseline = None
    if kpi.baseline is not None and kpi.baseline.value is not None:
        baseline = Point(kpi.baseline.on, kpi.baseline.value)
    else:
        recorded = next((point for point in kept if point.is_baseline), None)
        baseline = Point(recorded.on, recorded.value) if recorded else None
    target = None
    if kpi.target is not None:
        goal = target_value(
            baseline=baseline.value if baseline else None,
            value=kpi.target.value,
            change_percent=kpi.target.change_percent,
        )
        if goal is not None and (baseline is None or kpi.target.on > baseline.on):
            target = Point(kpi.target.on, goal)
    return KpiPath(kpi.direction, baseline, target, content.corridor_percent_of(kpi))


def for_initiative(states: tuple[KpiState, ...], key: str | None) -> tuple[KpiState, ...]:
    """The KPIs of one initiative; those of the whole plan for `None`."""
    return tuple(state for state in states if (state.initiative.id if state.initiative else None) == key)
