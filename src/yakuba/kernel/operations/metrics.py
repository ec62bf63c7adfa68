"""Figures for a monitoring system: counts and ages, nothing about people."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from yakuba.kernel.audit.api import unsealed_since
from yakuba.kernel.jobs.api import count_jobs, oldest_waiting
from yakuba.kernel.operations.models import ErrorEntry
from yakuba.kernel.values.api import SystemClock


def metrics_text() -> bytes:
    """The current figures in the Prometheus text format."""
    now = SystemClock().now()
    registry = CollectorRegistry()
    by_state = Gauge("yakuba_jobs", "Jobs by state", ["state"], registry=registry)
    for state in ("queued", "running", "failed"):
        by_state.labels(state).set(count_jobs(state))
    waiting = oldest_waiting(now=now)
    Gauge("yakuba_oldest_job_seconds", "Seconds the longest waiting job is overdue", registry=registry).set(
        (now - waiting).total_seconds() if waiting else 0
    )
    since = unsealed_since()
    Gauge("yakuba_audit_unsealed_seconds", "Age of the oldest unsealed audit event", registry=registry).set(
        (now - since).total_seconds() if since else 0
    )
    Gauge("yakuba_open_faults", "Kinds of faults not settled", registry=registry).set(
        ErrorEntry.objects.filter(is_settled=False).count()
    )
    return generate_latest(registry)
