"""What was sent while the screen was locked, kept until its sender is back."""

from __future__ import annotations

from collections.abc import Iterable

MOST_CHARACTERS = 100_000
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "credential"})


def fields_to_keep(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """The fields worth keeping: all but tokens and passwords; ``None`` if it is too much to keep."""
    kept = [
        (name, value) for name, value in fields if name not in _NOT_KEPT and "password" not in name and name != "pin"
    ]
    too_much = sum(len(name) + len(value) for name, value in kept) > MOST_CHARACTERS
    return None if too_much or len(kept) > 1000 else kept
