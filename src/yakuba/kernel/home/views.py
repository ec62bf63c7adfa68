"""The two homes: the clerk's and the resident's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.access.api import Face, office_seat, page, signed_in_resident
from yakuba.kernel.home.plugins import entries_of, search, work_of
from yakuba.kernel.home.queries import data_uses
from yakuba.kernel.home.rules import deadline_light
from yakuba.kernel.ui.api import search_words

LANES = (
    ("decide", "わたしの決裁・承認を待つもの", "承認や決裁を待っている仕事はありません。"),
    ("mine", "わたしの仕事", "担当している仕事はありません。"),
    ("section", "所属の仕事", "所属で手のあいた人を待っている仕事はありません。"),
)
GROUPS = ("applications", "bookings", "payments", "notices")


@page(Face.OFFICE, may=office_seat)
def office_home(request: HttpRequest) -> HttpResponse:
    """庁内のホーム: one worklist over all apps, by whose turn it is."""
    asking: Any = request
    today = asking.clock.today()
    work = work_of(asking.person, asking.clock)
    lanes = [
        {
            "key": key,
            "title": title,
            "nothing": nothing,
            "items": [(item, deadline_light(due=item.due, today=today)) for item in work if item.lane == key],
        }
        for key, title, nothing in LANES
    ]
    overdue = sum(1 for item in work if item.due and item.due < today)
    return render(request, "home/office.html", {"lanes": lanes, "total": len(work), "overdue": overdue})


@page(Face.OFFICE, may=office_seat)
def office_search(request: HttpRequest) -> HttpResponse:
    """庁内の検索: places, people and things the person may see."""
    asking: Any = request
    words = " ".join(search_words(request.GET.get("q", "")))
    hits = search(asking.person, words) if words else []
    return render(request, "home/search.html", {"words": words, "hits": hits[:100], "quick_search_words": words})


@page(Face.RESIDENT, may=signed_in_resident)
def resident_home(request: HttpRequest) -> HttpResponse:
    """マイページ: applications, bookings, payments and notices of one resident."""
    asking: Any = request
    entries = entries_of(asking.person, asking.clock)
    groups = {group: [entry for entry in entries if entry.group == group] for group in GROUPS}
    return render(request, "home/resident.html", {"groups": groups, "has_entries": bool(entries)})


@page(Face.RESIDENT, may=signed_in_resident)
def resident_data_use(request: HttpRequest) -> HttpResponse:
    """わたしのデータを見た人: readings of the resident's data by the town hall."""
    asking: Any = request
    return render(request, "home/data_use.html", {"uses": data_uses(asking.person)})
