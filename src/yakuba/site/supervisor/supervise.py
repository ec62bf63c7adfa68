"""The supervisor's loop: start, watch, start again, stop in order."""

import ctypes
import http.client
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from yakuba.site.supervisor import messages, processes
from yakuba.site.supervisor.children import Child
from yakuba.site.supervisor.claim import AlreadyOpen, Claim
from yakuba.site.supervisor.programs import Program, town_hall

EXIT_CANNOT_START = 1
EXIT_ALREADY_OPEN = 3
EXIT_PORT_IN_USE = 4

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FALLS_BEFORE_GIVING_UP = 4
_HEAD_START = 10.0
"""Seconds the first program (the web server) has for itself unless it answers earlier: a person waits for it."""
_PATIENCE_WITH_A_BUSY_PORT = 2.0
_PR_SET_CHILD_SUBREAPER = 36


def run(
    *,
    home: Path,
    port: int = 8000,
    address: str = "127.0.0.1",
    programs: Sequence[Program] | None = None,
    screen: TextIO | None = None,
) -> int:
    """Keep the town hall of `home` open on `port` until INT, TERM or HUP; returns the exit code.

    0: stopped as asked. 1: a program could not be started at all. 3: this home is open already. 4: the port is taken.
    `programs` defaults to `town_hall()`. Lines for the person at the terminal go to `screen` (standard output); what
    the programs print goes to `home/logs/<name>.log`.
    """
    home = home.resolve()
    say = messages.Screen(screen or sys.stdout)
    try:
        with Claim(home, port=port):
            strays = processes.kill_marked(home)
            if strays:
                say.strays(strays)
            if not _port_is_ours_to_take(address, port, say):
                return EXIT_PORT_IN_USE
            chosen = programs if programs is not None else town_hall(port=port, address=address)
            return _Supervisor(home=home, port=port, address=address, programs=chosen, say=say).run()
    except AlreadyOpen as held:
        say.already_open(home, pid=held.pid, port=held.port)
        return EXIT_ALREADY_OPEN


def _port_is_ours_to_take(address: str, port: int, say: messages.Screen) -> bool:
    """Whether the port is free; if not, the person is told who has it.

    A killed town hall's sockets close a moment after its processes have vanished from view, hence the patience.
    """
    deadline = time.monotonic() + _PATIENCE_WITH_A_BUSY_PORT
    try:
        while not processes.port_is_free(address, port):
            if time.monotonic() > deadline:
                say.port_in_use(port, processes.listener(port))
                return False
            time.sleep(0.05)
    except OSError as error:
        say.port_refused(address, port, reason=os.strerror(error.errno) if error.errno else str(error))
        return False
    return True


class _Supervisor:
    def __init__(
        self, *, home: Path, port: int, address: str, programs: Sequence[Program], say: messages.Screen
    ) -> None:
        self.home, self.port, self.address, self.say = home, port, address, say
        logs = home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {
            "YAKUBA_HOME": str(home),
            "PORT": str(port),
            processes.MARK: str(home),
            processes.SUPERVISOR_PID: str(os.getpid()),
        }
        self.children = [
            Child(program, environment=environment, log=logs / f"{program.name}.log") for program in programs
        ]
        self.answered = threading.Event()
        self.stopping = False

    def run(self) -> int:
        _adopt_orphans()
        waited_for = {*_STOP_SIGNALS, signal.SIGCHLD}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, waited_for)
        try:
            self.say.opening(self.home)
            first, *others = self.children
            first.start()
            for child in others:
                child.begin_within(_HEAD_START)
            threading.Thread(target=self._announce, daemon=True).start()
            return self._watch(waited_for)
        finally:
            for child in self.children:
                child.kill()
            self._reap()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _watch(self, waited_for: set[signal.Signals]) -> int:
        while True:
            received = signal.sigtimedwait(waited_for, self._until_next_start())
            if received is not None and received.si_signo in _STOP_SIGNALS:
                self._stop()
                return 0
            hopeless = self._reap()
            if hopeless:
                self.say.cannot_start(hopeless)
                self._stop()
                return EXIT_CANNOT_START
            for child in self.children:
                if child.due is not None and child.due <= time.monotonic():
                    child.start()

    def _until_next_start(self) -> float:
        dues = [child.due for child in self.children if child.due is not None]
        return max(0.0, min(dues) - time.monotonic()) if dues else 3600.0

    def _reap(self) -> Child | None:
        """Collect every ended process, adopted ones too. Returns a child that never came up, if there is one."""
        hopeless = None
        by_pid = {child.pid: child for child in self.children if child.running}
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return hopeless
            if pid == 0:
                return hopeless
            child = by_pid.get(pid)
            if child is None:
                continue
            how = child.fell(status)
            if self.stopping:
                continue
            if not self.answered.is_set() and child.falls_in_a_row >= _FALLS_BEFORE_GIVING_UP:
                hopeless = child
            else:
                self.say.fell(child, how)

    def _stop(self) -> None:
        """Stop step by step; a second signal kills what is left at once."""
        self.stopping = True
        self.say.closing()
        for step in sorted({child.program.stop_step for child in self.children}):
            group = [child for child in self.children if child.program.stop_step == step]
            for child in group:
                child.terminate()
            deadline = time.monotonic() + max(child.program.stop_within for child in group)
            impatient = False
            while any(child.running for child in group) and time.monotonic() < deadline and not impatient:
                received = signal.sigtimedwait({*_STOP_SIGNALS, signal.SIGCHLD}, 0.2)
                impatient = received is not None and received.si_signo in _STOP_SIGNALS
                self._reap()
            for child in group:
                if child.running:
                    self.say.killed(child)
                    child.kill()
        while any(child.running for child in self.children):
            signal.sigtimedwait({signal.SIGCHLD}, 0.2)
            self._reap()
        self.say.closed()

    def _announce(self) -> None:
        """Tell the person at the terminal when the first page can be opened."""
        while not self.stopping:
            status = _first_answer(self.address, self.port)
            if status is not None:
                self.answered.set()
                self.say.open(self.port, self.home, sound=status < 500)
                for child in self.children:
                    child.begin_now()
                os.kill(os.getpid(), signal.SIGCHLD)  # wakes the watching thread
                return
            time.sleep(0.1)


def _first_answer(address: str, port: int) -> int | None:
    """The HTTP status of the health page, or None while nobody answers."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 — asked, not bound
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _adopt_orphans() -> None:
    """Become the parent of the descendants' orphans, so that they are reaped here and do not stay as zombies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
