"""Public pages are made once and shown to every visitor until something is written.

A visitor without a session sees what every such visitor sees. Every change of our tables is an event of the audit
log, so a page kept under the number of the last write is never older than the data; the minute in the key covers what
depends on the time alone. Pages that set a cookie, carry a form's token or a nonce are never kept.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from yakuba.kernel.access.api import Face
from yakuba.kernel.audit.api import last_write

MOST_PAGES = 256
MOST_BYTES = 400_000
LONGEST_ADDRESS = 300
_NOT_PUBLIC = ("/office/", "/my/", "/api/", "/static/", "/healthz", "/metrics")
_KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Cache-Control", "Link", "Vary")


@dataclass(frozen=True)
class _KeptPage:
    body: bytes
    headers: dict[str, str]
    route: Any  # Django's ResolverMatch, for the log


class KeptPagesMiddleware:
    """Answers from memory where the page for this address, language, last write and minute was made already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._pages: OrderedDict[Hashable, _KeptPage] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.YAKUBA_KEEP_PAGES or not _is_for_everybody(request):
            return self.get_response(request)
        key = (
            request.get_host(),
            request.get_full_path(),
            translation.get_language(),
            last_write(),
            int(time.time() // 60),
        )
        with self._lock:
            kept = self._pages.get(key)
            if kept:
                self._pages.move_to_end(key)
        if kept:
            request.resolver_match = kept.route
            return HttpResponse(kept.body, headers=kept.headers)
        response = self.get_response(request)
        if _may_be_kept(request, response):
            self._keep(key, request, response)
        return response

    def _keep(self, key: Hashable, request: HttpRequest, response: HttpResponse) -> None:
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        with self._lock:
            self._pages[key] = _KeptPage(response.content, headers, request.resolver_match)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def _is_for_everybody(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.path_info.startswith(_NOT_PUBLIC)
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and getattr(request, "face", None) is Face.PUBLIC
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.headers.get("Cache-Control", "")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and not hasattr(request, "_csp_nonce")
        and len(response.content) <= MOST_BYTES
    )
