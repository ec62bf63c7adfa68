"""`/office/apps/<app>/api/`: the keys by which other systems use an app, for those who manage it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.identity.api import ask_to_confirm, is_confirmed
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, managed_app
from yakuba.office.appbuilder.forms.posted import posted_key
from yakuba.office.appbuilder.forms.tokens import TokenForm
from yakuba.office.appbuilder.models import App, AppToken
from yakuba.office.appbuilder.rules.tokens import Scope, digest_of_secret, written_token
from yakuba.office.appbuilder.services import CheckNeeded
from yakuba.office.appbuilder.services.tokens import make_token, new_token_secret, revoke_token
from yakuba.office.appbuilder.services.use_checks import ask_token


def _make(asking: Any, app: App, given: dict[str, Any]) -> AppToken:
    """The key, asleep where somebody else must look at it first."""
    try:
        return make_token(by=asking.person, app=app, clock=asking.clock, **given)
    except CheckNeeded:
        token = ask_token(by=asking.person, app=app, clock=asking.clock, **given).token
        if token is None:
            raise
        return token


def _state(one: AppToken, now: datetime) -> str:
    if one.revoked_at:
        return "取消し"
    if one.is_waiting:
        return "確認待ち"
    return "期限切れ" if one.expires_at <= now else ""


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest, public_id: str) -> HttpResponse:
    """The keys; a new one is shown once, after its maker has shown again who they are."""
    asking: Any = request
    app, _, _ = managed_app(asking.person, public_id)
    here = reverse("office-app-api", args=[public_id])
    shown: dict[str, Any] = {"app": app}
    form = TokenForm(request.POST if "name" in request.POST else None, groups=[one.name for one in app.rights.groups])
    if request.method == "POST":
        if "revoke" in request.POST:
            token = AppToken.objects.filter(app=app, public_id=posted_key(request, "revoke")).first()
            if token is None:
                raise NotVisible
            revoke_token(by=asking.person, token=token, clock=asking.clock)
            messages.success(request, f"「{token.name}」を取り消しました。もう使えません。")
            return redirect(here)
        if form.is_valid():
            if not is_confirmed(request):
                return ask_to_confirm(request, otherwise=here)
            secret = new_token_secret()
            try:
                made = _make(asking, app, {**form.cleaned_data, "digest": digest_of_secret(secret)})
            except Refusal as refusal:
                form.add_error(
                    refusal.field if refusal.field in form.fields else None, f"{refusal.message}{refusal.hint or ''}"
                )
            else:
                shown |= {"made": made, "written": written_token(made.public_id, secret)}
                form = TokenForm(groups=[one.name for one in app.rights.groups])
    now = asking.clock.now()
    shown |= {
        "form": form,
        "lines": [
            {
                "one": one,
                "may": "・".join(Scope(scope).label for scope in one.scopes),
                "state": _state(one, now),
                "may_revoke": one.revoked_at is None and one.expires_at > now,
            }
            for one in AppToken.objects.filter(app=app)[:50]
        ],
        "root": request.build_absolute_uri(reverse("api-app", args=[public_id])),
    }
    response = render(request, "appbuilder/tokens.html", shown, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
