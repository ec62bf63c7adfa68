"""Which machines' forwarded headers count."""

from __future__ import annotations

import ipaddress

from django.core.exceptions import ImproperlyConfigured


def trusted_proxies(text: str) -> tuple[str, ...]:
    """Addresses or networks of the town's own proxies, separated by commas: ``127.0.0.1,10.1.0.0/16``.

    Raises `ImproperlyConfigured` naming what is neither, because a mistyped address would silently trust nobody.
    """
    found = []
    for one in filter(None, (each.strip() for each in text.split(","))):
        try:
            found.append(str(ipaddress.ip_network(one, strict=False)))
        except ValueError:
            raise ImproperlyConfigured(
                f"YAKUBA_TRUSTED_PROXIES の「{one}」は住所として読めません。例: 127.0.0.1,10.1.0.0/16"
            ) from None
    return tuple(found)
