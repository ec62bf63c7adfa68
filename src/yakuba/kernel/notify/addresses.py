"""Addresses of pages, for mails that leave outside of any request."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from yakuba.kernel.access.api import Face


def notice_url(public_id: str) -> str:
    """Where a resident reads a notice, with the host of the residents' face."""
    return absolute(reverse("resident-notice", args=[public_id]))


def absolute(path: str) -> str:
    """A path of ours with its host: the residents' face for ``/my/``, else the public one."""
    host = settings.YAKUBA_FACE_HOSTS.get(Face.RESIDENT if path.startswith("/my/") else Face.PUBLIC)
    return f"https://{host}{path}" if host else f"{settings.YAKUBA_URL}{path}"


def own_path(link: str) -> str:
    """A link of the house as it may stand in a notice: a path of our own, never another host. Raises ``ValueError``."""
    if not link:
        return ""
    is_path = link.startswith("/") and not link.startswith(("//", "/\\")) and link.isprintable() and " " not in link
    if not is_path or len(link) > 300:
        raise ValueError(f"no path of our own: {link[:60]!r}")
    return link
