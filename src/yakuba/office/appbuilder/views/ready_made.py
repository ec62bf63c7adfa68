"""`/office/apps/templates/`: the templates, what each holds, and an app made of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE
from yakuba.office.appbuilder.forms.posted import posted_key
from yakuba.office.appbuilder.ready_made import ReadyMade, template, templates
from yakuba.office.appbuilder.services.ready_made import make_from_template


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All templates."""
    return render(request, "appbuilder/ready_made.html", {"lines": [_told(one) for one in templates()]})


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One template: fields, views, process, automations; the button that makes the app."""
    asking: Any = request
    chosen = template(key)
    if chosen is None:
        raise NotVisible
    if request.method == "POST":
        try:
            with_rows = bool(posted_key(request, "rows"))
            made = make_from_template(by=asking.person, chosen=chosen, with_rows=with_rows, clock=asking.clock)
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"アプリ「{made.app.title}」を作りました。項目も流れも、あとから直せます。")
            for note in made.notes:
                messages.info(request, note)
            return redirect("office-app", public_id=made.app.public_id)
    return render(
        request, "appbuilder/ready_made_one.html", _told(chosen) | {"may_make": not asking.person.is_read_only}
    )


def _told(chosen: ReadyMade) -> dict[str, Any]:
    definition = chosen.definition
    status = definition.field(definition.process.field) if definition.process else None
    return {
        "one": chosen,
        "definition": definition,
        "states": [choice.label for choice in status.choices] if status else [],
        "buttons": [
            (
                button.label,
                [status.choice_label(key) for key in button.states],
                status.choice_label(button.to),
                button.approval,
            )
            for button in (definition.process.buttons if definition.process else ())
        ]
        if status
        else [],
        "fields": [(each, _marks(each)) for each in definition.fields],
        "groups": [(group.name, _may(group)) for group in chosen.groups],
    }


def _marks(each: Any) -> str:
    words = (
        ("必須", each.required),
        ("重複なし", each.unique),
        (each.data_class.label, each.data_class.value != "open"),
    )
    return "・".join(word for word, holds in words if holds)


def _may(group: Any) -> str:
    words = (
        ("管理する", group.manage),
        ("見る", group.see),
        ("加える", group.create),
        ("変える", group.edit),
        ("書き出す", group.export),
    )
    return "・".join(word for word, holds in words if holds or group.manage)
