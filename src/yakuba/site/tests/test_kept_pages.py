"""Public pages from memory: never older than the last write, never somebody's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from yakuba.kernel.access.api import Face, system_person
from yakuba.kernel.audit.api import last_write, verb
from yakuba.site.middleware.kept_pages import MOST_PAGES, KeptPagesMiddleware

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@verb("kept_pages.change", label="変更")
def change(*, by: Any) -> None:
    """A verb that changes nothing but the number of the last write."""


class View:
    """Counts how often a page was really made."""

    def __init__(self, **response: Any) -> None:
        self.made = 0
        self.face: Face | None = Face.PUBLIC
        self.response = response
        self.cookie = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.made += 1
        request.face = self.face  # type: ignore[attr-defined]
        answer = HttpResponse(f"{self.made}", **self.response)
        if self.cookie:
            answer.set_cookie("a", "b")
        return answer


@pytest.fixture(autouse=True)
def keep_pages(settings: Any) -> Iterator[None]:
    settings.YAKUBA_KEEP_PAGES = True
    yield


def ask(middleware: KeptPagesMiddleware, path: str = "/plan/", **cookies: str) -> bytes:
    request = RequestFactory(headers={"host": "localhost"}).get(path)
    request.COOKIES.update(cookies)
    request.resolver_match = None  # type: ignore[assignment]
    return middleware(request).content


def test_the_second_visitor_gets_the_page_made_for_the_first() -> None:
    view = View()
    keeping = KeptPagesMiddleware(view)
    assert [ask(keeping), ask(keeping)] == [b"1", b"1"]
    assert view.made == 1


def test_after_any_write_the_page_is_made_anew() -> None:
    keeping = KeptPagesMiddleware(View())
    before, first = last_write(), ask(keeping)
    change(by=system_person("test"))
    assert last_write() > before
    assert ask(keeping) != first


def test_address_and_language_are_told_apart() -> None:
    from django.utils import translation

    keeping = KeptPagesMiddleware(View())
    assert ask(keeping, "/plan/?a=1") != ask(keeping, "/plan/?a=2")
    with translation.override("en"):
        english = ask(keeping)
    with translation.override("ja"):
        assert ask(keeping) != english


def test_somebody_with_a_session_is_never_answered_from_memory(settings: Any) -> None:
    keeping = KeptPagesMiddleware(View())
    ask(keeping)
    assert ask(keeping, **{settings.SESSION_COOKIE_NAME: "x"}) == b"2"


@pytest.mark.parametrize("path", ["/office/", "/my/", "/api/v1/", "/healthz"])
def test_other_faces_are_never_answered_from_memory(path: str) -> None:
    keeping = KeptPagesMiddleware(View())
    assert ask(keeping, path) != ask(keeping, path)


@pytest.mark.parametrize("what", ["error", "cookie", "no-store", "another face"])
def test_what_is_not_for_everybody_is_not_kept(what: str) -> None:
    view = View(**{"error": {"status": 404}, "no-store": {"headers": {"Cache-Control": "no-store"}}}.get(what, {}))
    view.cookie = what == "cookie"
    view.face = Face.MACHINE if what == "another face" else Face.PUBLIC
    keeping = KeptPagesMiddleware(view)
    assert ask(keeping) != ask(keeping)


def test_memory_is_limited() -> None:
    keeping = KeptPagesMiddleware(View())
    for number in range(MOST_PAGES + 10):
        ask(keeping, f"/plan/?n={number}")
    assert len(keeping._pages) == MOST_PAGES


def test_the_real_page_comes_with_its_headers_and_one_query() -> None:
    client = Client(headers={"host": "localhost"})
    first = client.get("/accessibility/")
    with CaptureQueriesContext(connection) as captured:
        second = client.get("/accessibility/")
    assert second.content == first.content
    for name in ("Content-Type", "Content-Security-Policy", "Content-Language", "X-Content-Type-Options", "Vary"):
        assert second.headers[name] == first.headers[name]
    assert len(captured) <= 1, [each["sql"] for each in captured]
