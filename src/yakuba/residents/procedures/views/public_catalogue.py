"""The public catalogue: life events, search by everyday words, one procedure, the short address on posters."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.catalogue.api import Procedure, procedures_to_read
from yakuba.kernel.catalogue.queries.guide import guides
from yakuba.kernel.catalogue.queries.procedures import with_online
from yakuba.kernel.catalogue.queries.search import MOST_LETTERS, find_procedures
from yakuba.residents.procedures.queries.shown import all_shown, counter_hours, events_on_page, in_event


@page(Face.PUBLIC, may=anyone)
def catalogue_home(request: HttpRequest) -> HttpResponse:
    """Where a reader begins: search, life events, what can be done online."""
    asking: Any = request
    rows = procedures_to_read(asking.person)
    words = " ".join(request.GET.get("q", "")[: MOST_LETTERS * 2].split())[:MOST_LETTERS]
    context: dict[str, Any] = {"words": words, "only_online": request.GET.get("online") == "1"}
    if words:
        found = with_online(rows, True) if context["only_online"] else rows
        context["found"] = all_shown(find_procedures(found, words), asking.clock.today())
        return render(request, "procedures/catalogue/search.html", context)
    listed = list(rows)
    context["events"] = events_on_page(listed, frozenset(guides()))
    context["count"] = len(listed)
    context["online"] = sum(any(one.is_online for one in row.open_channels) for row in listed)  # type: ignore[attr-defined]
    return render(request, "procedures/catalogue/home.html", context)


@page(Face.PUBLIC, may=anyone)
def catalogue_event(request: HttpRequest, event: str) -> HttpResponse:
    """The procedures of one life event."""
    asking: Any = request
    rows = procedures_to_read(asking.person)
    found = next((one for one in events_on_page(list(rows), frozenset(guides())) if one.event.key == event), None)
    if found is None:
        raise Http404("このライフイベントはありません。")
    shown = all_shown(in_event(rows, event), asking.clock.today())
    return render(request, "procedures/catalogue/event.html", {"event": found.event, "one": found, "shown": shown})


@page(Face.PUBLIC, may=anyone)
def catalogue_online(request: HttpRequest) -> HttpResponse:
    """Everything that can be done online today."""
    asking: Any = request
    shown = all_shown(with_online(procedures_to_read(asking.person), True), asking.clock.today())
    return render(request, "procedures/catalogue/online.html", {"shown": shown})


@page(Face.PUBLIC, may=anyone)
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """Every procedure, in the order of its number."""
    asking: Any = request
    shown = all_shown(procedures_to_read(asking.person), asking.clock.today())
    return render(request, "procedures/catalogue/list.html", {"shown": shown})


@page(Face.PUBLIC, may=anyone)
def catalogue_procedure(request: HttpRequest, key: str) -> HttpResponse:
    """One procedure: who, when, what to bring, what it costs, what happens, on what ground, and how to begin."""
    asking: Any = request
    procedure = procedures_to_read(asking.person).filter(key=key).first()
    if procedure is None:
        raise Http404("この手続きはありません。")
    return render(request, "procedures/catalogue/procedure.html", page_of(request, procedure))


@page(Face.PUBLIC, may=anyone)
def short_address(request: HttpRequest, number: int) -> HttpResponse:
    """`/p/72`: the address on posters and in letters."""
    asking: Any = request
    procedure = procedures_to_read(asking.person).filter(number=number).first()
    if procedure is None:
        raise Http404("この番号の手続きはありません。")
    return HttpResponseRedirect(reverse("procedure", args=[procedure.key]))


def page_of(request: HttpRequest, procedure: Procedure) -> dict[str, Any]:
    """What the page of a procedure shows; the office's preview shows the same."""
    asking: Any = request
    today = asking.clock.today()
    (one,) = all_shown([procedure], today)
    opens, closes = counter_hours(today)
    return {
        "one": one,
        "content": one.content,
        "opens": opens,
        "closes": closes,
        "office_phone": settings.TOWN.phone,
        "office_name": settings.TOWN.office_name,
        "guides": [guide for event, guide in guides().items() if event in one.content.events],
        "short_url": reverse("procedure-short", args=[procedure.number]),
    }
