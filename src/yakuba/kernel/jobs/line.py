"""Lines to the outside that are cut in time, however slowly an answer drips."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class TooSlow(Exception):
    """The line was cut because its time was over."""


class Line(http.client.HTTPConnection):
    """As the library's, but its socket stays known after the library let go of it, so that it can be cut off.

    Whoever encrypts it keeps `line` at the newest socket before the handshake: a slow handshake is cut off too.
    """

    line: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.line = self.sock


@contextmanager
def in_time(connection: Line, seconds: float) -> Iterator[None]:
    """Cut the line after ``seconds``, whatever still drips through it; closed in any case. Raises ``TooSlow`` then."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        line = connection.sock or connection.line
        if line is not None:
            with suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    watch = threading.Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
        if over.is_set():
            raise TooSlow
    except (OSError, http.client.HTTPException):
        if over.is_set():
            raise TooSlow from None
        raise
    finally:
        watch.cancel()
        connection.close()
        if connection.line is not None:
            with suppress(OSError):
                connection.line.close()
