"""Advice from outside."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, Role, office_seat, page
from yakuba.plan import services
from yakuba.plan.access import MAY_ADVISE, MAY_STEER, get_for, visible_to
from yakuba.plan.forms import AdviceForm, AnswerForm
from yakuba.plan.models import Advice
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock, shown_plan
from yakuba.plan.views.office.form_page import form_page


@page(Face.OFFICE, may=office_seat)
def office_advice(request: HttpRequest) -> HttpResponse:
    """All advice; what is not answered stands first."""
    person, _ = person_and_clock(request)
    rows = list(
        visible_to(person, Advice)
        .filter(plan=shown_plan().plan)
        .select_related("initiative")
        .order_by("-given_on", "-id")
    )
    return render(
        request,
        "plan/office/advice.html",
        {
            "waiting": [one for one in rows if one.answered_on is None],
            "answered": [one for one in rows if one.answered_on is not None],
            "may_advise": MAY_ADVISE.allows(person),
            "may_steer": MAY_STEER.allows(person),
        },
    )


@page(Face.OFFICE, may=MAY_ADVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_advice_new(request: HttpRequest) -> HttpResponse:
    """Record advice."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    initial = {"given_on": clock.today(), "adviser": person.name if person.has(Role.ADVISER) else ""}
    form = AdviceForm(posted(request), in_force=in_force, person=person, clock=clock, initial=initial)
    if request.method == "POST" and attempt(
        form, lambda: services.take_advice(by=person, plan=in_force.plan, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "助言を記録しました。")
        return redirect("office-plan-advice")
    return form_page(request, form, title="助言を記録する", back=("一覧に戻る", reverse("office-plan-advice")))


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_advice_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer advice."""
    person, clock = person_and_clock(request)
    advice = get_for(person, Advice, public_id)
    form = AnswerForm(posted(request))
    if request.method == "POST" and attempt(
        form, lambda: services.answer_advice(by=person, advice=advice, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "助言に答えました。")
        return redirect("office-plan-advice")
    return form_page(
        request,
        form,
        title="助言に答える",
        lead=advice.text,
        back=("一覧に戻る", reverse("office-plan-advice")),
    )
