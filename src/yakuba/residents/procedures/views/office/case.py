"""``/office/cases/<id>/``: one case, its answers beside everything that is done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.cases.access import get_for, require_work
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.services.moving import ChangedMeanwhile
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.access import MAY_OPEN
from yakuba.residents.procedures.views.office.acts import Doing, act_named
from yakuba.residents.procedures.views.office.asking import carried, number_in, person_and_clock
from yakuba.residents.procedures.views.office.case_context import Shown, case_page, form_bound, target_of


@page(Face.OFFICE, may=MAY_OPEN)
@never_cache
@require_safe
def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """One case for whoever works on it, is to decide it, or audits."""
    person, clock = person_and_clock(request)
    return case_page(Shown(request, person, clock, get_for(person, public_id, on=clock.today())))


@page(Face.OFFICE, may=MAY_OPEN)
@never_cache
@require_POST
def act(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Do one act. What is refused comes back to the page with what was typed; what was overtaken shows both."""
    person, clock = person_and_clock(request)
    found = get_for(person, public_id, on=clock.today())
    require_work(person, found)
    wanted = act_named(key)
    if wanted is None:
        raise Http404
    shown = Shown(request, person, clock, found)
    form = form_bound(shown, wanted)
    if not form.is_valid():
        return _again(shown, form)
    try:
        thing = wanted.thing(found, form.cleaned_data.get("target", ""))
        said = wanted.do(Doing(person, found, form, clock, thing)) or wanted.done
    except ChangedMeanwhile as late:
        return _again(shown, form, changed=f"{late.message}{late.hint or ''}", status=409)
    except Refusal as refusal:
        form.refuse(refusal)
        return _again(shown, form)
    messages.success(request, said)
    return HttpResponseRedirect(where_next(request, person, found))


def where_next(request: HttpRequest, person: Any, found: Case) -> str:
    """Where an act leads: back to the case, or to the list when the case is the person's no more."""
    try:
        get_for(person, found.public_id)
    except Http404:
        return reverse("office-cases") + carried(request)
    kept = carried(request, at=number_in(request.GET.get("at", "")))
    return reverse("office-case", args=[found.public_id]) + kept


def typed_in(form: Any) -> tuple[tuple[str, str], ...]:
    """What a person wrote in a form, by the labels of its fields."""
    found = []
    for bound in form.visible_fields():
        value = bound.value()
        if value not in (None, "", []) and not hasattr(value, "read"):
            words = date_format(value) if hasattr(value, "isoformat") else str(value)
            found.append((str(bound.label), words))
    return tuple(found)


def _again(shown: Shown, form: Any, *, changed: str = "", status: int = 422) -> HttpResponse:
    """The page once more. What was typed stands in its form, or above the page when that act fits no longer."""
    form.is_refused = True
    fresh = get_for(shown.person, shown.case.public_id, on=shown.today)
    again = Shown(shown.request, shown.person, shown.clock, fresh)
    form.takes_up(fresh.edition)
    target = target_of(form)
    again.bound[(form.act.key, target)] = form
    fits = any((one.public_id if one is not None else "") == target for one in form.act.things_of(fresh))
    if changed or not fits:
        again.unsent = typed_in(form)
        told = " ".join(str(one) for errors in form.errors.values() for one in errors)
        again.changed = changed or told
    return case_page(again, status=status)
