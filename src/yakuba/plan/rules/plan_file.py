"""The shape of a plan file (計画ファイル): which keys there are and what may stand in them.

Whether the parts fit together is decided in `check_plan_file`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.rules.plan_file_translations import Translation
from yakuba.plan.rules.plan_file_values import Id, Line, MeasureId, Number, Part, Percent, Prose, Year

FORMAT = "yakuba-plan/1"


class Direction(StrEnum):
    """Which way a KPI is meant to move (指標の向き)."""

    UP = "up"
    DOWN = "down"
    OBSERVE = "observe"


class Basis(StrEnum):
    """Whether something stands in the printed plan or is our reading of it (記載・読み取り)."""

    STATED = "stated"
    READING = "reading"


class Source(StrEnum):
    """How a measure comes about (測り方): read live, entered by hand with evidence, or from a survey."""

    LIVE = "live"
    HAND = "hand"
    SURVEY = "survey"


class Header(Part):
    """`[plan]`: which plan this is, of which town, for which years."""

    id: Id
    title: Line
    edition: Line
    town_code: Line
    town_name: Line
    prefecture_name: Line | None = None
    period_start: date
    period_end: date
    decided_on: date | None = None
    source: Line
    purpose: Prose
    corridor_percent: Percent = 10
    sample: bool = False

    @property
    def fiscal_years(self) -> tuple[FiscalYear, ...]:
        """Every fiscal year the period touches, in order."""
        first, last = FiscalYear.of(self.period_start), FiscalYear.of(self.period_end)
        return tuple(FiscalYear(year) for year in range(first.year, last.year + 1))


class Relation(Part):
    """`[[relations]]`: how the plan stands to another plan or strategy (上位計画・関連計画)."""

    id: Id
    kind: Literal["upper_plan", "serves_as", "context"]
    title: Line
    relation: Prose
    basis: Basis = Field(strict=False)


class Priority(Part):
    """`[[priorities]]`: a priority set from outside, e.g. one of the eight national ones (重点取組事項)."""

    id: Id
    number: Line
    title: Line


class Member(Part):
    """`[[organisation.members]]`: a seat in the headquarters."""

    role: Line
    post: Line


class Organisation(Part):
    """`[organisation]`: who drives the plan (推進体制)."""

    name: Line
    secretariat: Line
    external_experts: Prose | None = None
    project_teams: Prose | None = None
    review: Prose | None = None
    progress: Prose | None = None
    members: tuple[Member, ...] = Field(default=(), strict=False)


class Policy(Part):
    """`[[policies]]`: a basic policy (基本方針) with the goals it works towards (目指す姿)."""

    id: Id
    title: Line
    outline: Prose
    goals: tuple[Line, ...] = Field(default=(), strict=False)


class Baseline(Part):
    """Where a KPI starts (基準値). Without `value`, `missing` says why and how it will be found."""

    value: Number | None = None
    on: date
    label: Line | None = None
    basis: Basis = Field(strict=False)
    missing: Line | None = None


class Target(Part):
    """Where a KPI shall arrive (目標値): an absolute `value`, or `change_percent` against the baseline."""

    value: Number | None = None
    change_percent: Annotated[int, Field(ge=-100, le=1000)] | None = None
    on: date
    label: Line | None = None
    basis: Basis = Field(strict=False)


class Kpi(Part):
    """`[[initiatives.kpis]]` or `[[kpis]]`: an indicator (指標). `no_target` says why there is no number to reach."""

    id: Id
    title: Line
    measure: MeasureId
    direction: Direction = Field(strict=False)
    baseline: Baseline | None = None
    target: Target | None = None
    no_target: Line | None = None
    corridor_percent: Percent | None = None


class Milestone(Part):
    """`[[initiatives.milestones]]`: a result without a number, as a statement somebody can check (節目)."""

    id: Id
    statement: Line
    check: Line
    due_fiscal_year: Year
    due_basis: Basis = Field(strict=False)


class Phase(Part):
    """`[[initiatives.phases]]`: a stretch of the year schedule (工程). Without `to` the plan does not say the end."""

    label: Line
    first: Year = Field(alias="from")
    last: Year | None = Field(default=None, alias="to")
    track: Line | None = None


class PriorityLink(Part):
    """Which outside priority an initiative serves, and whether the plan says so."""

    id: Id
    basis: Basis = Field(strict=False)
    why: Line | None = None


class Initiative(Part):
    """`[[initiatives]]`: one initiative (取組)."""

    id: Id
    number: Annotated[Line, Field(max_length=20)]
    policy: Id
    title: Line
    current: Prose
    outline: Prose
    result: Prose
    section: Line | None = None
    note: Prose | None = None
    schedule_stated: bool
    priorities: tuple[PriorityLink, ...] = Field(default=(), strict=False)
    kpis: tuple[Kpi, ...] = Field(default=(), strict=False)
    milestones: tuple[Milestone, ...] = Field(default=(), strict=False)
    phases: tuple[Phase, ...] = Field(default=(), strict=False)


class MeasureDefinition(Part):
    """`[[measures]]`: what is counted, how, and where the figure comes from (ものさし)."""

    id: MeasureId
    title: Line
    definition: Prose
    unit: Annotated[Line, Field(max_length=10)]
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    minimum: Number | None = None
    maximum: Number | None = None
    source: Source = Field(strict=False)
    measured_by: Line
    hours_freed: bool = False


class Term(Part):
    """`[[glossary]]`: a word and its meaning (用語)."""

    term: Line
    meaning: Prose


class PlanFile(Part):
    """A whole plan file whose parts have been checked against each other."""

    format: Literal["yakuba-plan/1"]
    plan: Header
    relations: tuple[Relation, ...] = Field(default=(), strict=False)
    priorities: tuple[Priority, ...] = Field(default=(), strict=False)
    organisation: Organisation | None = None
    kpis: tuple[Kpi, ...] = Field(default=(), strict=False)
    policies: tuple[Policy, ...] = Field(strict=False)
    initiatives: tuple[Initiative, ...] = Field(strict=False)
    measures: tuple[MeasureDefinition, ...] = Field(default=(), strict=False)
    glossary: tuple[Term, ...] = Field(default=(), strict=False)
    translations: dict[str, Translation] = Field(default_factory=dict)

    def measure_of(self, kpi: Kpi) -> MeasureDefinition:
        """The definition behind a KPI; a checked file always has it."""
        return next(measure for measure in self.measures if measure.id == kpi.measure)

    def initiatives_of(self, policy: Policy) -> tuple[Initiative, ...]:
        """The initiatives of a policy, in the file's order."""
        return tuple(initiative for initiative in self.initiatives if initiative.policy == policy.id)

    def all_kpis(self) -> tuple[tuple[Initiative | None, Kpi], ...]:
        """Every KPI with the initiative it belongs to; `None` for those of the whole plan, which come first."""
        whole: tuple[tuple[Initiative | None, Kpi], ...] = tuple((None, kpi) for kpi in self.kpis)
        return whole + tuple((initiative, kpi) for initiative in self.initiatives for kpi in initiative.kpis)

    def corridor_percent_of(self, kpi: Kpi) -> int:
        """Width of the corridor of a KPI, in percent of the whole way from baseline to target."""
        return self.plan.corridor_percent if kpi.corridor_percent is None else kpi.corridor_percent
