"""Milestones, phases and grades as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.access import visible_to
from yakuba.plan.models import Assessment, Milestone, MilestoneConfirmation, PhaseConfirmation
from yakuba.plan.queries.current import PlanInForce, content_of
from yakuba.plan.rules import plan_file
from yakuba.plan.rules.grades import Grade
from yakuba.plan.rules.schedule import PhaseState, PlacedPhase, phase_key, phase_state, place_phases


@dataclass(frozen=True)
class MilestoneState:
    """A milestone of the plan with its confirmation, if somebody checked it."""

    initiative: plan_file.Initiative
    milestone: plan_file.Milestone
    row: Milestone
    confirmation: MilestoneConfirmation | None
    today: date

    @property
    def due(self) -> FiscalYear:
        """The fiscal year it is due in."""
        return FiscalYear(self.milestone.due_fiscal_year)

    @property
    def met_in(self) -> FiscalYear | None:
        """The fiscal year it was met in."""
        return FiscalYear.of(self.confirmation.on) if self.confirmation else None

    @property
    def is_overdue(self) -> bool:
        """Whether its fiscal year is over and nobody confirmed it."""
        return self.confirmation is None and self.today > self.due.last_day

    @property
    def words(self) -> str:
        """Confirmed, overdue, due this year or later."""
        if self.confirmation is not None:
            return "確認済み"
        if self.is_overdue:
            return "期限を過ぎて未確認"
        return "今年度が期限" if self.due == FiscalYear.of(self.today) else "これから"


@dataclass(frozen=True)
class PhaseInPlace:
    """A phase of the schedule with its state on a day."""

    phase: PlacedPhase
    key: str
    state: PhaseState
    confirmation: PhaseConfirmation | None


def milestone_states(
    in_force: PlanInForce, person: Person, *, today: date, until: date | None = None
) -> tuple[MilestoneState, ...]:
    """Every milestone of the plan in its order. `until` leaves out later confirmations."""
    rows = {row.key: row for row in visible_to(person, Milestone).filter(plan=in_force.plan, is_current=True)}
    latest: dict[int, MilestoneConfirmation] = {}
    confirmations = visible_to(person, MilestoneConfirmation).filter(milestone__plan=in_force.plan)
    if until is not None:
        confirmations = confirmations.filter(on__lte=until)
    for confirmation in confirmations.order_by("acted_at", "id"):
        latest[confirmation.milestone_id] = confirmation
    found = []
    for initiative in in_force.content.initiatives:
        for milestone in initiative.milestones:
            row = rows[milestone.id]
            last = latest.get(row.pk)
            met = last if last is not None and last.is_met else None
            found.append(MilestoneState(initiative, milestone, row, met, until or today))
    return tuple(found)


def phases_in_place(in_force: PlanInForce, person: Person, *, today: date) -> dict[str, tuple[PhaseInPlace, ...]]:
    """The phases of every initiative by its key, with their states."""
    latest: dict[tuple[str, str], PhaseConfirmation] = {}
    rows = visible_to(person, PhaseConfirmation).filter(initiative__plan=in_force.plan).select_related("initiative")
    for row in rows.order_by("acted_at", "id"):
        latest[row.initiative.key, row.phase] = row
    found = {}
    # Confirmations name a phase by its Japanese words, whatever language it is shown in.
    for original, initiative in zip(
        content_of(in_force.version).initiatives, in_force.content.initiatives, strict=True
    ):
        placed = []
        phases = place_phases(original.phases, in_force.content.plan)
        for phase, said in zip(phases, initiative.phases, strict=True):
            key = phase_key(phase)
            last = latest.get((initiative.id, key))
            confirmed = last if last is not None and last.is_done else None
            state = phase_state(phase, today, is_confirmed=confirmed is not None)
            placed.append(PhaseInPlace(replace(phase, label=said.label, track=said.track), key, state, confirmed))
        found[initiative.id] = tuple(placed)
    return found


@dataclass(frozen=True)
class GradeGiven:
    """The grade that counts for an initiative and a fiscal year."""

    assessment: Assessment
    is_released: bool

    @property
    def grade(self) -> Grade:
        """The grade itself."""
        return Grade(self.assessment.grade)

    @property
    def year(self) -> FiscalYear:
        """The fiscal year it is for."""
        return FiscalYear(self.assessment.fiscal_year)


def grades_given(in_force: PlanInForce, person: Person) -> dict[tuple[str, int], GradeGiven]:
    """The grades by initiative and fiscal year. The public gets the latest released one, the office the latest."""
    rows = (
        visible_to(person, Assessment)
        .filter(initiative__plan=in_force.plan)
        .select_related("initiative", "release")
        .order_by("acted_at", "id")
    )
    return {
        (row.initiative.key, row.fiscal_year): GradeGiven(row, getattr(row, "release", None) is not None)
        for row in rows
    }


def latest_grade(grades: dict[tuple[str, int], GradeGiven], initiative: str) -> GradeGiven | None:
    """The newest grade of an initiative."""
    own = [grade for (key, _), grade in grades.items() if key == initiative]
    return max(own, key=lambda grade: grade.year, default=None)


def count_milestones(states: Iterable[MilestoneState]) -> dict[str, int]:
    """How many are met, overdue, due this year and later."""
    counts = {"met": 0, "overdue": 0, "this_year": 0, "later": 0}
    for state in states:
        if state.confirmation is not None:
            counts["met"] += 1
        elif state.is_overdue:
            counts["overdue"] += 1
        elif state.due == FiscalYear.of(state.today):
            counts["this_year"] += 1
        else:
            counts["later"] += 1
    return counts
