"""``/my/card/…``: an own appointment or visit: looked up, moved, cancelled."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.audit.api import record_refusal, refusal_name
from yakuba.kernel.identity.api import Limit, TooManyAttempts, client_address, count_attempt, unseal
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.card_support.forms.residents import LookUpForm
from yakuba.residents.card_support.models import Appointment, Visit
from yakuba.residents.card_support.purposes import purpose_of
from yakuba.residents.card_support.queries.slots import bookable_slots, days_of, open_places
from yakuba.residents.card_support.rules.numbers import read_number
from yakuba.residents.card_support.rules.purposes import Comer
from yakuba.residents.card_support.rules.slots import bookable_from
from yakuba.residents.card_support.rules.states import AppointmentState, VisitState
from yakuba.residents.card_support.services import SlotFull, cancel_appointment, move_appointment, withdraw_visit
from yakuba.residents.card_support.views.asking import (
    day_in,
    forget_password,
    id_in,
    own_appointment,
    own_visit,
    person_and_clock,
    remember,
)
from yakuba.residents.card_support.words import PARTS

_LIMITS = (Limit("number and address", 5, 10 * 60), Limit("number", 20, 60 * 60), Limit("address", 40, 10 * 60))
_WRONG = refusal_name("card.look_up", label="カードの整理番号とパスワードの不一致")
_LONGEST = 128


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Number and password, without an account."""
    template = "card_support/look_up.html"
    if request.method == "GET":
        return render(request, template, {"form": LookUpForm(initial={"number": request.GET.get("number", "")[:40]})})
    form = LookUpForm(request.POST)
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    person, _clock = person_and_clock(request)
    number, address = form.cleaned_data["number"].strip(), client_address(request)
    stored = read_number(number)
    counted = stored or number
    try:
        attempt = count_attempt(
            "card-look-up",
            limits=_LIMITS,
            who={"number and address": f"{counted}|{address}", "number": counted, "address": address},
        )
    except TooManyAttempts as refusal:
        form.add_error(
            None, _("何度も違ったため、止めています。あと%(minutes)d分お待ちください。") % {"minutes": refusal.minutes}
        )
        return render(request, template, {"form": form}, status=429)
    found = _of_number(stored, form.cleaned_data["password"].strip())
    if found is None:
        record_refusal(by=person, what=_WRONG)
        form.add_error(None, _("整理番号かパスワードが違います。控えを見て、もう一度入力してください。"))
        return render(request, template, {"form": form}, status=422)
    attempt.give_back()
    remember(request, found.public_id)
    name = "card-own-visit" if isinstance(found, Visit) else "card-own"
    return HttpResponseRedirect(reverse(name, args=[found.public_id]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def own(request: HttpRequest, public_id: str) -> HttpResponse:
    """One appointment: when, where, what to bring, what one may do."""
    one = own_appointment(request, public_id)
    forget_password(request, one.public_id)
    return render(request, "card_support/own.html", _context(request, one))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose another time."""
    one = own_appointment(request, public_id)
    person, clock = person_and_clock(request)
    context = _context(request, one)
    if not context["may_act"]:
        return HttpResponseRedirect(reverse("card-own", args=[one.public_id]))
    if request.method == "POST":
        slot = (
            bookable_slots(purpose=one.purpose, people=one.people, clock=clock)
            .filter(public_id=id_in(request.POST.get("picked", "")))
            .first()
        )
        try:
            if slot is None:
                raise SlotFull("full")
            move_appointment(by=person, appointment=one, to=slot, clock=clock)
        except SlotFull:
            messages.warning(
                request, _("その時間は、満員になったか、受け付けを終わりました。別の時間を選んでください。")
            )
        except Refusal:
            messages.warning(request, _("この予約は、もう変更できません。"))
            return HttpResponseRedirect(reverse("card-own", args=[one.public_id]))
        else:
            messages.success(request, _("予約を変更しました。"))
            return HttpResponseRedirect(reverse("card-own", args=[one.public_id]))
    places = open_places()
    wanted = request.GET.get("place", "") or one.slot.venue.public_id
    place = next((each for each in places if each.public_id == wanted), places[0] if places else None)
    today = clock.today()
    first = max(day_in(request.GET.get("from", "")) or today, today)
    context |= {
        "places": places,
        "place": place,
        "first": first,
        "days": days_of(place, first=first, purpose=one.purpose, people=one.people, clock=clock, days=31)
        if place
        else (),
    }
    return render(request, "card_support/change.html", context, status=409 if request.method == "POST" else 200)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cancel, after asking."""
    one = own_appointment(request, public_id)
    person, clock = person_and_clock(request)
    context = _context(request, one)
    if not context["may_act"]:
        return HttpResponseRedirect(reverse("card-own", args=[one.public_id]))
    if request.method == "GET":
        return render(request, "card_support/cancel.html", context)
    try:
        cancel_appointment(by=person, appointment=one, clock=clock)
    except Refusal:
        messages.warning(request, _("この予約は、もう取り消せません。"))
    else:
        messages.success(request, _("予約を取り消しました。"))
    return HttpResponseRedirect(reverse("card-own", args=[one.public_id]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def visit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One request for a visit: where it stands, and the town's answer."""
    one = own_visit(request, public_id)
    forget_password(request, one.public_id)
    return render(
        request,
        "card_support/own_visit.html",
        {
            "one": one,
            "state": one.standing.text,
            "address": unseal(one.address),
            "wishes": wishes_of(one),
            "may_withdraw": one.standing in (VisitState.RECEIVED, VisitState.SCHEDULED),
            "phone": settings.TOWN.phone,
        },
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw a request for a visit."""
    one = own_visit(request, public_id)
    person, clock = person_and_clock(request)
    try:
        withdraw_visit(by=person, visit=one, clock=clock)
    except Refusal:
        messages.warning(request, _("この申込みは、もう取りやめられません。"))
    else:
        messages.success(request, _("申込みを取りやめました。"))
    return HttpResponseRedirect(reverse("card-own-visit", args=[one.public_id]))


def wishes_of(one: Visit) -> list[tuple[Any, Any]]:
    """The days wished with their part, as texts take them."""
    return [(day_in(wish["day"]), PARTS.get(wish["part"])) for wish in one.wishes]


def _context(request: HttpRequest, one: Appointment) -> dict[str, Any]:
    _person, clock = person_and_clock(request)
    purpose = purpose_of(one.purpose)
    return {
        "one": one,
        "state": one.standing.text,
        "purpose": purpose,
        "bring": purpose.bring[Comer(one.comer)] if purpose else None,
        "comer": Comer(one.comer).text,
        "may_act": _may_act(one, clock),
        "must_move": one.standing is AppointmentState.MUST_MOVE,
        "is_booked": one.standing is AppointmentState.BOOKED,
        "phone": settings.TOWN.phone,
    }


def _may_act(one: Appointment, clock: Clock) -> bool:
    if one.standing is AppointmentState.MUST_MOVE:
        return True
    since = bookable_from(clock.now(), days_before=whole_on("card.book_days_before", clock.today()))
    return one.standing is AppointmentState.BOOKED and one.slot.starts_at >= since


def _of_number(number: str | None, password: str) -> Appointment | Visit | None:
    """What number and password belong to; right or wrong takes the same time."""
    found: Appointment | Visit | None = None
    if number and len(password) <= _LONGEST:
        model: Any = Visit if number.startswith("S") else Appointment
        found = model.objects.filter(number=number).exclude(password_hash="").first()
    if found is None:
        make_password(password[:_LONGEST])
        return None
    return found if check_password(password, found.password_hash) else None
