"""Bringing the index up to its sources, in pieces that stay far below the budget of a transaction."""

from __future__ import annotations

import time

from django.db import connection

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.search.index import engine
from yakuba.kernel.search.models import Entry, Passage
from yakuba.kernel.search.registry import digest_of_texts, read_parts, searchables
from yakuba.kernel.search.rules.keys import fold_fingerprint
from yakuba.kernel.search.services.passages import (
    drop_passages,
    generation_to_fill,
    passages_of,
    store_passages,
)

AT_ONCE = 40
"""Passages stored or indexed in one transaction."""


@verb("search.index_waiting", label="検索の索引に入れる")
def index_waiting(*, by: Person) -> int:
    """Index the next passages that wait; returns how many there were. 0: nothing waits any more."""
    generation = generation_to_fill()
    waiting = list(
        Passage.objects.exclude(indexed_in=generation).order_by("pk").select_for_update(skip_locked=True)[:AT_ONCE]
    )
    engine().enter(connection, waiting)
    Passage.objects.filter(pk__in=[one.pk for one in waiting]).update(indexed_in=generation)
    return len(waiting)


def take_in(*, by: Person, entry: Entry, until: float = float("inf")) -> bool:
    """Take in the texts of a thing that was too long for its verb; whether all of it is in the index now.

    Reading and folding happen outside any transaction. A change in between, or the moment ``until`` (of
    ``time.monotonic``), ends it; the next attempt begins anew, so it may run any number of times.
    """
    entry.refresh_from_db()
    if not entry.is_due:
        return True
    declared = next((one for one in searchables() if one.kind == entry.kind), None)
    thing = declared.model._default_manager.filter(pk=entry.object_id).first() if declared else None
    if declared is None or thing is None:
        return False  # the nightly tidying removes it
    read = read_parts(declared, thing)
    digest, folded_by = digest_of_texts(read), fold_fingerprint()
    found = passages_of(entry, read)
    begin_taking_in(by=by, entry=entry, digest=digest, folded_by=folded_by)
    for start in range(0, len(found), AT_ONCE):
        if time.monotonic() > until or not take_in_chunk(
            by=by, entry=entry, digest=digest, chunk=tuple(found[start : start + AT_ONCE])
        ):
            return False
    return finish_taking_in(by=by, entry=entry, digest=digest)


@verb("search.begin_taking_in", label="長い文書を検索に取り込み始める")
def begin_taking_in(*, by: Person, entry: Entry, digest: str, folded_by: str) -> None:
    """Remove what an earlier attempt left, and note which text is taken in."""
    held = Entry.objects.select_for_update().get(pk=entry.pk)
    drop_passages(held)
    held.digest, held.folded_by, held.is_due = digest, folded_by, True
    held.save()


@verb("search.take_in", label="長い文書を検索に取り込む")
def take_in_chunk(*, by: Person, entry: Entry, digest: str, chunk: tuple[Passage, ...]) -> bool:
    """Store the next passages; false when the thing was changed or removed meanwhile."""
    held = Entry.objects.select_for_update().filter(pk=entry.pk, digest=digest, is_due=True).first()
    if held is None:
        return False
    store_passages(held, chunk)
    return True


@verb("search.finish_taking_in", label="長い文書を検索に取り込み終える")
def finish_taking_in(*, by: Person, entry: Entry, digest: str) -> bool:
    """Note that the thing is in the index; false when it was changed or removed meanwhile."""
    return bool(Entry.objects.filter(pk=entry.pk, digest=digest, is_due=True).update(is_due=False))
