"""Pages every town hall site owes its readers: accessibility and the handling of personal data."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.things.api import PersonalData


@page(Face.PUBLIC, may=anyone)
def accessibility(request: HttpRequest) -> HttpResponse:
    """ウェブアクセシビリティ方針: what is declared, what was tested, how to tell us of a barrier."""
    return render(request, "home/accessibility.html")


@page(Face.PUBLIC, may=anyone)
def privacy(request: HttpRequest) -> HttpResponse:
    """個人情報の取扱い: purpose and retention of everything stored about people, read from the models themselves."""
    rows = []
    for model in apps.get_models():
        declared = getattr(model, "personal", None)
        if isinstance(declared, PersonalData) and declared.fields:
            rows.append((model._meta.verbose_name, declared.purpose, declared.retention))
    return render(request, "home/privacy.html", {"rows": sorted(rows, key=lambda row: str(row[0]))})
