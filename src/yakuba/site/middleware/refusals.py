"""A refusal nobody caught still becomes a page that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.values.api import Refusal


class RefusalMiddleware:
    """422 for business refusals; 503 "busy, please try again" when the database is locked by somebody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return render(request, "refused.html", {"refusal": exception}, status=422)
        if isinstance(exception, OperationalError) and "locked" in str(exception):
            busy = render(request, "503.html", status=503)
            busy["Retry-After"] = "3"
            return busy
        return None
