"""Published views: asking for it and stopping it in the office, and the page itself before everybody."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotVisible, anyone, page
from yakuba.kernel.approval.api import requests_on
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, managed_app
from yakuba.office.appbuilder.forms.posted import posted_key
from yakuba.office.appbuilder.models import PublicView
from yakuba.office.appbuilder.queries.publishing import SMALL, is_as_decided, public_page, published_view
from yakuba.office.appbuilder.rules.publishing import publishing_problems
from yakuba.office.appbuilder.services import ask_to_publish, stop_publishing
from yakuba.office.appbuilder.services.publish_views import SUBJECT


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def publishing(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """What everybody would see of a view, what keeps it from being published, how the decision stands; ask, or stop."""
    asking: Any = request
    app, definition, sight = managed_app(asking.person, public_id)
    view = definition.view(key)
    public = PublicView.objects.filter(app=app, key=key).select_related("app").first()
    if (view is None and public is None) or not app.versions.filter(state="in_use").exists():
        raise NotVisible
    if request.method == "POST":
        act = posted_key(request, "act")
        try:
            if act == "ask":
                ask_to_publish(by=asking.person, app=app, key=key, clock=asking.clock)
                messages.success(request, "公開の決裁を求めました。決裁されると公開されます。")
            elif act == "stop" and public is not None:
                stop_publishing(by=asking.person, public=public, clock=asking.clock)
                messages.success(request, "公開をやめました。町の外からは、もう見えません。")
            else:
                raise NotVisible
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return redirect("office-app-view-public", public_id=public_id, key=key)
    problems = publishing_problems(view, definition) if view is not None else ()
    today = asking.clock.today()
    shown: dict[str, Any] = {
        "app": app,
        "sight": sight,
        "view": view,
        "name": view.name if view is not None else key,
        "public": public,
        "is_current": public is not None and bool(public.content) and is_as_decided(public),
        "problems": problems,
        "least": whole_on(SMALL, today),
        "decisions": requests_on(Ref(SUBJECT, public.public_id))[:5] if public is not None else [],
    }
    if view is not None and not problems:
        try:
            shown["shown"] = public_page(app, view, today=today)
        except Refusal as refusal:
            shown["refusal"] = refusal
    if public is not None:
        shown["address"] = request.build_absolute_uri(reverse("public-view", args=[public.public_id]))
        shown["embed_address"] = request.build_absolute_uri(reverse("public-view-embed", args=[public.public_id]))
    return render(request, "appbuilder/publishing.html", shown)


def _answer(request: HttpRequest, token: str, template: str) -> HttpResponse:
    asking: Any = request
    public = published_view(token)
    view = public.view if public is not None else None
    if public is None or view is None:
        raise NotVisible
    context: dict[str, Any] = {"public": public, "app": public.app, "today": asking.clock.today()}
    try:
        context["shown"] = public_page(public.app, view, today=asking.clock.today())
    except Refusal:
        return render(request, template, {**context, "view": view}, status=503)
    return render(request, template, {**context, "view": view})


@page(Face.PUBLIC, may=anyone)
@require_safe
def public_view(request: HttpRequest, token: str) -> HttpResponse:
    """A published view as a page of the town."""
    return _answer(request, token, "appbuilder/public/view.html")


@page(Face.PUBLIC, may=anyone)
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
def embedded_view(request: HttpRequest, token: str) -> HttpResponse:
    """The same without anything around it, for frames on other sites: the only page of the town that may stand in one."""
    response = _answer(request, token, "appbuilder/public/embed.html")
    response["Cache-Control"] = "no-store"  # a page kept in memory would lose the headers that allow the frame
    return response
