"""``/office/card/enter/``: a booking by telephone or at the counter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.access import MAY_WORK, require_work
from yakuba.residents.card_support.forms.office import EnterForm
from yakuba.residents.card_support.models import Arrival, Slot
from yakuba.residents.card_support.queries.slots import bookable_slots
from yakuba.residents.card_support.services import book
from yakuba.residents.card_support.services.sending import new_sending, password_for
from yakuba.residents.card_support.views.asking import person_and_clock
from yakuba.residents.card_support.views.office.appointment import MOST_OFFERED


@page(Face.OFFICE, may=MAY_WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The form, and after it number and password to say or hand over."""
    person, clock = person_and_clock(request)
    require_work(person)
    slots = list(bookable_slots(purpose="", people=1, clock=clock, for_clerk=True)[:MOST_OFFERED])
    if request.method == "GET":
        form = EnterForm(initial={"sending": new_sending(), "slot": request.GET.get("slot", "")[:16]}, slots=slots)
        return render(request, "card_support/office/enter.html", {"form": form, "has_slots": bool(slots)})
    form = EnterForm(request.POST, slots=slots)
    if form.is_valid():
        given = form.cleaned_data
        password = password_for(given["sending"])
        try:
            made = book(
                by=person,
                slot=Slot.objects.get(public_id=given["slot"]),
                booking=form.booking(),
                sending=given["sending"],
                password=password,
                arrival=Arrival(given["arrival"]),
                clock=clock,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            context = {"one": made, "password": password}
            return render(request, "card_support/office/entered.html", context)
    return render(request, "card_support/office/enter.html", {"form": form, "has_slots": bool(slots)}, status=422)
