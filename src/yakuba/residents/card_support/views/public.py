"""``/card/``: what one comes for, what to bring, which times are free. Pages for everybody; nothing personal on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.residents.card_support.access import section_in_charge
from yakuba.residents.card_support.forms.residents import people_choices, purpose_choices
from yakuba.residents.card_support.models.appointment import MOST_PEOPLE
from yakuba.residents.card_support.purposes import bookable, purpose_of, purposes
from yakuba.residents.card_support.queries.slots import (
    DAYS_SHOWN,
    days_of,
    last_bookable_day,
    next_day_with_room,
    open_places,
)
from yakuba.residents.card_support.rules.purposes import Comer
from yakuba.residents.card_support.views.asking import day_in, person_and_clock


@page(Face.PUBLIC, may=anyone)
def home(request: HttpRequest) -> HttpResponse:
    """Where one begins: what one comes for."""
    return render(
        request,
        "card_support/home.html",
        {"purposes": purposes(), "places": open_places(), "phone": settings.TOWN.phone},
    )


@page(Face.PUBLIC, may=anyone)
def bring(request: HttpRequest, key: str) -> HttpResponse:
    """What to bring for one purpose, by who comes."""
    purpose = purpose_of(key)
    if purpose is None:
        raise Http404("この用件はありません。")
    brought = [(who.text, purpose.bring[who]) for who in Comer] if purpose.is_booked else []
    return render(
        request,
        "card_support/bring.html",
        {"purpose": purpose, "brought": brought, "phone": settings.TOWN.phone, "section": section_in_charge()},
    )


@page(Face.PUBLIC, may=anyone)
def times(request: HttpRequest) -> HttpResponse:
    """The free times of a place, two weeks at once."""
    return render(request, "card_support/times.html", times_context(request))


def times_context(request: HttpRequest) -> dict[str, Any]:
    """What the choice of a time shows; whatever the address says wrongly falls back to what is usual."""
    _person, clock = person_and_clock(request)
    places = open_places()
    place = next(
        (one for one in places if one.public_id == request.GET.get("place", "")), places[0] if places else None
    )
    purpose = purpose_of(request.GET.get("purpose", "")[:30])
    if purpose is None or not purpose.is_booked:
        purpose = bookable()[0]
    people = people_in(request.GET.get("people", ""))
    today, furthest = clock.today(), last_bookable_day(clock)
    first = min(max(day_in(request.GET.get("from", "")) or today, today), furthest)
    context: dict[str, Any] = {
        "places": places,
        "place": place,
        "purpose": purpose,
        "people": people,
        "purpose_choices": purpose_choices(),
        "people_choices": people_choices(),
        "phone": settings.TOWN.phone,
        "days": (),
    }
    if place is None:
        return context
    context["days"] = days_of(place, first=first, purpose=purpose.key, people=people, clock=clock)
    last = first + timedelta(days=DAYS_SHOWN - 1)
    context |= {"first": first, "last": min(last, furthest)}
    if first > today:
        context["before"] = max(today, first - timedelta(days=DAYS_SHOWN)).isoformat()
    if last < furthest:
        context["after"] = (last + timedelta(days=1)).isoformat()
    if all(one.is_full for one in context["days"]):
        free = next_day_with_room(place, after=last, purpose=purpose.key, people=people, clock=clock)
        context["next_free"] = _text(free)
        context["next_free_day"] = free
    return context


def people_in(text: str) -> int:
    """A number of people of an address; one for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= MOST_PEOPLE else 1


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
