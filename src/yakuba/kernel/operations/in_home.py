"""Running a ``yakuba`` command in a process of its own, for another home or database than this process has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    environment = kept | {"YAKUBA_HOME": str(home)} | ({"DATABASE_URL": database} if database else {})
    done = subprocess.run(  # noqa: S603 — our own program
        [sys.executable, "-m", "yakuba", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
