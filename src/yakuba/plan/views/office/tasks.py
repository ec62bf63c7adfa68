"""Tasks: what is open, what is overdue, how it ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, NotAllowed, office_seat, page
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.plan import services
from yakuba.plan.access import MAY_REPORT, MAY_STEER, get_for, visible_to
from yakuba.plan.forms import TaskEndForm, TaskForm
from yakuba.plan.models import Task, TaskState
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock, shown_plan
from yakuba.plan.views.office.form_page import form_page


def _tasks(today: date) -> Listing:
    def state(task: Task) -> str:
        overdue = task.state == TaskState.OPEN and task.due_on < today
        return "期限超過" if overdue else str(task.get_state_display())

    def badge(task: Task) -> str:
        if task.state == TaskState.DONE:
            return "success"
        return "error" if task.state == TaskState.OPEN and task.due_on < today else ""

    def narrowed(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == "overdue":
            return rows.filter(state=TaskState.OPEN, due_on__lt=today)
        return rows.filter(state=value)

    return Listing(
        name="tasks",
        title="対応事項",
        columns=(
            Column("due_on", "期限", "due_on", sort="due_on", kind=Kind.DATE),
            Column(
                "words",
                "すること",
                "words",
                sort="words",
                search=("words", "report"),
                kind=Kind.WIDE,
                url=lambda one: reverse("office-plan-task", args=[one.public_id]),
            ),
            Column("section", "担当課", "section.name", sort="section__order", search=("section__name",)),
            Column("owner", "担当者", "owner.name", sort="owner__number", search=("owner__name",)),
            Column("initiative", "取組", "initiative.number", sort="initiative__position"),
            Column("meeting", "会議", lambda one: one.agenda_item.meeting.title if one.agenda_item else ""),
            Column("state", "状態", state, sort="state", badge=badge),
        ),
        filters=(
            Filter("state", "状態", [("overdue", "期限超過"), *TaskState.choices], apply=narrowed, default="open"),
        ),
        order=("due_on", "id"),
        empty_title="対応事項はありません",
        empty_text="会議の議題から頼むことができます。",
    )


@page(Face.OFFICE, may=office_seat)
def office_tasks(request: HttpRequest) -> HttpResponse:
    """All tasks; the open ones first."""
    person, clock = person_and_clock(request)
    rows = (
        visible_to(person, Task)
        .filter(plan=shown_plan().plan)
        .select_related("section", "owner", "initiative", "agenda_item__meeting")
    )
    return _tasks(clock.today()).answer(
        request, rows, template="plan/office/tasks.html", context={"may_steer": MAY_STEER.allows(person)}
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_task_new(request: HttpRequest) -> HttpResponse:
    """A task outside any meeting."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    form = TaskForm(posted(request), in_force=in_force, person=person, clock=clock)
    if request.method == "POST" and attempt(
        form,
        lambda: services.assign_task(by=person, plan=in_force.plan, agenda_item=None, clock=clock, **form.cleaned_data),
    ):
        messages.success(request, "対応事項を頼みました。")
        return redirect("office-plan-tasks")
    return form_page(request, form, title="対応事項を頼む", back=("一覧に戻る", reverse("office-plan-tasks")))


@page(Face.OFFICE, may=office_seat)
@require_http_methods(["GET", "HEAD", "POST"])
def office_task(request: HttpRequest, public_id: str) -> HttpResponse:
    """One task, and its end."""
    person, clock = person_and_clock(request)
    task = get_for(person, Task, public_id)
    may_end = MAY_REPORT.allows(person) and task.state == TaskState.OPEN
    form = TaskEndForm(posted(request))
    if request.method == "POST":
        if not may_end:
            raise NotAllowed("この対応事項は終えられません。")
        if attempt(form, lambda: services.end_task(by=person, task=task, clock=clock, **form.cleaned_data)):
            messages.success(request, "対応事項を終えました。")
            return redirect("office-plan-tasks")
    return render(
        request,
        "plan/office/task.html",
        {
            "task": task,
            "form": form,
            "may_end": may_end,
            "is_overdue": task.state == TaskState.OPEN and task.due_on < clock.today(),
        },
        status=422 if form.is_bound and form.errors else 200,
    )
