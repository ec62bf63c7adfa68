"""``/office/notices/``: what a member of staff was told, in the house only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.notify.access import inbox_of, own_notice
from yakuba.kernel.notify.kinds import label_of
from yakuba.kernel.notify.models import Message
from yakuba.kernel.notify.services.open_notice import open_notice
from yakuba.kernel.notify.views.resident import said
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing

_OPENED = (("no", "未読"), ("yes", "既読"))

NOTICES = Listing(
    name="notices",
    title="お知らせ",
    columns=(
        Column("made_at", "日時", "made_at", sort="made_at", kind=Kind.DATE),
        Column(
            "subject",
            "件名",
            lambda one: one.subject("ja"),
            url=lambda one: reverse("office-notice", args=[one.public_id]),
            kind=Kind.WIDE,
        ),
        Column("kind", "種類", lambda one: label_of(one.kind)),
        Column(
            "opened",
            "状態",
            lambda one: "既読" if one.opened_at else "未読",
            badge=lambda one: "" if one.opened_at else "info",
        ),
    ),
    filters=(
        Filter("opened", "状態", _OPENED, apply=lambda found, value: found.filter(opened_at__isnull=value == "no")),
    ),
    order=("-made_at",),
    empty_title="お知らせはまだありません",
)


@page(Face.OFFICE, may=office_seat)
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices."""
    asking: Any = request
    return NOTICES.answer(request, inbox_of(asking.person), template="notify/notices.html")


@page(Face.OFFICE, may=office_seat)
@never_cache
@require_safe
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of one's own notices."""
    asking: Any = request
    found: Message = own_notice(asking.person, public_id)
    if request.method == "GET":
        open_notice(by=asking.person, message=found, clock=asking.clock)
    crumbs = [{"title": "お知らせ", "url": reverse("office-notices")}, {"title": found.subject("ja"), "url": ""}]
    return render(request, "notify/office_notice.html", {**said(found, "ja"), "crumbs": crumbs})
