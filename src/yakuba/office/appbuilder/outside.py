"""Sending one signed message to one allowed place outside (Webhook), and to nowhere else."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network

from yakuba.kernel.jobs.api import Line, TooSlow, in_time, outside_call
from yakuba.office.appbuilder.rules.outside import DELIVERY, SIGNATURE, TIMESTAMP, Target, may_connect, signature

SECONDS = 5.0
"""One exchange as a whole, however slowly it drips."""
MOST_BYTES = 64 * 1024
"""Of an answer; nothing of it is kept."""


class NotSent(Exception):
    """The message did not arrive, or nobody said that it did; the text is for people and names no content."""


def send(
    target: Target,
    body: bytes,
    *,
    secret: str,
    delivery: str,
    timestamp: int,
    besides: Collection[IPv4Network | IPv6Network] = (),
    ca_file: str = "",
    seconds: float = SECONDS,
) -> int:
    """Post JSON to a place; gives its status. Raises `NotSent`.

    The name is resolved once, every address behind it must be one of the open internet, and the connection goes to the
    address that was looked at. Redirects are not followed, proxies of the surroundings are not asked. `besides` and
    `ca_file` let a test answer on this machine.
    """
    address = _address(target, besides)
    headers = {
        "Host": target.host if target.port in (80, 443) else f"{target.host}:{target.port}",
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Yakuba",
        "Connection": "close",
        TIMESTAMP: str(timestamp),
        DELIVERY: delivery,
        SIGNATURE: signature(secret, timestamp=timestamp, body=body),
    }
    connection = _connection(target, address, ca_file=ca_file, seconds=seconds)
    with outside_call("webhook"):
        try:
            with in_time(connection, seconds):
                connection.request("POST", target.path, body=body, headers=headers)
                answer = connection.getresponse()
                received = answer.read(MOST_BYTES + 1)
        except TooSlow:
            raise NotSent("相手の返事が遅すぎました") from None
        except ssl.SSLError as fault:
            raise NotSent("相手の証明書を確かめられませんでした") from fault
        except (OSError, http.client.HTTPException) as fault:
            raise NotSent("相手につながらないか、返事がありませんでした") from fault
    if len(received) > MOST_BYTES:
        raise NotSent("相手の返事が大きすぎました")
    if 300 <= answer.status < 400:
        raise NotSent(f"相手がほかの場所へ移るよう答えました（{answer.status}）。移った先には送りません")
    if not 200 <= answer.status < 300:
        raise NotSent(f"相手が受け取りませんでした（{answer.status}）")
    return answer.status


def _address(target: Target, besides: Collection[IPv4Network | IPv6Network]) -> tuple[int, str]:
    """Family and address of a name. Raises `NotSent` when any address behind it is not of the open internet."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise NotSent("送り先の名前を調べられませんでした") from fault
    addresses = [(family, str(place[0])) for family, _, _, _, place in found]
    if not addresses or not all(may_connect(address, besides=besides) for _, address in addresses):
        raise NotSent("送り先の名前が、送ってはいけない番地（庁内など）を指していました")
    return int(addresses[0][0]), addresses[0][1]


class _Plain(Line):
    """A connection to an address that was looked at, whatever the name says by now."""

    def __init__(self, target: Target, address: tuple[int, str], *, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._family, self._address = address

    def connect(self) -> None:
        self.line = socket.socket(self._family, socket.SOCK_STREAM)
        self.line.settimeout(self.timeout)
        self.line.connect((self._address, self.port))
        self.sock = self.line


class _Encrypted(_Plain):
    """The same with TLS, the certificate checked for the name."""

    def __init__(self, target: Target, address: tuple[int, str], *, seconds: float, context: ssl.SSLContext) -> None:
        super().__init__(target, address, seconds=seconds)
        self._context, self._name = context, target.host

    def connect(self) -> None:
        super().connect()
        self.sock = self.line = self._context.wrap_socket(
            self.sock, server_hostname=self._name, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


def _connection(target: Target, address: tuple[int, str], *, ca_file: str, seconds: float) -> _Plain:
    if target.scheme == "http":
        return _Plain(target, address, seconds=seconds)
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return _Encrypted(target, address, seconds=seconds, context=context)
