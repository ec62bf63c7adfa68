"""The board of all initiatives."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.access import MAY_STEER, visible_to
from yakuba.plan.models import OodaLoop, Task, TaskState
from yakuba.plan.queries.current import PlanInForce, plan_in_force
from yakuba.plan.queries.office_board import board
from yakuba.plan.rules.ooda import Stage
from yakuba.plan.views.asking import person_and_clock


def asked_year(request: HttpRequest, in_force: PlanInForce) -> FiscalYear:
    """The fiscal year in the URL (`year=2026`), else the running one, always within the plan."""
    _, clock = person_and_clock(request)
    years = in_force.content.plan.fiscal_years
    text = request.GET.get("year", "") or request.POST.get("year", "")
    chosen = next((year for year in years if str(year.year) == text), None)
    return chosen or min(max(FiscalYear.of(clock.today()), years[0]), years[-1])


@page(Face.OFFICE, may=office_seat)
def office_plan(request: HttpRequest) -> HttpResponse:
    """計画の進捗管理: every initiative with its grade, figures and open work."""
    person, clock = person_and_clock(request)
    in_force = plan_in_force()
    if in_force is None:
        return render(request, "plan/office/no_plan.html", {"may_steer": MAY_STEER.allows(person)})
    year = asked_year(request, in_force)
    rows = board(in_force, person, year, today=clock.today())
    tasks = visible_to(person, Task).filter(plan=in_force.plan, state=TaskState.OPEN)
    loops = visible_to(person, OodaLoop).filter(plan=in_force.plan).exclude(stage=Stage.CLOSED.value)
    return render(
        request,
        "plan/office/board.html",
        {
            "in_force": in_force,
            "header": in_force.content.plan,
            "rows": rows,
            "year": year,
            "years": in_force.content.plan.fiscal_years,
            "released": sum(1 for row in rows if row.given and row.given.is_released),
            "drafts": sum(1 for row in rows if row.given and not row.given.is_released),
            "open_tasks": tasks.count(),
            "overdue_tasks": tasks.filter(due_on__lt=clock.today()).count(),
            "open_loops": loops.count(),
            "may_steer": MAY_STEER.allows(person),
        },
    )
