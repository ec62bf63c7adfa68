"""Which processes are ours, and who listens on a port: read from /proc (Linux; elsewhere nothing is found)."""

import contextlib
import errno
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = "YAKUBA_SUPERVISED"
"""Environment variable that every child carries; its value is the home it works for."""

SUPERVISOR_PID = "YAKUBA_SUPERVISOR_PID"
"""Environment variable of every child: the process id of its supervisor."""

_LISTENING = "0A"


@dataclass(frozen=True)
class Listener:
    """The process listening on a port; `home` is set when it belongs to a town hall."""

    pid: int
    command: str
    home: str | None


def marked(home: Path) -> list[int]:
    """Processes that carry the mark of this home: children of a supervisor and all their descendants."""
    entry = f"{MARK}={home}".encode()
    return [pid for pid in _all() if pid != os.getpid() and entry in _environment(pid)]


def kill_marked(home: Path, *, within: float = 5.0) -> int:
    """Kill what an earlier supervisor of this home left behind; returns how many processes that were.

    Only the holder of the home's claim may call this: nobody else's children can then carry the mark.
    """
    strays = marked(home)
    for pid in strays:
        _kill(pid)
    deadline = time.monotonic() + within
    while marked(home) and time.monotonic() < deadline:
        time.sleep(0.02)
    return len(strays)


def listener(port: int) -> Listener | None:
    """Who listens on the TCP port, as far as this user may see it."""
    inodes = set(_listening_inodes(port))
    if not inodes:
        return None
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for pid in _all():
        try:
            if any(os.readlink(entry) in wanted for entry in Path(f"/proc/{pid}/fd").iterdir()):
                return Listener(pid=pid, command=command_of(pid), home=_home_of(pid))
        except OSError:
            continue
    return None


def command_of(pid: int) -> str:
    """The command line of a process, shortened to a line a person can read."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode(errors="replace").strip()[:80]


def port_is_free(address: str, port: int) -> bool:
    """Whether the port can be listened on; raises OSError for anything but "in use"."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
            trial.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _all() -> Iterator[int]:
    try:
        names = os.listdir("/proc")
    except OSError:
        return
    yield from (int(name) for name in names if name.isdigit())


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # gone meanwhile, or another user's
        return []


def _home_of(pid: int) -> str | None:
    prefix = f"{MARK}=".encode()
    homes = (entry[len(prefix) :].decode(errors="replace") for entry in _environment(pid) if entry.startswith(prefix))
    return next(homes, None)


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[3] == _LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                yield columns[9]


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
