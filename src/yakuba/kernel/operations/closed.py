"""Keeping the town hall closed while its database is rebuilt."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yakuba.kernel.operations.databases import PostgreSQL
from yakuba.kernel.values.api import Refusal

SUPERVISOR_LOCK = "run/supervisor.lock"
"""The file whose lock the supervisor holds while a home is open (``site.supervisor.claim``)."""


class TownIsOpen(Refusal):
    """Somebody works in this home right now."""


@contextmanager
def town_closed(home: Path, *, database: PostgreSQL | None = None) -> Iterator[None]:
    """Hold the supervisor's own lock, so that the town hall is closed and stays closed; raises ``TownIsOpen``.

    On PostgreSQL other machines may work on the same ``database``; their connections are counted.
    """
    place = home / SUPERVISOR_LOCK
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TownIsOpen(
                f"役場が開いています（データの場所：{home}）。",
                hint="先に止めてください（systemctl stop yakuba、または yakuba run の画面で Ctrl+C）。",
            ) from None
        others = database.others_connected() if database else 0
        if others:
            raise TownIsOpen(
                f"データベースにほかの接続が {others} 件あります。",
                hint="同じデータベースを使っている機械をすべて止めてください。",
            )
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid()}).encode())
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)
