"""Making the index anew from its sources, and tidying it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.search.models import Entry
from yakuba.kernel.search.registry import searchables
from yakuba.kernel.search.services.passages import new_generation
from yakuba.kernel.search.services.put import put_one, remove_rows

AT_ONCE = 50
"""Things put or removed in one transaction at most."""
_ENOUGH = 0.06
"""Seconds of CPU after which a transaction takes no further thing."""


@verb("search.begin_anew", label="検索の索引を作り直し始める")
def begin_anew(*, by: Person) -> int:
    """Empty the index; everything is found by comparing until it is indexed again. Returns the new generation."""
    return new_generation()


@verb("search.put_chunk", label="記録を検索の索引に入れ直す")
def put_chunk(*, by: Person, kind: str, object_ids: Sequence[int], anew: bool) -> list[int]:
    """Put things into the index by their row numbers, as many as one transaction should take; returns those left.

    Things that are gone are passed over; at least one is put.
    """
    declared = next(one for one in searchables() if one.kind == kind)
    things = declared.among().in_bulk(object_ids[:AT_ONCE])
    begun = time.thread_time()
    for place, object_id in enumerate(object_ids[:AT_ONCE], 1):
        if object_id in things:
            put_one(things[object_id], anew=anew)
        if time.thread_time() - begun > _ENOUGH:
            return list(object_ids[place:])
    return list(object_ids[AT_ONCE:])


@verb("search.remove_orphans", label="消えた記録を検索の索引から除く")
def remove_orphans(*, by: Person, entry_ids: Sequence[int]) -> int:
    """Remove entries whose thing is gone. Returns how many it were."""
    found = list(Entry.objects.filter(pk__in=entry_ids))
    for entry in found:
        remove_rows(entry.kind, [entry.object_id])
    return len(found)
