"""Which address a request comes from, when proxies may stand in between."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

#: More hops than any real chain of proxies; a longer header is an attack and is not read.
MOST_HOPS = 20


def client_address(*, peer: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """The address of the client as far as we can know it.

    ``peer`` is the address the connection comes from, ``forwarded_for`` the ``X-Forwarded-For`` header, ``trusted``
    addresses or networks (``10.1.0.0/16``) of our own proxies. A header counts only when the peer is trusted; then the
    right-most hop that is no proxy of ours is the client, because everything left of it was written by the client.
    Returns ``""`` for a peer that is no address (a local socket).
    """
    networks = [ipaddress.ip_network(one, strict=False) for one in trusted]
    client = _address(peer)
    if client is None or not _is_in(client, networks):
        return str(client or "")
    hops = forwarded_for.split(",") if forwarded_for.strip() else []
    if len(hops) > MOST_HOPS:
        return str(client)
    for hop in reversed(hops):
        address = _address(hop)
        if address is None:
            break
        client = address
        if not _is_in(address, networks):
            break
    return str(client)


def throttle_group(address: str) -> str:
    """The addresses counted together: an IPv6 customer holds a whole /64."""
    found = _address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found or "unknown")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def _is_in(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> bool:
    return any(address.version == network.version and address in network for network in networks)
