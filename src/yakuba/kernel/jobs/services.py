"""Queueing, running and retrying jobs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django_q.tasks import async_task

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import is_writing, unaudited_writes, verb
from yakuba.kernel.jobs.models import Job, JobState
from yakuba.kernel.jobs.registry import declared, declared_jobs
from yakuba.kernel.jobs.rules import LEASE, next_attempt
from yakuba.kernel.values.api import SystemClock

log = logging.getLogger("yakuba.jobs")


class OutsideCallInTransaction(RuntimeError):
    """Something outside was about to be called while a transaction was open."""


@contextmanager
def outside_call(what: str) -> Iterator[None]:
    """Guard a call to the outside (mail, payment, lock): refused inside a verb or transaction."""
    if is_writing() or (connection.in_atomic_block and not settings.YAKUBA_TESTING):
        raise OutsideCallInTransaction(f"{what}: commit the intent first, then call outside from a job")
    yield


def enqueue(name: str, *, key: str, run_after: datetime | None = None, **arguments: str | int | None) -> Job:
    """Queue a job in the running transaction; the same ``key`` gives the job that is already there.

    ``arguments`` are ids and names only. Raises ``ValueError`` for a name nobody declared.
    """
    if declared(name) is None:
        raise ValueError(f"no job is called {name!r}")
    now = SystemClock().now()
    with transaction.atomic(), unaudited_writes("jobs.enqueue"):
        work, is_new = Job.objects.get_or_create(
            key=key[:160],
            defaults={"name": name, "arguments": arguments, "queued_at": now, "run_after": run_after or now},
        )
        if is_new and work.run_after <= now:
            _hand_to_worker(work)
    return work


def run_job(job_id: int) -> str:
    """Run one job by its row number (called by the worker); returns what happened, for the worker's log."""
    now = SystemClock().now()
    with unaudited_writes("jobs.claim"):
        claimed = (
            Job.objects.filter(pk=job_id, run_after__lte=now)
            .filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now))
            .update(state=JobState.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE)
        )
    if not claimed:
        return "taken"
    work = Job.objects.get(pk=job_id)
    known = declared(work.name)
    try:
        if known is None:
            raise LookupError("この仕事は今のプログラムにありません")
        known.function(**work.arguments)
    except Exception as failure:  # any failure of a job is kept with it and shown in the office
        log.exception("job failed", extra={"job": work.name, "job_id": work.public_id})
        _keep_failure(work, failure)
        return "failed"
    with unaudited_writes("jobs.finish"):
        Job.objects.filter(pk=job_id).update(
            state=JobState.DONE, finished_at=SystemClock().now(), lease_until=None, error=""
        )
    return "done"


def queue_due_schedules(*, now: datetime) -> int:
    """Queue every scheduled job whose moment came; the moment is in the key, so it happens once."""
    queued = 0
    for known in declared_jobs():
        if known.every is None:
            continue
        key = f"{known.name}@{known.every.due(now).isoformat()}"
        if not Job.objects.filter(key=key).exists():
            enqueue(known.name, key=key)
            queued += 1
    return queued


def hand_over_waiting(*, now: datetime, limit: int = 200) -> int:
    """Give the worker what is due again: retries, and jobs whose worker died in the middle."""
    due = Job.objects.filter(
        Q(state=JobState.QUEUED, run_after__lte=now, attempts__gt=0)
        | Q(state=JobState.QUEUED, run_after__lte=now, queued_at__lt=now - LEASE)
        | Q(state=JobState.RUNNING, lease_until__lt=now)
    ).order_by("run_after")[:limit]
    count = 0
    for work in due:
        _hand_to_worker(work)
        count += 1
    return count


@verb("jobs.retry", label="失敗したジョブをもう一度実行")
def retry_job(*, by: Person, job: Job) -> Job:
    """Run a failed job again now."""
    now = SystemClock().now()
    Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, run_after=now, attempts=0, error="", finished_at=None
    )
    job.refresh_from_db()
    if job.state == JobState.QUEUED:
        _hand_to_worker(job)
    return job


def _hand_to_worker(work: Job) -> None:
    async_task("yakuba.kernel.jobs.services.run_job", work.pk, task_name=work.name[:100])


def _keep_failure(work: Job, failure: Exception) -> None:
    now = SystemClock().now()
    again = next_attempt(attempts=work.attempts, now=now)
    # The class and first line only: an exception's text may carry what a person typed.
    reason = type(failure).__name__
    with unaudited_writes("jobs.fail"):
        Job.objects.filter(pk=work.pk).update(
            state=JobState.QUEUED if again else JobState.FAILED,
            run_after=again or now,
            finished_at=None if again else now,
            lease_until=None,
            error=reason[:400],
        )
