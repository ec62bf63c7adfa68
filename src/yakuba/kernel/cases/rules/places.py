"""Places of a 申込: first come, waiting list, draw."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum


class Lot(StrEnum):
    """What a draw gave somebody; values are states of a 申込."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    LOST = "lost"


def drawn_order(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The order of a draw: by SHA-256 over seed and id. The same seed and ids give the same order, in whatever order the
    ids come; nobody can choose a place without choosing the seed."""
    return tuple(sorted(set(ids), key=lambda one: (hashlib.sha256(f"{seed}:{one}".encode()).hexdigest(), one)))


def lot_of(rank: int, *, places: int, reserves: int) -> Lot:
    """What the somebody at ``rank`` (from 0) has drawn."""
    if rank < places:
        return Lot.CONFIRMED
    return Lot.WAITLISTED if rank < places + reserves else Lot.LOST


def place_on_arrival(*, taken: int, waiting: int, places: int) -> Lot:
    """First come, first served: a place while there is one and nobody waits before, else the waiting list."""
    return Lot.CONFIRMED if taken < places and not waiting else Lot.WAITLISTED
