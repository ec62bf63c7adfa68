"""Posters for the counter: the title in three languages and a code that leads to the procedure."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.catalogue.queries.procedures import places_of
from yakuba.kernel.paper.api import render_pdf, town_letterhead
from yakuba.residents.procedures.queries.shown import counter_hours, shown
from yakuba.residents.procedures.views.catalogue_office.asking import person_and_clock, procedure_in


@page(Face.OFFICE, may=office_seat)
def office_poster(request: HttpRequest, key: str) -> HttpResponse:
    """A4 poster as PDF."""
    _, clock = person_and_clock(request)
    procedure = procedure_in(request, key)
    place = places_of([procedure], clock.today())[procedure.pk]
    one = shown(procedure, place)
    content = one.content
    address = public_address(request, procedure)
    opens, closes = counter_hours(clock.today())
    pdf = render_pdf(
        "procedures/poster",
        {
            "title": content.title.ja,
            "easy": content.title.in_language("ja-easy"),
            "english": content.title.in_language("en"),
            "about": content.about.ja,
            "address": address.split("://", 1)[1],
            "is_online": one.is_online,
            "place": place.name,
            "phone": place.phone or settings.TOWN.phone,
            "hours": f"平日 {opens}〜{closes}",
            "is_sample": procedure.is_sample,
            "has_easy": bool(content.title.easy),
            "has_english": bool(content.title.en),
        },
        printed_at=clock.now(),
        letterhead=town_letterhead(),
        images={"code.svg": code_of(address)},
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="poster-{procedure.number}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def public_address(request: HttpRequest, procedure: Procedure) -> str:
    """The short address as a telephone reads it: on the public face's own host, if it has one."""
    path = reverse("procedure-short", args=[procedure.number])
    host = settings.YAKUBA_FACE_HOSTS.get(Face.PUBLIC)
    return f"{request.scheme}://{host}{path}" if host else request.build_absolute_uri(path)


def code_of(address: str) -> bytes:
    """The two-dimensional code of an address as SVG, with a quiet zone, readable with a quarter of it damaged."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", scale=10, border=4, dark="#000", light="#fff")
    return out.getvalue()
