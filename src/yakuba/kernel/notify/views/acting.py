"""What the office pages of notify share: a form that leads to a verb, and files that are handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.notify.access import sections_of
from yakuba.kernel.notify.models import Letter, Message
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import Clock, Refusal

T = TypeVar("T")


def attempt(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Run ``act`` if the form was sent and is sound; a refusal becomes an error of its field."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, f"{refusal.message}{refusal.hint or ''}")
        return None


def act_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    back: str,
    crumbs: list[dict[str, str]],
    lead: str = "",
    danger: bool = False,
    **more: Any,
) -> HttpResponse:
    """The page of one act; 422 when what was sent is refused."""
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "back": back,
        "crumbs": [*crumbs, {"title": title, "url": ""}],
        "lead": lead,
        "danger": danger,
        **more,
    }
    return render(request, "notify/act.html", context, status=422 if form.errors else 200)


def own_sections(person: Person, clock: Clock) -> list[Section]:
    """The sections of today a person may act for, those posted to first."""
    ids = sections_of(person)
    found = [one for one in sections_on(clock.today()) if one.pk in ids]
    return sorted(found, key=lambda one: one.pk not in person.section_ids)


def log_reading(by: Person, what: Any, things: Iterable[Message | Letter], detail: str = "") -> None:
    """Log that these were shown; readings about protected people are withheld from the page of data use."""
    open_refs: list[Ref] = []
    withheld: list[Ref] = []
    for one in things:
        refs = withheld if one.is_protected else open_refs
        refs.append(ref_of(one))
        if one.account:
            refs.append(Ref("identity.account", one.account))
    record_view(by=by, subjects=open_refs, what=what, detail=detail)
    record_view(by=by, subjects=withheld, what=what, detail=detail, is_withheld=True)


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    """A PDF to print."""
    return file_response(content, filename, "application/pdf", inline=True)


def file_response(content: bytes, filename: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    how = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(filename)}"
    response["Cache-Control"] = "private, no-store"
    return response
