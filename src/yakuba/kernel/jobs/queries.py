"""Reads of the queue."""

from __future__ import annotations

from datetime import datetime

from yakuba.kernel.jobs.models import Job, JobState


def count_jobs(state: str) -> int:
    """How many jobs are in a state (``queued``, ``running``, ``done``, ``failed``)."""
    return Job.objects.filter(state=state).count()


def oldest_waiting(*, now: datetime) -> datetime | None:
    """Since when the longest waiting job should have run; ``None`` when none is due."""
    oldest = Job.objects.filter(state=JobState.QUEUED, run_after__lte=now).order_by("run_after").first()
    return oldest.run_after if oldest else None
