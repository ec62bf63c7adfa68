"""The keeper (番人): seals the audit log, queues what is due, hands retries to the worker, starts the nightly backup."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections

from yakuba.kernel.audit.api import append_head, seal_new_events
from yakuba.kernel.jobs.api import hand_over_waiting, queue_due_schedules
from yakuba.kernel.values.api import SystemClock
from yakuba.site.nightly_backup import NightlyBackup

log = logging.getLogger("yakuba.keeper")


def keep(*, every: float, once: bool = False) -> None:
    """Loop until INT or TERM: seal every ``every`` seconds, look at schedules and backups every 20 s, keep heads hourly."""
    stop = threading.Event()
    if not once:
        for received in (signal.SIGINT, signal.SIGTERM):
            signal.signal(received, lambda *_: stop.set())
    nightly = NightlyBackup(open_since=SystemClock().now())
    turn = 0
    turns_per_look = max(1, round(20 / every))
    turns_per_head = max(1, round(3600 / every))
    while not stop.is_set():
        now = SystemClock().now()
        _safely("seal", seal_new_events, now)
        if turn % turns_per_look == 0:
            _safely("schedules", queue_due_schedules, now)
            _safely("waiting", hand_over_waiting, now)
            if not once:
                _safely("backup", nightly.look, now)
        if turn % turns_per_head == 0:
            _safely("heads", _keep_head, now)
        close_old_connections()
        turn += 1
        if once:
            return
        stop.wait(every)


def _keep_head(*, now: datetime) -> bool:
    return append_head(Path(settings.YAKUBA_AUDIT_HEADS), now=now)


def _safely(part: str, work: Callable[..., object], now: datetime) -> None:
    try:
        work(now=now)
    except Exception:  # the keeper must outlive a locked or restarted database; the next turn tries again
        log.exception("keeper failed", extra={"part": part})
