"""Records written twice: finding them, comparing two, making one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.files.api import read_content, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, record_for, visible_records
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.queries.alike import groups_alike
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.alike import may_compare
from yakuba.office.appbuilder.rules.definition import MOST_ALIKE, AppField
from yakuba.office.appbuilder.rules.values import MOST_FILES, as_read
from yakuba.office.appbuilder.services import merge_records
from yakuba.office.appbuilder.views.building import Desk
from yakuba.office.appbuilder.views.records import opened

_LIST = viewing("appbuilder.alike", label="アプリの似た記録の閲覧")
_MOST_SHOWN = 4


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def alike(request: HttpRequest, public_id: str) -> HttpResponse:
    """Records that are alike in chosen fields (`?by=`), in groups."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    if not sight.edit:
        raise NotVisible
    today = asking.clock.today()
    offered = [one for one in definition.fields if one.key in sight.visible and may_compare(one)]
    asked = set(request.GET.getlist("by"))
    chosen = [one for one in offered if one.key in asked][:MOST_ALIKE]
    shown: dict[str, Any] = {
        "app": app,
        "sight": sight,
        "offered": offered,
        "chosen": {one.key for one in chosen} or set(definition.alike),
        "most": MOST_ALIKE,
        "hinted": [one.label for one in offered if one.key in definition.alike],
        "by": [one.key for one in chosen],
    }
    if chosen:
        try:
            found = visible_records(asking.person, app, definition, sight, today=today)
        except Refusal as refusal:
            return render(request, "appbuilder/alike.html", {**shown, "refusal": refusal}, status=422)
        result = groups_alike(found, chosen, Shapes(app), today=today)
        every = [one for group in result.groups for one in group]
        made = RecordListing(app, definition, sight, person=asking.person, today=today)
        made.prepare(every)
        if every:
            record_view(by=asking.person, subjects=every, what=_LIST)
        columns = _columns(chosen, made)
        shown |= {
            "result": result,
            "heads": [one.label for one in columns],
            "groups": [
                {
                    "rows": [
                        {"record": one, "cells": [made.shown[one.pk].get(key.key) for key in columns]} for one in group
                    ]
                }
                for group in result.groups
            ],
        }
    return render(request, "appbuilder/alike.html", shown)


def _columns(chosen: list[AppField], made: RecordListing) -> list[AppField]:
    """The fields compared, then the first others of the list."""
    others = [one for one in made.fields if one.in_list and one not in chosen]
    return [*chosen, *others][: max(_MOST_SHOWN, len(chosen))]


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def hint(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which fields a new record is compared by; kept in the draft."""
    desk = Desk(request, public_id)
    keys = [one.key for one in desk.definition.fields if may_compare(one) and one.key in request.POST.getlist("by")]
    try:
        if len(keys) > MOST_ALIKE:
            raise Refusal(f"選べるのは{MOST_ALIKE}項目までです。", hint="減らしてください。")
        desk.save(desk.definition.model_copy(update={"alike": tuple(keys)}), desk.edition)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return redirect("office-app-alike", public_id=public_id)
    messages.success(request, "下書きに保存しました。使い始めると、記録を加えるときに似た記録を知らせます。")
    return redirect("office-app-fields", public_id=public_id)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, public_id: str, keep_id: str, gone_id: str) -> HttpResponse:
    """Two records side by side; field by field what stays when they become one."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    today = asking.clock.today()
    if not sight.edit or keep_id == gone_id:
        raise NotVisible
    keep, gone = (record_for(asking.person, app, definition, sight, one, today=today) for one in (keep_id, gone_id))
    record_view(by=asking.person, subjects=[keep, gone], what=_LIST, detail="pair")
    shapes = Shapes(app)
    left, right = shapes.of(keep, today=today).values, shapes.of(gone, today=today).values
    may_merge = definition.by_hand <= sight.editable and not asking.person.is_read_only
    if request.method == "POST":
        if not may_merge:
            raise NotAllowed("記録をまとめられるのは、すべての項目を見て、書ける人です。")
        versions = (posted_number(request, "keep_version"), posted_number(request, "gone_version"))
        try:
            values = {
                one.key: _taken(asking, one, posted_key(request, f"take_{one.key}"), left, right)
                for one in definition.fields
                if one.key in sight.editable and posted_key(request, f"take_{one.key}") in ("gone", "both")
            }
            merge_records(by=asking.person, keep=keep, gone=gone, values=values, versions=versions, clock=asking.clock)
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
            return redirect(request.path)
        messages.success(
            request, f"番号{gone.number}を番号{keep.number}にまとめました。「削除した記録」から分け直せます。"
        )
        return redirect("office-app-record", public_id=public_id, record_id=keep_id)
    names = names_for(asking.person, definition, today=today, ids=ids_in(definition, [left, right]))
    lines = [
        {
            "field": one,
            "left": as_read(one, left.get(one.key), names),
            "right": as_read(one, right.get(one.key), names),
            "differs": left.get(one.key) != right.get(one.key),
            "may_take": one.key in sight.editable and left.get(one.key) != right.get(one.key),
            "takes_right": left.get(one.key) is None,
        }
        for one in definition.stored
        if one.key in sight.visible
    ]
    shown = {"app": app, "keep": keep, "gone": gone, "lines": lines, "may_merge": may_merge}
    return render(request, "appbuilder/compare.html", shown)


def _taken(asking: Any, one: AppField, take: str, left: dict[str, Any], right: dict[str, Any]) -> Any:
    """The value of the other record. Its files stay with it; the record that stays gets copies of them."""
    if not one.type.holds_files:
        return right.get(one.key)
    kept = list(left.get(one.key) or []) if take == "both" else []
    wanted = list(right.get(one.key) or [])
    if len(kept) + len(wanted) > MOST_FILES:
        raise Refusal(f"「{one.label}」は{MOST_FILES}個までです。", hint="どちらか一方を選んでください。")
    found = {file.public_id: file for file in StoredFile.objects.filter(public_id__in=wanted, state="stored")}
    if len(found) < len(wanted):
        raise Refusal(
            f"「{one.label}」に、まだ開けないファイルがあります。", hint="ウイルス検査が済んでからまとめてください。"
        )
    copies = [
        receive_file(by=asking.person, stream=read_content(found[key]), filename=found[key].name, clock=asking.clock)
        for key in wanted
    ]
    return [*kept, *(file.public_id for file in copies)] or None
