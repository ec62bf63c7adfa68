"""One supervisor per home, held by a lock of the operating system.

The lock ends with the process that holds it, however that ends, so a stale file says nothing and harms nothing.
"""

import fcntl
import json
import os
from pathlib import Path
from typing import Self


class AlreadyOpen(Exception):
    """Another supervisor holds this home. `pid` and `port` are what it wrote about itself, if it could."""

    def __init__(self, *, pid: int | None, port: int | None) -> None:
        super().__init__(f"held by process {pid} on port {port}")
        self.pid = pid
        self.port = port


class Claim:
    """The right to run the town hall of one home: `with Claim(home, port): …`; raises `AlreadyOpen`."""

    def __init__(self, home: Path, *, port: int) -> None:
        self.path = home / "run" / "supervisor.lock"
        self.port = port

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read(self.path)
            os.close(self._descriptor)
            raise AlreadyOpen(pid=holder.get("pid"), port=holder.get("port")) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, json.dumps({"pid": os.getpid(), "port": self.port}).encode())
        return self

    def __exit__(self, *_: object) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def _read(path: Path) -> dict[str, int]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, int)} if isinstance(found, dict) else {}
