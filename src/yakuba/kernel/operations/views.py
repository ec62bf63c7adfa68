"""Health, metrics, the doctor's page and the error book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django.contrib import messages
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yakuba.kernel.access.api import Face, Role, anyone, page, role
from yakuba.kernel.operations.metrics import metrics_text
from yakuba.kernel.operations.models import ErrorEntry
from yakuba.kernel.operations.queries import examine
from yakuba.kernel.operations.services import settle_fault
from yakuba.kernel.things.api import Level
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, without_my_number
from yakuba.kernel.values.api import Refusal

MAY = role(Role.IT, Role.AUDITOR)
#: What proxies, load balancers and content networks add to a request.
_FORWARDED = re.compile(
    r"HTTP_(?:X_)?(?:FORWARDED(?:_\w+)?|ORIGINAL_\w+|REAL_IP|(?:TRUE_|CLUSTER_)?CLIENT_IP|ENVOY_\w+|PROXYUSER_IP)"
    r"|HTTP_VIA|HTTP_CF_\w+|HTTP_CDN_LOOP|HTTP_FASTLY_\w+"
)
_BADGES = {Level.GOOD: "success", Level.NOT_CONFIGURED: "", Level.WARNING: "warning", Level.BROKEN: "error"}


@page(Face.MACHINE, may=anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    """``ok`` or ``not ok`` and nothing else: details stay in the office."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return HttpResponse("not ok\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@page(Face.MACHINE, may=anyone)
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for a monitoring system on this machine that asks this machine; unknown to everybody else."""
    if not _is_asked_here(request.META):
        raise Http404
    return HttpResponse(metrics_text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_asked_here(meta: Mapping[str, Any]) -> bool:
    """Whether peer and host asked for are this machine and nothing says that a proxy stands between."""
    host = str(meta.get("HTTP_HOST", ""))
    name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    is_here = _is_loopback(str(meta.get("REMOTE_ADDR", ""))) and (name.lower() == "localhost" or _is_loopback(name))
    return is_here and not any(_FORWARDED.fullmatch(key) for key in meta)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@page(Face.OFFICE, may=MAY)
def doctor(request: HttpRequest) -> HttpResponse:
    """動作の点検: what ``yakuba doctor`` says, for those who keep the system."""
    findings = [(one, _BADGES[one.level]) for one in examine()]
    broken = sum(1 for one, _ in findings if one.level is Level.BROKEN)
    return render(request, "operations/doctor.html", {"findings": findings, "broken": broken})


FAULTS = Listing(
    name="faults",
    title="不具合の記録",
    columns=(
        Column("exception", "例外", "exception", search=("exception",), url=lambda one: reverse("fault", args=[one.public_id])),
        Column("route", "ページ", "route", search=("route",), kind=Kind.WIDE),
        Column("count", "回数", "count", sort="count", kind=Kind.NUMBER),
        Column("last", "最後", "last_at", sort="last_at", kind=Kind.DATE),
        Column("settled", "対応", lambda one: "対応済み" if one.is_settled else "未対応",
               badge=lambda one: "success" if one.is_settled else "warning"),
    ),
    filters=(Filter("settled", "対応", (("False", "未対応"), ("True", "対応済み")), apply="is_settled"),),
    order=("is_settled", "-last_at"),
    empty_title="不具合は記録されていません",
)  # fmt: skip


@page(Face.OFFICE, may=MAY)
def faults(request: HttpRequest) -> HttpResponse:
    """不具合の記録の一覧."""
    return FAULTS.answer(request, ErrorEntry.objects.all())


@page(Face.OFFICE, may=MAY)
def fault(request: HttpRequest, public_id: str) -> HttpResponse:
    """One kind of fault; IT says how it was settled."""
    asking: Any = request
    entry = ErrorEntry.objects.filter(public_id=public_id).first()
    if entry is None:
        raise Http404
    error, note = "", ""
    if request.method == "POST":
        note = request.POST.get("note", "")
        try:
            without_my_number(note, field="note")
            settle_fault(by=asking.person, entry=entry, note=note)
        except Refusal as refusal:
            error = f"{refusal.message}{refusal.hint or ''}"
        else:
            messages.success(request, "対応済みにしました。もう一度起きたら、また未対応に戻ります。")
            return redirect("faults")
    may_settle = asking.person.has(Role.IT)
    context = {"entry": entry, "error": error, "note": note, "may_settle": may_settle}
    return render(request, "operations/fault.html", context, status=422 if error else 200)
