"""The queue, for IT."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, Role, page, role
from yakuba.kernel.jobs.models import Job, JobState
from yakuba.kernel.jobs.queries import count_jobs, oldest_waiting
from yakuba.kernel.jobs.registry import declared, declared_jobs
from yakuba.kernel.jobs.services import retry_job
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing

_BADGES = {JobState.QUEUED: "info", JobState.RUNNING: "info", JobState.DONE: "success", JobState.FAILED: "error"}
MAY = role(Role.IT, Role.AUDITOR)


def _label(job: Job) -> str:
    known = declared(job.name)
    return known.label if known else job.name


QUEUE = Listing(
    name="jobs",
    title="ジョブ",
    columns=(
        Column("label", "仕事", _label, search=("name",), url=lambda job: reverse("job", args=[job.public_id])),
        Column("state", "状態", "get_state_display", sort="state", badge=lambda job: _BADGES[JobState(job.state)]),
        Column("queued", "登録", "queued_at", sort="queued_at", kind=Kind.DATE),
        Column("due", "実行予定", "run_after", sort="run_after", kind=Kind.DATE),
        Column("finished", "終了", "finished_at", sort="finished_at", kind=Kind.DATE),
        Column("attempts", "回数", "attempts", sort="attempts", kind=Kind.NUMBER),
        Column("error", "失敗の理由", "error", kind=Kind.WIDE),
    ),
    filters=(Filter("state", "状態", tuple(JobState.choices), apply="state"),),
    order=("-queued_at",),
    empty_title="ジョブはまだありません",
)


@page(Face.OFFICE, may=MAY)
def jobs(request: HttpRequest) -> HttpResponse:
    """ジョブの一覧: the queue, failures, schedules."""
    asking: Any = request
    context = {
        "counts": [(label, count_jobs(state), _BADGES[JobState(state)]) for state, label in JobState.choices],
        "oldest": oldest_waiting(now=asking.clock.now()),
        "schedules": [(one.label, one.every.words) for one in declared_jobs() if one.every],
    }
    return QUEUE.answer(request, Job.objects.all(), template="jobs/queue.html", context=context)


@page(Face.OFFICE, may=MAY)
def job(request: HttpRequest, public_id: str) -> HttpResponse:
    """One job; a failed one can be run again."""
    found = Job.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    known = declared(found.name)
    return render(request, "jobs/job.html", {"job": found, "label": _label(found), "known": known})


@page(Face.OFFICE, may=role(Role.IT))
@require_POST
def retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Run a failed job again."""
    asking: Any = request
    found = Job.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    retry_job(by=asking.person, job=found)
    messages.success(request, "もう一度実行するよう登録しました。")
    return redirect("job", public_id=public_id)
