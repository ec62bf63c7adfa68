"""Writes one line per request into the log and every fault into the error book."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, DisallowedHost, PermissionDenied, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse

from yakuba.kernel.operations.services import keep_fault
from yakuba.kernel.values.api import Refusal

log = logging.getLogger("yakuba.web")

_NO_FAULT = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, DisallowedHost, Refusal)


class OperationsMiddleware:
    """The log names the route, never the address: addresses carry identifiers and search words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        log.info(
            "request",
            extra={
                "request_id": getattr(request, "request_id", ""),
                "route": _route(request),
                "method": request.method if request.method in ("GET", "POST", "HEAD") else "other",
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000),
            },
        )
        return response


def note_fault(sender: object, request: Any = None, **kwargs: object) -> None:
    """Django's signal for what nobody caught, in a page or in a layer around it, becomes an entry in the error book."""
    exception = sys.exc_info()[1]
    if exception is None or isinstance(exception, _NO_FAULT):
        return
    try:
        keep_fault(exception=exception, route=_route(request), request_id=getattr(request, "request_id", ""))
    except DatabaseError:
        log.exception("error book not reachable")


def _route(request: HttpRequest) -> str:
    match = getattr(request, "resolver_match", None)
    return str(match.route) if match else ""
