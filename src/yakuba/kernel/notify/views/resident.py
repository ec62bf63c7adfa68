"""``/my/notices/``: what the town told this resident. The first opening of a notice is its arrival."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, page, signed_in_resident
from yakuba.kernel.notify.access import inbox_of, own_notice
from yakuba.kernel.notify.kinds import kind_of, label_of
from yakuba.kernel.notify.models import Message
from yakuba.kernel.notify.rules.texts import paragraphs
from yakuba.kernel.notify.services.open_notice import open_notice

PER_PAGE = 20


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first; the subject only, so that opening one says that it was read."""
    asking: Any = request
    language = get_language() or "ja"
    shown = Paginator(inbox_of(asking.person), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "notice": one,
            "subject": one.subject(language),
            "kind": label_of(one.kind, language),
        }
        for one in shown
    ]
    return render(request, "notify/my_notices.html", {"rows": rows, "shown": shown})


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_safe
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """One notice. A browser that only asks whether the page is there (HEAD) has not opened it."""
    asking: Any = request
    found = own_notice(asking.person, public_id)
    if request.method == "GET":
        open_notice(by=asking.person, message=found, clock=asking.clock)
    return render(request, "notify/my_notice.html", said(found, get_language() or "ja"))


def said(found: Message, language: str) -> dict[str, Any]:
    """What the page of a notice shows, in a language."""
    kind = kind_of(found.kind)
    return {
        "notice": found,
        "subject": found.subject(language),
        "paragraphs": paragraphs(found.body(language)),
        "kind": label_of(found.kind, language),
        "link": found.link,
        "link_text": kind.link_text.in_language(language) if kind else "",
        "section": found.section.name if found.section else "",
        "phone": found.section.phone if found.section else "",
    }
