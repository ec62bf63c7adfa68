"""``/my/profile/`` and ``/my/mandates/``: a resident's own particulars, and who acts for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page, signed_in_resident
from yakuba.kernel.japan.api import PostalDirectory, format_postal_code
from yakuba.kernel.people.access import get_for, own_profile, visible_to
from yakuba.kernel.people.forms import ProfileForm
from yakuba.kernel.people.models import Mandate, ResidentProfile
from yakuba.kernel.people.rules.mandates import MandateKind, MandateState
from yakuba.kernel.people.services import accept_mandate, refuse_mandate, revoke_mandate, save_profile
from yakuba.kernel.people.services.save_profile import ChangedMeanwhile
from yakuba.kernel.values.api import Refusal


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, address and wishes. Finding the address of a postal code is a button, so no script is needed."""
    asking: Any = request
    kept = own_profile(asking.person)
    initial = _initial(kept)
    if request.method != "POST":
        return _shown(request, ProfileForm(initial=initial, today=asking.clock.today()), kept)
    if "find" in request.POST:
        return _with_address(request, kept)
    form = ProfileForm(request.POST, today=asking.clock.today())
    if form.is_valid():
        try:
            save_profile(by=asking.person, entry=form.entry(), version=form.cleaned_data["version"], clock=asking.clock)
        except ChangedMeanwhile:
            # What was typed stays; the next press of the button is meant.
            again = request.POST.copy()
            again["version"] = str(kept.version if kept else 0)
            form = ProfileForm(again, today=asking.clock.today())
            form.add_error(None, _("ほかの画面で変更されています。下の内容を確かめて、もう一度保存してください。"))
        else:
            messages.success(request, _("保存しました。"))
            return HttpResponseRedirect(reverse("resident-profile"))
    return _shown(request, form, kept, status=422)


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Who acts for me, for whom I act."""
    asking: Any = request
    me, today = asking.person.id, asking.clock.today()
    rows = [
        {
            "mandate": one,
            "is_mine": one.principal_account == me,
            "kind": _kind(one),
            "state": _state(one, today),
            "is_effective": one.is_effective_on(today),
            "may_accept": one.principal_account == me and one.state == MandateState.REQUESTED,
            "may_end": _may_end(one, me),
        }
        for one in visible_to(asking.person)[:100]
    ]
    return render(request, "people/mandates.html", {"rows": rows})


@page(Face.RESIDENT, may=signed_in_resident)
@require_POST
def mandate_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Agree to a mandate, refuse it, end it."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    by, clock = asking.person, asking.clock
    try:
        if act == "accept":
            accept_mandate(by=by, mandate=found, evidence_note="", clock=clock)
            messages.success(request, _("承認しました。"))
        elif act == "refuse":
            refuse_mandate(by=by, mandate=found, reason="", clock=clock)
            messages.success(request, _("断りました。"))
        elif act == "end":
            revoke_mandate(by=by, mandate=found, reason="", clock=clock)
            messages.success(request, _("取り消しました。これからの手続きには使えません。"))
        else:
            raise NotVisible
    except Refusal:
        messages.error(request, _("できませんでした。今の状態を確かめてください。"))
    return HttpResponseRedirect(reverse("resident-mandates"))


def _shown(
    request: HttpRequest,
    form: ProfileForm,
    kept: ResidentProfile | None,
    *,
    status: int = 200,
    found: str = "",
    finding: str = "",
) -> HttpResponse:
    context = {"form": form, "kept": kept, "found": found, "finding": finding}
    return render(request, "people/profile.html", context, status=status)


def _with_address(request: HttpRequest, kept: ResidentProfile | None) -> HttpResponse:
    asking: Any = request
    typed = request.POST.copy()
    finding = found = ""
    try:
        places = postal_directory().find(typed.get("postal_code", "")[:12])
    except Refusal:
        places = ()
        finding = _("郵便番号は、7けたの数字で入力してください。例：969-6500")
    if places:
        first = places[0]
        typed["postal_code"] = format_postal_code(first.postal_code)
        typed["prefecture"], typed["city"] = first.prefecture, first.city
        if not typed.get("street", "").startswith(tuple(one.town for one in places if one.town) or ("\0",)):
            typed["street"] = first.town if len(places) == 1 else ""
        found = "、".join(one.town for one in places if one.town) if len(places) > 1 else ""
    elif not finding:
        finding = _("この郵便番号の住所は登録がありません。住所を入力してください。")
    form = ProfileForm(initial=typed.dict(), today=asking.clock.today())
    return _shown(request, form, kept, found=found, finding=finding)


@cache
def postal_directory() -> PostalDirectory:
    """The postal codes of this installation: the town's own, and further ones a town may have laid beside them."""
    folder = Path(settings.YAKUBA_DATA) / "postal"
    file = folder / f"{settings.TOWN.code}.csv"
    return PostalDirectory.load(file) if file.is_file() else PostalDirectory(())


def _initial(kept: ResidentProfile | None) -> Mapping[str, Any]:
    if kept is None:
        return {"version": 0}
    values = asdict(kept.entry)
    if values["postal_code"]:
        values["postal_code"] = format_postal_code(values["postal_code"])
    return {**values, "preference": kept.preference, "version": kept.version}


def _kind(one: Mandate) -> str:
    return {
        MandateKind.LETTER: _("委任状による代理"),
        MandateKind.PARENT: _("親が子どもの代わりをする"),
        MandateKind.GUARDIAN: _("成年後見人など"),
        MandateKind.OFFICER: _("会社や団体の担当者"),
    }[MandateKind(one.kind)]


def _state(one: Mandate, today: Any) -> str:
    state = MandateState(one.state)
    if state is MandateState.IN_FORCE:
        if one.is_effective_on(today):
            return _("使えます")
        return _("まだ始まっていません") if today < one.starts_on else _("期間が終わりました")
    return {
        MandateState.REQUESTED: _("確認を待っています"),
        MandateState.REFUSED: _("認められませんでした"),
        MandateState.REVOKED: _("取り消されました"),
    }[state]


def _may_end(one: Mandate, me: str) -> bool:
    if one.state not in (MandateState.REQUESTED, MandateState.IN_FORCE):
        return False
    return one.agent_account == me or not MandateKind(one.kind).is_by_law
