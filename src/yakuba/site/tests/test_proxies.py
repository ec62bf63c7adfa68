"""Behind the town's TLS proxy forms are taken; a stranger who claims to be one is not believed."""

import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from yakuba.kernel.things.api import Level
from yakuba.site.checkups import proxy
from yakuba.site.middleware.proxies import ProxyMiddleware
from yakuba.site.settings.proxies import trusted_proxies

TOWN = "town.example"


@pytest.mark.parametrize(
    ("trusted", "peer", "said", "is_secure"),
    [
        (["10.1.0.0/16"], "10.1.2.3", "https", True),
        (["10.1.0.0/16"], "::ffff:10.1.2.3", "HTTPS", True),
        (["fd00::/8"], "fd00::1", "https", True),
        (["10.1.0.0/16"], "10.1.2.3", "https, http", False),
        (["10.1.0.0/16"], "10.1.2.3", "http, https", True),
        (["10.1.0.0/16"], "10.1.2.3", "", False),
        (["10.1.0.0/16"], "10.1.2.3", "gopher", False),
        (["10.1.0.0/16"], "10.2.2.3", "https", False),
        (["10.1.0.0/16"], "unix", "https", False),
        (["fd00::/8"], "10.1.2.3", "https", False),
        ([], "127.0.0.1", "https", False),
    ],
)
def test_only_a_proxy_of_ours_says_that_a_request_was_encrypted(
    settings: Any, trusted: list[str], peer: str, said: str, is_secure: bool
) -> None:
    settings.YAKUBA_TRUSTED_PROXIES = trusted
    seen: list[bool] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.is_secure())
        return HttpResponse()

    ProxyMiddleware(page)(RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO=said))
    assert seen == [is_secure]


@pytest.fixture
def behind_tls(settings: Any) -> Client:
    settings.ALLOWED_HOSTS = [TOWN]
    settings.YAKUBA_IS_PRODUCTION = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31536000
    return Client(
        enforce_csrf_checks=True, REMOTE_ADDR="10.1.0.9", HTTP_HOST=TOWN, HTTP_X_FORWARDED_PROTO="https",
        HTTP_ORIGIN=f"https://{TOWN}", HTTP_REFERER=f"https://{TOWN}/my/sign-in",
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("trusted", "is_taken"), [(["10.1.0.9"], True), (["10.1.0.8"], False), ([], False)])
def test_a_form_sent_through_the_proxy_is_taken(
    behind_tls: Client, settings: Any, trusted: list[str], is_taken: bool
) -> None:
    settings.YAKUBA_TRUSTED_PROXIES = trusted
    page = behind_tls.get("/my/sign-in")
    assert page.status_code == 200
    assert ("Strict-Transport-Security" in page) is is_taken
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token
    answer = behind_tls.post("/my/sign-in", {"csrfmiddlewaretoken": token.group(1), "email": "no address"})
    assert (answer.status_code != 403) is is_taken


def test_a_mistyped_proxy_is_named() -> None:
    assert trusted_proxies(" 127.0.0.1, 10.1.2.3/16 ,") == ("127.0.0.1/32", "10.1.0.0/16")
    with pytest.raises(ImproperlyConfigured, match=r"「10\.1\.0」"):
        trusted_proxies("10.1.0")


@pytest.mark.parametrize(
    ("trusted", "is_production", "level"),
    [(["10.1.0.9"], True, Level.GOOD), ([], True, Level.BROKEN), ([], False, Level.NOT_CONFIGURED)],
)
def test_the_doctor_knows_that_production_needs_a_proxy(
    settings: Any, trusted: list[str], is_production: bool, level: Level
) -> None:
    settings.YAKUBA_TRUSTED_PROXIES, settings.YAKUBA_IS_PRODUCTION = trusted, is_production
    (finding,) = proxy()
    assert finding.level is level
