"""Public names of ``kernel.jobs``: work outside the request."""

from yakuba.kernel.jobs.line import Line, TooSlow, in_time
from yakuba.kernel.jobs.queries import count_jobs, oldest_waiting
from yakuba.kernel.jobs.registry import declared_jobs, job
from yakuba.kernel.jobs.rules import Daily, Every
from yakuba.kernel.jobs.services import (
    OutsideCallInTransaction,
    enqueue,
    hand_over_waiting,
    outside_call,
    queue_due_schedules,
    retry_job,
    run_job,
)

__all__ = [
    "Daily",
    "Every",
    "Line",
    "OutsideCallInTransaction",
    "TooSlow",
    "count_jobs",
    "declared_jobs",
    "enqueue",
    "hand_over_waiting",
    "in_time",
    "job",
    "oldest_waiting",
    "outside_call",
    "queue_due_schedules",
    "retry_job",
    "run_job",
]
