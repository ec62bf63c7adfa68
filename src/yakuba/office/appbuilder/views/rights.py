"""Who may do what in an app, and what one person sees of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Role, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.organisation.api import staff_on
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, managed_app, sight_for, visible_records
from yakuba.office.appbuilder.forms.building import GroupForm
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.names import section_names, staff_names
from yakuba.office.appbuilder.queries.seen_as import person_as
from yakuba.office.appbuilder.rules.formula import in_formula
from yakuba.office.appbuilder.rules.permissions import Group, Permissions, Rows
from yakuba.office.appbuilder.services import CheckNeeded, change_permissions
from yakuba.office.appbuilder.services.use_checks import ask_wider

_SEEN_AS = viewing("appbuilder.seen_as", label="アプリの見え方の確認")
_SHOWN = 10


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def rights(request: HttpRequest, public_id: str) -> HttpResponse:
    """The groups from top to bottom."""
    asking: Any = request
    app, definition, sight = managed_app(asking.person, public_id)
    staff, sections = staff_names(), section_names()
    groups = app.rights.groups
    lines = [
        {
            "number": number,
            "group": one,
            "people": _people(one, staff, sections),
            "may": _may(one),
            "rows": "すべての記録" if one.manage else _rows(one, definition),
            "columns": _columns(one, definition),
            "is_first": number == 0,
            "is_last": number == len(groups) - 1,
        }
        for number, one in enumerate(groups)
    ]
    shown = {"app": app, "sight": sight, "lines": lines, "edition": app.permissions_edition}
    return render(request, "appbuilder/rights.html", shown)


def _people(one: Group, staff: dict[str, str], sections: dict[str, str]) -> str:
    if one.everybody:
        return "すべての職員"
    named = [
        *(Role(role).label for role in one.roles if role in set(Role)),
        *(sections.get(key, "（なくなった所属）") for key in one.sections),
        *(staff.get(key, "（いない職員）") for key in one.staff),
    ]
    return "、".join(named[:8]) + (f" ほか{len(named) - 8}" if len(named) > 8 else "")


def _may(one: Group) -> str:
    if one.manage:
        return "すべて（管理）"
    words = (
        ("見る", one.see),
        ("作る", one.create),
        ("変える・消す", one.edit and one.see),
        ("書き出す", one.export and one.see),
    )
    return "・".join(word for word, may in words if may) or "何もできない"


def _rows(one: Group, definition: Any) -> str:
    if not one.see:
        return "—"
    return in_formula(one.rule, definition) if one.rows is Rows.RULE else one.rows.label


def _columns(one: Group, definition: Any) -> str:
    if one.manage or not one.see:
        return "—"
    said = []
    for column in ("hide", "view"):
        labels = [field.label for field in definition.fields if one.columns.get(field.key) == column]
        if labels:
            said.append(f"{'見えない' if column == 'hide' else '見るだけ'}：{'、'.join(labels)}")
    return "　".join(said) or "すべて書ける"


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, public_id: str, number: int | None = None) -> HttpResponse:
    """A new group, or one to change."""
    asking: Any = request
    app, definition, _ = managed_app(asking.person, public_id)
    groups = list(app.rights.groups)
    if number is not None and number >= len(groups):
        raise NotVisible
    before = groups[number] if number is not None else None
    today = asking.clock.today()
    staff = sorted(staff_names(today).items(), key=lambda pair: pair[1])
    sections = list(section_names(today).items())
    if before is not None:  # who has gone stays chosen until somebody takes them out
        staff += [(key, "（いない職員）") for key in before.staff if key not in dict(staff)]
        sections += [(key, "（なくなった所属）") for key in before.sections if key not in dict(sections)]
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        definition=definition,
        sections=sections,
        staff=staff,
        before=before,
    )
    edition = posted_number(request, "edition") if request.method == "POST" else app.permissions_edition
    if request.method == "POST" and form.is_valid():
        if number is None:
            groups.append(form.made)
        else:
            groups[number] = form.made
        try:
            is_saved = _save(asking, app, groups, edition)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            if is_saved:
                messages.success(request, f"グループ「{form.made.name}」を保存しました。")
            return redirect("office-app-rights", public_id=public_id)
    shown = {"app": app, "form": form, "before": before, "edition": edition}
    return render(request, "appbuilder/group.html", shown, status=422 if form.errors else 200)


def _save(asking: Any, app: Any, groups: list[Group], edition: int) -> bool:
    """Whether they hold now; else somebody is asked to look at them first."""
    try:
        permissions = Permissions(groups=tuple(groups))
    except ValueError:
        raise Refusal("グループは20までです。", hint="使わないグループを消してください。") from None
    given: dict[str, Any] = {"by": asking.person, "app": app, "permissions": permissions, "edition": edition}
    try:
        change_permissions(**given, clock=asking.clock)
    except CheckNeeded as needed:
        ask_wider(**given, clock=asking.clock)
        messages.warning(
            asking,
            f"広げる変更なので、確認を求めました（{'、'.join(needed.reasons)}）。確認されると有効になります。",
        )
        return False
    return True


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def arrange(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a group up or down, or take it away."""
    asking: Any = request
    app, _, _ = managed_app(asking.person, public_id)
    groups = list(app.rights.groups)
    number = posted_number(request, "group")
    to = posted_key(request, "to")
    if not 0 <= number < len(groups):
        raise NotVisible
    one = groups.pop(number)
    if to in ("up", "down"):
        groups.insert(max(0, number + (-1 if to == "up" else 1)), one)
    elif to != "remove":
        raise NotVisible
    try:
        _save(asking, app, groups, posted_number(request, "edition"))
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("office-app-rights", public_id=public_id)


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def seen_as(request: HttpRequest, public_id: str) -> HttpResponse:
    """What one person sees: which group decides, which fields, which of the newest records."""
    asking: Any = request
    app, definition, sight = managed_app(asking.person, public_id)
    today = asking.clock.today()
    chosen = request.GET.get("staff", "")[:16]
    people = list(staff_on(today).values_list("public_id", "name", "number"))
    shown: dict[str, Any] = {"app": app, "sight": sight, "people": people, "chosen": chosen}
    staff = Staff.objects.filter(public_id=chosen).first() if chosen else None
    in_use = app.versions.filter(state="in_use").exists()
    if staff is not None:
        other = person_as(staff, today)
        seen = sight_for(other, app, definition)
        shown |= {"staff": staff, "seen": seen, "group": seen.group, "in_use": in_use}
        shown["hidden"] = [one.label for one in definition.stored if seen.see and one.key not in seen.visible]
        if seen.see and in_use:
            try:
                found = visible_records(other, app, definition, seen, today=today)
                made = RecordListing(app, definition, seen, person=other, today=today)
                some = list(found.select_related("app").order_by("-number")[:_SHOWN])
                made.prepare(some)
                if some:
                    record_view(by=asking.person, subjects=some, what=_SEEN_AS)
                heads = [one for one in made.fields if one.in_list][:8]
                shown |= {
                    "total": found.count(),
                    "heads": [one.label for one in heads],
                    "rows": [[one.number, *(made.shown[one.pk].get(head.key) for head in heads)] for one in some],
                }
            except Refusal as refusal:
                shown["refusal"] = refusal
    return render(request, "appbuilder/seen_as.html", shown)
