"""One supervised child: start, record its output, signal, restart after a growing pause."""

import contextlib
import logging
import logging.handlers
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from yakuba.site.supervisor.programs import Program

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before the n-th restart in a row."""

STEADY_AFTER = 60.0
"""A child that ran this long (seconds) starts again with the shortest pause."""

_LOG_BYTES = 10_000_000
_LOG_FILES = 5
_TAIL_LINES = 15


class Child:
    """The running (or fallen, or waiting) process of one program."""

    def __init__(self, program: Program, *, environment: Mapping[str, str], log: Path) -> None:
        self.program = program
        self.log = log
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.falls_in_a_row = 0
        self.due: float | None = None
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._writer = _log_writer(program.name, log)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None

    def begin_within(self, seconds: float) -> None:
        """Plan the first start."""
        self.due = time.monotonic() + seconds

    def begin_now(self) -> None:
        """Bring a planned first start forward; a restart after a fall keeps its pause."""
        if self.due is not None and self.falls_in_a_row == 0:
            self.due = 0.0

    def start(self) -> None:
        """Start the program in a session of its own, so that Ctrl+C in the terminal reaches the supervisor alone."""
        self.due = None
        self._started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 — the programs are named in code
            [sys.executable, "-m", "yakuba.site.supervisor.launch", self.program.target, *self.program.arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self._record, args=(self._process.stdout,), daemon=True).start()

    def fell(self, status: int) -> str:
        """Note that the process ended with this wait status, and kill what it left in its group.

        Returns how it ended, in words. The restart is planned in `due`; the supervisor decides whether it happens.
        """
        code = os.waitstatus_to_exitcode(status)
        if self._process:
            self.kill()
            self._process.returncode = code  # reaped by the supervisor, not by Popen
            self._process = None
        ran = time.monotonic() - self._started
        self.falls_in_a_row = 1 if ran >= STEADY_AFTER else self.falls_in_a_row + 1
        self.due = time.monotonic() + self.pause
        return f"シグナル {-code}" if code < 0 else f"終了コード {code}"

    @property
    def pause(self) -> float:
        return PAUSES[min(self.falls_in_a_row, len(PAUSES)) - 1]

    def terminate(self) -> None:
        """Ask the head process to stop; it stops its own workers."""
        if self._process:
            with _ignoring_the_dead():
                os.kill(self._process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """Kill the head process and everything in its group."""
        if self._process:
            with _ignoring_the_dead():
                os.killpg(self._process.pid, signal.SIGKILL)

    def _record(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                text = line.decode(errors="replace").rstrip()
                self.tail.append(text)
                self._writer.info(text)


def _ignoring_the_dead() -> contextlib.suppress:
    """A group of zombies answers EPERM on some systems."""
    return contextlib.suppress(ProcessLookupError, PermissionError)


def _log_writer(name: str, path: Path) -> logging.Logger:
    writer = logging.Logger(f"supervised.{name}")  # not in the registry: nobody else's configuration applies
    writer.addHandler(
        logging.handlers.RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8")
    )
    return writer
