"""The process of an app, for those who build it: its states, its buttons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.forms.process import ButtonForm, StatesForm
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.queries.names import names_for
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.formula import in_formula
from yakuba.office.appbuilder.rules.process import Button, By, Process, moved, with_button, without_button
from yakuba.office.appbuilder.rules.process_check import process_problems, reachable
from yakuba.office.appbuilder.rules.values import Names, in_words
from yakuba.office.appbuilder.views.building import Desk


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def process(request: HttpRequest, public_id: str) -> HttpResponse:
    """The states one below the other with the buttons that lead on, what is wrong, and the buttons in their order."""
    desk = Desk(request, public_id)
    definition = desk.definition
    found = definition.process
    field = definition.field(found.field) if found else None
    shown: dict[str, Any] = {
        "desk": desk,
        "app": desk.app,
        "sight": desk.sight,
        "process": found,
        "field": field,
        "fields": [one for one in definition.fields if one.type is FieldType.STATUS],
    }
    if found is not None:
        names = names_for(desk.person, definition, today=desk.clock.today())
        groups = {one.name for one in desk.app.rights.groups}
        shown |= {
            "problems": process_problems(definition, groups=groups),
            "states": _states(found, field, definition, _counts(desk, found)) if field else [],
            "lines": [
                {
                    "button": one,
                    "from": "、".join(field.choice_label(key) for key in one.states) if field else "",
                    "to": field.choice_label(one.to) if field else one.to,
                    "who": _who(one, definition),
                    "rule": in_formula(one.rule, definition),
                    "asks": "、".join(_label(definition, key) for key in one.asks),
                    "sets": "、".join(_set(part, definition, names) for part in one.sets),
                    "is_first": number == 0,
                    "is_last": number == len(found.buttons) - 1,
                }
                for number, one in enumerate(found.buttons)
            ],
        }
    return render(request, "appbuilder/process.html", shown)


def _counts(desk: Desk, found: Process) -> dict[str, int]:
    """How many records stand in each state, where the database can tell."""
    field = desk.in_use.content.field(found.field) if desk.in_use else None
    if field is None or not field.has_cell:
        return {}
    standing = Record.objects.filter(app=desk.app, deleted_at__isnull=True, cells__key=field.key)
    return {
        key: standing.filter(cells__key=field.key, cells__text=key).count()
        for key in (one.key for one in field.choices)
    }


def _states(found: Process, field: AppField, definition: AppDefinition, counts: dict[str, int]) -> list[dict[str, Any]]:
    reached = reachable(found, definition)
    return [
        {
            "label": one.label,
            "is_start": one.key == found.start,
            "is_end": one.key in found.ends,
            "is_unreached": one.key not in reached,
            "count": counts.get(one.key),
            "ways": [
                {
                    "button": button,
                    "to": field.choice_label(button.to),
                    "is_back": _place(field, button.to) < _place(field, one.key),
                }
                for button in found.buttons
                if one.key in button.states
            ],
        }
        for one in field.choices
        if one.is_used
    ]


def _place(field: AppField, key: str) -> int:
    return next((number for number, one in enumerate(field.choices) if one.key == key), 0)


def _who(one: Button, definition: AppDefinition) -> str:
    words = [
        *one.groups,
        *(["作った人"] if one.maker else []),
        *(f"「{_label(definition, key)}」の人" for key in one.people),
    ]
    return "、".join(words)


def _label(definition: AppDefinition, key: str) -> str:
    one = definition.field(key)
    return one.label if one else key


def _set(part: Any, definition: AppDefinition, names: Names) -> str:
    one = definition.field(part.field)
    what = in_words(one, part.value, names) if one and part.to is By.CONSTANT else part.to.label
    return f"{_label(definition, part.field)}＝{what}"


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def states(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin a process on a status field (`?field=`), or change its first and last states, or take it away."""
    desk = Desk(request, public_id)
    before = desk.definition.process
    key = posted_key(request, "field") or request.GET.get("field", "")[:40] or (before.field if before else "")
    field = desk.definition.field(key)
    if field is None or field.type is not FieldType.STATUS:
        raise NotVisible
    if before is not None and before.field != field.key:
        before = None
    choices = [(one.key, one.label) for one in field.choices if one.is_used]
    form = StatesForm(request.POST if request.method == "POST" else None, choices=choices, before=before)
    if request.method == "POST":
        made: Process | None = None
        is_gone = "remove" in request.POST
        if is_gone or form.is_valid():
            if not is_gone:
                typed = form.cleaned_data
                made = Process(
                    field=field.key,
                    start=typed["start"],
                    ends=tuple(typed["ends"]),
                    buttons=before.buttons if before else (),
                )
            try:
                desk.save(desk.definition.model_copy(update={"process": made}), posted_number(request, "edition"))
            except Refusal as refusal:
                form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
            else:
                messages.success(request, "流れを下書きから除きました。" if is_gone else "下書きに保存しました。")
                return redirect("office-app-process", public_id=public_id)
    edition = posted_number(request, "edition") if request.method == "POST" else desk.edition
    shown = {"app": desk.app, "form": form, "field": field, "before": before, "edition": edition}
    return render(request, "appbuilder/states.html", shown, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def button(request: HttpRequest, public_id: str, key: str = "") -> HttpResponse:
    """A new button, or one to change."""
    desk = Desk(request, public_id)
    found = desk.definition.process
    before = found.button(key) if found and key else None
    if found is None or (key and before is None):
        raise NotVisible
    form = ButtonForm(
        request.POST if request.method == "POST" else None,
        definition=desk.definition,
        process=found,
        groups=[one.name for one in desk.app.rights.groups],
        names=names_for(desk.person, desk.definition, today=desk.clock.today(), standing=True),
        before=before,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = with_button(found, form.made)
            desk.save(desk.definition.model_copy(update={"process": made}), posted_number(request, "edition"))
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"ボタン「{form.made.label}」を下書きに保存しました。")
            return redirect("office-app-process", public_id=public_id)
    edition = posted_number(request, "edition") if request.method == "POST" else desk.edition
    shown = {"app": desk.app, "form": form, "before": before, "edition": edition}
    return render(request, "appbuilder/button.html", shown, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def arrange(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a button up or down, or take it away."""
    desk = Desk(request, public_id)
    found = desk.definition.process
    key, to = posted_key(request, "key"), posted_key(request, "to")
    if found is None or found.button(key) is None or to not in ("up", "down", "remove"):
        raise NotVisible
    made = without_button(found, key) if to == "remove" else moved(found, key, -1 if to == "up" else 1)
    try:
        desk.save(desk.definition.model_copy(update={"process": made}), posted_number(request, "edition"))
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("office-app-process", public_id=public_id)
