"""Decisions of an upgrade: what its phases are, and which loss of rows is one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum


class Phase(StrEnum):
    """How far an upgrade came. Written down before each part begins, so that a killed one is taken up again."""

    MIGRATING = "migrating"  # the database changes; the way back is kept
    REWINDING = "rewinding"  # on the way back
    DONE = "done"
    REWOUND = "rewound"

    @property
    def is_open(self) -> bool:
        """Whether an upgrade that was killed here has to be taken up."""
        return self in (Phase.MIGRATING, Phase.REWINDING)


COUNTED_ANEW = frozenset({"django_migrations", "yakuba_cache"})
"""Tables whose rows say nothing about the town's records."""


def lost_rows(
    *, before: Mapping[str, int], after: Mapping[str, int], permitted: Collection[str] = ()
) -> dict[str, tuple[int, int | None]]:
    """Tables that have fewer rows than before, or are gone (``None``), without a migration having said so.

    ``permitted`` are the tables named in ``removes_rows_of`` of the migrations that ran.
    """
    lost: dict[str, tuple[int, int | None]] = {}
    for table, rows in sorted(before.items()):
        now = after.get(table)
        if table in permitted or table in COUNTED_ANEW:
            continue
        if now is None or now < rows:
            lost[table] = (rows, now)
    return lost
