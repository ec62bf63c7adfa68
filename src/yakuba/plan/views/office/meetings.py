"""Headquarters meetings and their minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.paper.api import fill_sheet
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal
from yakuba.plan import services
from yakuba.plan.access import MAY_STEER, get_for, visible_to
from yakuba.plan.forms import AgendaForm, DecisionForm, MeetingForm, MeetingMoveForm, MeetingRecordForm, TaskForm
from yakuba.plan.models import AgendaItem, Meeting, MeetingState, Task
from yakuba.plan.reports.minutes import minutes_as_pdf
from yakuba.plan.services.hold_meeting import MEETING_STATES
from yakuba.plan.sheets import MEETING_MINUTES, meeting_minutes
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock, shown_plan
from yakuba.plan.views.office.form_page import form_page

_BADGES = {MeetingState.PLANNED: "info", MeetingState.HELD: "warning", MeetingState.MINUTED: "success"}

MEETINGS = Listing(
    name="meetings",
    title="推進本部会議",
    columns=(
        Column("held_on", "開催日", "held_on", sort="held_on", kind=Kind.DATE),
        Column(
            "title",
            "会議名",
            "title",
            sort="title",
            search=("title", "agenda__title"),
            kind=Kind.WIDE,
            url=lambda one: reverse("office-plan-meeting", args=[one.public_id]),
        ),
        Column("place", "場所", "place"),
        Column("state", "状態", "get_state_display", sort="state", badge=lambda one: _BADGES[one.state]),
    ),
    filters=(Filter("state", "状態", MeetingState.choices, apply="state"),),
    order=("-held_on", "-id"),
    empty_title="会議の記録はまだありません",
    empty_text="最初の推進本部会議を予定してください。",
)


def _back(meeting: Meeting) -> str:
    return reverse("office-plan-meeting", args=[meeting.public_id])


@page(Face.OFFICE, may=office_seat)
def office_meetings(request: HttpRequest) -> HttpResponse:
    """All meetings."""
    person, _ = person_and_clock(request)
    rows = visible_to(person, Meeting).filter(plan=shown_plan().plan).distinct()
    return MEETINGS.answer(
        request, rows, template="plan/office/meetings.html", context={"may_steer": MAY_STEER.allows(person)}
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_meeting_new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    person, clock = person_and_clock(request)
    form = MeetingForm(posted(request))
    if request.method == "POST":
        meeting = attempt(
            form,
            lambda: services.call_meeting(by=person, plan=shown_plan().plan, clock=clock, **form.cleaned_data),
        )
        if meeting:
            messages.success(request, "会議を予定しました。続けて議題を載せてください。")
            return redirect(_back(meeting))
    return form_page(
        request, form, title="推進本部会議を予定する", back=("一覧に戻る", reverse("office-plan-meetings"))
    )


@page(Face.OFFICE, may=office_seat)
def office_meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """One meeting: agenda, decisions, tasks."""
    person, clock = person_and_clock(request)
    meeting = get_for(person, Meeting, public_id)
    return render(
        request,
        "plan/office/meeting.html",
        {**_content(request, meeting), "may_steer": MAY_STEER.allows(person), "today": clock.today()},
    )


@page(Face.OFFICE, may=office_seat)
def office_meeting_minutes(request: HttpRequest, public_id: str) -> HttpResponse:
    """The minutes as a document to print."""
    person, _ = person_and_clock(request)
    meeting = get_for(person, Meeting, public_id)
    return render(request, "plan/office/minutes.html", _content(request, meeting))


def _content(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    person, _ = person_and_clock(request)
    items = list(meeting.agenda.select_related("initiative").order_by("position", "id"))
    tasks = list(
        visible_to(person, Task)
        .filter(agenda_item__meeting=meeting)
        .select_related("section", "owner", "agenda_item")
        .order_by("due_on", "id")
    )
    return {
        "meeting": meeting,
        "header": shown_plan().content.plan,
        "items": [(item, [task for task in tasks if task.agenda_item_id == item.pk]) for item in items],
        "tasks": tasks,
        "is_final": meeting.state == MeetingState.MINUTED,
        "moves": [
            (state.value, state.label, why)
            for state, why in MEETING_STATES.allowed(MeetingState(meeting.state)).items()
        ],
    }


@page(Face.OFFICE, may=office_seat)
def office_meeting_minutes_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The minutes as PDF."""
    person, clock = person_and_clock(request)
    meeting = get_for(person, Meeting, public_id)
    content = _content(request, meeting)
    made = minutes_as_pdf(meeting, [item for item, _ in content["items"]], content["tasks"], printed_at=clock.now())
    response = HttpResponse(made, content_type="application/pdf")
    name = f"会議録_{meeting.held_on.isoformat()}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@page(Face.OFFICE, may=office_seat)
def office_meeting_minutes_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """The minutes on the town's own Word sheet (様式), to be worked on further."""
    person, _ = person_and_clock(request)
    meeting = get_for(person, Meeting, public_id)
    content = _content(request, meeting)
    filled = fill_sheet(
        MEETING_MINUTES,
        meeting_minutes(
            plan_title=content["header"].title,
            meeting=meeting,
            items=[item for item, _ in content["items"]],
            tasks=content["tasks"],
        ),
        name=f"会議録_{meeting.held_on.isoformat()}",
    )
    response = HttpResponse(filled.content, content_type=filled.media_type)
    response["Content-Disposition"] = content_disposition_header(True, filled.filename) or "attachment"
    return response


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_meeting_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a meeting or write down who came."""
    person, clock = person_and_clock(request)
    meeting = get_for(person, Meeting, public_id)
    names = ("title", "held_on", "starts_at", "place", "attendees", "summary")
    initial = {**{name: getattr(meeting, name) for name in names}, "seen_edition": meeting.edition}
    form = MeetingRecordForm(posted(request), initial=initial)
    if request.method == "POST" and attempt(
        form, lambda: services.edit_meeting(by=person, meeting=meeting, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "会議の記録を書き改めました。")
        return redirect(_back(meeting))
    return form_page(request, form, title=f"{meeting.title} の記録", back=("会議に戻る", _back(meeting)))


@page(Face.OFFICE, may=MAY_STEER)
@require_POST
def office_meeting_move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Held, final, reopened."""
    person, clock = person_and_clock(request)
    meeting = get_for(person, Meeting, public_id)
    form = MeetingMoveForm(request.POST)
    if not form.is_valid():
        raise Refusal("会議の状態を選び直してください。", hint="会議の画面に戻り、もう一度操作してください。")
    services.move_meeting(by=person, meeting=meeting, clock=clock, **form.cleaned_data)
    messages.success(request, f"会議を「{MeetingState(form.cleaned_data['to']).label}」にしました。")
    return redirect(_back(meeting))


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_agenda_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put an item on the agenda."""
    person, clock = person_and_clock(request)
    meeting = get_for(person, Meeting, public_id)
    form = AgendaForm(posted(request), in_force=shown_plan(), person=person, clock=clock)
    if request.method == "POST" and attempt(
        form, lambda: services.put_on_agenda(by=person, meeting=meeting, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "議題を載せました。")
        return redirect(_back(meeting))
    return form_page(request, form, title="議題を載せる", lead=meeting.title, back=("会議に戻る", _back(meeting)))


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_agenda_item(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write down what came of an item."""
    person, clock = person_and_clock(request)
    item = get_for(person, AgendaItem, public_id)
    names = ("explanation", "discussion", "decision", "is_dropped")
    form = DecisionForm(posted(request), initial={name: getattr(item, name) for name in names})
    if request.method == "POST" and attempt(
        form, lambda: services.record_decision(by=person, item=item, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "議題の結果を記録しました。")
        return redirect(_back(item.meeting))
    return form_page(
        request, form, title=f"議題{item.position}「{item.title}」の結果", back=("会議に戻る", _back(item.meeting))
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_agenda_task(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask somebody to do something that follows from an item."""
    person, clock = person_and_clock(request)
    item = get_for(person, AgendaItem, public_id)
    in_force = shown_plan()
    form = TaskForm(
        posted(request),
        in_force=in_force,
        person=person,
        clock=clock,
        initial={"initiative": item.initiative.public_id if item.initiative else None},
    )
    if request.method == "POST" and attempt(
        form,
        lambda: services.assign_task(
            by=person, plan=item.meeting.plan, agenda_item=item, clock=clock, **form.cleaned_data
        ),
    ):
        messages.success(request, "対応事項を頼みました。担当の仕事の一覧に載ります。")
        return redirect(_back(item.meeting))
    return form_page(request, form, title="対応事項を頼む", lead=item.title, back=("会議に戻る", _back(item.meeting)))
