"""Two people change one record: what goes together, and what does not (項目ごとの合流)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field both changed: what it was, what the other person made of it, what this person wants."""

    key: str
    before: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """The changes to make, and what must be decided by a person first."""

    changes: Mapping[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(*, base: Mapping[str, Any], current: Mapping[str, Any], wanted: Mapping[str, Any]) -> Merged:
    """Three-way merge, field by field. `base` is what the person saw, `current` what is stored now.

    A wanted value equal to what was seen is no change. Where somebody else changed the field meanwhile to another value
    than the wanted one, the two conflict. Nothing wanted is lost and nothing stored is overwritten unseen.
    """
    changes: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key, mine in wanted.items():
        before, theirs = base.get(key), current.get(key)
        if mine in (before, theirs):
            continue
        if theirs == before:
            changes[key] = mine
        else:
            conflicts.append(Conflict(key, before, theirs, mine))
    return Merged(changes, tuple(conflicts))


def seen_at(version: int, current: Mapping[str, Any], history: list[tuple[int, Mapping[str, Any]]]) -> dict[str, Any]:
    """The values as they stood at a version: today's, with later changes taken back.

    `history` is (version after the change, {key: value before}) in any order.
    """
    values = dict(current)
    for after, before in sorted(history, key=lambda one: one[0], reverse=True):
        if after > version:
            values.update(before)
    return values
