"""The languages of the public and resident faces, and the cookie that keeps the reader's choice."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

ONE_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code in the house, its own name, its code in HTML."""

    code: str
    name: str
    html: str


LANGUAGES: tuple[Language, ...] = (
    Language("ja", "日本語", "ja"),
    Language("ja-easy", "やさしい日本語", "ja"),
    Language("en", "English", "en"),
)

LANGUAGE_CODES: frozenset[str] = frozenset(language.code for language in LANGUAGES)


def html_language(code: str | None) -> str:
    """The `lang` attribute for a language of ours; `ja` for anything unknown."""
    return next((language.html for language in LANGUAGES if language.code == code), "ja")


def safe_return(request: HttpRequest, address: str, *, otherwise: str = "/") -> str:
    """`address` if it stays on this host, else `otherwise`: no form and no link of ours sends anybody elsewhere."""
    allowed = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    fits = allowed and len(address) <= 2000 and all(character.isprintable() for character in address)
    return address if fits else otherwise


def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and lead back. Unknown codes and foreign addresses are ignored."""
    asked = request.POST if request.method == "POST" else request.GET
    response = HttpResponseRedirect(safe_return(request, asked.get("next", "/")))
    code = asked.get("code", "")
    if code in LANGUAGE_CODES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=ONE_YEAR,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    response["Cache-Control"] = "no-store"
    return response
