"""Hours freed, added up over all initiatives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.access import visible_to
from yakuba.plan.models import SavedWork
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.queries.kpi_states import KpiState, kpi_states
from yakuba.plan.rules.hours_freed import Method, Saving, Total, add_up


@dataclass(frozen=True)
class HoursFreed:
    """The sum of a fiscal year: approved savings, and live measures that count hours, each by itself."""

    year: FiscalYear
    total: Total
    live: tuple[KpiState, ...]
    works: tuple[SavedWork, ...]


def saving_of(row: SavedWork) -> Saving:
    """A stored saving as the rules know it."""
    return Saving(row.minutes_before, row.minutes_after, row.cases, Method(row.method))


def hours_freed(in_force: PlanInForce, person: Person, year: FiscalYear, *, today: date) -> HoursFreed:
    """Add up the hours of a fiscal year. Only savings a second person agreed to count."""
    rows = tuple(
        visible_to(person, SavedWork)
        .filter(plan=in_force.plan, fiscal_year=year.year, verdict__is_approved=True)
        .select_related("initiative")
        .order_by("initiative__position", "work")
    )
    until = min(today, year.last_day)
    live = tuple(
        state
        for state in kpi_states(in_force.content, today=today, until=until)
        if state.measure.hours_freed and state.latest is not None and FiscalYear.of(state.latest.on) == year
    )
    return HoursFreed(year, add_up(saving_of(row) for row in rows), live, rows)
