"""A running town hall as tests see it: started in a process of its own, looked at through /proc, killed at will."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from yakuba.site.supervisor import processes

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A TCP port nobody listens on at this moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def eventually(condition: Callable[[], object], *, within: float = 20.0, what: str = "") -> None:
    """Wait until the condition holds; fail with `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what or condition}")
        time.sleep(0.05)


class TownProcess:
    """One supervisor process and its family, over one home and one port."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        home: Path,
        port: int,
        environment: Mapping[str, str] | None = None,
        until_it_answers: bool = True,
    ) -> None:
        self.home, self.port, self.command = home.resolve(), port, list(command)
        self.environment = dict(os.environ if environment is None else environment)
        self._until_it_answers = until_it_answers
        self.screen = home.with_suffix(".screen")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start(until_it_answers=self._until_it_answers)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_everything()

    def start(self, *, until_it_answers: bool = True) -> None:
        with self.screen.open("ab") as screen:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=screen, stderr=screen
            )
        if until_it_answers:
            eventually(lambda: self.answers() or self.ended(), within=60, what="the town hall answers")
            assert not self.ended(), self.shown()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def wait(self, *, within: float = 30.0) -> int:
        assert self._process is not None
        return self._process.wait(within)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def shown(self) -> str:
        """What the person at the terminal has read so far."""
        return self.screen.read_text(encoding="utf-8")

    def family(self) -> list[int]:
        """Every living process of this home except the supervisor."""
        return sorted(processes.marked(self.home))

    def head(self, name: str) -> int:
        """The head process of a program: the supervisor's own child."""
        return self.heads()[name]

    def heads(self) -> dict[str, int]:
        """The head process of every program that runs at this moment."""
        children = [pid for pid in self.family() if parent_of(pid) == self.pid]
        return {name: pid for pid in children if (name := _program_of(pid))}

    def workers(self, name: str) -> list[int]:
        """The descendants of a program's head."""
        head = self.heads().get(name)
        return [pid for pid in self.family() if head and pid != head and session_of(pid) == head]

    def get(self, path: str = "/healthz", *, timeout: float = 5.0) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.get()[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def port_is_free(self) -> bool:
        return processes.port_is_free("127.0.0.1", self.port)

    def kill_everything(self) -> None:
        if self._process is not None and not self.ended():
            self._process.kill()
            self._process.wait()
        processes.kill_marked(self.home)


def _program_of(pid: int) -> str | None:
    """The name of the program a launcher runs; None for a process that is just being made or has gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        target = words[words.index("yakuba.site.supervisor.launch") + 1 :]
    except (OSError, ValueError):
        return None
    if "serve" in target[0]:
        return "web"
    return "worker" if "worker" in target or target[0].endswith(":cluster") else "keeper"


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def kill(pid: int) -> None:
    """kill -9; a process that is gone already is no failure."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def parent_of(pid: int) -> int | None:
    return _stat_column(pid, 1)


def session_of(pid: int) -> int | None:
    return _stat_column(pid, 3)


def _stat_column(pid: int, column: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(text.rpartition(")")[2].split()[column])
