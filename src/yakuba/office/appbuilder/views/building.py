"""The fields of an app, for those who build it: add, change, move, remove, check, put to use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, managed_app
from yakuba.office.appbuilder.forms.building import AppForm, FieldForm
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.models import App, AppVersion, Record, UseCheck
from yakuba.office.appbuilder.queries import checking
from yakuba.office.appbuilder.queries.names import apps_to_look_up
from yakuba.office.appbuilder.queries.past_fields import collisions, past_fields
from yakuba.office.appbuilder.queries.rollups import rolls_for
from yakuba.office.appbuilder.rules.check import DefinitionProblem
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.editing import moved, with_field, without_field
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.limits import limits_in_words
from yakuba.office.appbuilder.rules.readiness import everything_wrong
from yakuba.office.appbuilder.rules.rollup import rollup_problems
from yakuba.office.appbuilder.services import CheckNeeded, publish_version, save_definition
from yakuba.office.appbuilder.services.use_checks import ask_check


class Desk:
    """What is being built: the draft if there is one, else the version in use."""

    def __init__(self, request: Any, public_id: str) -> None:
        self.app, _, self.sight = managed_app(request.person, public_id)
        self.person, self.clock = request.person, request.clock
        versions = {one.state: one for one in self.app.versions.exclude(state=VersionState.RETIRED)}
        self.draft: AppVersion | None = versions.get(VersionState.DRAFT)
        self.in_use: AppVersion | None = versions.get(VersionState.IN_USE)
        version = self.draft or self.in_use
        if version is None:
            raise NotVisible
        self.definition: AppDefinition = version.content

    @property
    def edition(self) -> int:
        """The edition a form carries along; 0 while there is no draft."""
        return self.draft.edition if self.draft else 0

    def save(self, definition: AppDefinition, edition: int) -> None:
        """Keep the changed definition as the draft."""
        save_definition(by=self.person, app=self.app, definition=definition, edition=edition, clock=self.clock)

    def lookable(self) -> dict[str, dict[str, str]]:
        """Apps a lookup may lead to."""
        return {key: fields for key, (_, fields) in apps_to_look_up(self.person).items()}

    def problems(self) -> tuple[DefinitionProblem, ...]:
        """What must be put right before the draft may be used."""
        return (
            *everything_wrong(self.definition, self.app.rights, apps=self.lookable()),
            *rollup_problems(self.definition, rolls_for(self.person, self.app, self.definition)),
        )


_SAME = viewing("appbuilder.same_values", label="重複を禁止する前の、同じ値の記録の閲覧")


def _edition(request: HttpRequest) -> int:
    return posted_number(request, "edition")


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def fields(request: HttpRequest, public_id: str) -> HttpResponse:
    """The fields in their order, what is wrong with them, and the way to use."""
    desk = Desk(request, public_id)
    problems = desk.problems()
    wrong = {one.key for one in problems}
    was = {one.key: one for one in desk.in_use.content.fields} if desk.in_use else {}
    lines = [
        {
            "field": one,
            "is_wrong": one.key in wrong,
            "is_first": number == 0,
            "is_last": number == len(desk.definition.fields) - 1,
            "marks": _marks(one),
            "is_new": bool(was) and one.key not in was,
            "was": was[one.key].type.label if one.key in was and was[one.key].type is not one.type else "",
        }
        for number, one in enumerate(desk.definition.fields)
    ]
    past = past_fields(desk.app)
    found = collisions(desk.app, desk.definition, desk.in_use.content.fields) if desk.draft and desk.in_use else []
    if found:
        numbers = {number for one in found for _, several in one.examples for number in several}
        record_view(by=desk.person, subjects=Record.objects.filter(app=desk.app, number__in=numbers), what=_SAME)
    removed = [one.label for key, one in was.items() if desk.definition.field(key) is None]
    shown = {
        "desk": desk,
        "app": desk.app,
        "sight": desk.sight,
        "lines": lines,
        "problems": problems,
        "removed": removed,
        "gone": [one for key, one in past.items() if desk.definition.field(key) is None],
        "collisions": found,
        "types": [(one.value, one.label) for one in FieldType],
        "check": (check := checking.waiting_check(desk.app)),
        "last_check": UseCheck.objects.filter(app=desk.app).first() if check is None else None,
        "reasons": () if check or problems or not desk.draft else _reasons(desk),
        "records": Record.objects.filter(app=desk.app).count(),
    }
    return render(request, "appbuilder/fields.html", shown)


def _reasons(desk: Desk) -> tuple[str, ...]:
    return checking.why_checked(desk.app, desk.definition, today=desk.clock.today())


def _marks(one: Any) -> list[str]:
    words = (
        ("必須", one.required),
        ("条件によって必須", one.needed_when is not None),
        (limits_in_words(one), bool(one.least or one.most)),
        ("重複なし", one.unique),
        ("検索・絞り込み", one.filterable),
        ("並べ替え", one.sortable),
        ("一覧に出さない", one.type.is_stored and not one.in_list),
        (one.data_class.label, one.data_class.value != "open"),
    )
    return [word for word, holds in words if holds]


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def field(request: HttpRequest, public_id: str, key: str = "") -> HttpResponse:
    """A new field of a type (`?type=`), or one to change; a changed type comes as `?type=` too."""
    desk = Desk(request, public_id)
    before = desk.definition.field(key) if key else None
    if key and before is None:
        raise NotVisible
    asked = posted_key(request, "type") or request.GET.get("type") or (before.type.value if before else "short_text")
    if asked not in {one.value for one in FieldType}:
        raise NotVisible
    kind = FieldType(asked)
    form = FieldForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        definition=desk.definition,
        before=before,
        taken=frozenset(past_fields(desk.app)),
        apps=apps_to_look_up(desk.person, besides=""),
        rolls=rolls_for(desk.person, desk.app) if kind is FieldType.ROLLUP else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            desk.save(with_field(desk.definition, form.made, instead_of=key), _edition(request))
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"項目「{form.made.label}」を下書きに保存しました。")
            return redirect(f"{reverse('office-app-fields', args=[public_id])}#field-{form.made.key}")
    shown = {
        "app": desk.app,
        "form": form,
        "kind": kind,
        "before": before,
        "edition": _edition(request) if request.method == "POST" else desk.edition,
        "types": [(one.value, one.label) for one in FieldType],
        "holds": _holding(desk.app, key) if before is not None and before.type is not kind else 0,
    }
    return render(request, "appbuilder/field.html", shown, status=422 if form.errors else 200)


def _holding(app: App, key: str) -> int:
    """Records that hold a value of a field."""
    return Record.objects.filter(app=app, deleted_at__isnull=True, values__has_key=key).count()


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def arrange(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a field up or down."""
    desk = Desk(request, public_id)
    key = posted_key(request, "key")
    by = {"up": -1, "down": 1, "top": -200, "bottom": 200}.get(posted_key(request, "to"), 0)
    try:
        desk.save(moved(desk.definition, key, by), _edition(request))
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    place = f"#field-{key}" if desk.definition.field(key) else ""
    return redirect(f"{reverse('office-app-fields', args=[public_id])}{place}")


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Remove a field, after saying what becomes of its values."""
    desk = Desk(request, public_id)
    one = desk.definition.field(key)
    if one is None:
        raise NotVisible
    if request.method == "POST":
        try:
            desk.save(without_field(desk.definition, key), _edition(request))
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"項目「{one.label}」を下書きから除きました。")
        return redirect("office-app-fields", public_id=public_id)
    shown = {"app": desk.app, "field": one, "edition": desk.edition, "holds": _holding(desk.app, key)}
    return render(request, "appbuilder/remove.html", shown)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def bring_back(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """A removed field again, with its key and type; the values records still hold are seen again."""
    desk = Desk(request, public_id)
    one = past_fields(desk.app).get(key)
    if one is None or desk.definition.field(key) is not None:
        raise NotVisible
    try:
        desk.save(with_field(desk.definition, one), _edition(request))
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return redirect("office-app-fields", public_id=public_id)
    messages.success(request, f"項目「{one.label}」を下書きに戻しました。使い始めると、前の値がまた見えます。")
    return redirect(f"{reverse('office-app-fields', args=[public_id])}#field-{key}")


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def naming(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name and description."""
    desk = Desk(request, public_id)
    first = {"title": desk.definition.title, "description": desk.definition.description}
    form = AppForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            desk.save(desk.definition.model_copy(update=form.cleaned_data), _edition(request))
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, "下書きに保存しました。")
            return redirect("office-app-fields", public_id=public_id)
    edition = _edition(request) if request.method == "POST" else desk.edition
    shown = {"app": desk.app, "form": form, "edition": edition}
    return render(request, "appbuilder/naming.html", shown, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the draft to use."""
    desk = Desk(request, public_id)
    given: dict[str, Any] = {
        "by": desk.person,
        "app": desk.app,
        "edition": _edition(request),
        "apps": desk.lookable(),
        "clock": desk.clock,
    }
    try:
        publish_version(**given)
    except CheckNeeded:
        try:
            ask_check(**given)
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, "確認を求めました。確認されると、この版を自動で使い始めます。")
        return redirect("office-app-fields", public_id=public_id)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return redirect("office-app-fields", public_id=public_id)
    messages.success(
        request, "使い始めました。つぎに、権限を確かめてください。" if not desk.in_use else "新しい版を使い始めました。"
    )
    return redirect("office-app", public_id=public_id)
