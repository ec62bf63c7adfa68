"""Language of a page: residents and visitors choose, the office is Japanese."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

_KNOWN = frozenset(code for code, _ in settings.LANGUAGES)


class LanguageMiddleware:
    """Cookie first, then the browser's wish; ``Content-Language`` is ``ja`` for やさしい日本語 as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", "ja" if language == "ja-easy" else language)
        if not request.path_info.startswith("/office/"):
            response.headers.setdefault("Vary", "Cookie, Accept-Language")
        return response

    def _language(self, request: HttpRequest) -> str:
        if request.path_info.startswith("/office/"):
            return "ja"
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in _KNOWN:
            return chosen
        wished = request.headers.get("Accept-Language", "")[:200].lower()
        first = wished.partition(",")[0].strip()
        return "ja" if not first or first.startswith(("ja", "*")) else "en"
