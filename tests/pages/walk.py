"""Walking through the town hall: from the first page of a face over every link a person is shown."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

#: Personas of the sample town, and where each begins. A visitor has no persona.
WALKS = {
    "visitor": ("", "/"),
    "町民": ("/my/sign-in/as", "/my/"),
    "DX推進事務局": ("/office/sign-in/as", "/office/"),
    "所属長": ("/office/sign-in/as", "/office/"),
    "町長": ("/office/sign-in/as", "/office/"),
    "担当者": ("/office/sign-in/as", "/office/"),
    "情報システム担当": ("/office/sign-in/as", "/office/"),
    "DX推進アドバイザー": ("/office/sign-in/as", "/office/"),
    "監査委員": ("/office/sign-in/as", "/office/"),
}
VISITS_PER_ROUTE = 2
MOST_VISITS = 160


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def links_of(html: str) -> list[str]:
    reader = _Links()
    reader.feed(html)
    return reader.found


@dataclass
class Visit:
    """One page as the walk met it."""

    address: str
    route: str
    response: Any
    queries: list[str]

    @property
    def html(self) -> str:
        is_html = self.response.get("Content-Type", "").startswith("text/html")
        return self.response.content.decode() if is_html and not self.response.streaming else ""


def signed_in(persona: str) -> Client:
    """A client in whose session the persona of the sample town is signed in."""
    from yakuba.kernel.identity.models import Persona

    client = Client()
    enter_at, _ = WALKS[persona]
    if enter_at:
        wanted = Persona.objects.select_related("account").get(label=persona).account.public_id
        page = client.get(enter_at.removesuffix("/as"))
        assert wanted in page.content.decode(), f"the first screen does not offer {persona}"
        answer = client.post(enter_at, {"persona": wanted})
        assert answer.status_code == 302, answer.content.decode()[:400]
    return client


def walk(persona: str, *, each: int = VISITS_PER_ROUTE, most: int = MOST_VISITS) -> Iterator[Visit]:
    """Every page reachable by links, each route at most ``each`` times, with the SQL it took."""
    client = signed_in(persona)
    waiting, seen, per_route = deque([WALKS[persona][1]]), set(), Counter[str]()
    while waiting and sum(per_route.values()) < most:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        path = urlsplit(address).path
        try:
            route = str(resolve(path).route)
        except Resolver404:
            raise AssertionError(f"a link leads nowhere: {address}") from None
        if per_route[route] >= each:
            continue
        per_route[route] += 1
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        visit = Visit(address, route, response, [one["sql"] for one in captured.captured_queries])
        yield visit
        for link in links_of(visit.html):
            target = urldefrag(urljoin(address, link)).url
            parts = urlsplit(target)
            if parts.scheme in ("", "http", "https") and not parts.netloc and not target.startswith("/static/"):
                waiting.append(target)
