"""`make test`: every check in the order in which it fails fastest.

Style, types and directions first, then all tests on SQLite, then those marked `database` or `smoke` on PostgreSQL.
A step that fails does not hide the next ones; the exit code says whether all passed. `--quick` leaves the tests out.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PARALLEL = "2"


@dataclass(frozen=True)
class Step:
    title: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


STYLE = (
    Step("書き方 ruff check", ("ruff", "check", ".")),
    Step("書き方 ruff format", ("ruff", "format", "--check", ".")),
    Step("型 mypy", ("mypy",)),
    Step("層の向き import-linter", ("lint-imports",)),
)

TESTS = (
    Step(
        "テスト（SQLite）",
        ("pytest", "-n", PARALLEL, "--dist", "loadgroup", "--durations=8"),
        {"YAKUBA_TEST_DATABASE": "sqlite"},
    ),
    Step(
        "テスト（PostgreSQL）",
        ("pytest", "-n", PARALLEL, "--dist", "loadgroup", "-m", "(database or smoke) and not prove"),
        {"YAKUBA_TEST_DATABASE": "postgresql"},
    ),
)


def main() -> int:
    steps = STYLE if "--quick" in sys.argv[1:] else STYLE + TESTS
    begun = time.monotonic()
    failed = [step.title for step in steps if not passes(step)]
    print(f"\n{time.monotonic() - begun:.0f} 秒", flush=True)
    for title in failed:
        print(f"失敗: {title}", flush=True)
    return 1 if failed else 0


def passes(step: Step) -> bool:
    print(f"\n── {step.title}", flush=True)
    program, *arguments = step.command
    done = subprocess.run([str(BIN / program), *arguments], cwd=ROOT, env=os.environ | step.environment, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
