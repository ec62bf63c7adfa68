"""What cannot be read is refused with a page, and what broke stands in the error book, wherever it broke."""

from typing import Any, NoReturn

import pytest
from django.test import Client

from yakuba.kernel.operations.models import ErrorEntry

pytestmark = [pytest.mark.django_db, pytest.mark.database]

UNREADABLE = [
    ("multipart/form-data", b"--x\r\n\r\n--x--"),
    ("multipart/form-data; boundary=" + "x" * 400, b"x"),
    ("application/x-www-form-urlencoded", b"a=1&" * 2000),
    ("application/x-www-form-urlencoded", b"name=" + b"a" * 5_000_000),
]


@pytest.fixture
def careful() -> Client:
    """A client with a session cookie's neighbour, the CSRF cookie, that is answered as a browser is."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["yakuba_csrf"] = "a" * 32
    return client


@pytest.mark.parametrize(("content_type", "body"), UNREADABLE, ids=["no boundary", "long boundary", "many", "long"])
@pytest.mark.parametrize("address", ["/nowhere/", "/office/nowhere", "/office/sign-in", "/my/sign-in"])
def test_a_form_that_cannot_be_read_is_refused(careful: Client, address: str, content_type: str, body: bytes) -> None:
    answer = careful.generic("POST", address, body, content_type=content_type)
    assert answer.status_code == 404 if "nowhere" in address else answer.status_code in (400, 403)
    assert "<h1" in answer.content.decode()
    assert not ErrorEntry.objects.exists()


def test_a_fault_in_a_layer_around_the_pages_is_kept(careful: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> NoReturn:
        raise RuntimeError("見本 花子")

    monkeypatch.setattr("yakuba.site.middleware.language.LanguageMiddleware._language", broken)
    answer = careful.get("/plan/")
    assert answer.status_code == 500
    entry = ErrorEntry.objects.get()
    assert (entry.exception, entry.count) == ("RuntimeError", 1)
    assert "花子" not in str(entry.where)


def test_a_fault_of_a_page_is_kept_with_its_route_and_counted(careful: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr("yakuba.kernel.home.public_views.render", broken)
    for _ in range(2):
        assert careful.get("/accessibility/").status_code == 500
    entry = ErrorEntry.objects.get()
    assert (entry.exception, entry.route, entry.count) == ("ZeroDivisionError", "accessibility/", 2)
