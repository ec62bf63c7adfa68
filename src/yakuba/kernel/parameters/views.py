"""Dated values in the office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, office_seat, page, role
from yakuba.kernel.parameters.forms import ValueForm
from yakuba.kernel.parameters.models import ParameterValue, ValueState
from yakuba.kernel.parameters.queries import held_on
from yakuba.kernel.parameters.registry import find_parameter, known_parameters
from yakuba.kernel.parameters.services import approve_value, propose_value, reject_value
from yakuba.kernel.parameters.services.change_value import MAY_APPROVE, MAY_PROPOSE
from yakuba.kernel.ui.api import without_my_number
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=office_seat)
def values(request: HttpRequest) -> HttpResponse:
    """条例などに基づく値の一覧, as they hold today."""
    asking: Any = request
    today = asking.clock.today()
    rows = [(one, held_on(one.key, today)) for one in known_parameters()]
    waiting = ParameterValue.objects.filter(state=ValueState.PROPOSED).order_by("proposed_at")[:50]
    titles = {one.key: one.title for one in known_parameters()}
    return render(
        request,
        "parameters/values.html",
        {"rows": rows, "waiting": [(one, titles.get(one.key, one.key)) for one in waiting]},
    )


@page(Face.OFFICE, may=office_seat)
def value(request: HttpRequest, key: str) -> HttpResponse:
    """One value: what holds, its history, and the proposal of a new one."""
    asking: Any = request
    wanted = find_parameter(key)
    if wanted is None:
        raise Http404
    form = ValueForm(request.POST or None)
    may_propose = asking.person.has(*MAY_PROPOSE)
    if request.method == "POST" and form.is_valid():
        try:
            propose_value(by=asking.person, key=key, clock=asking.clock, **form.cleaned_data)
        except Refusal as refusal:
            field = "written" if refusal.field == "value" else refusal.field
            form.add_error(field if field in form.fields else None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, "提案しました。ほかの人が決定すると、施行日から使われます。")
            return redirect("parameter", key=key)
    context = {
        "parameter": wanted,
        "held": held_on(key, asking.clock.today()),
        "history": ParameterValue.objects.filter(key=key)[:100],
        "form": form,
        "may_propose": may_propose,
        "may_approve": asking.person.has(*MAY_APPROVE),
    }
    return render(request, "parameters/value.html", context, status=422 if form.errors else 200)


@page(Face.OFFICE, may=role(*MAY_APPROVE))
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide a proposed value or send it back."""
    asking: Any = request
    found = ParameterValue.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    try:
        if request.POST.get("decision") == "approve":
            approve_value(by=asking.person, value=found, clock=asking.clock)
            messages.success(request, "決定しました。施行日から使われます。")
        else:
            reason = without_my_number(request.POST.get("reason", ""), field="reason")
            reject_value(by=asking.person, value=found, reason=reason, clock=asking.clock)
            messages.success(request, "差し戻しました。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("parameter", key=found.key)
