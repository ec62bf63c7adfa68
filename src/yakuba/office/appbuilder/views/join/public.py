"""`/join/`: the doors that are open, and the front of each. Pages for everybody; nothing personal on them."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.office.appbuilder.models import AppVersion, Entrance
from yakuba.office.appbuilder.queries.door_numbers import has_ended
from yakuba.office.appbuilder.rules.door_states import EntranceState
from yakuba.office.appbuilder.rules.doors import DoorKind
from yakuba.office.appbuilder.views.join.shown import (
    definition_in_use,
    entrance_in,
    person_and_clock,
    result_charts,
    shown,
)


@page(Face.PUBLIC, may=anyone)
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """What one can take part in now, the earliest end first."""
    _person, clock = person_and_clock(request)
    rows = (
        Entrance.objects.filter(state=EntranceState.OPEN, app__closed_at__isnull=True)
        .select_related("app")
        .prefetch_related(
            "places",
            Prefetch("app__versions", AppVersion.objects.filter(state="in_use"), to_attr="version_in_use"),
        )
    )
    found = []
    for entrance in rows:
        versions = entrance.app.version_in_use  # type: ignore[attr-defined]  # given by the prefetch above
        one = shown(entrance, clock=clock, definition=versions[0].content if versions else None)
        if one.why in ("", "not_yet"):
            found.append(one)
    found.sort(key=lambda one: (bool(one.why), one.door.closes_at is None, one.door.closes_at, one.entrance.number))
    return render(request, "appbuilder/join/doors.html", {"doors": found})


@page(Face.PUBLIC, may=anyone)
@require_safe
def door(request: HttpRequest, number: int) -> HttpResponse:
    """The front of one door: what it is about, what the answers are used for, how to begin, how it goes."""
    _person, clock = person_and_clock(request)
    entrance = entrance_in(number)
    one = shown(entrance, clock=clock, definition=definition_in_use(entrance))
    context = {
        "one": one,
        "start": start_of(entrance),
        "results": result_charts(entrance, clock=clock),
        "has_ended": has_ended(entrance, clock),
        "phone": entrance.app.section.phone
        if entrance.app.section and entrance.app.section.phone
        else settings.TOWN.phone,
        "section": entrance.app.section,
    }
    return render(request, "appbuilder/join/door.html", context)


def start_of(entrance: Entrance) -> str:
    """Where one begins; empty where the pages for it are switched off."""
    if entrance.door.kind is DoorKind.APPLICATION:
        try:
            return reverse("apply-begin", args=[entrance.procedure])
        except NoReverseMatch:
            return ""
    return reverse("join-come", args=[entrance.number])
