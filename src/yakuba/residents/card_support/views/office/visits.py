"""``/office/card/visits/``: the board of support visits, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.identity.api import unseal
from yakuba.kernel.japan.api import fold
from yakuba.kernel.organisation.api import members_of
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.access import (
    EXPORT,
    MAY_READ,
    MAY_WORK,
    READ_VISIT,
    READ_VISITS,
    protected_person,
    require_work,
    section_in_charge,
    visit_for,
    visits_visible_to,
    works_here,
)
from yakuba.residents.card_support.forms.office import ContactReasonForm, DeclineForm, ResultForm, ScheduleForm
from yakuba.residents.card_support.forms.residents import VisitForm
from yakuba.residents.card_support.models import Arrival, Visit, VisitKind
from yakuba.residents.card_support.purposes import bookable, purpose_title
from yakuba.residents.card_support.rules.states import VISITS, VisitState
from yakuba.residents.card_support.services import (
    ask_visit,
    decline_visit,
    finish_visit,
    open_contact,
    schedule_visit,
    withdraw_visit,
)
from yakuba.residents.card_support.services.sending import new_sending, password_for
from yakuba.residents.card_support.services.visits import called_about_visit
from yakuba.residents.card_support.views.asking import person_and_clock
from yakuba.residents.card_support.views.own import wishes_of

BADGES = {"received": "warning", "scheduled": "info", "declined": "", "done": "success", "withdrawn": ""}


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """All requests; open ones first. Addresses and contacts stand on the page of each only."""
    person, _clock = person_and_clock(request)

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(by=person, subjects=things, what=READ_VISITS if how == "page" else EXPORT, detail=f"visits {how}")

    return _LISTING.answer(
        request,
        visits_visible_to(person),
        template="card_support/office/visits.html",
        context={"may_work": works_here(person), "section": section_in_charge()},
        on_show=shown,
    )


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def visit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One request; opening it is logged."""
    person, clock = person_and_clock(request)
    one = visit_for(person, public_id)
    # The person concerned is never told who looked at a protected person's place.
    record_view(by=person, subjects=[one], what=READ_VISIT, is_withheld=protected_person(one, clock.today()))
    return _shown(request, one)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def schedule(request: HttpRequest, public_id: str) -> HttpResponse:
    """Fix day, time and staff."""
    person, clock = person_and_clock(request)
    one = visit_for(person, public_id)
    form = _schedule_form(request, one, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            schedule_visit(
                by=person,
                visit=one,
                on=given["on"],
                at=given["at"],
                staff=list(Staff.objects.filter(public_id__in=given["staff"])),
                answer=given["answer"],
                clock=clock,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _told(request, one, "日程を決めました。")
    return _shown(request, one, schedule_form=form)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that nobody can come."""
    person, clock = person_and_clock(request)
    one = visit_for(person, public_id)
    form = DeclineForm(request.POST, prefix="decline")
    if form.is_valid():
        try:
            decline_visit(by=person, visit=one, reason=form.cleaned_data["reason"], clock=clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _told(request, one, "返事をしました。")
    return _shown(request, one, decline_form=form)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def finish(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was done there."""
    person, clock = person_and_clock(request)
    one = visit_for(person, public_id)
    form = ResultForm(request.POST, prefix="result", is_visit=True)
    if form.is_valid():
        try:
            finish_visit(by=person, visit=one, counts=form.cleaned_data, clock=clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "結果を記録しました。")
            return _back(one)
    return _shown(request, one, result=form)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def called(request: HttpRequest, public_id: str) -> HttpResponse:
    """The person was telephoned."""
    person, clock = person_and_clock(request)
    one = visit_for(person, public_id)
    called_about_visit(by=person, visit=one, clock=clock)
    messages.success(request, "電話で知らせたことを記録しました。")
    return _back(one)


@page(Face.OFFICE, may=MAY_WORK)
@never_cache
@require_POST
def contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a protected person's place and contact, with a reason; they stand on this one answer only."""
    person, clock = person_and_clock(request)
    one = visit_for(person, public_id)
    form = ContactReasonForm(request.POST, prefix="contact")
    if not form.is_valid():
        return _shown(request, one, contact_form=form)
    open_contact(by=person, thing=one, reason=form.cleaned_data["reason"], clock=clock)
    record_view(by=person, subjects=[one], what=READ_VISIT, detail="contact", is_withheld=True)
    return _shown(request, one, is_opened=True)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who asked telephoned that it is no longer needed."""
    person, clock = person_and_clock(request)
    one = visit_for(person, public_id)
    try:
        withdraw_visit(by=person, visit=one, clock=clock)
    except Refusal as refusal:
        messages.warning(request, " ".join(filter(None, (refusal.message, refusal.hint))))
    else:
        messages.success(request, "取りやめにしました。")
    return _back(one)


@page(Face.OFFICE, may=MAY_WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, kind: str) -> HttpResponse:
    """A request by telephone or at the counter."""
    person, clock = person_and_clock(request)
    require_work(person)
    if kind not in VisitKind.values:
        raise Http404("この種類はありません。")
    wanted = VisitKind(kind)
    template = "card_support/office/visit_enter.html"
    if request.method == "GET":
        form = VisitForm(initial={"sending": new_sending()}, kind=wanted, today=clock.today())
        return render(request, template, {"form": form, "kind": wanted})
    form = VisitForm(request.POST, kind=wanted, today=clock.today())
    if form.is_valid():
        sending = form.cleaned_data["sending"]
        password = password_for(sending)
        made = ask_visit(
            by=person, asked=form.asked(), sending=sending, password=password, arrival=Arrival.PHONE, clock=clock
        )
        context = {"one": made, "password": password, "is_visit": True}
        return render(request, "card_support/office/entered.html", context)
    return render(request, template, {"form": form, "kind": wanted}, status=422)


def _shown(
    request: HttpRequest,
    one: Visit,
    *,
    schedule_form: ScheduleForm | None = None,
    decline_form: DeclineForm | None = None,
    result: ResultForm | None = None,
    contact_form: ContactReasonForm | None = None,
    is_opened: bool = False,
) -> HttpResponse:
    person, clock = person_and_clock(request)
    may_work = works_here(person) and one.erased_on is None
    counts = {kind: getattr(one, kind) for kind in ("applied", "issued", "renewed", "other")}
    is_due = one.scheduled_on is not None and one.scheduled_on <= clock.today()
    standing = one.standing
    protected = protected_person(one, clock.today())
    hidden = protected and not is_opened
    context = {
        "one": one,
        "badge": BADGES[one.state],
        "wishes": wishes_of(one),
        "reason": unseal(one.reason) if one.reason else "",
        "address": unseal(one.address) if one.address and not hidden else "",
        "is_hidden": hidden,
        "contact_form": contact_form or ContactReasonForm(prefix="contact"),
        "staff": list(one.staff.all()),
        "is_group": one.kind == VisitKind.GROUP.value,
        "is_protected": protected,
        "may_work": may_work,
        "may_schedule": may_work and VISITS.allows(standing, VisitState.SCHEDULED),
        "may_decline": may_work and VISITS.allows(standing, VisitState.DECLINED),
        "may_finish": may_work and is_due and standing in (VisitState.SCHEDULED, VisitState.DONE),
        "may_withdraw": may_work and VISITS.allows(standing, VisitState.WITHDRAWN),
        "is_done": standing is VisitState.DONE,
        "schedule_form": schedule_form or _schedule_form(request, one, None),
        "decline_form": decline_form or DeclineForm(prefix="decline"),
        "result": result or ResultForm(initial=counts, prefix="result", is_visit=True),
    }
    refused = any(form is not None for form in (schedule_form, decline_form, result, contact_form))
    return render(request, "card_support/office/visit.html", context, status=422 if refused else 200)


def _schedule_form(request: HttpRequest, one: Visit, typed: Any) -> ScheduleForm:
    _person, clock = person_and_clock(request)
    section = section_in_charge()
    there = {each.staff.public_id: each.staff.name for each in members_of(section, clock.today())} if section else {}
    return ScheduleForm(
        typed,
        prefix="schedule",
        staff=list(there.items()),
        initial={
            "on": one.scheduled_on,
            "at": one.scheduled_at,
            "answer": one.answer,
            "staff": [each.public_id for each in one.staff.all()],
        },
    )


def _told(request: HttpRequest, one: Visit, words: str) -> HttpResponse:
    one.refresh_from_db()
    words += "申し込んだ人に電話で知らせてください。" if one.must_call else "申し込んだ人にお知らせを送りました。"
    messages.success(request, words)
    return _back(one)


def _back(one: Visit) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("office-card-visit", args=[one.public_id]))


def _open(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    is_open = [VisitState.RECEIVED.value, VisitState.SCHEDULED.value]
    return rows.filter(state__in=is_open) if value == "open" else rows.exclude(state__in=is_open)


_LISTING = Listing(
    name="card-visits",
    title="訪問・出張の申込",
    columns=(
        Column("asked", "受付日", "asked_on", sort="asked_at", kind=Kind.DATE),
        Column("kind", "種類", "get_kind_display", sort="kind"),
        Column(
            "name", "申し込んだ人", lambda one: one.organisation or one.name or "（消去済み）", sort="name_key",
            search=(Searched("name_key", fold=fold), "number"),
            url=lambda one: reverse("office-card-visit", args=[one.public_id]), kind=Kind.WIDE,
        ),
        Column("purpose", "用件", lambda one: purpose_title(one.purpose), sort="purpose", kind=Kind.WIDE),
        Column("people", "人数", "people", sort="people", kind=Kind.NUMBER),
        Column("day", "うかがう日", "scheduled_on", sort="scheduled_on", kind=Kind.DATE),
        Column("state", "状態", lambda one: one.standing.label, sort="state", badge=lambda one: BADGES[one.state]),
        Column("call", "電話", lambda one: "必要" if one.must_call else ""),
        Column("number", "整理番号", "number", sort="number", kind=Kind.TIGHT),
    ),
    filters=(
        Filter("open", "終わったか", [("open", "終わっていない"), ("closed", "終わった")], apply=_open, default="open"),
        Filter("kind", "種類", list(VisitKind.choices), apply="kind"),
        Filter("purpose", "用件", lambda: [(one.key, one.title.ja) for one in bookable()], apply="purpose"),
    ),
    order=("-asked_at",),
    empty_title="訪問・出張の申込みはありません",
    empty_text="申込みが届くと、ここに並びます。",
)  # fmt: skip
