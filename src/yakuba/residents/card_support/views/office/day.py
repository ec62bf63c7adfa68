"""``/office/card/``: the appointments of a day, of the days to come, and who must be telephoned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.japan.api import fold
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.residents.card_support.access import (
    EXPORT,
    MAY_READ,
    MAY_WORK,
    PRINTED,
    READ_LIST,
    require_work,
    section_in_charge,
    visible_to,
    works_here,
)
from yakuba.residents.card_support.models import Appointment, Place
from yakuba.residents.card_support.purposes import bookable, purpose_title
from yakuba.residents.card_support.rules.purposes import Comer
from yakuba.residents.card_support.rules.states import AppointmentState
from yakuba.residents.card_support.services import mark_many
from yakuba.residents.card_support.views.asking import day_in, id_in, person_and_clock
from yakuba.residents.card_support.words import time_words

BADGES = {
    "booked": "info",
    "arrived": "warning",
    "done": "success",
    "absent": "",
    "must_move": "error",
    "cancelled": "",
}
MARKS = (AppointmentState.ARRIVED, AppointmentState.DONE, AppointmentState.ABSENT)


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """The list: a day, what is to come, what lies behind, whom to telephone."""
    person, clock = person_and_clock(request)
    today = clock.today()
    box = request.GET.get("box", "day")
    day = day_in(request.GET.get("day", "")) or today
    rows = visible_to(person)
    calls = rows.filter(must_call=True).count()
    boxes = {
        "day": rows.filter(day=day),
        "coming": rows.filter(day__gt=today),
        "past": rows.filter(day__lt=today).order_by("-slot__starts_at"),
        "call": rows.filter(must_call=True),
    }
    box = box if box in boxes else "day"

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(by=person, subjects=things, what=READ_LIST if how == "page" else EXPORT, detail=f"{box} {how}")

    may_work = works_here(person)
    here = reverse("office-card")
    tabs = [
        {"title": "日ごと", "url": f"{here}?day={day.isoformat()}", "current": box == "day"},
        {"title": "これから", "url": f"{here}?box=coming", "current": box == "coming"},
        {"title": "これまで", "url": f"{here}?box=past", "current": box == "past"},
        {"title": "電話で知らせる", "url": f"{here}?box=call", "current": box == "call", "badge": calls or ""},
    ]
    context = {
        "tabs": tabs,
        "box": box,
        "day": day,
        "today": today,
        "before": (day - timedelta(days=1)).isoformat() if day.year > 1990 else "",
        "after": (day + timedelta(days=1)).isoformat() if day.year < 2990 else "",
        "may_work": may_work,
        "marks": [(one.value, one.label) for one in MARKS],
        "section": section_in_charge(),
        "back": urlencode({"box": box, "day": day.isoformat()}),
    }
    return _LISTING.answer(request, boxes[box], template="card_support/office/day.html", context=context, on_show=shown)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Mark the ticked appointments."""
    person, clock = person_and_clock(request)
    require_work(person)
    wanted = request.POST.get("action", "")
    picked = list(dict.fromkeys(map(id_in, request.POST.getlist("picked"))))[:200]
    rows = list(visible_to(person).filter(public_id__in=picked))
    state = next((one for one in MARKS if one.value == wanted), None)
    if state is None or not rows:
        messages.warning(request, "予約に印を付けてから、ボタンを押してください。")
    else:
        done, left = mark_many(by=person, appointments=rows, state=state, clock=clock)
        if done:
            messages.success(request, f"{len(done)}件を「{state.label}」にしました。")
        if left:
            names = "、".join(one.number for one in left[:10])
            messages.warning(request, f"{len(left)}件は「{state.label}」にできませんでした（{names}）。")
    day = day_in(request.GET.get("day", "")) or clock.today()
    box = request.GET.get("box", "day")
    query = {"box": box if box in ("day", "coming", "past", "call") else "day", "day": day.isoformat()}
    return HttpResponseRedirect(f"{reverse('office-card')}?{urlencode(query)}")


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def day_print(request: HttpRequest) -> HttpResponse:
    """The sheet of a day for the counter, by place; without contacts."""
    person, clock = person_and_clock(request)
    day = day_in(request.GET.get("day", "")) or clock.today()
    rows = list(
        visible_to(person)
        .filter(day=day)
        .exclude(state__in=[AppointmentState.CANCELLED.value, AppointmentState.MUST_MOVE.value])
        .order_by("slot__venue__order", "slot__venue__name", "slot__starts_at", "pk")
    )
    record_view(by=person, subjects=rows, what=PRINTED)
    by_place: dict[Place, list[Appointment]] = {}
    for one in rows:
        by_place.setdefault(one.slot.venue, []).append(one)
    return render(request, "card_support/office/print.html", {"day": day, "by_place": list(by_place.items())})


def _places() -> list[tuple[str, str]]:
    return [(one.public_id, one.name) for one in Place.objects.all()]


def _of_place(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(slot__venue__public_id=id_in(value))


_LISTING = Listing(
    name="card-appointments",
    title="カードの予約",
    columns=(
        Column("day", "日", "day", sort="slot__starts_at", kind=Kind.DATE),
        Column("time", "時刻", lambda one: time_words(one.slot.starts_at), kind=Kind.TIGHT),
        Column(
            "name", "氏名", lambda one: one.name or "（消去済み）", sort="kana",
            search=(Searched("name_key", fold=fold), "number"),
            url=lambda one: reverse("office-card-appointment", args=[one.public_id]),
        ),
        Column("kana", "フリガナ", "kana", sort="kana"),
        Column("purpose", "用件", lambda one: purpose_title(one.purpose), sort="purpose", kind=Kind.WIDE),
        Column("people", "人数", "people", sort="people", kind=Kind.NUMBER),
        Column("comer", "来る人", lambda one: Comer(one.comer).text.ja),
        Column("state", "状態", lambda one: one.standing.label, sort="state", badge=lambda one: BADGES[one.state]),
        Column("place", "会場", "slot.venue.name", sort="slot__venue__order"),
        Column("number", "整理番号", "number", sort="number", kind=Kind.TIGHT),
    ),
    filters=(
        Filter("place", "会場", _places, apply=_of_place),
        Filter("state", "状態", [(one.value, one.label) for one in AppointmentState], apply="state"),
        Filter("purpose", "用件", lambda: [(one.key, one.title.ja) for one in bookable()], apply="purpose"),
    ),
    order=("slot__starts_at", "slot__venue__order"),
    keep=("box", "day"),
    empty_title="この日の予約はありません",
    empty_text="予約が入ると、ここに時刻の順に並びます。",
)  # fmt: skip
