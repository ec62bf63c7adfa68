"""One appointment in the office: contact, state, results, note, another time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.access import MAY_READ, MAY_WORK, READ_ONE, get_for, protected_person, works_here
from yakuba.residents.card_support.forms.office import ContactReasonForm, MoveForm, NoteForm, ResultForm
from yakuba.residents.card_support.models import Appointment, Slot
from yakuba.residents.card_support.purposes import purpose_of
from yakuba.residents.card_support.queries.slots import bookable_slots
from yakuba.residents.card_support.rules.purposes import Comer
from yakuba.residents.card_support.rules.states import APPOINTMENTS, AppointmentState
from yakuba.residents.card_support.services import (
    cancel_appointment,
    mark_appointment,
    move_appointment,
    note_on_appointment,
    open_contact,
    record_results,
)
from yakuba.residents.card_support.views.asking import person_and_clock
from yakuba.residents.card_support.views.office.day import BADGES

MOST_OFFERED = 120
_MARKS = {
    AppointmentState.ARRIVED: "来庁",
    AppointmentState.DONE: "完了",
    AppointmentState.ABSENT: "不在",
    AppointmentState.BOOKED: "予約済みに戻す",
}


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def appointment(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page of an appointment; opening it is logged."""
    person, clock = person_and_clock(request)
    one = get_for(person, public_id)
    record_view(by=person, subjects=[one], what=READ_ONE, is_withheld=protected_person(one, clock.today()))
    return _shown(request, one)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def state(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark who came, is done, did not come."""
    person, clock = person_and_clock(request)
    one = get_for(person, public_id)
    wanted = next((each for each in _MARKS if each.value == request.POST.get("action", "")), None)
    try:
        if wanted is None:
            raise Refusal("状態を選んでください。")
        mark_appointment(by=person, appointment=one, state=wanted, clock=clock)
    except Refusal as refusal:
        messages.warning(request, " ".join(filter(None, (refusal.message, refusal.hint))))
    else:
        messages.success(request, f"「{wanted.label}」にしました。")
    return _back(one)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was done."""
    person, clock = person_and_clock(request)
    one = get_for(person, public_id)
    form = ResultForm(request.POST, prefix="result")
    if form.is_valid():
        try:
            record_results(by=person, appointment=one, counts=form.cleaned_data, clock=clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "結果を記録しました。")
            return _back(one)
    return _shown(request, one, result=form)


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def note(request: HttpRequest, public_id: str) -> HttpResponse:
    """A note, and that the person was telephoned."""
    person, clock = person_and_clock(request)
    one = get_for(person, public_id)
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return _shown(request, one, note_form=form)
    note_on_appointment(
        by=person,
        appointment=one,
        note=form.cleaned_data["note"],
        has_called=form.cleaned_data["has_called"],
        clock=clock,
    )
    messages.success(request, "メモを保存しました。")
    return _back(one)


@page(Face.OFFICE, may=MAY_WORK)
@never_cache
@require_POST
def contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a protected person's contact, with a reason; it stands on this one answer only."""
    person, clock = person_and_clock(request)
    one = get_for(person, public_id)
    form = ContactReasonForm(request.POST, prefix="contact")
    if not form.is_valid():
        return _shown(request, one, contact_form=form)
    open_contact(by=person, thing=one, reason=form.cleaned_data["reason"], clock=clock)
    record_view(by=person, subjects=[one], what=READ_ONE, detail="contact", is_withheld=True)
    return _shown(request, one, is_opened=True)


@page(Face.OFFICE, may=MAY_WORK)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another slot."""
    person, clock = person_and_clock(request)
    one = get_for(person, public_id)
    if request.method == "GET":
        record_view(by=person, subjects=[one], what=READ_ONE)
    rows = bookable_slots(purpose=one.purpose, people=one.people, clock=clock, for_clerk=True)
    form = MoveForm(request.POST if request.method == "POST" else None, slots=list(rows[:MOST_OFFERED]))
    if form.is_bound and form.is_valid():
        try:
            slot = Slot.objects.get(public_id=form.cleaned_data["slot"])
            move_appointment(by=person, appointment=one, to=slot, clock=clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "日時を変更しました。")
            return _back(one)
    return render(
        request, "card_support/office/move.html", {"one": one, "form": form}, status=422 if form.is_bound else 200
    )


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cancel for the person."""
    person, clock = person_and_clock(request)
    one = get_for(person, public_id)
    try:
        cancel_appointment(by=person, appointment=one, clock=clock)
    except Refusal as refusal:
        messages.warning(request, " ".join(filter(None, (refusal.message, refusal.hint))))
    else:
        messages.success(request, "予約を取り消しました。")
    return _back(one)


def _shown(
    request: HttpRequest,
    one: Appointment,
    *,
    result: ResultForm | None = None,
    note_form: NoteForm | None = None,
    contact_form: ContactReasonForm | None = None,
    is_opened: bool = False,
) -> HttpResponse:
    person, clock = person_and_clock(request)
    may_work = works_here(person) and one.erased_on is None
    purpose = purpose_of(one.purpose)
    is_due = one.day <= clock.today()
    protected = protected_person(one, clock.today())
    marks = [
        (each.value, words)
        for each, words in _MARKS.items()
        if APPOINTMENTS.allows(one.standing, each)
        and one.standing is not AppointmentState.MUST_MOVE
        and (is_due or each is AppointmentState.BOOKED)
    ]
    counts = {kind: getattr(one, kind) for kind in ("applied", "issued", "renewed", "other")}
    context: dict[str, Any] = {
        "one": one,
        "badge": BADGES[one.state],
        "comer": Comer(one.comer).text.ja,
        "bring": purpose.bring[Comer(one.comer)] if purpose else None,
        "may_work": may_work,
        "marks": marks if may_work else [],
        "may_move": may_work and one.standing in (AppointmentState.BOOKED, AppointmentState.MUST_MOVE),
        "is_done": one.standing is AppointmentState.DONE,
        "is_protected": protected,
        "is_hidden": protected and not is_opened,
        "contact_form": contact_form or ContactReasonForm(prefix="contact"),
        "result": result or ResultForm(initial=counts, prefix="result"),
        "note_form": note_form or NoteForm(initial={"note": one.note}, prefix="note"),
    }
    refused = any(form is not None for form in (result, note_form, contact_form))
    return render(request, "card_support/office/appointment.html", context, status=422 if refused else 200)


def _back(one: Appointment) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("office-card-appointment", args=[one.public_id]))
