"""Looking at an outside address: does it still open?

The address is written by clerks, so it is treated as hostile: only http(s) to public machines, the name is resolved once
and the connection goes to what was resolved, a handful of redirects, nothing of the page is kept.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from yakuba.kernel.catalogue.models import LinkState
from yakuba.kernel.catalogue.rules.content import is_web_address

SECONDS = 10
MOST_REDIRECTS = 4
_MOVED_FOR_GOOD = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

Ask = Callable[[str], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: the state, and a Japanese sentence for the clerk."""

    state: LinkState
    words: str


class _Unreached(Exception):
    """The address could not be asked; says nothing about the page."""


def look_at(address: str, *, ask: Ask | None = None) -> Look:
    """Open an address the way a reader would and say what came of it. `ask` gives status and Location of one address."""
    ask = ask or _ask
    here, moved_to = address, ""
    for _ in range(MOST_REDIRECTS + 1):
        if not is_web_address(here):
            return Look(LinkState.BROKEN, "開けないアドレスへ転送されました。行き先を確かめてください。")
        try:
            status, location = ask(here)
        except _Unreached as fault:
            return Look(LinkState.UNREACHED, str(fault))
        if status in _REDIRECTS and location:
            here = urljoin(here, location)
            if status in _MOVED_FOR_GOOD:
                moved_to = here
            continue
        return _judged(status, moved_to if moved_to and not _is_same(address, here) else "")
    return Look(LinkState.BROKEN, "転送が多すぎて開けません。行き先を確かめてください。")


def _judged(status: int, moved_to: str) -> Look:
    if status < 400:
        if moved_to:
            return Look(LinkState.MOVED, f"新しいアドレスに移っています：{moved_to[:150]}")
        return Look(LinkState.WELL, "開けました。")
    if status in (401, 403, 405, 429) or status >= 500:
        # Sites that turn machines away, or are down for a while: a person has to look.
        return Look(
            LinkState.UNREACHED, f"相手のサイトが答えませんでした（応答 {status}）。人の目で開いて確かめてください。"
        )
    return Look(LinkState.BROKEN, f"ページがありません（応答 {status}）。行き先を直してください。")


def _is_same(one: str, other: str) -> bool:
    """Whether two addresses differ only in scheme, a leading www. or a closing slash."""

    def bare(address: str) -> str:
        parts = urlsplit(address)
        return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"

    return bare(one) == bare(other)


def _ask(address: str) -> tuple[int, str]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    machine = _public_machine(host, port)
    connection = _connection(parts.scheme, host, machine, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(
            "GET", path, headers={"Host": parts.netloc, "User-Agent": "yakuba-link-check", "Accept": "text/html,*/*"}
        )
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", "")[:2000]
    except ssl.SSLCertVerificationError:
        raise _Unreached("相手のサイトの証明書を確かめられませんでした。人の目で開いて確かめてください。") from None
    except (OSError, http.client.HTTPException, UnicodeError):
        raise _Unreached("相手のサイトにつながりませんでした。人の目で開いて確かめてください。") from None
    finally:
        connection.close()


def _public_machine(host: str, port: int) -> str:
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise _Unreached("相手のサイトの名前が見つかりませんでした。人の目で開いて確かめてください。") from None
    for one in sorted(found):
        if ipaddress.ip_address(one.partition("%")[0]).is_global:
            return one
    raise _Unreached("町の中のアドレスなので、確かめませんでした。")


def _connection(scheme: str, host: str, machine: str, port: int) -> http.client.HTTPConnection:
    plain = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        found = socket.create_connection((machine, port), timeout=SECONDS)
        if scheme == "https":
            found = ssl.create_default_context().wrap_socket(found, server_hostname=host)
    except ssl.SSLCertVerificationError:
        raise _Unreached("相手のサイトの証明書を確かめられませんでした。人の目で開いて確かめてください。") from None
    except OSError:
        raise _Unreached("相手のサイトにつながりませんでした。人の目で開いて確かめてください。") from None
    plain.sock = found
    return plain
