"""Pages of the user interface engine itself: the town's stylesheet, the language switch, the living component page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, anyone, office_seat, page
from yakuba.kernel.ui.language import switch_language
from yakuba.kernel.ui.showcase import showcase
from yakuba.kernel.ui.town import stylesheet_version, town_stylesheet


def _town_css(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(town_stylesheet(), content_type="text/css; charset=utf-8")
    is_versioned = request.GET.get("v") == stylesheet_version()
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_versioned else "public, max-age=300"
    response["ETag"] = f'"{stylesheet_version()}"'
    return response


@page(Face.PUBLIC, may=anyone)
@require_safe
def town_css(request: HttpRequest) -> HttpResponse:
    """The town's colour, for public pages."""
    return _town_css(request)


@page(Face.RESIDENT, may=anyone)
@require_safe
def resident_town_css(request: HttpRequest) -> HttpResponse:
    """The town's colour, for residents' pages."""
    return _town_css(request)


@page(Face.OFFICE, may=anyone)
@require_safe
def office_town_css(request: HttpRequest) -> HttpResponse:
    """The town's colour, for office pages and their sign-in."""
    return _town_css(request)


@page(Face.PUBLIC, may=anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the public face."""
    return switch_language(request)


@page(Face.RESIDENT, may=anyone)
@require_http_methods(["GET", "HEAD", "POST"])
def resident_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the resident face."""
    return switch_language(request)


@page(Face.OFFICE, may=office_seat)
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with the lines that make it."""
    return render(request, "ui/components.html", showcase(request))
