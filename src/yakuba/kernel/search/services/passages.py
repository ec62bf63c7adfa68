"""The passages of a thing, in the table and in the index, always both."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from yakuba.kernel.search.index import engine
from yakuba.kernel.search.models import Entry, IndexState, Passage
from yakuba.kernel.search.queries.generation import current_generation
from yakuba.kernel.search.registry import ReadPart
from yakuba.kernel.search.rules.cutting import passages
from yakuba.kernel.search.rules.keys import TOKENIZER


def passages_of(entry: Entry, read: Iterable[ReadPart]) -> list[Passage]:
    """The passages of all texts of a thing, not stored yet. Takes about 1 ms a thousand characters."""
    return [
        Passage(
            entry=entry,
            kind=entry.kind,
            object_id=entry.object_id,
            part=one.part.name,
            weight=int(one.part.weight),
            section=piece.section,
            begins=piece.begins,
            ends=piece.ends,
            tail=piece.tail,
            size=len(piece.key.encode()),
            folded=piece.key,
            grams=engine().grams_for(entry.kind, piece.key),
        )
        for one in read
        for piece in passages(one.sections)
    ]


def store_passages(entry: Entry, found: Sequence[Passage]) -> None:
    """Store passages and index them."""
    if not found:
        return
    generation = generation_to_fill()
    for one in found:
        one.indexed_in = generation
    stored = Passage.objects.bulk_create(found, batch_size=100)
    engine().enter(connection, list(stored))


def drop_passages(entry: Entry) -> None:
    """Remove the passages of a thing from the index and the table."""
    held = list(entry.passages.defer("grams"))
    generation = current_generation()
    engine().take_out(connection, [one for one in held if one.indexed_in == generation])
    Passage.objects.filter(pk__in=[one.pk for one in held]).delete()


def generation_to_fill() -> int:
    """The generation that exists, or a new one over an empty index."""
    return current_generation() or new_generation()


def new_generation() -> int:
    """Empty the index and begin a new generation: all passages wait, and are found by comparing meanwhile."""
    with transaction.atomic():
        state, is_new = IndexState.objects.get_or_create(
            vendor=connection.vendor, defaults={"generation": _random(), "tokenizer": TOKENIZER}
        )
        if not is_new:
            state = IndexState.objects.select_for_update().get(pk=state.pk)
            state.generation, state.tokenizer = _random(), TOKENIZER
            state.save()
        engine().empty(connection)
        return state.generation


def _random() -> int:
    return secrets.randbelow(2**62) + 1
