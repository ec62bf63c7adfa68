"""``/office/protections/`` and ``/office/register/``: for those appointed to keep them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.people.access import (
    get_protection_for,
    imports_visible_to,
    is_ending_soon,
    keeps_prefill,
    keeps_protections,
    protections_visible_to,
)
from yakuba.kernel.people.forms import EndForm, ExtendForm, PrefillForm, ProtectionForm
from yakuba.kernel.people.models import Protection
from yakuba.kernel.people.register.registry import register_check
from yakuba.kernel.people.rules.prefill import MOST_BYTES, OPTIONAL, REQUIRED, error_lines, read_prefill
from yakuba.kernel.people.rules.protections import Ground, longest_last_day
from yakuba.kernel.people.services import (
    end_protection,
    extend_protection,
    protect,
    put_prefill_in_use,
    remove_prefill,
)
from yakuba.kernel.people.services.prefill import PrefillRefused
from yakuba.kernel.values.api import Refusal

_LIST = viewing("people.protections", label="支援措置の一覧の閲覧")
_ONE = viewing("people.protection_page", label="支援措置の閲覧")


@page(Face.OFFICE, may=keeps_protections)
@never_cache
@require_safe
def protections(request: HttpRequest) -> HttpResponse:
    """Everybody protected today or later; what is over stands behind a link. No export: this list stays here."""
    asking: Any = request
    today = asking.clock.today()
    everything = request.GET.get("all") == "1"
    visible = protections_visible_to(asking.person)
    found = list(visible if everything else visible.filter(ends_on__gt=today))
    record_view(by=asking.person, subjects=found, what=_LIST, is_withheld=True)
    rows = sorted((_row(one, today) for one in found), key=lambda row: row["protection"].ends_on)
    return render(request, "people/protections.html", {"rows": rows, "everything": everything})


@page(Face.OFFICE, may=keeps_protections)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def protect_somebody(request: HttpRequest) -> HttpResponse:
    """A new protection."""
    asking: Any = request
    today = asking.clock.today()
    form = ProtectionForm(
        request.POST if request.method == "POST" else None,
        initial={"starts_on": today, "last_day": longest_last_day(today)},
    )

    def act() -> Protection:
        given = {**form.cleaned_data, "ground": Ground(form.cleaned_data["ground"])}
        return protect(by=asking.person, clock=asking.clock, **given)

    if (made := _attempt(form, act)) is not None:
        messages.success(request, "登録しました。今から、住所などは画面・一覧・郵便に出ません。")
        return HttpResponseRedirect(reverse("protection", args=[made.public_id]))
    return _act_page(request, form, "支援措置を登録する", "登録する")


@page(Face.OFFICE, may=keeps_protections)
@never_cache
@require_safe
def protection(request: HttpRequest, public_id: str) -> HttpResponse:
    """One protection."""
    asking: Any = request
    found = get_protection_for(asking.person, public_id)
    record_view(by=asking.person, subjects=[found], what=_ONE, is_withheld=True)
    return render(request, "people/protection.html", {"row": _row(found, asking.clock.today()), "crumbs": _crumbs()})


@page(Face.OFFICE, may=keeps_protections)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def protection_extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Protect on."""
    asking: Any = request
    found = get_protection_for(asking.person, public_id)
    form = ExtendForm(
        request.POST if request.method == "POST" else None, initial={"last_day": longest_last_day(found.ends_on)}
    )

    def act() -> Protection:
        return extend_protection(by=asking.person, protection=found, clock=asking.clock, **form.cleaned_data)

    if _attempt(form, act) is not None:
        messages.success(request, "延長しました。")
        return HttpResponseRedirect(reverse("protection", args=[public_id]))
    return _act_page(request, form, "支援措置を延長する", "延長する", found)


@page(Face.OFFICE, may=keeps_protections)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def protection_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a protection before its time."""
    asking: Any = request
    found = get_protection_for(asking.person, public_id)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last_day": asking.clock.today()})

    def act() -> Protection:
        return end_protection(by=asking.person, protection=found, clock=asking.clock, **form.cleaned_data)

    if _attempt(form, act) is not None:
        messages.success(request, "終わりの日を登録しました。")
        return HttpResponseRedirect(reverse("protection", args=[public_id]))
    return _act_page(request, form, "支援措置を終える", "終える", found, danger=True)


@page(Face.OFFICE, may=keeps_prefill)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prefill(request: HttpRequest) -> HttpResponse:
    """The copy of the register that fills forms: how it stands, and the way in for a new one."""
    asking: Any = request
    form = PrefillForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"as_of": asking.clock.today()},
    )
    problems: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read(MOST_BYTES + 1)
        try:
            if request.POST.get("act") == "check":
                return _checked(content)
            kept = put_prefill_in_use(
                by=asking.person, content=content, as_of=form.cleaned_data["as_of"], clock=asking.clock
            )
        except PrefillRefused as refused:
            form.add_error("file", f"{refused.message}{refused.hint or ''}")
            problems = refused.reading.problems
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else "file"
            form.add_error(field, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, f"{kept.rows:,}人分の写しに入れ替えました。")
            return HttpResponseRedirect(reverse("prefill"))
    context = {
        "form": form,
        "problems": problems,
        "seen": register_check(),
        "imports": imports_visible_to(asking.person)[:10],
        "required": REQUIRED,
        "optional": OPTIONAL,
    }
    return render(request, "people/prefill.html", context, status=422 if form.errors else 200)


@page(Face.OFFICE, may=keeps_prefill)
@require_POST
def prefill_remove(request: HttpRequest) -> HttpResponse:
    """Throw the copy away."""
    asking: Any = request
    remove_prefill(by=asking.person, clock=asking.clock)
    messages.success(request, "写しを消しました。")
    return HttpResponseRedirect(reverse("prefill"))


def _checked(content: bytes) -> HttpResponse:
    """The file with the column エラー, without keeping anything."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(error_lines(read_prefill(content)))
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('住民情報_エラー.csv')}"
    response["Cache-Control"] = "private, no-store"
    return response


def _attempt(form: forms.Form, act: Callable[[], Protection]) -> Protection | None:
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, f"{refusal.message}{refusal.hint or ''}")
        return None


def _act_page(
    request: HttpRequest,
    form: forms.Form,
    title: str,
    submit: str,
    found: Protection | None = None,
    *,
    danger: bool = False,
) -> HttpResponse:
    back = reverse("protection", args=[found.public_id]) if found else reverse("protections")
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "danger": danger,
        "back": back,
        "crumbs": [*_crumbs()[:1], {"title": title, "url": ""}],
    }
    return render(request, "people/protection_act.html", context, status=422 if form.errors else 200)


def _row(found: Protection, today: date) -> dict[str, Any]:
    content = found.content
    born = content.get("born_on", "")
    state, kind = "期間中", "success"
    if found.ends_on <= today:
        state, kind = "終了", ""
    elif found.starts_on > today:
        state, kind = "開始前", "info"
    elif is_ending_soon(found, today):
        state, kind = "まもなく終了", "warning"
    return {
        "protection": found,
        "name": content.get("name", ""),
        "born_on": date.fromisoformat(born) if born else None,
        "number": content.get("number", ""),
        "account": content.get("account", ""),
        "ground": Ground(content["ground"]).label,
        "note": content.get("note", ""),
        "ended_because": content.get("ended_because", ""),
        "state": state,
        "kind": kind,
        "is_over": found.ends_on <= today,
        "may_extend": is_ending_soon(found, today),
        "extend_from": found.ends_on - timedelta(days=31),
    }


def _crumbs() -> list[dict[str, str]]:
    return [{"title": "支援措置", "url": reverse("protections")}, {"title": "対象者", "url": ""}]
