"""What stands in the yearly report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import FiscalYear, Refusal
from yakuba.plan.access import visible_to
from yakuba.plan.models import Advice, AgendaItem, OodaLoop, PdcaEntry, PdcaStep, Task, TaskState
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.queries.grading import proposals
from yakuba.plan.queries.hours import HoursFreed, hours_freed
from yakuba.plan.queries.kpi_states import KpiState, for_initiative, kpi_states
from yakuba.plan.queries.loops import loop_state
from yakuba.plan.queries.progress import GradeGiven, MilestoneState, grades_given, milestone_states
from yakuba.plan.queries.surveys import SurveyShown, survey_shown, surveys_that_count
from yakuba.plan.rules import plan_file
from yakuba.plan.rules.grades import Proposal


@dataclass(frozen=True)
class InitiativeInReport:
    """One initiative in the report."""

    initiative: plan_file.Initiative
    kpis: tuple[KpiState, ...]
    milestones: tuple[MilestoneState, ...]
    grade: GradeGiven | None
    proposal: Proposal
    check: str
    act: str

    @property
    def grade_words(self) -> str:
        """`B`, `B（公開前）` or `未評価`."""
        if self.grade is None:
            return "未評価"
        return self.grade.grade.value if self.grade.is_released else f"{self.grade.grade.value}（公開前）"

    @property
    def milestones_met(self) -> int:
        """How many milestones are confirmed."""
        return sum(1 for one in self.milestones if one.confirmation is not None)


@dataclass(frozen=True)
class LoopInReport:
    """One OODA loop of the year."""

    loop: OodaLoop
    stage: str
    effect: str


@dataclass(frozen=True)
class YearReport:
    """The whole report; `until` is the day its figures are of."""

    in_force: PlanInForce
    year: FiscalYear
    until: date
    initiatives: tuple[InitiativeInReport, ...]
    kpis: tuple[KpiState, ...]
    decisions: tuple[AgendaItem, ...]
    open_tasks: tuple[Task, ...]
    loops: tuple[LoopInReport, ...]
    advice: tuple[Advice, ...]
    hours: HoursFreed
    surveys: tuple[SurveyShown, ...]

    @property
    def is_over(self) -> bool:
        """Whether the fiscal year is over on the day of the figures."""
        return self.until == self.year.last_day

    @property
    def unmeasured(self) -> tuple[KpiState, ...]:
        """KPIs nobody measured: named, so that no gap looks like a success."""
        return tuple(state for state in self.kpis if state.latest is None)

    @property
    def has_samples(self) -> bool:
        """Whether any figure is a sample."""
        return (
            self.in_force.content.plan.sample
            or any(state.has_sample_values for state in self.kpis)
            or any(shown.survey.is_sample for shown in self.surveys)
            or any(row.is_sample for row in self.hours.works)
        )


def year_report(in_force: PlanInForce, person: Person, year: FiscalYear, *, today: date) -> YearReport:
    """Gather the report of a fiscal year as of its last day, or as of today while it runs.

    Raises `Refusal` for a year outside the plan or one that has not begun.
    """
    years = in_force.content.plan.fiscal_years
    if year not in years:
        raise Refusal(
            f"{year.label}は計画期間の外です。",
            field="fiscal_year",
            hint=f"{years[0].label}から{years[-1].label}までを指定してください。",
        )
    if year.start > today:
        raise Refusal(f"{year.label}はまだ始まっていません。", field="fiscal_year", hint="年度を確かめてください。")
    until = min(today, year.last_day)
    states = kpi_states(in_force.content, today=today, until=until)
    milestones = milestone_states(in_force, person, today=today, until=until)
    grades = grades_given(in_force, person)
    proposed = proposals(in_force, person, year, today=today)
    written: dict[tuple[str, str], str] = {}
    entries = visible_to(person, PdcaEntry).filter(initiative__plan=in_force.plan, fiscal_year=year.year)
    for entry in entries.select_related("initiative").order_by("acted_at", "id"):
        written[entry.initiative.key, entry.step] = entry.text
    initiatives = tuple(
        InitiativeInReport(
            initiative,
            for_initiative(states, initiative.id),
            tuple(one for one in milestones if one.initiative.id == initiative.id),
            grades.get((initiative.id, year.year)),
            proposed[initiative.id],
            written.get((initiative.id, PdcaStep.CHECK.value), ""),
            written.get((initiative.id, PdcaStep.ACT.value), ""),
        )
        for initiative in in_force.content.initiatives
    )
    within = (year.start, until)
    loops = visible_to(person, OodaLoop).filter(plan=in_force.plan, opened_on__range=within)
    return YearReport(
        in_force=in_force,
        year=year,
        until=until,
        initiatives=initiatives,
        kpis=states,
        decisions=tuple(
            visible_to(person, AgendaItem)
            .filter(meeting__plan=in_force.plan, meeting__held_on__range=within, is_dropped=False)
            .exclude(meeting__state="planned")
            .select_related("meeting", "initiative")
            .order_by("meeting__held_on", "meeting_id", "position")
        ),
        open_tasks=tuple(
            visible_to(person, Task)
            .filter(plan=in_force.plan, state=TaskState.OPEN, due_on__lte=until)
            .select_related("section", "owner", "initiative")
            .order_by("due_on")
        ),
        loops=tuple(
            LoopInReport(loop, state.stage.label, state.effect.words if state.effect else "—")
            for loop in loops.select_related("plan", "kpi", "initiative").order_by("opened_on", "id")
            for state in [loop_state(loop, today=until)]
        ),
        advice=tuple(
            visible_to(person, Advice)
            .filter(plan=in_force.plan, given_on__range=within)
            .select_related("initiative")
            .order_by("given_on", "id")
        ),
        hours=hours_freed(in_force, person, year, today=today),
        surveys=tuple(
            survey_shown(survey, for_public=True)
            for survey in surveys_that_count(in_force, person)
            if year.start <= survey.held_on <= until
        ),
    )
