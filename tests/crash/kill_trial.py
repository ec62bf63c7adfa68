"""A town hall under writes whose processes are killed with -9, one after another; then the count of what is left."""

import contextlib
import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.crash.ledger.verify_apps import NOTHING_OF
from tests.harness.town_home import TownHome
from tests.harness.town_process import TownProcess, eventually, kill

WRITERS, APP_WRITERS = 3, 2
BREATH_SECONDS = 0.8
"""Between two writes of a writer: every note is also a job, and killed clusters must be able to keep up with them."""

STALLED_SECONDS = 120
"""Longer than the lease of a job whose worker was killed; when no job ends for so long, none will."""

FAULTLESS = {
    "lost": 0,
    "half": 0,
    "without_audit_event": 0,
    "audit_event_without_note": 0,
    "without_job": 0,
    "job_without_note": 0,
    "without_effect": 0,
    "effect_twice": 0,
    "open_jobs": 0,
    "unsealed": 0,
    "chain_faults": 0,
    **dict.fromkeys(NOTHING_OF, 0),
}


@dataclass(frozen=True)
class Outcome:
    """`left` is what `ledger.verify` counted, `kills` how often each kind of process was killed, `longest_silence`
    the longest time in seconds without an acknowledged write (of any writer) after such a kill.
    """

    left: dict[str, Any]
    kills: dict[str, int]
    longest_silence: dict[str, float]

    @property
    def faults(self) -> dict[str, int]:
        return {name: self.left[name] for name, none in FAULTLESS.items() if self.left[name] != none}


class KillTrial(TownHome):
    """A town hall with the ledger and a self-built app, writers of both and a killer."""

    def __init__(self, folder: Path, *, postgresql: bool, seed: int = 0) -> None:
        super().__init__(folder, postgresql=postgresql, settings="tests.crash.ledger.settings")
        self.chance = random.Random(seed)
        self.acknowledged: list[str] = []
        self.done: list[tuple[str, str]] = []
        self.longest_silence: dict[str, float] = {}
        self._last_kill = ""
        self._last_answer = time.monotonic()
        self._writing = threading.Event()

    def _make(self, sample_residents: int | None) -> None:
        super()._make(sample_residents)
        self.command("-m", "tests.crash.ledger.lending_app")

    @contextlib.contextmanager
    def writers(
        self, town: TownProcess, *, number: int = WRITERS, in_apps: int = APP_WRITERS, imports: int = 1
    ) -> Iterator[None]:
        """Threads that write, take breath and write again while the block runs: notes, records, imports."""
        self._last_answer = time.monotonic()
        self._writing.set()
        work = [self._write] * number + [self._use_app] * in_apps + [self._import] * imports
        threads = [threading.Thread(target=one, args=(town.port,)) for one in work]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._writing.clear()
            for thread in threads:
                thread.join()

    def run(self, kills: int) -> Outcome:
        """Kill `kills` times, each kind of process in turn, then let the town settle and count."""
        with self.open() as town:
            with self.writers(town):
                killed = self._kill_in_turn(town, kills)
            left = self.settled()
        return Outcome(left=left, kills=dict(killed), longest_silence=self.longest_silence)

    def _kill_in_turn(self, town: TownProcess, kills: int) -> Counter[str]:
        victims: dict[str, Callable[[], None]] = {
            "web worker": lambda: kill(self.chance.choice(town.workers("web"))),
            "job cluster member": lambda: kill(self.chance.choice(town.workers("worker"))),
            "web server": lambda: kill(town.head("web")),
            "job cluster": lambda: kill(town.head("worker")),
            "keeper": lambda: kill(town.head("keeper")),
            "supervisor": lambda: self._kill_supervisor(town),
        }
        if self.cluster:
            victims["database server"] = self._kill_database
        killed: Counter[str] = Counter()
        for turn in range(kills):
            kind = list(victims)[turn % len(victims)]
            eventually(lambda: town.answers() and self._whole(town), within=60, what=f"whole before killing {kind}")
            written = len(self.acknowledged)
            eventually(lambda before=written: len(self.acknowledged) > before, within=60, what="writes go on")
            time.sleep(self.chance.uniform(0, 0.4))
            self._last_kill = kind
            victims[kind]()
            killed[kind] += 1
        eventually(town.answers, within=60, what="answers after the last kill")
        return killed

    def _whole(self, town: TownProcess) -> bool:
        return len(town.heads()) == 3 and bool(town.workers("web")) and bool(town.workers("worker"))

    def _kill_supervisor(self, town: TownProcess) -> None:
        kill(town.pid)
        town.wait()
        eventually(lambda: not town.family(), within=5, what="no orphan of the killed supervisor")
        eventually(town.port_is_free, within=5, what="the port is free after the supervisor was killed")
        town.start()

    def _kill_database(self) -> None:
        assert self.cluster is not None
        self.cluster.kill()
        self.cluster.launch(durable=True)

    def _write(self, port: int) -> None:
        while self._writing.is_set():
            key = uuid.uuid4().hex
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                connection.request(
                    "POST",
                    "/ledger/note",
                    body=f"key={key}",
                    headers={"Host": f"localhost:{port}", "Content-Type": "application/x-www-form-urlencoded"},
                )
                if connection.getresponse().status == 200:
                    self.acknowledged.append(key)
                    now = time.monotonic()
                    silence = round(now - self._last_answer, 1)
                    self.longest_silence[self._last_kill] = max(silence, self.longest_silence.get(self._last_kill, 0.0))
                    self._last_answer = now
                    time.sleep(BREATH_SECONDS)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()

    def _use_app(self, port: int) -> None:
        """Make records, change each, and move it by a button or by a decision, like people at two pages."""
        way = 0
        while self._writing.is_set():
            key, way = uuid.uuid4().hex, way + 1
            ask = way % 2 == 0
            made = self._act(port, "create", key=key, way="ask" if ask else "hand_out")
            if (
                made is None or "refused" in made
            ):  # nobody knows whether it was made; a person would look, we make another
                continue
            self.done.append(("create", key))
            self._till_done(port, "change", key, made)
            self._till_done(
                port, "press", key, made, button="ask" if ask else "hand_out", said="ask" if ask else "press"
            )
            if ask:
                self._till_done(port, "decide", key, made, outcome=("approved", "refused")[way % 4 // 2])
            time.sleep(BREATH_SECONDS / 2)

    def _import(self, port: int) -> None:
        while self._writing.is_set():
            key = uuid.uuid4().hex
            answer = self._act(port, "import", key=key)
            if answer is not None and "refused" not in answer:
                self.done.append(("import", key))
                time.sleep(2 * BREATH_SECONDS)

    def _till_done(self, port: int, name: str, key: str, made: dict[str, Any], *, said: str = "", **given: str) -> None:
        """The same act again until it is answered, with the version seen last, as somebody who opens the page again.

        What was begun is brought to its end also when no more is to be begun. A decision that was refused because it had
        been made before is done, but this was no answer to it.
        """
        until = time.monotonic() + STALLED_SECONDS
        while time.monotonic() < until:
            answer = self._act(port, name, key=key, record=made["record"], version=str(made["version"]), **given)
            if answer is None:
                continue
            made["version"] = answer["version"] or made["version"]
            if "refused" not in answer:
                self.done.append((said or name, key))
            if "refused" not in answer or name == "decide":
                return

    def _act(self, port: int, name: str, **given: str) -> dict[str, Any] | None:
        """What the house answered; None when it did not."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Host": f"localhost:{port}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", f"/ledger/app/{name}", body=urlencode(given), headers=headers)
            response = connection.getresponse()
            body = response.read()
            if response.status in (200, 409):
                answered: dict[str, Any] = json.loads(body)
                return answered
        except (OSError, http.client.HTTPException, ValueError):
            pass
        finally:
            connection.close()
        time.sleep(0.05)
        return None

    def settled(self) -> dict[str, Any]:
        """Wait until every job is done (killed ones run again when their lease is over), then count."""
        keys = self.folder / "acknowledged"
        keys.write_text("\n".join(self.acknowledged))
        open_jobs, since = -1, time.monotonic()
        while True:
            left: dict[str, Any] = json.loads(self.command("-m", "tests.crash.ledger.verify", str(keys)))
            if left["open_jobs"] != open_jobs:
                open_jobs, since = left["open_jobs"], time.monotonic()
            if not open_jobs or time.monotonic() > since + STALLED_SECONDS:
                break
            time.sleep(2)
        acts = self.folder / "acts"
        acts.write_text("\n".join(f"{what} {key}" for what, key in self.done))
        counts: dict[str, Any] = json.loads(self.command("-m", "tests.crash.ledger.verify", str(keys), str(acts)))
        return counts
