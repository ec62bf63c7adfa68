"""A small client of ClamAV's daemon.

Source: clamd(8), commands PING, VERSION and INSTREAM with the `z` prefix: a stream is sent as chunks, each preceded by
its length in four bytes, network order, and ended by a chunk of length zero.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_ADDRESS = re.compile(r"tcp:(?:\[(?P<v6>[0-9a-fA-F:]+)\]|(?P<host>[^:\[\]]+)):(?P<port>\d{1,5})")


class ScannerDown(Exception):
    """The daemon did not answer, or answered something that is no verdict."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """The daemon behind a socket: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`.

    `timeout` (seconds) holds for connecting and for every answer. Raises `ValueError` for any other address.
    """

    address: str
    timeout: float = 20.0

    def __post_init__(self) -> None:
        if not self.address.startswith("unix:/") and not _ADDRESS.fullmatch(self.address):
            raise ValueError(f"not a clamd address: {self.address!r}")

    def version(self) -> str:
        """What the daemon says of itself and its signatures, e.g. `ClamAV 1.4.3/27800/Mon Nov 23 …`."""
        with self._connected() as connection:
            connection.sendall(b"zVERSION\0")
            return _answer(connection)

    def scan(self, content: bytes) -> str | None:
        """The name of the virus found in the content, `None` if none. Raises `ScannerDown`."""
        with self._connected() as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            answer = _answer(connection)
        if answer == "stream: OK":
            return None
        if found := re.fullmatch(r"stream: (.{1,200}) FOUND", answer):
            return found.group(1)
        raise ScannerDown(f"clamd: {answer[:100]}")

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        try:
            with self._socket() as connection:
                connection.settimeout(self.timeout)
                yield connection
        except OSError as fault:  # refused, timed out, closed in the middle, no such socket
            raise ScannerDown(type(fault).__name__) from fault

    def _socket(self) -> socket.socket:
        if self.address.startswith("unix:"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self.timeout)
            try:
                connection.connect(self.address.removeprefix("unix:"))
            except OSError:
                connection.close()
                raise
            return connection
        found = _ADDRESS.fullmatch(self.address)
        if found is None:
            raise ValueError(self.address)
        return socket.create_connection((found["v6"] or found["host"], int(found["port"])), timeout=self.timeout)


def _answer(connection: socket.socket) -> str:
    """Everything up to the ending NUL."""
    received = b""
    while not received.endswith(b"\0"):
        piece = connection.recv(1024)
        if not piece:
            raise ScannerDown("clamd closed the connection without an answer")
        received += piece
        if len(received) > _LONGEST_ANSWER:
            raise ScannerDown("clamd gave an answer that is no answer")
    return received[:-1].decode("utf-8", "replace").strip()
