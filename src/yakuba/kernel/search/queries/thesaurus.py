"""All synonyms: the shipped table and the town's own lines."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

from yakuba.kernel.search.models import SynonymGroup
from yakuba.kernel.search.rules.keys import search_key
from yakuba.kernel.search.rules.words import Synonyms, Thesaurus


def shipped_synonyms() -> tuple[Synonyms, ...]:
    """The table ``data/search/synonyms.toml``. Raises ``ValueError`` naming the line that cannot be read."""
    return _read(Path(settings.YAKUBA_DATA) / "search" / "synonyms.toml")


def thesaurus() -> Thesaurus:
    """The shipped table with the town's own lines in the place of those that share a word with them."""
    own = tuple(Synonyms(tuple(same), tuple(narrower)) for same, narrower in _own_lines())
    return _joined(shipped_synonyms(), own)


def is_replaced(line: Synonyms, own: set[str]) -> bool:
    """Whether a shipped line gives way to one of the town's, whose ``same`` words have the keys ``own``."""
    return any(search_key(word) in own for word in line.same)


def _own_lines() -> list[tuple[list[str], list[str]]]:
    return list(SynonymGroup.objects.values_list("same", "narrower"))


@cache
def _joined(shipped: tuple[Synonyms, ...], own: tuple[Synonyms, ...]) -> Thesaurus:
    keys = {search_key(word) for line in own for word in line.same}
    return Thesaurus.of([*(line for line in shipped if not is_replaced(line, keys)), *own])


@cache
def _read(file: Path) -> tuple[Synonyms, ...]:
    if not file.exists():
        return ()
    lines = []
    for number, line in enumerate(tomllib.loads(file.read_text("utf-8")).get("group", []), 1):
        same, narrower = line.get("same", []), line.get("narrower", [])
        words = [*same, *narrower] if isinstance(same, list) and isinstance(narrower, list) else [None]
        if not same or any(not isinstance(word, str) or not search_key(word) for word in words):
            raise ValueError(f"{file.name}: group {number} needs lists of words in same and narrower")
        lines.append(Synonyms(tuple(same), tuple(narrower)))
    return tuple(lines)
