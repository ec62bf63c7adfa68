"""The plan at a glance: policies, initiatives, and how each stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.access import visible_to
from yakuba.plan.models import News
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.queries.kpi_states import KpiState, for_initiative, kpi_states
from yakuba.plan.queries.progress import (
    GradeGiven,
    MilestoneState,
    PhaseInPlace,
    count_milestones,
    grades_given,
    latest_grade,
    milestone_states,
    phases_in_place,
)
from yakuba.plan.rules import plan_file
from yakuba.plan.rules.grades import Grade
from yakuba.plan.rules.kpi_path import Standing
from yakuba.plan.rules.schedule import PhaseState, share_of_plan


@dataclass(frozen=True)
class InitiativeAtAGlance:
    """One initiative with what tells its progress."""

    initiative: plan_file.Initiative
    kpis: tuple[KpiState, ...]
    milestones: tuple[MilestoneState, ...]
    phases: tuple[PhaseInPlace, ...]
    grade: GradeGiven | None

    @property
    def main_kpi(self) -> KpiState | None:
        """The KPI to show first: one with a target, else the first."""
        with_target = (state for state in self.kpis if state.kpi.target is not None)
        return next(with_target, self.kpis[0] if self.kpis else None)

    @property
    def running(self) -> tuple[PhaseInPlace, ...]:
        """The phases the calendar is in."""
        return tuple(phase for phase in self.phases if phase.state is PhaseState.RUNNING)

    @property
    def next_phase(self) -> PhaseInPlace | None:
        """The first phase still ahead."""
        return next((phase for phase in self.phases if phase.state is PhaseState.AHEAD), None)

    @property
    def milestones_met(self) -> int:
        """How many milestones are confirmed."""
        return sum(1 for state in self.milestones if state.confirmation is not None)

    @property
    def milestones_overdue(self) -> int:
        """How many milestones are past their year and not confirmed."""
        return sum(1 for state in self.milestones if state.is_overdue)

    @property
    def summary(self) -> tuple[str, str]:
        """Kind of badge and words for the whole initiative: what is late comes first, nothing unmeasured looks well."""
        targets = [state for state in self.kpis if state.kpi.target is not None]
        if self.milestones_overdue or any(state.standing is Standing.LATE for state in targets):
            return "warning", "遅れあり"
        unclear = next((state for state in targets if not state.standing.can_be_judged), None)
        if unclear is not None:
            return "", unclear.standing.label
        if targets:
            good = all(state.standing in (Standing.REACHED, Standing.AHEAD) for state in targets)
            return ("success", targets[0].standing.label) if good else ("info", Standing.ON_PLAN.label)
        if self.milestones and self.milestones_met == len(self.milestones):
            return "success", "節目をすべて確認"
        return ("info", "節目を一部確認") if self.milestones_met else ("", "節目はこれから")


@dataclass(frozen=True)
class PolicyAtAGlance:
    """A policy with its initiatives."""

    policy: plan_file.Policy
    initiatives: tuple[InitiativeAtAGlance, ...]


@dataclass(frozen=True)
class Overview:
    """Everything the first page shows."""

    policies: tuple[PolicyAtAGlance, ...]
    whole_plan: tuple[KpiState, ...]
    with_target: tuple[KpiState, ...]
    standings: dict[str, int]
    milestones: dict[str, int]
    grades: dict[str, int]
    graded_year: FiscalYear | None
    percent_over: int
    year: FiscalYear
    news: tuple[News, ...]

    @property
    def milestone_total(self) -> int:
        """How many milestones there are."""
        return sum(self.milestones.values())

    @property
    def initiatives(self) -> tuple[InitiativeAtAGlance, ...]:
        """All initiatives in order."""
        return tuple(one for policy in self.policies for one in policy.initiatives)


_GROUPS = {
    Standing.REACHED: "good",
    Standing.AHEAD: "good",
    Standing.ON_PLAN: "good",
    Standing.LATE: "late",
}


def overview(in_force: PlanInForce, person: Person, *, today: date) -> Overview:
    """Gather the plan at a glance for a person on a day."""
    content = in_force.content
    states = kpi_states(content, today=today)
    milestones = milestone_states(in_force, person, today=today)
    phases = phases_in_place(in_force, person, today=today)
    grades = grades_given(in_force, person)
    policies = tuple(
        PolicyAtAGlance(
            policy,
            tuple(
                InitiativeAtAGlance(
                    initiative,
                    for_initiative(states, initiative.id),
                    tuple(one for one in milestones if one.initiative.id == initiative.id),
                    phases[initiative.id],
                    latest_grade(grades, initiative.id),
                )
                for initiative in content.initiatives_of(policy)
            ),
        )
        for policy in content.policies
    )
    graded_year = max((grade.year for grade in grades.values()), default=None)
    of_year = Counter(grade.grade.value for grade in grades.values() if grade.year == graded_year)
    with_target = tuple(state for state in states if state.kpi.target is not None)
    standings = Counter(_GROUPS.get(state.standing, "unknown") for state in with_target)
    return Overview(
        policies=policies,
        whole_plan=for_initiative(states, None),
        with_target=with_target,
        standings={key: standings[key] for key in ("good", "late", "unknown")},
        milestones=count_milestones(milestones),
        grades={grade.value: of_year[grade.value] for grade in Grade},
        graded_year=graded_year,
        percent_over=int(share_of_plan(content.plan, today) * 100),
        year=FiscalYear.of(today),
        news=tuple(latest_news(in_force, person, most=5)),
    )


def latest_news(in_force: PlanInForce, person: Person, *, initiative: str | None = None, most: int = 20) -> list[News]:
    """The newest news of the plan, or of one initiative."""
    rows = visible_to(person, News).filter(plan=in_force.plan, withdrawn_on__isnull=True).select_related("initiative")
    if initiative is not None:
        rows = rows.filter(initiative__key=initiative)
    return list(rows.order_by("-published_on", "-id")[:most])
