"""Town halls of their own for tests of operations: a prepared home is copied, commands run in processes of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEDGER = "tests.crash.ledger.settings"


@dataclass
class TownHome:
    """One home, its database (empty: SQLite in the home) and the settings its commands run with."""

    folder: Path
    database: str = ""
    settings: str = LEDGER
    more: dict[str, str] = field(default_factory=dict)
    _console: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("YAKUBA_", "DATABASE_URL", "PG"))
        }
        own = {"YAKUBA_HOME": str(self.folder), "DJANGO_SETTINGS_MODULE": self.settings, "PYTHONPATH": str(ROOT)}
        return kept | own | ({"DATABASE_URL": self.database} if self.database else {}) | self.more

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run ``python ARGUMENTS``; fails unless it ends with ``code``. Returns standard output and errors."""
        running = self.start(*arguments)
        said, _ = running.communicate(timeout=300)
        assert running.returncode == code, f"{' '.join(arguments)} ended with {running.returncode}:\n{said}"
        return said

    def yakuba(self, *arguments: str, code: int = 0) -> str:
        """Run a command; fails unless it ends with ``code``. Returns standard output and errors."""
        ended, said = self.ask(*arguments)
        assert ended == code, f"yakuba {' '.join(arguments)} ended with {ended}:\n{said}"
        return said

    def ask(self, *arguments: str) -> tuple[int, str]:
        """Run a command in this home's console; exit code and everything it said."""
        if self._console is None:
            self._console = subprocess.Popen(
                [sys.executable, "-m", "tests.operations.console"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._console.stdin is not None
        assert self._console.stdout is not None
        self._console.stdin.write(json.dumps(arguments) + "\n")
        self._console.stdin.flush()
        code, said = json.loads(self._console.stdout.readline())
        return int(code), str(said)

    def close(self) -> None:
        """End the console; the next command starts a new one, with the environment of then."""
        if self._console is not None:
            self._console.communicate(timeout=60)
            self._console = None

    def answer(self, *arguments: str) -> Any:
        """What a command says with ``--json``, whatever its exit code."""
        _, said = self.ask(*arguments, "--json")
        return json.loads(said)

    def note(self, count: int) -> None:
        """Write ``count`` notes through the ledger's verb, each with its audit event."""
        self.run("-m", "tests.operations.write_notes", "--count", str(count))

    def counted(self) -> dict[str, Any]:
        """What the ledger's own verification counts."""
        nothing = self.folder.parent / "acknowledged"
        nothing.touch()
        said = self.run("-m", "tests.crash.ledger.verify", str(nothing))
        found: dict[str, Any] = json.loads(said[said.index("{") :])
        return found

    def backup(self, *arguments: str) -> Path:
        return Path(self.answer("backup", *arguments)["place"])

    @property
    def identity(self) -> Path:
        return self.folder / "secrets" / "backup-identity.txt"


def copied(home: TownHome, to: Path, *, database: str = "", without: Sequence[str] = ()) -> TownHome:
    """The same town hall at another place."""
    shutil.copytree(home.folder, to, ignore=shutil.ignore_patterns(*without) if without else None)
    return TownHome(to, database=database, settings=home.settings, more=dict(home.more))
