"""Whether the index says what its sources say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from yakuba.kernel.search.index import engine
from yakuba.kernel.search.models import Entry, Passage
from yakuba.kernel.search.queries.generation import current_generation
from yakuba.kernel.search.registry import Searchable, digest_of_texts, read_parts, searchables
from yakuba.kernel.search.rules.keys import fold_fingerprint


@dataclass(frozen=True, slots=True)
class Standing:
    """How a kind stands: things that shall be found, and those among them that are not in the index, entries whose
    thing is gone, entries folded by older rules, and things too long that wait to be taken in.
    """

    kind: str
    label: str
    things: int
    missing: int
    orphans: int
    outdated: int
    due: int

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.orphans or self.outdated or self.due)


def standings() -> list[Standing]:
    """How every kind stands, by counting; kinds no app declares any more are all orphans."""
    found = []
    for one in searchables():
        entries = Entry.objects.filter(kind=one.kind)
        found.append(
            Standing(
                one.kind,
                one.label,
                things=one.among().count(),
                missing=missing(one).count(),
                orphans=orphans(one).count(),
                outdated=outdated(one).count(),
                due=entries.filter(is_due=True).count(),
            )
        )
    known = [one.kind for one in searchables()]
    forgotten = Entry.objects.exclude(kind__in=known).order_by("kind").values_list("kind", flat=True).distinct()
    return found + [Standing(kind, kind, 0, 0, Entry.objects.filter(kind=kind).count(), 0, 0) for kind in forgotten]


def missing(declared: Searchable) -> QuerySet[Any]:
    """Things that shall be found and are not in the index."""
    entries = Entry.objects.filter(kind=declared.kind, object_id=OuterRef("pk"))
    return declared.among().filter(~Exists(entries))


def orphans(declared: Searchable) -> QuerySet[Entry]:
    """Entries whose thing is gone, or shall not be found any more."""
    things = declared.among().order_by().filter(pk=OuterRef("object_id"))
    return Entry.objects.filter(~Exists(things), kind=declared.kind)


def forgotten_entries() -> QuerySet[Entry]:
    """Entries of kinds no app declares any more."""
    return Entry.objects.exclude(kind__in=[one.kind for one in searchables()])


def outdated(declared: Searchable) -> QuerySet[Entry]:
    """Entries whose keys were made by older rules."""
    return Entry.objects.filter(kind=declared.kind).exclude(folded_by=fold_fingerprint())


def waiting_count() -> int:
    """Passages that are compared one by one because the index does not hold them yet."""
    generation = current_generation() or 0
    return Passage.objects.filter(Q(indexed_in__lt=generation) | Q(indexed_in__gt=generation)).count()


def index_faults(*, thoroughly: bool = False) -> list[str]:
    """What is wrong inside the index, in Japanese."""
    return engine().faults(connection, current_generation() or 0, thoroughly=thoroughly)


def changed_things(declared: Searchable) -> Iterator[tuple[int, bool]]:
    """Every thing with whether its texts differ from what was indexed; reads all texts."""
    digests = dict(Entry.objects.filter(kind=declared.kind).values_list("object_id", "digest"))
    for thing in declared.among().order_by("pk").iterator(chunk_size=200):
        known = digests.get(thing.pk)
        yield thing.pk, known is not None and known != digest_of_texts(read_parts(declared, thing))
