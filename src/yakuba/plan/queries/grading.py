"""The grade the figures speak for."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.queries.kpi_states import for_initiative, kpi_states
from yakuba.plan.queries.progress import milestone_states
from yakuba.plan.rules.grades import KpiFinding, MilestoneFinding, Proposal, propose_grade


def proposals(in_force: PlanInForce, person: Person, year: FiscalYear, *, today: date) -> dict[str, Proposal]:
    """The proposed grade of every initiative for a fiscal year, as of its last day or today, whichever is earlier.

    Milestones due in the year that is still running count as late only once it is over.
    """
    until = min(today, year.last_day)
    is_over = today > year.last_day
    states = kpi_states(in_force.content, today=today, until=until, for_public=False)
    milestones = milestone_states(in_force, person, today=today, until=until)
    judged_year = year if is_over else year.previous
    found = {}
    for initiative in in_force.content.initiatives:
        kpis = [
            KpiFinding(state.kpi.title, state.standing, state.kpi.target is not None, state.figure)
            for state in for_initiative(states, initiative.id)
        ]
        own = [
            MilestoneFinding(state.milestone.statement, state.due, state.met_in)
            for state in milestones
            if state.initiative.id == initiative.id and (state.met_in is not None or state.due <= judged_year)
        ]
        found[initiative.id] = propose_grade(year=year, kpis=kpis, milestones=own)
    return found
