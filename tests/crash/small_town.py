"""A town hall of three small programs with the same process families as the real one, for trying the supervisor.

`python -m tests.crash.small_town HOME PORT [BROKEN]` runs it; BROKEN names a program that falls at once.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from yakuba.site.supervisor import Program, run


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]


def cluster() -> None:
    """A head, a sentinel and two workers, made the way a django-q2 cluster makes them."""
    stop = multiprocessing.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sentinel = multiprocessing.get_context("fork").Process(target=_sentinel, args=(stop,))
    sentinel.start()
    while sentinel.is_alive():
        sentinel.join(0.1)


def _sentinel(stop: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    workers = [multiprocessing.get_context("fork").Process(target=time.sleep, args=(3600,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    stop.wait()
    for worker in workers:
        worker.kill()
        worker.join()


def keeper() -> None:
    signal.pause()


def broken() -> None:
    sys.exit("設定ファイルがありません")


def programs(port: int, broken_one: str) -> tuple[Program, ...]:
    here = "tests.crash.small_town"
    web = ("--port", str(port), "--workers", "2", "--application", f"{here}:application")
    whole = (
        Program(name="web", title="Web", target="yakuba.site.serve:main", arguments=web),
        Program(name="worker", title="ジョブ", target=f"{here}:cluster", stop_within=3.0),
        Program(name="keeper", title="番人", target=f"{here}:keeper", stop_within=3.0, stop_step=1),
    )
    return tuple(
        Program(name=each.name, title=each.title, target=f"{here}:broken") if each.name == broken_one else each
        for each in whole
    )


if __name__ == "__main__":
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    sys.exit(run(home=home, port=port, programs=programs(port, sys.argv[3] if len(sys.argv) > 3 else "")))
