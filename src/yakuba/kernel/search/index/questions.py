"""What the index is asked."""

from __future__ import annotations

from dataclasses import dataclass

WAITING = "(SELECT id FROM search_passage WHERE indexed_in < %s UNION ALL SELECT id FROM search_passage WHERE indexed_in > %s)"
"""Passages that are in no index, or in one of another generation; two ranges, because an index answers no inequality."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which things of ``kind`` hold at least one of ``keys`` in one of ``parts`` (``None``: in any).

    ``generation`` is the index that exists; passages outside it are compared character by character.
    """

    kind: str
    keys: tuple[str, ...]
    parts: tuple[str, ...] | None
    generation: int

    @property
    def within(self) -> tuple[str, list[str]]:
        """The condition on the part, as SQL behind others."""
        if self.parts is None:
            return "", []
        if not self.parts:
            return " AND 1 = 0", []
        return f" AND p.part IN ({', '.join(['%s'] * len(self.parts))})", list(self.parts)
