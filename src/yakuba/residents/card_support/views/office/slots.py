"""``/office/card/slots/``: slots and places."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.access import MAY_READ, MAY_WORK, READ_LIST, require_work, visible_to, works_here
from yakuba.residents.card_support.forms.office import CloseForm, PatternForm, PlaceForm
from yakuba.residents.card_support.models import Place, Slot
from yakuba.residents.card_support.purposes import purpose_title
from yakuba.residents.card_support.services import close_slot, make_slots, reopen_slot, save_place
from yakuba.residents.card_support.services.slots import plan_slots
from yakuba.residents.card_support.views.asking import day_in, person_and_clock
from yakuba.residents.card_support.words import time_words


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def slots(request: HttpRequest) -> HttpResponse:
    """The slots from today on, or of a day."""
    person, clock = person_and_clock(request)
    day = day_in(request.GET.get("day", ""))
    rows = Slot.objects.select_related("venue")
    rows = rows.filter(day=day) if day else rows.filter(day__gte=clock.today())
    context = {"may_work": works_here(person), "day": day, "has_places": Place.objects.exists()}
    return _LISTING.answer(request, rows, template="card_support/office/slots.html", context=context)


@page(Face.OFFICE, may=MAY_WORK)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Slots from a weekly pattern: first what it comes to, then made."""
    person, clock = person_and_clock(request)
    require_work(person)
    places = list(Place.objects.filter(is_open=True))
    form = PatternForm(request.POST if request.method == "POST" else None, places=places)
    context: dict[str, Any] = {"form": form, "places": places}
    if form.is_bound and form.is_valid():
        place = next(one for one in places if one.public_id == form.cleaned_data["place"])
        try:
            pattern = form.pattern()
            plan = plan_slots(pattern, today=clock.today())
            if request.POST.get("action", "") == "send":
                count = make_slots(
                    by=person, place=place, pattern=pattern, purposes=form.cleaned_data["purposes"], clock=clock
                )
                messages.success(request, f"{count}の予約枠を作りました。")
                return HttpResponseRedirect(reverse("office-card-slots"))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            days = sorted({one.date() for one in plan.starts})
            context |= {
                "plan": plan,
                "day_count": len(days),
                "first": days[0] if days else None,
                "last": days[-1] if days else None,
            }
            return render(request, "card_support/office/slots_new.html", context)
    return render(request, "card_support/office/slots_new.html", context, status=422 if form.is_bound else 200)


@page(Face.OFFICE, may=MAY_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def slot(request: HttpRequest, public_id: str) -> HttpResponse:
    """One slot with its people; closing it."""
    person, clock = person_and_clock(request)
    one = _slot(public_id)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        require_work(person)
        if form.is_valid():
            concerned = close_slot(by=person, slot=one, reason=form.cleaned_data["reason"], clock=clock)
            calls = sum(each.must_call for each in concerned)
            messages.success(
                request,
                f"予約枠を中止しました。予約していた{len(concerned)}件のうち{len(concerned) - calls}件にはお知らせを送りました。"
                + (f"{calls}件は電話で知らせてください。" if calls else ""),
            )
            return HttpResponseRedirect(reverse("office-card-slot", args=[one.public_id]))
    people = list(visible_to(person).filter(slot=one))
    record_view(by=person, subjects=people, what=READ_LIST, detail="slot")
    context = {
        "one": one,
        "people": people,
        "form": form,
        "may_work": works_here(person),
        "is_to_come": one.starts_at > clock.now(),
        "purposes": "、".join(purpose_title(key) for key in one.purposes) or "すべて",
    }
    return render(request, "card_support/office/slot.html", context, status=422 if form.is_bound else 200)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a closed slot again."""
    person, clock = person_and_clock(request)
    one = _slot(public_id)
    try:
        reopen_slot(by=person, slot=one, clock=clock)
    except Refusal as refusal:
        messages.warning(request, " ".join(filter(None, (refusal.message, refusal.hint))))
    else:
        messages.success(request, "予約枠を再開しました。")
    return HttpResponseRedirect(reverse("office-card-slot", args=[one.public_id]))


@page(Face.OFFICE, may=MAY_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """All places; adding one."""
    return _place_page(request, None)


@page(Face.OFFICE, may=MAY_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, public_id: str) -> HttpResponse:
    """Changing a place."""
    found = Place.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404("この会場はありません。")
    return _place_page(request, found)


def _place_page(request: HttpRequest, kept: Place | None) -> HttpResponse:
    person, clock = person_and_clock(request)
    initial = (
        {
            "name": kept.name,
            "name_easy": kept.name_easy,
            "name_en": kept.name_en,
            "where": kept.place,
            "is_open": kept.is_open,
        }
        if kept
        else None
    )
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            save_place(by=person, place=kept, clock=clock, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "会場を登録しました。")
            return HttpResponseRedirect(reverse("office-card-places"))
    context = {"form": form, "kept": kept, "places": Place.objects.all(), "may_work": works_here(person)}
    return render(request, "card_support/office/places.html", context, status=422 if form.is_bound else 200)


def _slot(public_id: str) -> Slot:
    found = Slot.objects.select_related("venue").filter(public_id=public_id).first()
    if found is None:
        raise Http404("この予約枠はありません。")
    return found


def _in_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "closed":
        return rows.filter(is_closed=True)
    rows = rows.filter(is_closed=False)
    return rows.filter(taken__lt=F("capacity")) if value == "free" else rows.filter(taken__gte=F("capacity"))


def _state(one: Slot) -> str:
    return "中止" if one.is_closed else ("満員" if one.free == 0 else "空きあり")


_STATE_BADGES = {"中止": "error", "満員": "warning", "空きあり": "success"}
_LISTING = Listing(
    name="card-slots",
    title="予約枠",
    columns=(
        Column("day", "日", "day", sort="starts_at", kind=Kind.DATE, url=lambda one: reverse("office-card-slot", args=[one.public_id])),
        Column("time", "時刻", lambda one: time_words(one.starts_at), kind=Kind.TIGHT),
        Column("place", "会場", "venue.name", sort="venue__order"),
        Column("taken", "予約（人）", "taken", sort="taken", kind=Kind.NUMBER),
        Column("capacity", "定員（人）", "capacity", sort="capacity", kind=Kind.NUMBER),
        Column("purposes", "用件", lambda one: "、".join(purpose_title(key) for key in one.purposes) or "すべて", kind=Kind.WIDE),
        Column("state", "状態", _state, badge=lambda one: _STATE_BADGES[_state(one)]),
    ),
    filters=(
        Filter("place", "会場", lambda: [(one.public_id, one.name) for one in Place.objects.all()], apply="venue__public_id"),
        Filter("state", "状態", [("free", "空きあり"), ("full", "満員"), ("closed", "中止")], apply=_in_state),
    ),
    order=("starts_at", "venue__order"),
    keep=("day",),
    empty_title="予約枠がありません",
    empty_text="「予約枠を作る」で、週の型からまとめて作れます。",
)  # fmt: skip
