"""Who is asking: one session cookie per face, one acting person per request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.parameters.api import town_clock


def _cookie_of(path: str) -> tuple[str, str]:
    """Name and path of the session cookie for an address: the office's cookie never travels to public pages."""
    if path.startswith("/office/"):
        return "yakuba_office", "/office/"
    return "yakuba_session", "/"


class FaceSessionMiddleware(SessionMiddleware):
    """Django's session, kept in the cookie of the face the address belongs to."""

    def process_request(self, request: HttpRequest) -> None:
        name, _ = _cookie_of(request.path_info)
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        if name in request.COOKIES:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = request.COOKIES[name]
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer = super().process_response(request, response)
        name, path = _cookie_of(request.path_info)
        if settings.SESSION_COOKIE_NAME in answer.cookies:
            morsel = answer.cookies.pop(settings.SESSION_COOKIE_NAME)
            answer.cookies[name] = morsel.value
            for attribute, value in morsel.items():
                if value:
                    answer.cookies[name][attribute] = value
            answer.cookies[name]["path"] = path
        return answer


class PersonMiddleware:
    """Sets ``request.person`` and ``request.clock``. A locked account is a visitor from its first request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asking: Any = request
        asking.clock = town_clock()
        user = asking.user
        asking.person = person_of(user, asking.clock.today()) if user.is_authenticated else VISITOR
        return self.get_response(request)
