"""Looking after an app: its versions, handing it over, closing it and opening it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.organisation.api import sections_on, staff_on
from yakuba.kernel.organisation.models import Employment, Section, Staff
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE
from yakuba.office.appbuilder.access_ledger import caring_for
from yakuba.office.appbuilder.forms.caring_acts import HandOverForm, ReasonForm
from yakuba.office.appbuilder.forms.posted import posted_number
from yakuba.office.appbuilder.models import AppVersion, UseCheck
from yakuba.office.appbuilder.rules.care import changes
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.services import close_app, reopen_app
from yakuba.office.appbuilder.services.handing_over import hand_over_app, people_of
from yakuba.office.appbuilder.services.taking_back import take_version_back

MOST_VERSIONS = 100


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest, public_id: str) -> HttpResponse:
    """The versions, what each changed, and the way back to one."""
    asking: Any = request
    caring = caring_for(asking.person, public_id)
    if request.method == "POST":
        number = posted_number(request, "number")
        try:
            take_version_back(
                by=asking.person,
                app=caring.app,
                number=number,
                edition=posted_number(request, "edition"),
                clock=asking.clock,
            )
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
            return redirect("office-app-versions", public_id=public_id)
        messages.success(request, f"第{number}版を下書きにしました。確かめてから、使い始めてください。")
        return redirect("office-app-fields", public_id=public_id)
    found = list(caring.app.versions.select_related("published_by").order_by("-number")[:MOST_VERSIONS])
    checks = {one.version_id: one for one in UseCheck.objects.filter(app=caring.app, state="passed")}
    draft = next((one for one in found if one.state == VersionState.DRAFT), None)
    shown = {
        "app": caring.app,
        "sight": {"manage": caring.manages},
        "caring": caring,
        "may_take": caring.manages and caring.writes and caring.app.closed_at is None,
        "edition": draft.edition if draft else 0,
        "draft": draft,
        "lines": [
            {
                "one": one,
                "state": VersionState(one.state).label,
                "changes": _changes(one, found[place + 1].content if place + 1 < len(found) else None),
                "check": checks.get(one.pk),
                "is_old": one.state == VersionState.RETIRED,
            }
            for place, one in enumerate(found)
        ],
    }
    return render(request, "appbuilder/versions.html", shown)


def _changes(version: AppVersion, before: AppDefinition | None) -> tuple[str, ...]:
    if before is None:
        return (f"はじめの版（項目{len(version.content.fields)}）",)
    return changes(before, version.content) or ("変わったところはありません",)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the app to a section and keepers."""
    asking: Any = request
    caring = caring_for(asking.person, public_id)
    if not caring.may_hand_over:
        raise NotVisible
    today = asking.clock.today()
    sections = {one.public_id: one for one in sections_on(today).filter(parent__isnull=True).order_by("order")}
    people = staff_on(today).exclude(employment=Employment.OUTSIDE).order_by("number")
    homes = dict(
        people.filter(postings__is_main=True, postings__ends_on__isnull=True).values_list(
            "public_id", "postings__section__name"
        )
    )
    held = {key for one in caring.app.rights.groups if one.manage for key in one.staff}
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        sections=[(key, one.name) for key, one in sections.items()],
        staff=_offered(list(people), homes, people_of(caring.app.section, today) if caring.app.section else {}),
        initial={
            "section": caring.app.section.public_id if caring.app.section is not None else "",
            "keepers": list(held),
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            hand_over_app(
                by=asking.person,
                app=caring.app,
                section=Section.objects.get(public_id=given["section"]),
                keepers=list(Staff.objects.filter(public_id__in=given["keepers"])),
                reason=given["reason"],
                clock=asking.clock,
            )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, _words(refusal))
        else:
            messages.success(request, "引き継ぎました。")
            return redirect("office-apps" if not caring.heads and not caring.is_it else "office-apps-ledger")
    shown = {"app": caring.app, "form": form, "sight": {"manage": caring.manages}}
    return render(request, "appbuilder/hand_over.html", shown, status=422 if form.errors else 200)


def _offered(people: list[Staff], homes: dict[str, str], own: dict[int, Staff]) -> list[tuple[str, str]]:
    """The owning section's people first, then by section."""
    ordered = sorted(people, key=lambda one: (one.pk not in own, homes.get(one.public_id, ""), one.number))
    return [(one.public_id, f"{one.name}（{homes.get(one.public_id, one.number)}）") for one in ordered]


def _words(refusal: Refusal) -> str:
    return f"{refusal.message}{refusal.hint or ''}"


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop using the app, or use it again; both with a reason."""
    asking: Any = request
    caring = caring_for(asking.person, public_id)
    is_closed = caring.app.closed_at is not None
    may_close = caring.writes and (caring.manages or caring.heads)
    if not (caring.may_reopen if is_closed else may_close):
        raise NotVisible
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = reopen_app if is_closed else close_app
        try:
            act(by=asking.person, app=caring.app, reason=form.cleaned_data["reason"], clock=asking.clock)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, _words(refusal))
        else:
            messages.success(
                request, "使うのを再開しました。" if is_closed else "使うのをやめました。記録は残っています。"
            )
            return redirect("office-app-care", public_id=public_id)
    shown = {"app": caring.app, "form": form, "is_closed": is_closed}
    return render(request, "appbuilder/closing.html", shown, status=422 if form.errors else 200)
