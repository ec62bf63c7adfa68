"""Refuses forms that are not in UTF-8 before anything reads them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_UTF_8 = frozenset({"utf-8", "utf8"})


class EncodingMiddleware:
    """400 for a form that declares another encoding.

    Django raises BadRequest whenever such a form is read; its page for bad requests reads the form again, and so a
    visitor would meet a server error instead of a refusal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = (request.content_params or {}).get("charset", "utf-8")
        if request.content_type == "application/x-www-form-urlencoded" and declared.lower() not in _UTF_8:
            return render(request, "400.html", status=400)
        return self.get_response(request)
