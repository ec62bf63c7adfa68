"""The automations of an app, for those who build it: list, one with its actions, one action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, app_for
from yakuba.office.appbuilder.forms.automations import AutomationForm, CreateForm, NotifyForm, SetForm, WebhookForm
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.models import AutomationPause, AutomationRun, Hook
from yakuba.office.appbuilder.queries.names import apps_to_look_up, names_for, staff_names
from yakuba.office.appbuilder.rules.automations import (
    ACTION_LABELS,
    MOST_ACTIONS,
    MOST_AUTOMATIONS,
    Action,
    Automation,
    Create,
    Notify,
    SetFields,
    Webhook,
    When,
    when_in_words,
)
from yakuba.office.appbuilder.rules.automations_check import automation_problems
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.formula import in_formula
from yakuba.office.appbuilder.rules.process import By, SetTo
from yakuba.office.appbuilder.rules.values import Names, in_words
from yakuba.office.appbuilder.services.automate import resume_automation
from yakuba.office.appbuilder.views.building import Desk


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def automations(request: HttpRequest, public_id: str) -> HttpResponse:
    """The automations with when, what, and how the last run went."""
    desk = Desk(request, public_id)
    in_use = {one.key for one in desk.in_use.content.automations} if desk.in_use else set()
    pauses = {one.automation: one for one in AutomationPause.objects.filter(app=desk.app, paused_at__isnull=False)}
    lasts: dict[str, AutomationRun] = {}
    for run in AutomationRun.objects.filter(app=desk.app).order_by("-begun_at")[:200]:
        lasts.setdefault(run.automation, run)
    lines = [
        {
            "one": one,
            "when": _when(one, desk.definition),
            "rule": in_formula(one.rule, desk.definition),
            "does": [ACTION_LABELS[action.does] for action in one.actions],
            "pause": pauses.get(one.key),
            "last": lasts.get(one.key),
            "is_new": one.key not in in_use,
        }
        for one in desk.definition.automations
    ]
    shown = {
        "desk": desk,
        "app": desk.app,
        "sight": desk.sight,
        "lines": lines,
        "problems": automation_problems(
            desk.definition, groups={one.name for one in desk.app.rights.groups}, apps=desk.lookable()
        ),
        "kinds": [(one.value, one.label) for one in When],
        "is_full": len(desk.definition.automations) >= MOST_AUTOMATIONS,
    }
    return render(request, "appbuilder/automations.html", shown)


def _when(one: Automation, definition: AppDefinition) -> str:
    labels = {field.key: field.label for field in definition.fields}
    status = definition.field(one.field)
    states = {choice.key: choice.label for choice in status.choices} if status else {}
    return when_in_words(one, labels, states)


def _saved(desk: Desk, changed: tuple[Automation, ...], edition: int) -> None:
    desk.save(desk.definition.model_copy(update={"automations": changed}), edition)


def _with(desk: Desk, one: Automation) -> tuple[Automation, ...]:
    others = [one if old.key == one.key else old for old in desk.definition.automations]
    return tuple(others if one in others else [*others, one])


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def automation(request: HttpRequest, public_id: str, key: str = "") -> HttpResponse:
    """A new automation of a kind (`?when=`), or one to change with its actions."""
    desk = Desk(request, public_id)
    before = desk.definition.automation(key) if key else None
    if key and before is None:
        raise NotVisible
    asked = posted_key(request, "when") or request.GET.get("when") or (before.when.value if before else "added")
    if asked not in {one.value for one in When}:
        raise NotVisible
    kind = When(asked)
    form = AutomationForm(
        request.POST if request.method == "POST" else None, kind=kind, definition=desk.definition, before=before
    )
    if request.method == "POST" and form.is_valid():
        try:
            if before is None and len(desk.definition.automations) >= MOST_AUTOMATIONS:
                raise Refusal(f"自動処理は{MOST_AUTOMATIONS}までです。", hint="使わないものを除いてください。")
            _saved(desk, _with(desk, form.made), posted_number(request, "edition"))
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"自動処理「{form.made.name}」を下書きに保存しました。")
            return redirect("office-app-automation", public_id=public_id, key=form.made.key)
    names = names_for(desk.person, desk.definition, today=desk.clock.today())
    shown = {
        "app": desk.app,
        "form": form,
        "kind": kind,
        "before": before,
        "edition": posted_number(request, "edition") if request.method == "POST" else desk.edition,
        "kinds": [(one.value, one.label) for one in When],
        "actions": [
            {"number": number, "label": ACTION_LABELS[one.does], "words": _said(desk, one, names)}
            for number, one in enumerate(before.actions)
        ]
        if before
        else [],
        "action_kinds": list(ACTION_LABELS.items()),
        "is_full": before is not None and len(before.actions) >= MOST_ACTIONS,
    }
    return render(request, "appbuilder/automation.html", shown, status=422 if form.errors else 200)


def _said(desk: Desk, one: Action, names: Names) -> str:
    definition = desk.definition
    match one:
        case Notify():
            return f"{'、'.join(_whom(one, definition))}に「{one.text[:60]}{'…' if len(one.text) > 60 else ''}」"
        case SetFields():
            return "、".join(f"{_label(definition, part.field)}＝{_set(part, definition, names)}" for part in one.sets)
        case Create():
            titles = {key: title for key, (title, _) in apps_to_look_up(desk.person).items()}
            return f"「{titles.get(one.app, '（見えないアプリ）')}」に{len(one.fields)}項目"
        case Webhook():
            hook = Hook.objects.filter(app=desk.app, public_id=one.hook, closed_at__isnull=True).first()
            fields = "、".join(_label(definition, key) for key in one.fields)
            return f"「{hook.name if hook else '（なくなった送り先）'}」に{fields or '記録の番号だけ'}"


def _whom(one: Notify, definition: AppDefinition) -> list[str]:
    return [
        *(["作った人"] if one.maker else []),
        *(f"「{_label(definition, key)}」の職員" for key in one.people),
        *(f"「{_label(definition, key)}」の全員" for key in one.sections),
        *(f"グループ「{name}」" for name in one.groups),
        *([f"決まった職員{len(one.staff)}人"] if one.staff else []),
    ]


def _label(definition: AppDefinition, key: str) -> str:
    one = definition.field(key)
    return one.label if one else "（なくなった項目）"


def _set(part: SetTo, definition: AppDefinition, names: Names) -> str:
    one = definition.field(part.field)
    return in_words(one, part.value, names) if one and part.to is By.CONSTANT else part.to.label


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, public_id: str, key: str, number: int | None = None) -> HttpResponse:
    """A new action of a kind (`?does=`), or one to change."""
    desk = Desk(request, public_id)
    one = desk.definition.automation(key)
    if one is None or (number is not None and number >= len(one.actions)):
        raise NotVisible
    before = one.actions[number] if number is not None else None
    does = before.does if before else posted_key(request, "does") or request.GET.get("does", "notify")
    if does not in ACTION_LABELS:
        raise NotVisible
    shown: dict[str, Any] = {
        "app": desk.app,
        "one": one,
        "does": does,
        "label": ACTION_LABELS[does],
        "before": before,
        "edition": posted_number(request, "edition") if request.method == "POST" else desk.edition,
    }
    form = _form(request, desk, does, before, shown)
    if form is None:
        return render(request, "appbuilder/action.html", shown)
    if request.method == "POST" and form.is_valid():
        actions = list(one.actions)
        if number is None:
            actions.append(form.made)
        else:
            actions[number] = form.made
        try:
            if len(actions) > MOST_ACTIONS:
                raise Refusal(f"することは{MOST_ACTIONS}つまでです。", hint="ほかの自動処理に分けてください。")
            changed = one.model_copy(update={"actions": tuple(actions)})
            _saved(desk, _with(desk, changed), posted_number(request, "edition"))
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"「{ACTION_LABELS[does]}」を下書きに保存しました。")
            return redirect("office-app-automation", public_id=public_id, key=key)
    return render(request, "appbuilder/action.html", {**shown, "form": form}, status=422 if form.errors else 200)


def _form(request: HttpRequest, desk: Desk, does: str, before: Any, shown: dict[str, Any]) -> Any:
    """The form of an action; None where something must be chosen first."""
    typed = request.POST if request.method == "POST" else None
    today = desk.clock.today()
    if does == "notify":
        staff = sorted(staff_names(today).items(), key=lambda pair: pair[1])
        groups = [one.name for one in desk.app.rights.groups]
        return NotifyForm(typed, definition=desk.definition, groups=groups, staff=staff, before=before)
    if does == "set":
        names = names_for(desk.person, desk.definition, today=today, standing=True)
        return SetForm(typed, definition=desk.definition, names=names, before=before)
    if does == "webhook":
        hooks = list(Hook.objects.filter(app=desk.app, closed_at__isnull=True).values_list("public_id", "name"))
        if not hooks:
            shown["no_hooks"] = True
            return None
        return WebhookForm(typed, definition=desk.definition, hooks=hooks, before=before)
    shown["apps"] = [(key, title) for key, (title, _) in apps_to_look_up(desk.person).items()]
    chosen = posted_key(request, "app") or request.GET.get("app", "")[:16] or (before.app if before else "")
    if not chosen:
        return None
    app, definition, sight = app_for(desk.person, chosen)
    shown["target"] = app
    targets = [one for one in definition.fields if one.key in definition.by_hand and one.key in sight.editable]
    return CreateForm(typed, app=app.public_id, targets=targets, definition=desk.definition, before=before)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def arrange(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an automation or one of its actions away, move an action up, switch an automation on or off, or resume it."""
    desk = Desk(request, public_id)
    one = desk.definition.automation(posted_key(request, "key"))
    to = posted_key(request, "to")
    back = reverse("office-app-automations", args=[public_id])
    try:
        if to == "resume":
            resume_automation(by=desk.person, app=desk.app, key=posted_key(request, "key"), clock=desk.clock)
            messages.success(request, "自動処理を再開しました。止まっていた間のことは、さかのぼって行いません。")
            return redirect(back)
        if one is None:
            raise NotVisible
        others = tuple(old for old in desk.definition.automations if old.key != one.key)
        number = posted_number(request, "action")
        edition = posted_number(request, "edition")
        if to == "remove":
            _saved(desk, others, edition)
        elif to in ("up", "drop") and 0 <= number < len(one.actions):
            actions = list(one.actions)
            taken = actions.pop(number)
            if to == "up":
                actions.insert(max(0, number - 1), taken)
            _saved(desk, _with(desk, one.model_copy(update={"actions": tuple(actions)})), edition)
            back = reverse("office-app-automation", args=[public_id, one.key])
        elif to in ("on", "off"):
            _saved(desk, _with(desk, one.model_copy(update={"is_on": to == "on"})), edition)
        else:
            raise NotVisible
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect(back)
