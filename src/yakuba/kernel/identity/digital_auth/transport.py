"""Talking to the provider over HTTP: to its own host only, not for long, not much, and never inside a transaction."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from yakuba.kernel.identity.digital_auth.base import ProviderLied, ProviderUnavailable
from yakuba.kernel.jobs.api import Line, TooSlow, in_time, outside_call

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
                with in_time(connection, self.seconds):
                    connection.request(
                        method, path, body=body, headers={"Accept": "application/json", **(headers or {})}
                    )
                    return self._read(connection.getresponse())
            except TooSlow:
                raise ProviderUnavailable("too slow") from None
            except (OSError, http.client.HTTPException) as fault:
                raise ProviderUnavailable(type(fault).__name__) from fault

    def _connection(self, host: str, port: int | None, *, is_encrypted: bool) -> Line:
        wait = min(_WAIT, self.seconds)
        if not is_encrypted:
            return Line(host, port, timeout=wait)
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


class _TlsConnection(Line):
    """A line with TLS; the socket is known before the handshake, so that a slow one can be cut off too."""

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


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
