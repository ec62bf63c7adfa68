"""Refusals as pages: the statuses Django has no page for itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_STATUSES = frozenset({400, 403, 404, 413, 429, 503})


def refuse(
    request: HttpRequest, status: int, *, reason: str = "", limit: str = "", retry_after: int | None = None
) -> HttpResponse:
    """The page for a status: 413 with the `limit` in words, 429 and 503 with `retry_after` in seconds.

    `reason` is a complete Japanese sentence (403, 503). Raises `ValueError` on a status that has no page.
    """
    if status not in _STATUSES:
        raise ValueError(f"no page for status {status}")
    shown = {"reason": reason, "exception": reason, "limit": limit, "retry_after": retry_after}
    response = render(request, f"{status}.html", shown, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
