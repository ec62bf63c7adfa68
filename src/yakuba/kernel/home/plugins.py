"""What apps put on the homes and into the office's menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Person, Rule
from yakuba.kernel.values.api import Clock, Text


@dataclass(frozen=True)
class MenuItem:
    """A place in the office's side menu. ``group`` is one of ``MENU_GROUPS``; ``url_name`` a named address."""

    group: str
    title: str
    url_name: str
    may: Rule
    order: int = 50


MENU_GROUPS = ("仕事", "町民サービス", "庁内", "計画", "人材・基盤", "町の設定", "運用")


@dataclass(frozen=True)
class PublicDoor:
    """A part of the town hall that every public and resident page leads to. ``url_name`` is a named address."""

    title: Text
    url_name: str
    order: int = 50


@dataclass(frozen=True)
class WorkItem:
    """One piece of work on the clerk's worklist. ``lane``: whose turn; ``due`` the deadline; ``light`` its colour word."""

    title: str
    url: str
    kind: str
    lane: str  # "mine" | "section" | "decide"
    due: date | None = None
    note: str = ""


@dataclass(frozen=True)
class ResidentItem:
    """One entry of the resident's home. ``group``: applications, bookings, payments, notices."""

    title: Text
    url: str
    group: str
    due: date | None = None
    note: Text | None = None


@dataclass(frozen=True)
class SearchHit:
    """One hit of the office's search, already allowed for the person who asks."""

    title: str
    url: str
    kind: str
    note: str = ""


WorkSource = Callable[[Person, Clock], Sequence[WorkItem]]
ResidentSource = Callable[[Person, Clock], Sequence[ResidentItem]]

SearchSource = Callable[[Person, str], Sequence["SearchHit"]]
ProtectionSource = Callable[[Person], bool]

_menu: dict[tuple[str, str], MenuItem] = {}
_doors: dict[str, PublicDoor] = {}
_work_sources: dict[str, WorkSource] = {}
_resident_sources: dict[str, ResidentSource] = {}
_search_sources: dict[str, SearchSource] = {}
_protection_sources: dict[str, ProtectionSource] = {}


def menu_item(*, group: str, title: str, url_name: str, may: Rule, order: int = 50) -> None:
    """Add a place to the office's menu; called from an app's ``home.py``."""
    if group not in MENU_GROUPS:
        raise ValueError(f"no menu group {group!r}")
    _menu[(group, url_name)] = MenuItem(group, title, url_name, may, order)


def public_door(*, title: Text, url_name: str, order: int = 50) -> None:
    """Let every public and resident page lead to a part of the town hall; called from an app's ``home.py``."""
    _doors[url_name] = PublicDoor(title, url_name, order)


def public_doors(current_path: str, language: str) -> list[dict[str, Any]]:
    """The doors that are open in this town, in their order, in the language of the page."""
    urls: list[tuple[PublicDoor, str]] = []
    for door in sorted(_doors.values(), key=lambda one: one.order):
        with suppress(NoReverseMatch):  # the initiative is switched off
            urls.append((door, reverse(door.url_name)))
    here = max((url for _, url in urls if current_path.startswith(url)), key=len, default="")
    return [{"title": door.title.in_language(language), "url": url, "current": url == here} for door, url in urls]


def work_source(name: str) -> Callable[[WorkSource], WorkSource]:
    """Declare where an app's open work comes from."""

    def declare(source: WorkSource) -> WorkSource:
        _work_sources[name] = source
        return source

    return declare


def resident_source(name: str) -> Callable[[ResidentSource], ResidentSource]:
    """Declare what an app shows on the resident's home."""

    def declare(source: ResidentSource) -> ResidentSource:
        _resident_sources[name] = source
        return source

    return declare


def search_source(name: str) -> Callable[[SearchSource], SearchSource]:
    """Declare what an app finds in the office's search; the source asks its own ``visible_to(person)``."""

    def declare(source: SearchSource) -> SearchSource:
        _search_sources[name] = source
        return source

    return declare


def protection_source(name: str) -> Callable[[ProtectionSource], ProtectionSource]:
    """Declare who knows that a person is protected (支援措置)."""

    def declare(source: ProtectionSource) -> ProtectionSource:
        _protection_sources[name] = source
        return source

    return declare


def is_protected(person: Person) -> bool:
    """Whether any app says the person is protected."""
    return any(source(person) for source in _protection_sources.values())


def search(person: Person, words: str) -> list[SearchHit]:
    """Hits of all apps; menu places first."""
    places = [
        SearchHit(item["title"], item["url"], "画面", group["title"])
        for group in office_menu(person, "")
        for item in group["items"]
        if words in item["title"]
    ]
    return places + [hit for source in _search_sources.values() for hit in source(person, words)]


def office_menu(person: Person, current_path: str) -> list[dict[str, Any]]:
    """Groups of menu items the person may open, in the shape the office layout draws."""
    groups: list[dict[str, Any]] = []
    urls: list[tuple[MenuItem, str]] = []
    for item in sorted(_menu.values(), key=lambda one: (one.order, one.title)):
        if item.may.allows(person):
            try:
                urls.append((item, reverse(item.url_name)))
            except NoReverseMatch:
                continue  # the initiative is switched off
    fitting = [url for _, url in urls if current_path.startswith(url)]
    current = max(fitting, key=len, default="")
    for group in MENU_GROUPS:
        items = [
            {"title": item.title, "url": url, "current": url == current} for item, url in urls if item.group == group
        ]
        if items:
            groups.append({"title": group, "items": items})
    return groups


def work_of(person: Person, clock: Clock) -> list[WorkItem]:
    """All open work of a person over all apps, earliest deadline first."""
    found = [item for source in _work_sources.values() for item in source(person, clock)]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max, item.title))


def entries_of(person: Person, clock: Clock) -> list[ResidentItem]:
    """All entries of a resident's home over all apps, earliest deadline first."""
    found = [item for source in _resident_sources.values() for item in source(person, clock)]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max))
