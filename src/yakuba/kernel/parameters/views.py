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
from yakuba.kernel.parameters.queries import all_held_on, held_on
from yakuba.kernel.parameters.registry import find_parameter
from yakuba.kernel.parameters.services import approve_value, propose_value, reject_value
from yakuba.kernel.parameters.services.change_value import MAY_APPROVE, MAY_PROPOSE
from yakuba.kernel.ui.api import without_my_number
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=office_seat)
def values(request: HttpRequest) -> HttpResponse:
    """条例などに基づく値の一覧, as they hold today."""
    asking: Any = request
    today = asking.clock.today()
    rows = all_held_on(today)
    waiting = ParameterValue.objects.filter(state=ValueState.PROPOSED).order_by("proposed_at")[:50]
    titles = {one.key: one.title for one, _ in rows}
    return render(
        request,
        "parameters/values.html",
        {"rows": rows, "waiting": [(one, titles.get(one.key, one.key)) for one in waiting]},
    )


@page(Face.OFFICE, may=office_seat)
def value(request: HttpRequest, key: str) -> HttpResponse:
    """One value: what holds, its history, and the proposal of a new one."""
    asking: Any = request
    if find_parameter(key) is None:
        raise Http404
    form = ValueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            propose_value(by=asking.person, key=key, clock=asking.clock, **form.cleaned_data)
        except Refusal as refusal:
            field = "written" if refusal.field == "value" else refusal.field
            form.add_error(field if field in form.fields else None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, "提案しました。ほかの人が決定すると、施行日から使われます。")
            return redirect("parameter", key=key)
    return _shown(asking, key, form, status=422 if form.errors else 200)


def _shown(
    asking: Any, key: str, form: ValueForm, *, refused: dict[str, str] | None = None, status: int
) -> HttpResponse:
    """The page of a value; `refused` is a decision that was refused, with what was typed."""
    context = {
        "parameter": find_parameter(key),
        "held": held_on(key, asking.clock.today()),
        "history": ParameterValue.objects.filter(key=key)[:100],
        "form": form,
        "may_propose": asking.person.has(*MAY_PROPOSE),
        "may_approve": asking.person.has(*MAY_APPROVE),
        "refused": refused,
    }
    return render(asking, "parameters/value.html", context, status=status)


@page(Face.OFFICE, may=role(*MAY_APPROVE))
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide a proposed value or send it back."""
    asking: Any = request
    found = ParameterValue.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("decision") == "approve":
            approve_value(by=asking.person, value=found, clock=asking.clock)
            messages.success(request, "決定しました。施行日から使われます。")
        else:
            without_my_number(reason, field="reason")
            reject_value(by=asking.person, value=found, reason=reason, clock=asking.clock)
            messages.success(request, "差し戻しました。")
    except Refusal as refusal:
        if find_parameter(found.key) is None:
            raise Http404 from refusal
        refused = {
            "public_id": found.public_id,
            "error": f"{refusal.message}{refusal.hint or ''}",
            "reason": reason[:400],
        }
        return _shown(asking, found.key, ValueForm(), refused=refused, status=422)
    return redirect("parameter", key=found.key)
