"""Who is asking: one session cookie per face, one acting person per request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from yakuba.kernel.access.api import VISITOR, Face, Person, declaration_of
from yakuba.kernel.identity.locking import answer_when_locked, lock_if_idle, locked_account
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.requirements import is_enough_for_the_office
from yakuba.kernel.identity.session_state import is_over, note_use, state_of
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Clock


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

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
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
    """Sets ``request.person`` and ``request.clock``.

    Whoever may not act is a visitor from the first request on: locked accounts, accounts of the other face, and
    office sessions that lack what the rules ask for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asking: Any = request
        asking.clock = town_clock()
        asking.person = _person(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """A locked screen leads back in, and keeps what was sent."""
        declared = declaration_of(view)
        if declared is None or declared.face is not Face.OFFICE or declared.rule.allows(VISITOR):
            return None
        return answer_when_locked(request) if locked_account(request) is not None else None


def _person(request: HttpRequest) -> Person:
    clock: Clock = request.clock  # type: ignore[attr-defined]
    account = request.user
    if not isinstance(account, Account):
        return VISITOR
    in_office = request.path_info.startswith("/office/")
    if (account.kind == AccountKind.STAFF) != in_office:
        return VISITOR
    state = state_of(request)
    if state is None:
        return VISITOR
    if in_office:
        lock_if_idle(request, account, state)
    if state.is_locked or is_over(state, account, clock.now()):
        return VISITOR
    if in_office and not is_enough_for_the_office(state):
        return VISITOR
    note_use(request, state, clock.now())
    return person_of(account, clock.today())
