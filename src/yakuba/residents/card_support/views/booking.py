"""``/my/card/book/``: from a free time to the receipt. Typed words live in the form until they are sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yakuba.kernel.access.api import Face, Person, PersonKind, anyone, page
from yakuba.kernel.identity.api import Limit, TooManyAttempts, client_address, count_attempt
from yakuba.kernel.people.api import profile_of
from yakuba.residents.card_support.forms.residents import BookingForm
from yakuba.residents.card_support.models import Slot
from yakuba.residents.card_support.purposes import purpose_of
from yakuba.residents.card_support.queries.slots import bookable_slots, next_free
from yakuba.residents.card_support.rules.purposes import Comer, Purpose
from yakuba.residents.card_support.services import SlotFull, book
from yakuba.residents.card_support.services.sending import new_sending, password_for
from yakuba.residents.card_support.views.asking import (
    id_in,
    keep_password,
    own_appointment,
    password_of,
    person_and_clock,
    remember,
)
from yakuba.residents.card_support.views.calendar_file import calendar_file
from yakuba.residents.card_support.views.public import people_in

SENDING_LIMITS = (Limit("address", 30, 10 * 60),)
"""So many bookings and requests one address sends: a block of flats does, a machine that fills the book does not."""


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """The form; after "check" the page to check, after "send" the receipt."""
    purpose = purpose_of(key)
    if purpose is None or not purpose.is_booked:
        raise Http404("この用件は予約できません。")
    if request.method == "GET":
        return _first(request, purpose)
    form = _form(request, purpose)
    action = request.POST.get("action", "check")
    if action == "edit":
        return _shown(request, form, purpose, 200)
    if not form.is_valid():
        return _shown(request, form, purpose, 422)
    if action != "send":
        return render(request, "card_support/book_check.html", {"form": form, "purpose": purpose})
    return _send(request, form, purpose)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """What to keep: number, password, what to bring."""
    appointment = own_appointment(request, public_id)
    purpose = purpose_of(appointment.purpose)
    return render(
        request,
        "card_support/receipt.html",
        {
            "one": appointment,
            "purpose": purpose,
            "bring": purpose.bring[Comer(appointment.comer)] if purpose else None,
            "password": password_of(request, appointment.public_id),
        },
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """The appointment as a file for the calendar of a telephone or computer."""
    return calendar_file(own_appointment(request, public_id), language=get_language() or "ja")


def _first(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    person, clock = person_and_clock(request)
    people = people_in(request.GET.get("people", ""))
    asked = id_in(request.GET.get("slot", ""))
    slots, is_choice = _offered(asked, purpose, people, clock)
    initial = {
        "slot": "" if is_choice else asked,
        "people": people,
        "comer": "self",
        "sending": new_sending(),
        **_known_of(person),
    }
    form = BookingForm(initial=initial, purpose=purpose, slots=slots, is_choice=is_choice)
    return _shown(request, form, purpose, 200, is_gone=is_choice and bool(asked))


def _form(request: HttpRequest, purpose: Purpose) -> BookingForm:
    _person, clock = person_and_clock(request)
    asked, people = BookingForm.asked_in(request.POST)
    slots, is_choice = _offered(asked, purpose, people_in(people), clock)
    return BookingForm(request.POST, purpose=purpose, slots=slots, is_choice=is_choice)


def _offered(asked: str, purpose: Purpose, people: int, clock: Any) -> tuple[list[Slot], bool]:
    """The slot asked for if it can still be had, else the next free ones as a choice."""
    slot = bookable_slots(purpose=purpose.key, people=people, clock=clock).filter(public_id=asked).first()
    if slot is not None:
        return [slot], False
    wanted = Slot.objects.select_related("venue").filter(public_id=asked).first()
    return next_free(purpose=purpose.key, people=people, clock=clock, place=wanted.venue if wanted else None), True


def _known_of(person: Person) -> dict[str, str]:
    """What a resident with an account need not type again."""
    profile = profile_of(person.id) if person.kind is PersonKind.RESIDENT else None
    if profile is None:
        return {}
    return {
        "name": profile.name,
        "kana": "　".join(filter(None, (profile.family_reading, profile.given_reading))),
        "phone": profile.phone,
    }


def _shown(
    request: HttpRequest, form: BookingForm, purpose: Purpose, status: int, *, is_gone: bool = False
) -> HttpResponse:
    context = {"form": form, "purpose": purpose, "slot": None if form.is_choice else form.slots[0], "is_gone": is_gone}
    return render(request, "card_support/book.html", context, status=status)


def _send(request: HttpRequest, form: BookingForm, purpose: Purpose) -> HttpResponse:
    person, clock = person_and_clock(request)
    given = form.cleaned_data
    try:
        count_attempt("card-sending", limits=SENDING_LIMITS, who={"address": client_address(request)})
    except TooManyAttempts as refusal:
        form.add_error(
            None,
            _("短い間にたくさんの予約があったため、止めています。あと%(minutes)d分お待ちください。")
            % {"minutes": refusal.minutes},
        )
        return _shown(request, form, purpose, 429)
    password = "" if person.kind is PersonKind.RESIDENT else password_for(given["sending"])
    slot = Slot.objects.select_related("venue").get(public_id=given["slot"])
    try:
        made = book(
            by=person,
            slot=slot,
            booking=form.booking(),
            sending=given["sending"],
            password=password,
            language=get_language() or "ja",
            clock=clock,
        )
    except SlotFull:
        # Somebody else was first: the same words, and the next free times to choose from.
        again = _form(request, purpose)
        again.is_valid()
        return _shown(request, again, purpose, 409)
    remember(request, made.public_id)
    if password:
        keep_password(request, made.public_id, password)
    return HttpResponseRedirect(reverse("card-receipt", args=[made.public_id]))
