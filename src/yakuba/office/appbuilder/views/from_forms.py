"""`/office/apps/forms/`: the published forms one may see, what each would become, and an app made of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotVisible, PersonKind, page
from yakuba.kernel.forms.api import published_for
from yakuba.kernel.ui.api import Column, Kind, Listing
from yakuba.kernel.values.api import Refusal, business_date
from yakuba.office.appbuilder.access import MAY_USE
from yakuba.office.appbuilder.queries.from_forms.form import app_of_form
from yakuba.office.appbuilder.services import create_app

_LISTING = Listing(
    name="様式",
    title="公開中の様式",
    columns=(
        Column(
            "title",
            "様式",
            "form.title",
            sort="form__title",
            search=("form__title", "form__key"),
            url=lambda version: reverse("office-apps-form", args=[version.public_id]),
        ),
        Column("section", "担当", "form.section", sort="form__section__order", search=("form__section__name",)),
        Column("number", "版", "number", kind=Kind.NUMBER),
        Column("live", "公開日", lambda version: business_date(version.live_at), sort="live_at", kind=Kind.DATE),
    ),
    order=("form__title",),
    empty_title="選べる様式はありません",
    empty_text="あなたの課の、公開中のオンライン様式がここに出ます。",
)


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """The published forms the person may see."""
    asking: Any = request
    return _LISTING.answer(request, published_for(asking.person), template="appbuilder/from_forms.html")


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, version_id: str) -> HttpResponse:
    """What a form becomes, question by question; then the draft."""
    asking: Any = request
    version = published_for(asking.person).filter(public_id=version_id).first()
    if version is None:
        raise NotVisible
    made = app_of_form(version.read(), purpose=version.purpose)
    if request.method == "POST":
        try:
            app = create_app(by=asking.person, definition=made.definition, clock=asking.clock)
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(
                request,
                f"様式「{version.form.title}」から、アプリの下書きを作りました。項目と権限を確かめてから、使い始めてください。",
            )
            for one in made.lost:
                messages.info(request, f"「{one.label}」は写していません。")
            return redirect("office-app-fields", public_id=app.public_id)
    may_make = not asking.person.is_read_only and asking.person.kind is not PersonKind.OUTSIDE
    return render(request, "appbuilder/from_form.html", {"version": version, "made": made, "may_make": may_make})
