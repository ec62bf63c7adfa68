"""`make bench`: one JSON line per benchmark on standard output.

Each line has name, value, unit, the baseline measured in the same run, the ratio of both, and the goal for the ratio
or the value. Everything runs over a sample town of its own in a temporary folder, on SQLite, or on PostgreSQL with
`YAKUBA_TEST_DATABASE=postgresql`. CPU time counts, not the clock: it says the same on a busy machine.
"""

import contextlib
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

ROUNDS = 5
PAGES_PER_ROUND = 12
ROWS = 10_000


def main() -> None:
    from tests.harness.town_home import TownHome
    from tests.load.first_load import LIMIT, first_load

    with tempfile.TemporaryDirectory(prefix="yakuba-bench-") as folder:
        Path(folder).chmod(0o755)
        on_postgresql = os.environ.get("YAKUBA_TEST_DATABASE") == "postgresql"
        home = TownHome(Path(folder), postgresql=on_postgresql, settings="tests.load.one_query_settings")
        with home.prepared(sample_residents=500):
            print(home.command(str(Path(__file__).resolve()), "--inside"), end="", flush=True)
            with home.running() as town:
                for path in ("/", "/my/sign-in"):
                    weight = first_load(f"http://localhost:{town.port}{path}")
                    tell(f"first load of {path}", weight.total, "bytes", baseline=LIMIT, goal=1.0)


def tell(name: str, value: float, unit: str, *, baseline: float, goal: float | None, **more: Any) -> None:
    ratio = round(value / baseline, 2) if baseline else None
    line = {"name": name, "value": round(value, 3), "unit": unit, "baseline": round(baseline, 3), "ratio": ratio}
    print(json.dumps(line | {"goal": goal} | more, ensure_ascii=False), flush=True)


def inside() -> None:
    """The part that runs within the town's own settings."""
    import django

    django.setup()
    from scripts.bench_apps import app_lines
    from scripts.bench_procedures import procedure_lines
    from scripts.bench_search import search_lines

    _conditions()
    _many_rows()
    _pages()
    _verb()
    procedure_lines(tell, cost=_cpu_ms, queries=_queries)
    search_lines(tell)
    app_lines(tell)


def _pages() -> None:
    """Pages against a page of one query in the same layout; a list of fifty rows against a plain table of fifty rows.

    A public page is measured twice: as a visitor finds it, and as it is made anew after something was written.
    """
    from django.conf import settings

    visitor, head, it = signed_in(None), signed_in("DX推進事務局"), signed_in("情報システム担当")
    plain, table = (visitor, "/one-query"), (it, "/office/one-query")
    last_page = f"/office/audit/?page={ROWS // 50}"
    pages: dict[str, tuple[Any, str, bool, tuple[Any, str]]] = {
        "public plan page": (visitor, "/", True, plain),
        "public plan page, after a write": (visitor, "/", False, plain),
        "public initiative": (visitor, "/plan/initiatives/1-1/", True, plain),
        "public initiative, after a write": (visitor, "/plan/initiatives/1-1/", False, plain),
        "office home": (head, "/office/", True, table),
        f"audit log of {ROWS} rows": (it, "/office/audit/", True, table),
        f"audit log of {ROWS} rows, last page": (it, last_page, True, table),
    }
    for client, path in (plain, table, *((client, path) for client, path, _, _ in pages.values())):
        status = client.get(path).status_code
        if status != 200:
            raise SystemExit(f"{path} answers {status}; the benchmark needs the page itself")
    rounds: dict[str, list[float]] = {name: [] for name in ("/one-query", "/office/one-query", *pages)}
    for _ in range(ROUNDS):  # in turn, so that a disturbance of the machine meets all alike
        for client, path in (plain, table):
            rounds[path].append(_cpu_ms(lambda c=client, p=path: c.get(p), PAGES_PER_ROUND))
        for name, (client, path, kept, _) in pages.items():
            settings.YAKUBA_KEEP_PAGES = kept
            rounds[name].append(_cpu_ms(lambda c=client, p=path: c.get(p), PAGES_PER_ROUND))
    for name, (client, path, kept, (base_client, base_path)) in pages.items():
        settings.YAKUBA_KEEP_PAGES = kept
        tell(
            name,
            statistics.median(rounds[name]),
            "CPU ms per request",
            baseline=statistics.median(rounds[base_path]),
            goal=2.0,
            baseline_is=base_path,
            sql=_queries(lambda c=client, p=path: c.get(p)),
            baseline_sql=_queries(lambda c=base_client, p=base_path: c.get(p)),
        )


def _verb() -> None:
    """An audited verb against the bare insert of the same row."""
    from django.db import transaction
    from django.utils import timezone

    from yakuba.kernel.access.api import system_person
    from yakuba.kernel.audit.api import unaudited_writes, verb
    from yakuba.kernel.operations.models import ErrorEntry

    now = timezone.now()
    numbers = itertools.count()

    def row() -> Any:
        return ErrorEntry(fingerprint=f"bench{next(numbers)}", exception="Bench", first_at=now, last_at=now)

    @verb("bench.insert", label="測定")
    def audited(*, by: Any, entry: Any) -> Any:
        entry.save()
        return entry

    person = system_person("bench")

    def bare() -> None:
        with transaction.atomic(), unaudited_writes("bench"):
            row().save()

    rounds = [(_cpu_ms(lambda: audited(by=person, entry=row()), 60), _cpu_ms(bare, 60)) for _ in range(ROUNDS)]
    with_audit, without = (statistics.median(column) for column in zip(*rounds, strict=True))
    tell("audited verb", with_audit, "CPU ms per write", baseline=without, goal=None)


def _conditions() -> None:
    """Every condition of a large form, evaluated as for one step, against the same comparisons written in Python."""
    from datetime import date

    from yakuba.kernel.expressions.api import evaluate

    today = date(2026, 5, 1)
    answers: dict[str, Any] = {f"q{number}": number for number in range(99)} | {"house": "own"}
    rules = [
        {"and": [{"==": [{"var": "house"}, "own"]}, {">=": [{"var": f"q{number % 99}"}, 9]}, {"!": {"is_empty": {"var": "q3"}}}]}
        for number in range(500)
    ]  # fmt: skip

    def told() -> list[Any]:
        return [evaluate(rule, answers, today=today) for rule in rules]

    def written() -> list[Any]:
        return [
            answers.get("house") == "own" and answers.get(f"q{number % 99}", 0) >= 9 and answers.get("q3") is not None
            for number in range(500)
        ]

    if told() != written():
        raise SystemExit("the conditions are evaluated wrongly")
    rounds = [(_cpu_ms(told, 20), _cpu_ms(written, 200)) for _ in range(ROUNDS)]
    ours, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    tell("500 conditions of a form of 100 questions", ours, "CPU ms", baseline=bare, goal=120)


def _many_rows() -> None:
    from django.utils import timezone

    from yakuba.kernel.audit.api import unaudited_writes
    from yakuba.kernel.audit.models import AuditEvent, EventKind

    now = timezone.now()
    rows = [
        AuditEvent(
            at=now, kind=EventKind.WRITE, verb="plan.grade_initiative", actor=f"bench{number % 150}",
            actor_kind="staff", subjects=[f"plan.initiative:{number:016d}"], digest="0" * 64,
        )
        for number in range(ROWS)
    ]  # fmt: skip
    with unaudited_writes("bench"):
        AuditEvent.objects.bulk_create(rows, batch_size=500)


def signed_in(persona: str | None) -> Any:
    from django.test import Client

    from yakuba.kernel.identity.models import Persona

    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_ENCODING="gzip, br")
    if persona:
        account = Persona.objects.get(label=persona).account
        answer = client.post("/office/sign-in/as", {"persona": account.public_id})
        if answer.status_code != 302:
            raise SystemExit(f"cannot sign in as {persona}: {answer.status_code}")
    return client


def _cpu_ms(act: Callable[[], object], times: int) -> float:
    act()
    begun = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begun) * 1000 / times


def _queries(act: Callable[[], object]) -> int:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    with contextlib.ExitStack() as stack:
        captured = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        act()
    return sum(len(each) for each in captured)


if __name__ == "__main__":
    inside() if "--inside" in sys.argv[1:] else main()
