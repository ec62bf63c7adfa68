"""What the office sees of all initiatives at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.access import visible_to
from yakuba.plan.models import OodaLoop, Task, TaskState
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.queries.grading import proposals
from yakuba.plan.queries.overview import InitiativeAtAGlance, overview
from yakuba.plan.queries.progress import GradeGiven, grades_given
from yakuba.plan.rules.grades import Grade
from yakuba.plan.rules.ooda import Stage


@dataclass(frozen=True)
class BoardRow:
    """One initiative on the office's board."""

    glance: InitiativeAtAGlance
    proposed: Grade
    given: GradeGiven | None
    open_loops: int
    open_tasks: int
    overdue_tasks: int


def board(in_force: PlanInForce, person: Person, year: FiscalYear, *, today: date) -> tuple[BoardRow, ...]:
    """Every initiative with proposal and grade of a fiscal year and what is open."""
    glance = overview(in_force, person, today=today)
    proposed = proposals(in_force, person, year, today=today)
    given = grades_given(in_force, person)
    loops = _counts(visible_to(person, OodaLoop).filter(plan=in_force.plan).exclude(stage=Stage.CLOSED.value))
    tasks = visible_to(person, Task).filter(plan=in_force.plan, state=TaskState.OPEN)
    open_tasks, overdue = _counts(tasks), _counts(tasks.filter(due_on__lt=today))
    return tuple(
        BoardRow(
            glance=one,
            proposed=proposed[one.initiative.id].grade,
            given=given.get((one.initiative.id, year.year)),
            open_loops=loops.get(one.initiative.id, 0),
            open_tasks=open_tasks.get(one.initiative.id, 0),
            overdue_tasks=overdue.get(one.initiative.id, 0),
        )
        for one in glance.initiatives
    )


def _counts(rows: object) -> dict[str, int]:
    counted = rows.order_by().values("initiative__key").annotate(n=Count("pk"))  # type: ignore[attr-defined]
    return {row["initiative__key"]: row["n"] for row in counted}
