"""The index catches up with its sources."""

from __future__ import annotations

import secrets
import time

from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import Daily, Every, enqueue, job
from yakuba.kernel.search.models import Entry
from yakuba.kernel.search.queries.completeness import (
    forgotten_entries,
    missing,
    orphans,
    outdated,
    waiting_count,
)
from yakuba.kernel.search.registry import searchables
from yakuba.kernel.search.services import index_waiting, put_chunk, remove_orphans, take_in
from yakuba.kernel.search.services.rebuild import AT_ONCE

_LONGEST_SECONDS = 40
"""A job lasts at most a minute; what is left waits for the next run."""


@job("search.take_in", label="長い文書を検索に取り込む")
def take_in_one(*, entry: int) -> None:
    """Take in one long text; what 40 seconds do not suffice for goes on with the next run of ``search.catch_up``."""
    found = Entry.objects.filter(pk=entry).first()
    if found is not None:
        take_in(by=system_person("jobs"), entry=found, until=time.monotonic() + _LONGEST_SECONDS)


@job("search.catch_up", label="検索の索引を追いつかせる", every=Every(5))
def catch_up() -> None:
    """Index what waits (after a move of the database, a restore, a new version) and take in what is due."""
    system, until = system_person("jobs"), time.monotonic() + _LONGEST_SECONDS
    while waiting_count():
        index_waiting(by=system)
        if time.monotonic() > until:
            return
    for entry in Entry.objects.filter(is_due=True).order_by("pk")[:100]:
        take_in(by=system, entry=entry, until=until)
        if time.monotonic() > until:
            return


@job("search.tidy", label="検索の索引を元の記録と突き合わせる", every=Daily("03:20"))
def tidy(*, run: int = 0) -> None:
    """Put in what is missing or was folded by older rules, remove what is gone; goes on in a further job if need be."""
    system, until = system_person("jobs"), time.monotonic() + _LONGEST_SECONDS
    for entries in [forgotten_entries(), *(orphans(one) for one in searchables())]:
        gone = list(entries.values_list("pk", flat=True))
        while gone and time.monotonic() < until:
            remove_orphans(by=system, entry_ids=gone[:AT_ONCE])
            gone = gone[AT_ONCE:]
    for declared in searchables():
        stale = [
            *missing(declared).values_list("pk", flat=True),
            *outdated(declared).values_list("object_id", flat=True),
        ]
        while stale and time.monotonic() < until:
            stale = put_chunk(by=system, kind=declared.kind, object_ids=stale, anew=False)
    if time.monotonic() >= until:
        enqueue("search.tidy", key=f"search.tidy:{run}:{secrets.token_hex(8)}", run=run + 1)
