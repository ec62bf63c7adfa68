"""What every page of the catalogue begins with, and how a form becomes a verb."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from yakuba.kernel.access.api import Person
from yakuba.kernel.catalogue.access import get_for
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.paper.api import Download
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.procedures.forms.catalogue import CatalogueForm

T = TypeVar("T")
KEPT_FOR = 30 * 60
LARGEST_FILE = 5 * 1024 * 1024


def person_and_clock(request: HttpRequest) -> tuple[Person, Clock]:
    """Who asks, and the clock of the town."""
    asking: Any = request
    return asking.person, asking.clock


def procedure_in(request: HttpRequest, key: str) -> Procedure:
    """The procedure of the address."""
    person, _ = person_and_clock(request)
    found = get_for(person, Procedure, key=key)
    return Procedure.objects.select_related("section__parent", "authority").get(pk=found.pk)


def posted(request: HttpRequest) -> Any:
    """What was sent; `None` when the page was only opened."""
    return request.POST if request.method == "POST" else None


def attempt(form: CatalogueForm, act: Callable[[], T]) -> T | None:
    """Run `act` if the form is valid; a refusal becomes an error of the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def form_page(
    request: HttpRequest,
    form: CatalogueForm,
    *,
    title: str,
    back: tuple[str, str],
    template: str = "form",
    **context: Any,
) -> HttpResponse:
    """A page with one form. `back` is (words, address) of where giving up leads."""
    shown = {"form": form, "title": title, "back_words": back[0], "back_url": back[1], "submit": "登録する", **context}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"procedures/catalogue_office/{template}.html", shown, status=status)


def keep_for(person: Person, made: Download) -> str:
    """Keep a marked sheet for half an hour for the person who sent the file; returns its token."""
    token = secrets.token_urlsafe(16)
    cache.set(_key(person, token), made, KEPT_FOR)
    return token


def kept_for(person: Person, token: str) -> HttpResponse:
    """The marked sheet. Raises `Http404` when it is gone."""
    made: Download | None = cache.get(_key(person, token[:40]))
    if made is None:
        raise Http404("エラーの付いたファイルは30分で消えます。もう一度取り込んでください。")
    return download(made.content, made.filename, made.media_type)


def download(content: bytes, filename: str, media_type: str) -> HttpResponse:
    """A file to hand out."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _key(person: Person, token: str) -> str:
    return f"procedures-errors:{person.id}:{token}"
