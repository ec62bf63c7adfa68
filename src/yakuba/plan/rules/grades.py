"""Yearly grades (年度評価): A ahead, B on plan, C late, D cannot be judged; proposed from figures, given by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.rules.kpi_path import Standing


class Grade(StrEnum):
    """Grade of an initiative in one fiscal year."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]


_LABELS = {
    Grade.A: "計画より進んでいる",
    Grade.B: "計画どおり進んでいる",
    Grade.C: "計画より遅れている",
    Grade.D: "判定できない",
}


@dataclass(frozen=True)
class KpiFinding:
    """A KPI as a grade looks at it; one without target informs and does not count."""

    title: str
    standing: Standing
    has_target: bool
    figure: str


@dataclass(frozen=True)
class MilestoneFinding:
    """A milestone as a grade looks at it; `met_in` is the fiscal year it was confirmed in."""

    statement: str
    due: FiscalYear
    met_in: FiscalYear | None


@dataclass(frozen=True)
class Reason:
    """One ground of a proposal: the grade it speaks for (`None`: it only informs) and the sentence people read."""

    grade: Grade | None
    words: str


@dataclass(frozen=True)
class Proposal:
    """A proposed grade with all its grounds. A person gives the grade and may differ, with a reason."""

    grade: Grade
    reasons: tuple[Reason, ...]


_BY_STANDING = {
    Standing.REACHED: Grade.A,
    Standing.AHEAD: Grade.A,
    Standing.ON_PLAN: Grade.B,
    Standing.LATE: Grade.C,
}


def propose_grade(*, year: FiscalYear, kpis: Sequence[KpiFinding], milestones: Sequence[MilestoneFinding]) -> Proposal:
    """The grade the figures speak for at the end of a fiscal year.

    One late figure makes it late (C). Otherwise one KPI with a target that cannot be judged, or nothing to judge at
    all, makes it D: what nobody measured is never shown as going well. A needs everything judged to be ahead.
    """
    reasons = [_judge_kpi(kpi) for kpi in kpis]
    reasons += [reason for milestone in milestones if (reason := _judge_milestone(milestone, year)) is not None]
    found = {reason.grade for reason in reasons if reason.grade is not None}
    if not found:
        reasons.append(Reason(Grade.D, "この年度に判定できる目標値も、期限の来た節目もありません。"))
        grade = Grade.D
    elif Grade.C in found:
        grade = Grade.C
    elif Grade.D in found:
        grade = Grade.D
    else:
        grade = Grade.A if found == {Grade.A} else Grade.B
    return Proposal(grade, tuple(reasons))


def _judge_kpi(kpi: KpiFinding) -> Reason:
    words = f"指標「{kpi.title}」: {kpi.standing.label}（{kpi.figure}）"
    if not kpi.has_target:
        return Reason(None, f"{words}。目標値がないため判定には使いません。")
    return Reason(_BY_STANDING.get(kpi.standing, Grade.D), f"{words}。")


def _judge_milestone(milestone: MilestoneFinding, year: FiscalYear) -> Reason | None:
    met = milestone.met_in is not None and milestone.met_in <= year
    if met and milestone.met_in is not None:
        early = milestone.met_in < milestone.due
        grade = Grade.A if early and milestone.due > year else Grade.B
        manner = f"期限の{milestone.due.label}より早く" if early else f"{milestone.met_in.label}に"
        return Reason(grade, f"節目「{milestone.statement}」: {manner}確認済み。")
    if milestone.due <= year:
        return Reason(Grade.C, f"節目「{milestone.statement}」: 期限の{milestone.due.label}までに確認できていません。")
    return None
