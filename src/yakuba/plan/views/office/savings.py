"""Hours freed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.plan import services
from yakuba.plan.access import MAY_JUDGE, MAY_REPORT, get_for, visible_to
from yakuba.plan.forms import SavedWorkDecisionForm, SavedWorkForm
from yakuba.plan.models import SavedWork
from yakuba.plan.queries.hours import hours_freed, saving_of
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock, shown_plan
from yakuba.plan.views.office.board import asked_year
from yakuba.plan.views.office.form_page import form_page


@page(Face.OFFICE, may=office_seat)
def office_hours(request: HttpRequest) -> HttpResponse:
    """The sum, and every entry behind it."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    year = asked_year(request, in_force)
    rows = (
        visible_to(person, SavedWork)
        .filter(plan=in_force.plan, fiscal_year=year.year)
        .select_related("initiative", "verdict")
        .order_by("-acted_at", "-id")
    )
    return render(
        request,
        "plan/office/hours.html",
        {
            "sum": hours_freed(in_force, person, year, today=clock.today()),
            "rows": [(row, saving_of(row).hours, getattr(row, "verdict", None)) for row in rows],
            "year": year,
            "years": in_force.content.plan.fiscal_years,
            "may_report": MAY_REPORT.allows(person),
            "may_judge": MAY_JUDGE.allows(person),
            "person": person,
        },
    )


@page(Face.OFFICE, may=MAY_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def office_hours_new(request: HttpRequest) -> HttpResponse:
    """Propose a saving."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    form = SavedWorkForm(posted(request), in_force=in_force, person=person, clock=clock)
    if request.method == "POST":

        def act() -> SavedWork:
            values = dict(form.cleaned_data)
            year = values.pop("fiscal_year")
            return services.enter_saved_work(by=person, plan=in_force.plan, year=year, clock=clock, **values)

        if attempt(form, act):
            messages.success(request, "記録しました。ほかの人が承認すると合計に入ります。")
            return redirect("office-plan-hours")
    return form_page(
        request,
        form,
        title="生まれた時間を記録する",
        lead="かえって時間が増えた仕事も記録します。合計から引かれます。",
        back=("一覧に戻る", reverse("office-plan-hours")),
    )


@page(Face.OFFICE, may=MAY_JUDGE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_hours_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree to a saving or send it back."""
    person, clock = person_and_clock(request)
    row = get_for(person, SavedWork, public_id)
    form = SavedWorkDecisionForm(posted(request))
    if request.method == "POST" and attempt(
        form, lambda: services.decide_saved_work(by=person, saved_work=row, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "判断を記録しました。")
        return redirect("office-plan-hours")
    return form_page(
        request,
        form,
        title=f"「{row.work}」の承認",
        template="plan/office/hours_decide.html",
        row=row,
        hours=saving_of(row).hours,
        back=("一覧に戻る", reverse("office-plan-hours")),
    )
