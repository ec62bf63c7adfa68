"""Places outside: those of an app, and the hosts the information systems section allows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, NotVisible, Role, page, role
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, managed_app
from yakuba.office.appbuilder.forms.automations import HookForm, HostForm
from yakuba.office.appbuilder.forms.posted import posted_key
from yakuba.office.appbuilder.models import AllowedHost, Hook
from yakuba.office.appbuilder.queries.planned import allowed_hosts
from yakuba.office.appbuilder.services.hooks import add_hook, allow_host, close_hook, close_host, new_secret


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def hooks(request: HttpRequest, public_id: str) -> HttpResponse:
    """The places an app may tell; a new one shows its secret this once."""
    asking: Any = request
    app, _, sight = managed_app(asking.person, public_id)
    form = HookForm(request.POST if "url" in request.POST else None)
    shown: dict[str, Any] = {"app": app, "sight": sight, "hosts": sorted(allowed_hosts())}
    if request.method == "POST" and "close" in request.POST:
        hook = Hook.objects.filter(app=app, public_id=posted_key(request, "close"), closed_at__isnull=True).first()
        if hook is None:
            raise NotVisible
        close_hook(by=asking.person, hook=hook, clock=asking.clock)
        messages.success(request, f"送り先「{hook.name}」をやめました。")
        return redirect("office-app-hooks", public_id=public_id)
    if request.method == "POST" and form.is_valid():
        secret = new_secret()
        try:
            hook = add_hook(by=asking.person, app=app, secret=secret, clock=asking.clock, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("url", f"{refusal.message}{refusal.hint or ''}")
        else:
            shown |= {"made": hook, "secret": secret}
            form = HookForm()
    shown |= {"form": form, "hooks": Hook.objects.filter(app=app, closed_at__isnull=True)}
    response = render(request, "appbuilder/hooks.html", shown, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@page(Face.OFFICE, may=role(Role.IT, Role.AUDITOR))
@require_http_methods(["GET", "HEAD", "POST"])
def hosts(request: HttpRequest) -> HttpResponse:
    """The hosts apps may tell at all."""
    asking: Any = request
    form = HostForm(request.POST if "host" in request.POST else None)
    if request.method == "POST":
        try:
            if "close" in request.POST:
                row = close_host(by=asking.person, host=posted_key(request, "close"), clock=asking.clock)
                messages.success(request, f"「{row.host}」の許可を取り消しました。")
                return redirect("office-app-hosts")
            if form.is_valid():
                row = allow_host(by=asking.person, clock=asking.clock, **form.cleaned_data)
                messages.success(request, f"「{row.host}」への送信を許可しました。")
                return redirect("office-app-hosts")
        except Refusal as refusal:
            name = refusal.field if refusal.field in form.fields else None
            form.add_error(name, f"{refusal.message}{refusal.hint or ''}")
    found = list(AllowedHost.objects.order_by("closed_at", "host")[:200])
    used = {one.url.split("/")[2].partition(":")[0].lower() for one in Hook.objects.filter(closed_at__isnull=True)}
    shown = {
        "form": form,
        "may_write": not asking.person.is_read_only,
        "lines": [{"one": one, "is_used": one.host in used} for one in found if one.closed_at is None],
        "closed": [one for one in found if one.closed_at is not None],
    }
    return render(request, "appbuilder/hosts.html", shown, status=422 if form.errors else 200)
