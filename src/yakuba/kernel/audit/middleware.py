"""Gives each request its number, so that a page, its log line and its audit events can be told together."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yakuba.kernel.audit.context import surrounded_by


class SurroundingsMiddleware:
    """Sets ``request.request_id`` and the surroundings of the acts of this request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        first = request.path_info.strip("/").partition("/")[0]
        face = {"office": "office", "my": "resident", "device": "device", "api": "machine"}.get(first, "public")
        with surrounded_by(request.request_id, face):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response
