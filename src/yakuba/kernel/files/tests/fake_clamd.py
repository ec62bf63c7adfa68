"""A strict stand-in for ClamAV's daemon on a loopback or unix socket: wrong framing is refused, not forgiven."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VIRUS = b"X5O!P%@AP-HARMLESS-TEST-VIRUS"


class FakeClamd(socketserver.BaseRequestHandler):
    """Knows PING, VERSION and INSTREAM with the z prefix, as clamd(8) describes them."""

    longest_stream = 25 * 1024 * 1024
    behaviour = "strict"
    seen: list[bytes]

    def handle(self) -> None:
        if self.behaviour == "silent":
            self._read_all()
            return
        if self.behaviour == "hangs up":
            return
        command = self._until_nul()
        if self.behaviour == "babbles":
            self._say(b"x" * 10_000)
        elif command == b"zPING":
            self._say(b"PONG\0")
        elif command == b"zVERSION":
            self._say(b"ClamAV 1.4.3/27800/Mon Nov 23 08:00:00 2026\0")
        elif command == b"zINSTREAM":
            self._say(self._judge() + b"\0")
        else:
            self._say(b"UNKNOWN COMMAND\0")

    def _judge(self) -> bytes:
        content = b""
        while True:
            head = self._exactly(4)
            if head is None:
                return b"INSTREAM: wrong framing. ERROR"
            (length,) = struct.unpack("!I", head)
            if length == 0:
                break
            if len(content) + length > self.longest_stream:
                return b"INSTREAM size limit exceeded. ERROR"
            chunk = self._exactly(length)
            if chunk is None:
                return b"INSTREAM: wrong framing. ERROR"
            content += chunk
        self.seen.append(content)
        if self._more():
            return b"INSTREAM: bytes behind the end. ERROR"
        return b"stream: Harmless.Test-1 FOUND" if VIRUS in content else b"stream: OK"

    def _exactly(self, count: int) -> bytes | None:
        received = b""
        while len(received) < count:
            piece = self.request.recv(count - len(received))
            if not piece:
                return None
            received += piece
        return received

    def _until_nul(self) -> bytes:
        received = b""
        while not received.endswith(b"\0") and len(received) < 64:
            piece = self.request.recv(1)
            if not piece:
                break
            received += piece
        return received.rstrip(b"\0")

    def _more(self) -> bool:
        self.request.settimeout(0.05)
        try:
            return bool(self.request.recv(1))
        except TimeoutError:
            return False
        finally:
            self.request.settimeout(5)

    def _read_all(self) -> None:
        self.request.settimeout(3)
        try:
            while self.request.recv(65536):
                pass
        except OSError:
            pass

    def _say(self, answer: bytes) -> None:
        self.request.sendall(answer)


@contextmanager
def running(
    behaviour: str = "strict", *, socket_file: Path | None = None, **changed: Any
) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a running stand-in and the contents it was sent."""
    seen: list[bytes] = []
    handler = type("Handler", (FakeClamd,), {"behaviour": behaviour, "seen": seen, **changed})
    server: socketserver.BaseServer
    if socket_file:
        server = socketserver.ThreadingUnixStreamServer(str(socket_file), handler)
        address = f"unix:{socket_file}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        address = f"tcp:127.0.0.1:{server.server_address[1]}"  # type: ignore[index]
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield address, seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
