"""What a request tells about the machine it comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from yakuba.kernel.identity.rules.client_address import client_address as _client_address

_SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip


def client_address(request: HttpRequest) -> str:
    """The client's address; forwarded headers count only from ``YAKUBA_TRUSTED_PROXIES``."""
    return _client_address(
        peer=str(request.META.get("REMOTE_ADDR", "")),
        forwarded_for=str(request.META.get("HTTP_X_FORWARDED_FOR", "")),
        trusted=settings.YAKUBA_TRUSTED_PROXIES,
    )


def browser_words(request: HttpRequest) -> str:
    """System and browser in words a person recognises, e.g. ``Windows・Edge``."""
    agent = request.headers.get("User-Agent", "")[:400]
    system = next((word for mark, word in _SYSTEMS if mark in agent), "")
    browser = next((word for mark, word in _BROWSERS if mark in agent), "")
    return "・".join(filter(None, (system, browser))) or "不明なブラウザー"
