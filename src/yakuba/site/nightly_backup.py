"""Starts the nightly backup.

A backup may last longer than the 60 seconds a job is given, and one that was cut off is worth nothing; so it is no job.
It runs in a process of its own, started by the keeper and dying with it, while the keeper goes on sealing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime

from yakuba.kernel.operations.api import backup_is_wanted
from yakuba.site.supervisor.processes import SUPERVISOR_PID


class NightlyBackup:
    """The backup process of one keeper; at most one at a time."""

    def __init__(self, *, open_since: datetime) -> None:
        self._open_since = open_since
        self._process: subprocess.Popen[bytes] | None = None

    def look(self, *, now: datetime) -> bool:
        """Start a backup if one is wanted and none runs; returns whether one was started."""
        if self._process is not None:
            if self._process.poll() is None:
                return False
            self._process = None
        if not backup_is_wanted(now=now, open_since=self._open_since):
            return False
        command = ["-m", "yakuba.site.supervisor.launch", "yakuba.site.cli:main", "backup", "--nightly"]
        self._process = subprocess.Popen(  # noqa: S603 — our own program
            [sys.executable, *command],
            env=os.environ | {SUPERVISOR_PID: str(os.getpid())},
            stdin=subprocess.DEVNULL,
        )
        return True
