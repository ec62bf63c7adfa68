"""Talking to the provider over HTTP: to its own host only, not for long, not much, and never inside a transaction."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from yakuba.kernel.identity.digital_auth.base import ProviderLied, ProviderUnavailable
from yakuba.kernel.jobs.api import outside_call

#: Seconds for one exchange from the first packet to the last, and for any one wait within it.
_WHOLE, _WAIT = 8.0, 5.0
#: Bytes an answer may have: tokens and key sets are a few thousand.
MOST_BYTES = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """An answer of the provider, read to its end."""

    status: int
    content_type: str
    body: bytes

    def content(self) -> dict[str, Any]:
        """The JSON object in the body. Raises ``ProviderLied`` for anything else, such as a page for people."""
        if self.content_type.partition(";")[0].strip().lower() != "application/json":
            raise ProviderLied("content type")
        try:
            found = json.loads(self.body.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as fault:
            raise ProviderLied("json") from fault
        if not isinstance(found, dict):
            raise ProviderLied("json")
        return found


class Transport(Protocol):
    """How questions reach a provider."""

    def send(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Ask and read the answer. Raises ``ProviderUnavailable`` or ``ProviderLied``."""
        ...


@dataclass(frozen=True)
class HttpTransport:
    """HTTP with TLS to the host of ``base`` and to no other; redirects are not followed.

    ``proxy`` (``http://proxy.example.lg.jp:8080``) is the town's way to the internet, if it has only one; ``ca_file``
    adds no authority but replaces the system's. ``seconds`` bounds an exchange as a whole, however slowly it drips.
    """

    base: str
    ca_file: str = ""
    proxy: str = ""
    seconds: float = _WHOLE
    most_bytes: int = MOST_BYTES

    def send(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        target, base = urlsplit(address), urlsplit(self.base)
        if (target.scheme, target.netloc) != (base.scheme, base.netloc):
            raise ValueError(f"not the provider's host: {target.netloc}")
        path = f"{target.path}?{target.query}" if target.query else target.path
        with outside_call("digital authentication"):
            try:
                connection = self._connection(base.hostname or "", base.port, is_encrypted=base.scheme == "https")
                with _in_time(connection, self.seconds):
                    connection.request(
                        method, path, body=body, headers={"Accept": "application/json", **(headers or {})}
                    )
                    return self._read(connection.getresponse())
            except (OSError, http.client.HTTPException) as fault:
                raise ProviderUnavailable(type(fault).__name__) from fault

    def _connection(self, host: str, port: int | None, *, is_encrypted: bool) -> _Connection:
        wait = min(_WAIT, self.seconds)
        if not is_encrypted:
            return _Connection(host, port, timeout=wait)
        context = ssl.create_default_context(cafile=self.ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if not self.proxy:
            return _TlsConnection(host, port, timeout=wait, context=context, name=host)
        way = urlsplit(self.proxy)
        connection = _TlsConnection(way.hostname or "", way.port or 80, timeout=wait, context=context, name=host)
        connection.set_tunnel(host, port or 443)
        return connection

    def _read(self, response: http.client.HTTPResponse) -> Answer:
        if 300 <= response.status < 400:
            raise ProviderLied("redirect")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise ProviderLied("content encoding")
        body = response.read(self.most_bytes + 1)
        if len(body) > self.most_bytes:
            raise ProviderLied("too large")
        if response.length:  # more was announced than came
            raise ProviderUnavailable("cut off")
        return Answer(response.status, response.headers.get("Content-Type", ""), body)


class _Connection(http.client.HTTPConnection):
    """As the library's, but its socket stays known after the library let go of it, so that it can be cut off."""

    line: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.line = self.sock


class _TlsConnection(_Connection):
    """The same with TLS; the socket is known before the handshake, so that a slow one can be cut off too."""

    default_port = 443

    def __init__(self, host: str, port: int | None, *, timeout: float, context: ssl.SSLContext, name: str) -> None:
        super().__init__(host, port, timeout=timeout)
        self._tls, self._name = context, name

    def connect(self) -> None:
        super().connect()  # also asks the proxy for a tunnel
        self.sock = self.line = self._tls.wrap_socket(
            self.sock, server_hostname=self._name, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


@contextmanager
def _in_time(connection: _Connection, seconds: float) -> Iterator[None]:
    """Cut the line after ``seconds``, whatever still drips through it. Raises ``ProviderUnavailable`` then."""
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
            raise ProviderUnavailable("too slow")
    except (OSError, http.client.HTTPException):
        if over.is_set():
            raise ProviderUnavailable("too slow") from None
        raise
    finally:
        watch.cancel()
        connection.close()


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
