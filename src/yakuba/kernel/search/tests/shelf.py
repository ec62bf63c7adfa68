"""Things to be found, whose texts live in memory: rows of the error book stand for them in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import unaudited_writes, verb
from yakuba.kernel.operations.models import ErrorEntry
from yakuba.kernel.search import registry
from yakuba.kernel.search.api import PartOf, Weight, put, remove, searchable
from yakuba.kernel.search.rules.keys import search_key

SYSTEM = system_person("tests")
_NUMBERS = count(1)


class Shelf:
    """Titles, keywords, pages and notes (restricted) by row number."""

    def __init__(self) -> None:
        self.titles: dict[int, str] = {}
        self.keywords: dict[int, str] = {}
        self.pages: dict[int, Sequence[str]] = {}
        self.notes: dict[int, str] = {}
        self.reads = 0

    def add(self, title: str, *pages: str, keywords: str = "", note: str = "") -> ErrorEntry:
        thing = self.row()
        self.write(thing, title, *pages, keywords=keywords, note=note)
        return thing

    def row(self) -> ErrorEntry:
        now = timezone.now()
        with unaudited_writes("tests"):
            return ErrorEntry.objects.create(
                fingerprint=f"shelf{next(_NUMBERS)}",
                exception="見本",
                first_at=now,
                last_at=now,
            )

    def write(self, thing: ErrorEntry, title: str, *pages: str, keywords: str = "", note: str = "") -> None:
        self.titles[thing.pk], self.pages[thing.pk] = title, pages
        self.keywords[thing.pk], self.notes[thing.pk] = keywords, note
        put_things(by=SYSTEM, things=[thing])

    def take_away(self, thing: ErrorEntry) -> None:
        number = thing.pk
        remove_thing(by=SYSTEM, thing=thing)
        del self.titles[number]

    def all(self) -> QuerySet[ErrorEntry]:
        return ErrorEntry.objects.filter(pk__in=list(self.titles))

    def parts(self) -> tuple[PartOf, ...]:
        return (
            PartOf("title", "題名", self._title, Weight.TITLE),
            PartOf("keywords", "言葉", lambda one: self.keywords.get(one.pk), Weight.KEYWORD),
            PartOf("body", "本文", lambda one: self.pages.get(one.pk)),
            PartOf("note", "庁内メモ", lambda one: self.notes.get(one.pk), is_restricted=True),
        )

    def truth(self, *typed: str) -> set[int]:
        """Row numbers of the things in whose open texts every word stands, by comparing keys."""
        return {
            number
            for number in self.titles
            if all(any(search_key(word) in text for text in self._open_keys(number)) for word in typed)
        }

    def _open_keys(self, number: int) -> list[str]:
        body = "".join(search_key(page) for page in self.pages[number])
        return [search_key(self.titles[number]), search_key(self.keywords[number]), body]

    def _title(self, thing: Any) -> str | None:
        self.reads += 1
        return self.titles.get(thing.pk)


@contextmanager
def shelf_in_index() -> Iterator[Shelf]:
    """A shelf that is the only thing to be found."""
    kept = dict(registry._searchables)
    registry._searchables.clear()
    shelf = Shelf()
    searchable(ErrorEntry, parts=shelf.parts(), among=shelf.all)
    try:
        yield shelf
    finally:
        registry._searchables.clear()
        registry._searchables.update(kept)


@verb("tests.put", label="試験")
def put_things(*, by: Person, things: list[ErrorEntry]) -> None:
    put(*things)


@verb("tests.remove", label="試験")
def remove_thing(*, by: Person, thing: ErrorEntry) -> None:
    remove(thing)
    thing.delete()
