"""`make prove`: the full counts, in parts of at most an hour each; `make prove PART=kills-sqlite` runs one.

What a part counted is written to `docs/proofs.json` with the revision it was run on, the date and how long it took.
A part that fails is written too, as failed: the file says what is known, not what is wished.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

PROOFS = ROOT / "docs" / "proofs.json"
PART_SECONDS = 3600
KILLS = 105
"""Divisible by the six kinds of process, seven with the database server, that are killed in turn."""

Counts = dict[str, Any]


class NotProved(Exception):
    """The counts of a part that failed, with what was wrong."""

    def __init__(self, counts: Counts, faults: list[str]) -> None:
        super().__init__("\n".join(faults[:30]))
        self.counts = counts | {"faults": faults[:30]}


def kills(*, postgresql: bool) -> Counts:
    """Processes killed with -9 during writes: acknowledged writes there, none half, chain whole, jobs once in effect."""
    from tests.crash.kill_trial import KillTrial

    with _open_folder() as folder:
        outcome = KillTrial(Path(folder), postgresql=postgresql, seed=KILLS).run(kills=KILLS)
    counts = {
        "kills": sum(outcome.kills.values()),
        "kills_by_process": outcome.kills,
        "longest_silence_seconds": outcome.longest_silence,
        **outcome.left,
    }
    if outcome.faults:
        raise NotProved(counts, [f"{name}: {count}" for name, count in outcome.faults.items()])
    return counts


def hostile(*, postgresql: bool) -> Counts:
    """Hostile requests over all addresses: no server error, nobody else's data, no way out of the house."""
    from tests.load.test_hostile_requests import send_hostile_requests

    with _open_folder() as folder:
        report = send_hostile_requests(Path(folder), postgresql=postgresql, share=1.0, seed=2)
    counts = {
        "requests": report.requests,
        "by_kind": dict(sorted(report.kinds.items())),
        "by_status": {str(status) if status else "hung up": count for status, count in sorted(report.statuses.items())},
        "server_errors": len(report.server_errors),
        "leaks": len(report.leaks),
        "escapes": len(report.escapes),
        "unanswered": len(report.silences),
    }
    if report.faults or report.requests < 1000:
        raise NotProved(counts, report.faults or ["fewer than 1,000 requests"])
    return counts


def residents(*, postgresql: bool) -> Counts:
    """Residents send forms with attachments: fifty at once, then a dozen while web processes are killed with -9."""
    from tests.load.residents_trial import residents_send

    counts: Counts = {}
    faults: list[str] = []
    for name, crowd, each, killed in (("at_once", 50, 1, 0), ("while_killed", 12, 8, 40)):
        with _open_folder() as folder:
            outcome = residents_send(
                Path(folder), postgresql=postgresql, residents=crowd, each=each, kills=killed, seed=killed
            )
        counts[name] = {"residents": crowd, "forms_each": each, "kills": outcome.kills, **outcome.left}
        faults += [f"{name}: {what} {count}" for what, count in outcome.faults.items()] + outcome.failures
        if len(outcome.receipts) != crowd * each:
            faults.append(f"{name}: {len(outcome.receipts)} receipts of {crowd * each}")
    if faults:
        raise NotProved(counts, faults)
    return counts


def bundle() -> Counts:
    """`make bundle`, then installing, opening and upgrading from it in a network namespace with the loopback alone."""
    from tests.operations.bundle_trial import try_bundle

    with _open_folder() as folder:
        return try_bundle(Path(folder))


_APPS = "src/yakuba/office/appbuilder/tests"
AT_ONCE = (f"{_APPS}/test_at_the_same_moment.py", f"{_APPS}/test_doors_at_once.py")
PROBING = (f"{_APPS}/test_nothing_leaks.py", f"{_APPS}/test_nothing_leaks_beside.py")


def apps_at_once(*, postgresql: bool) -> Counts:
    """Twenty people edit, press and decide on the same records of a self-built app; many come through its doors."""
    return tests(postgresql=postgresql, marked="prove or not prove", only=AT_ONCE)


def apps_probing(*, postgresql: bool) -> Counts:
    """Every address of a self-built app tried by people and keys that may not see all of it: no row or column leaks."""
    return tests(postgresql=postgresql, marked="prove or not prove", only=PROBING)


def tests(*, postgresql: bool, marked: str, only: Sequence[str] = (), without: Sequence[str] = ()) -> Counts:
    """The test suite with this marker expression, whole or some files; what its tests counted is added up by name."""
    environment = os.environ | {"YAKUBA_TEST_DATABASE": "postgresql" if postgresql else "sqlite"}
    with _open_folder() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-m", marked]
        command += [f"--junitxml={report}", *(f"--ignore={one}" for one in without), *only]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        counted = _counted(report) if report.exists() else {}
    closing = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    counts: Counts = {"marker": marked, "closing_line": closing, **counted}
    nothing_marked = 5
    if done.returncode not in (0, nothing_marked) or (only and not counted.get("tests")):
        raise NotProved(counts, [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))])
    return counts


def _counted(report: Path) -> Counts:
    """The tests of a report, and the sums of the properties they recorded; of addresses and people the most of one test."""
    found: Counts = {"tests": 0}
    for case in ElementTree.parse(report).iter("testcase"):
        found["tests"] += 1
        for one in case.iter("property"):
            name, value = str(one.get("name")), int(str(one.get("value")))
            found[name] = (
                max(found.get(name, 0), value) if name in ("addresses", "people") else found.get(name, 0) + value
            )
    return found


PARTS: dict[str, Callable[[], Counts]] = {
    "kills-sqlite": lambda: kills(postgresql=False),
    "kills-postgresql": lambda: kills(postgresql=True),
    "hostile-sqlite": lambda: hostile(postgresql=False),
    "hostile-postgresql": lambda: hostile(postgresql=True),
    "residents-sqlite": lambda: residents(postgresql=False),
    "residents-postgresql": lambda: residents(postgresql=True),
    "bundle": bundle,
    "apps-at-once-sqlite": lambda: apps_at_once(postgresql=False),
    "apps-at-once-postgresql": lambda: apps_at_once(postgresql=True),
    "apps-probing-sqlite": lambda: apps_probing(postgresql=False),
    "apps-probing-postgresql": lambda: apps_probing(postgresql=True),
    "full-counts-sqlite": lambda: tests(postgresql=False, marked="prove", without=(*AT_ONCE, *PROBING)),
    "full-counts-postgresql": lambda: tests(postgresql=True, marked="prove", without=(*AT_ONCE, *PROBING)),
    "all-tests-postgresql": lambda: tests(postgresql=True, marked="not prove and not slow"),
}


def main() -> int:
    wanted = sys.argv[1:] or list(PARTS)
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"知らない部です: {' '.join(unknown)}。あるもの: {' '.join(PARTS)}")
        return 2
    if os.environ.get("YAKUBA_PROVING"):
        return _one_part(wanted[0])
    return max(_in_time(name) for name in wanted)


def _in_time(name: str) -> int:
    """Run one part in a process of its own, so that it ends after an hour at the latest, whatever it does."""
    print(f"── {name}", flush=True)
    environment = os.environ | {"YAKUBA_PROVING": "1"}
    try:
        return subprocess.run(
            [sys.executable, str(Path(__file__).resolve()), name], env=environment, timeout=PART_SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        _write(name, passed=False, seconds=PART_SECONDS, counts={"faults": ["not finished within an hour"]})
        return 1


def _one_part(name: str) -> int:
    begun = time.monotonic()
    try:
        counts, passed = PARTS[name](), True
    except NotProved as failure:
        counts, passed = failure.counts, False
        print(failure)
    except AssertionError as failure:
        counts, passed = {"faults": [str(failure)[:400]]}, False
        print(failure)
    _write(name, passed=passed, seconds=round(time.monotonic() - begun), counts=counts)
    print(json.dumps({name: counts, "passed": passed}, ensure_ascii=False), flush=True)
    return 0 if passed else 1


def _write(name: str, *, passed: bool, seconds: int, counts: Counts) -> None:
    proofs = json.loads(PROOFS.read_text(encoding="utf-8")) if PROOFS.exists() else {}
    proofs[name] = {
        "passed": passed,
        "revision": _git("rev-parse", "HEAD"),
        "with_local_changes": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": seconds,
        "counts": counts,
    }
    ordered = {part: proofs[part] for part in PARTS if part in proofs}
    PROOFS.write_text(json.dumps(ordered, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _open_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder other users may enter: the database server does not run as root."""
    folder: tempfile.TemporaryDirectory[str] = tempfile.TemporaryDirectory(prefix="yakuba-proof-")
    Path(folder.name).chmod(0o755)
    return folder


if __name__ == "__main__":
    sys.exit(main())
