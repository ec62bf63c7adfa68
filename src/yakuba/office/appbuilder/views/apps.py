"""`/office/apps/`: my apps, and a new one from blank."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, PersonKind, page
from yakuba.office.appbuilder.access import MAY_USE, visible_apps
from yakuba.office.appbuilder.access_ledger import has_ledger
from yakuba.office.appbuilder.forms.building import AppForm
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.services import create_app


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def apps(request: HttpRequest) -> HttpResponse:
    """The apps the person may use, those to finish first."""
    asking: Any = request
    found: list[dict[str, Any]] = []
    for app, sight in visible_apps(asking.person):
        states = {one.state for one in app.versions.all()}
        url = reverse("office-app" if "in_use" in states else "office-app-fields", args=[app.public_id])
        found.append({"app": app, "sight": sight, "url": url, "unfinished": "in_use" not in states})
    found.sort(key=lambda one: (not one["unfinished"], one["app"].title))
    may_make = not asking.person.is_read_only and asking.person.kind is not PersonKind.OUTSIDE
    shown = {"apps": found, "may_make": may_make, "has_ledger": has_ledger(asking.person)}
    return render(request, "appbuilder/apps.html", shown)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new app from blank: its name first, then its fields."""
    asking: Any = request
    if asking.person.kind is PersonKind.OUTSIDE:
        raise NotAllowed("外部の人は、アプリを作れません。")
    form = AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        definition = AppDefinition(**form.cleaned_data)
        app = create_app(by=asking.person, definition=definition, clock=asking.clock)
        messages.success(request, "アプリを作りました。つぎに、項目を加えてください。")
        return redirect("office-app-fields", public_id=app.public_id)
    return render(request, "appbuilder/new.html", {"form": form}, status=422 if form.errors else 200)
