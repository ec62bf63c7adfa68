"""The views of an app for those who build it, on the draft; and everybody's own beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, app_for
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.forms.view import ViewForm
from yakuba.office.appbuilder.models import PublicView
from yakuba.office.appbuilder.queries.names import names_for
from yakuba.office.appbuilder.queries.offered import offered_views
from yakuba.office.appbuilder.queries.publishing import is_as_decided
from yakuba.office.appbuilder.rules.publishing import KINDS as KINDS_FOR_ALL
from yakuba.office.appbuilder.rules.view_check import hidden_behind, problems_of_view
from yakuba.office.appbuilder.rules.view_editing import view_key, view_moved, with_view, without_view
from yakuba.office.appbuilder.rules.views import MOST_VIEWS, ViewKind
from yakuba.office.appbuilder.views.building import Desk

KINDS = [(one.value, one.label) for one in ViewKind]


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def views(request: HttpRequest, public_id: str) -> HttpResponse:
    """The views of the app (to be changed by its managers), and those the person has saved or others share."""
    asking: Any = request
    app, definition, sight = app_for(asking.person, public_id)
    if not sight.see:
        raise NotVisible
    desk = Desk(asking, public_id) if sight.manage else None
    lines = []
    public = {one.key: one for one in PublicView.objects.filter(app=app)} if desk is not None else {}
    for number, one in enumerate(desk.definition.views if desk is not None else ()):
        in_use = definition.view(one.key) if desk is not None and desk.in_use is not None else None
        lines.append(
            {
                "view": one,
                "problems": problems_of_view(one, desk.definition) if desk is not None else (),
                "is_first": number == 0,
                "is_last": number == len(desk.definition.views) - 1 if desk is not None else True,
                "is_new": in_use is None,
                "may_be_public": one.kind in KINDS_FOR_ALL,
                "public": _standing(public.get(one.key)),
                "is_changed": in_use is not None and in_use != one,
            }
        )
    saved = [one for one in offered_views(asking.person, app, definition, sight) if one.saved is not None]
    shown = {
        "app": app,
        "sight": sight,
        "desk": desk,
        "lines": lines,
        "kinds": KINDS,
        "saved": [(one, one.saved.made_by == asking.person.id) for one in saved if one.saved is not None],
        "views": [one for one in definition.views if not hidden_behind(one, definition, sight.visible)],
        "is_open": app.versions.filter(state="in_use").exists(),
    }
    return render(request, "appbuilder/views.html", shown)


def _standing(public: PublicView | None) -> str:
    if public is None or not (public.content or public.waiting):
        return "していない"
    if not public.content:
        return "決裁待ち"
    return "公開中" if is_as_decided(public) else "止まっている"


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, public_id: str, key: str = "") -> HttpResponse:
    """A new view of a kind (`?kind=`), or one to change."""
    desk = Desk(request, public_id)
    before = desk.definition.view(key) if key else None
    if key and before is None:
        raise NotVisible
    kind = before.kind if before is not None else kind_of(request)
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        definition=desk.definition,
        visible=desk.sight.visible | {one.key for one in desk.definition.fields},
        names=names_for(desk.person, desk.definition, today=desk.clock.today()),
        key=before.key if before is not None else view_key([one.key for one in desk.definition.views]),
        before=before,
    )
    edition = posted_number(request, "edition") if request.method == "POST" else desk.edition
    if request.method == "POST" and form.is_valid():
        try:
            if before is None and len(desk.definition.views) >= MOST_VIEWS:
                raise Refusal(f"見方は{MOST_VIEWS}までです。", hint="使わない見方を除いてください。")
            desk.save(with_view(desk.definition, form.made), edition)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(
                request, f"見方「{form.made.name}」を下書きに保存しました。使い始めると、みんなに見えます。"
            )
            return redirect("office-app-views", public_id=public_id)
    shown = {"app": desk.app, "form": form, "kind": kind, "before": before, "edition": edition, "kinds": KINDS}
    return render(request, "appbuilder/view_form.html", shown, status=422 if form.errors else 200)


def kind_of(request: HttpRequest) -> ViewKind:
    """The kind the URL asks for. Raises `NotVisible`."""
    asked = request.GET.get("kind", ViewKind.TABLE.value)
    if asked not in set(ViewKind):
        raise NotVisible
    return ViewKind(asked)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def arrange(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a view, take it away, or let the app open with it."""
    desk = Desk(request, public_id)
    key, to = posted_key(request, "key"), posted_key(request, "to")
    if key and desk.definition.view(key) is None:
        raise NotVisible
    if to in ("up", "down"):
        changed = view_moved(desk.definition, key, -1 if to == "up" else 1)
    elif to == "remove" and key:
        changed = without_view(desk.definition, key)
    elif to == "open":
        changed = desk.definition.model_copy(update={"opens_with": key})
    else:
        raise NotVisible
    try:
        desk.save(changed, posted_number(request, "edition"))
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    else:
        messages.success(request, "下書きに保存しました。")
    return redirect("office-app-views", public_id=public_id)
