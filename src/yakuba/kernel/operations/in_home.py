"""Running a ``yakuba`` command in a process of its own, for another home or database than this process has."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WEB = ("yakuba.site.supervisor.launch", "yakuba.site.serve:main")
"""The web server as the supervisor starts it: named, not imported, because it stands above this engine."""

_NOT_INHERITED = ("YAKUBA_HOME", "YAKUBA_AUDIT_HEADS", "YAKUBA_BACKUPS", "DATABASE_URL")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    said: str
    complained: str

    @property
    def answer(self) -> Any:
        """What it said as JSON. Raises ``ValueError`` when it said something else."""
        return json.loads(self.said)

    @property
    def last_words(self) -> str:
        """The last line it wrote, for a message."""
        lines = [line for line in (self.complained + self.said).splitlines() if line.strip()]
        return lines[-1][:300] if lines else f"終了コード {self.code}"


def run_yakuba(*arguments: str, home: Path, database: str = "") -> Done:
    """Run ``yakuba`` with ``arguments`` on ``home``; ``database`` is a ``DATABASE_URL``, empty for SQLite."""
    done = subprocess.run(  # noqa: S603 — our own program
        [sys.executable, "-m", "yakuba", *arguments],
        env=_environment(home, database),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def web_answers(*, home: Path, database: str = "", host: str = "localhost", within: float = 60.0) -> str:
    """Start the real web server on ``home``, for this machine only, and ask its health page.

    Returns an empty text when it answers within ``within`` seconds and sees no fault, else what happened instead. A
    machine that does not serve the machines' face (``YAKUBA_FACES``) answers 404, and that is an answer.
    """
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(  # noqa: S603 — our own program
            [sys.executable, "-m", *_WEB, "--port", str(port), "--workers", "1"],
            env=_environment(home, database) | {"YAKUBA_SUPERVISOR_PID": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        try:
            deadline = time.monotonic() + within
            while server.poll() is None and time.monotonic() < deadline:
                status = _status(port, host)
                if status is not None:
                    return "" if status in (200, 404) else f"HTTP {status}"
                time.sleep(0.2)
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    return lines[-1][:300] if lines else "応答がありません"


def _status(port: int, host: str) -> int | None:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", "/healthz", headers={"Host": host})
        return asking.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        asking.close()


def _environment(home: Path, database: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    return kept | {"YAKUBA_HOME": str(home)} | ({"DATABASE_URL": database} if database else {})
