"""Messages that leave the house (Webhook): which address may be asked, and how a message is signed.

The rules against being led to a machine inside (SSRF): only a host the information systems section allowed by name,
every address behind that name is one of the open internet, the connection goes to exactly that address, and nobody is
followed elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from yakuba.kernel.values.api import Refusal

LONGEST_URL = 500
SIGNATURE, TIMESTAMP, DELIVERY = "X-Yakuba-Signature", "X-Yakuba-Timestamp", "X-Yakuba-Delivery"
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_CLOSED = tuple(
    ip_network(one)
    for one in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4 addresses in the old writing
        "64:ff9b::/96",  # NAT64: another way to write any IPv4 address
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo and others
        "2002::/16",  # 6to4
        "fec0::/10",
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A place outside: scheme, host, port and path with query."""

    scheme: str
    host: str
    port: int
    path: str


def tidy_host(text: str) -> str:
    """A host name in small letters. Raises `Refusal` for anything but a full name (no number, no `localhost`)."""
    host = text.strip().lower().removesuffix(".")
    if not _HOST.fullmatch(host) or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
        raise Refusal(
            f"「{text[:60]}」は送り先のホスト名として使えません。",
            field="host",
            hint="hooks.example.jp のような、点で区切った名前で書いてください。番号（IPアドレス）は使えません。",
        )
    return host


def target_of(url: str, *, allowed: Mapping[str, bool]) -> Target:
    """Where a URL leads; `allowed` says by host whether it may be asked without encryption (http).

    Raises `Refusal` with the reason.
    """
    if len(url) > LONGEST_URL or any(sign.isspace() or not 0x21 <= ord(sign) <= 0x7E for sign in url):
        raise _refused("空白や日本語の入っていない、500文字までのURLを書いてください。")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("URLを確かめてください。") from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise _refused("https:// で始まるURLを書いてください。")
    if "@" in parts.netloc or "\\" in url or parts.fragment:
        raise _refused("URLに利用者名、「@」、「#」は入れられません。")
    host = tidy_host(parts.hostname)
    if host not in allowed:
        raise Refusal(
            f"送り先「{host}」は許可されていません。",
            field="url",
            hint="情報システム担当に、送り先の許可を頼んでください。",
        )
    if parts.scheme == "http" and not allowed[host]:
        raise _refused(f"「{host}」には https:// でだけ送れます。")
    path = parts.path or "/"
    return Target(
        parts.scheme,
        host,
        port or (443 if parts.scheme == "https" else 80),
        f"{path}?{parts.query}" if parts.query else path,
    )


def _refused(hint: str) -> Refusal:
    return Refusal("このURLには送れません。", field="url", hint=hint)


def may_connect(address: str, *, besides: Collection[IPv4Network | IPv6Network] = ()) -> bool:
    """Whether a resolved address is one of the open internet; `besides` are networks allowed all the same (tests)."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.scope_id:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found.version == one.version and found in one for one in besides):
        return True
    if any(found.version == one.version and found in one for one in _CLOSED):
        return False
    is_inside = (
        found.is_private
        or found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
    )
    return found.is_global and not is_inside


def signature(secret: str, *, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`, as the header carries it: `v1=` and 64 hexadecimal digits."""
    signed = str(timestamp).encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
