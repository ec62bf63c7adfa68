"""Views people keep for themselves: from scratch, or from what a list is narrowed to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE
from yakuba.office.appbuilder.forms.view import ViewForm
from yakuba.office.appbuilder.models import SavedView
from yakuba.office.appbuilder.queries.names import names_for
from yakuba.office.appbuilder.queries.offered import saved_for
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.spans import SPANS
from yakuba.office.appbuilder.rules.view_check import is_amount, is_day, is_yes_no, may_group
from yakuba.office.appbuilder.rules.views import MOST_TESTS, AppView, Axis, FieldTest, Test
from yakuba.office.appbuilder.services import drop_view, save_view
from yakuba.office.appbuilder.views.records import opened
from yakuba.office.appbuilder.views.view_building import KINDS, kind_of


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, public_id: str, saved_id: str = "") -> HttpResponse:
    """A new view of one's own, filled with what the list was asked for, or one to change."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    if not sight.see or asking.person.is_read_only:
        raise NotVisible
    saved = saved_for(asking.person, app, saved_id) if saved_id else None
    if saved is not None and saved.made_by != asking.person.id:
        raise NotVisible
    before = saved.content if saved is not None else None
    kind = before.kind if before is not None else kind_of(request)
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        definition=definition,
        visible=sight.visible,
        names=names_for(asking.person, definition, today=asking.clock.today()),
        key="saved",
        before=before or _asked(request, definition, sight),
        may_share=sight.edit or sight.manage,
        is_shared=saved.is_shared if saved is not None else False,
    )
    if request.method == "POST" and form.is_valid():
        shared = bool(form.cleaned_data.get("shared"))
        try:
            made = save_view(
                by=asking.person, app=app, view=form.made, is_shared=shared, clock=asking.clock, saved=saved
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"見方「{made.name}」を保存しました。")
            return redirect(made.get_absolute_url())
    shown = {
        "app": app,
        "sight": sight,
        "form": form,
        "kind": kind,
        "before": before,
        "saved": saved,
        "is_own": True,
        "kinds": KINDS,
    }
    return render(request, "appbuilder/view_form.html", shown, status=422 if form.errors else 200)


def _asked(request: HttpRequest, definition: AppDefinition, sight: Sight) -> AppView | None:
    """What the list was narrowed to, as a view to begin with; None for a plain list."""
    filters: list[FieldTest] = []
    for field in definition.stored:
        if field.key not in sight.visible or not (field.filterable and field.has_cell):
            continue
        name = f"f_{field.key}"
        low, high = (request.GET.get(f"{name}_{end}", "").strip()[:20] for end in ("from", "to"))
        value = request.GET.get(name, "")[:40]
        if (low or high) and (is_amount(field) or is_day(field)):
            filters.append(FieldTest(field=field.key, test=Test.BETWEEN, values=(low, high)))
        if is_day(field):
            if value == "empty":
                filters.append(FieldTest(field=field.key, test=Test.EMPTY))
            elif value in SPANS:
                filters.append(FieldTest(field=field.key, test=Test.SPAN, values=(value,)))
        elif value and (field.type.has_choices or is_yes_no(field) or field.type.value in ("person", "section")):
            filters.append(FieldTest(field=field.key, test=Test.IS, values=(value,)))
    sort = request.GET.get("sort", "")[:60]
    by = definition.field(sort.removeprefix("-").removeprefix("f_")) if "f_" in sort else None
    group = definition.field(request.GET.get("group", "")[:40])
    if not filters and by is None and group is None:
        return None
    lists = [one.key for one in definition.fields if one.in_list and one.key in sight.visible]
    return AppView(
        key="saved",
        name="新しい見方",
        filters=tuple(filters[:MOST_TESTS]),
        sort=by.key if by is not None and by.key in sight.visible else "",
        down=sort.startswith("-"),
        columns=tuple(lists[:8]),
        group=Axis(field=group.key) if group and group.key in sight.visible and may_group(group) else None,
    )


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def drop(request: HttpRequest, public_id: str, saved_id: str) -> HttpResponse:
    """Take a saved view away."""
    asking: Any = request
    app, _, _ = opened(asking, public_id)
    found: SavedView = saved_for(asking.person, app, saved_id)
    drop_view(by=asking.person, saved=found)
    messages.success(request, f"見方「{found.name}」を消しました。")
    return redirect("office-app-views", public_id=public_id)
