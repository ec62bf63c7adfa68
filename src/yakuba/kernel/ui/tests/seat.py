"""For tests of pages: a request as it is after the middlewares, with a clerk in the office seat."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest

from yakuba.kernel.access.api import Face, Person, PersonKind, Role

CLERK = Person(
    id="clerk",
    name="佐藤 花子",
    kind=PersonKind.STAFF,
    roles=frozenset({Role.STAFF}),
    section="総務課 行政管理班",
    title="主査",
)

Request = TypeVar("Request", bound=HttpRequest)


def seated(request: Request, *, face: Face = Face.OFFICE, person: Person = CLERK) -> Request:
    """The request with acting person and face."""
    request.person = person  # type: ignore[attr-defined]
    request.face = face  # type: ignore[attr-defined]
    request.user = AnonymousUser()
    request.session = SessionStore()  # kept in the request, no database behind it
    return request
