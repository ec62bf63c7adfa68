"""Putting things into the index and taking them out, within the verb that stores or removes them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import models, transaction

from yakuba.kernel.audit.api import WriteOutsideVerb, is_writing
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.search.models import Entry
from yakuba.kernel.search.registry import ReadPart, digest_of_texts, read_parts, searchable_kind
from yakuba.kernel.search.rules.keys import fold_fingerprint
from yakuba.kernel.search.services.passages import drop_passages, passages_of, store_passages

IMMEDIATE = 40_000
"""Characters a thing may have to be indexed within its verb; a longer one is taken in by a job some seconds later."""


def put(*things: models.Model) -> None:
    """Put things into the index as they are now, or again after a change; part of the caller's verb and transaction.

    Nothing happens where the texts are as before. Raises ``WriteOutsideVerb`` outside a verb, ``LookupError`` for a
    model nobody declared.
    """
    _ensure_inside_a_verb("put")
    for thing in things:
        put_one(thing)


def put_one(thing: models.Model, *, anew: bool = False) -> None:
    """One thing; ``anew`` also if its texts are as before."""
    declared = searchable_kind(type(thing))
    read = read_parts(declared, thing)
    digest = digest_of_texts(read)
    is_long = length_of(read) > IMMEDIATE
    wanted = {"digest": digest, "folded_by": fold_fingerprint(), "is_due": is_long}
    with transaction.atomic(savepoint=False):
        entry, is_new = Entry.objects.select_for_update().get_or_create(
            kind=declared.kind, object_id=thing.pk, defaults=wanted
        )
        if not is_new:
            is_known = (entry.digest, entry.folded_by) == (digest, fold_fingerprint())
            if is_known and not anew:
                return
            if not (is_long and is_known):  # a long text that did not change is found until it is replaced
                drop_passages(entry)
            Entry.objects.filter(pk=entry.pk).update(**wanted)
        if is_long:
            enqueue("search.take_in", key=f"search.take_in:{entry.pk}:{secrets.token_hex(8)}", entry=entry.pk)
        else:
            store_passages(entry, passages_of(entry, read))


def remove(*things: models.Model) -> None:
    """Take things out of the index; call it before they are deleted, in the same verb. Unknown things are no error.

    Raises ``WriteOutsideVerb`` outside a verb, ``LookupError`` for a model nobody declared.
    """
    _ensure_inside_a_verb("remove")
    for thing in things:
        remove_rows(searchable_kind(type(thing)).kind, [thing.pk])


def remove_rows(kind: str, object_ids: Iterable[int]) -> None:
    """Take things out by their row numbers, whether they still exist or not."""
    for entry in Entry.objects.filter(kind=kind, object_id__in=list(object_ids)).select_for_update():
        drop_passages(entry)
        entry.delete()


def length_of(read: Iterable[ReadPart]) -> int:
    """Characters of all texts."""
    return sum(len(section) for one in read for section in one.sections)


def _ensure_inside_a_verb(what: str) -> None:
    if not is_writing():
        raise WriteOutsideVerb(f"search.{what} outside a verb: call it from the service that stores the thing")
