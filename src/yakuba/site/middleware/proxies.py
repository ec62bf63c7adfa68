"""Behind a proxy of the town's own, a request counts as encrypted when the proxy says that it was."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ProxyMiddleware:
    """Takes ``X-Forwarded-Proto`` from ``YAKUBA_TRUSTED_PROXIES`` alone: anybody else could write it himself.

    Of several values the last counts, which is the one the nearest proxy added. Without it a town behind TLS would
    refuse its own forms, because their origin (https) is not the address the page believes to have (http).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._trusted = [ipaddress.ip_network(one) for one in settings.YAKUBA_TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._trusted and self._is_trusted(str(request.META.get("REMOTE_ADDR", ""))):
            said = str(request.META.get("HTTP_X_FORWARDED_PROTO", "")).rpartition(",")[2].strip().lower()
            if said in ("http", "https"):
                request.META["wsgi.url_scheme"] = said
        return self.get_response(request)

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address.version == network.version and address in network for network in self._trusted)
