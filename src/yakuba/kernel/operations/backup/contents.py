"""What of a home belongs into a backup: everything, except what is made anew or belongs to the machine.

The rule names what is left out, not what is taken: a store some later app opens in the home is kept from its first
day, without anybody having to remember it here.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from yakuba.kernel.operations.backup.keys import IDENTITY

MADE_ANEW = frozenset({"static", "logs", "run", "worker", "backups", "upgrade"})
"""Folders of the home: compiled assets, logs, locks, the worker's cache, the backups, what an upgrade leaves."""

_SIDE_FILES = ("-wal", "-shm", "-journal")


def kept_files(home: Path, *, without: Collection[Path]) -> Iterator[Path]:
    """Every regular file of the home that is kept, sorted; ``without`` names files and folders left out besides.

    Names that begin with a dot are unfinished writes. Links to folders are followed, so that a store that was moved
    to a larger disk is kept too.
    """
    left_out = {place.resolve() for place in without}
    seen: set[Path] = set()
    for folder, folders, files in os.walk(home, followlinks=True):
        here = Path(folder)
        if here.resolve() in seen or here.resolve() in left_out:
            folders.clear()
            continue
        seen.add(here.resolve())
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if here == home:
            folders[:] = [name for name in folders if name not in MADE_ANEW]
        for name in sorted(files):
            place = here / name
            if name.startswith(".") or name.endswith(_SIDE_FILES) or place.resolve() in left_out:
                continue
            if here == home / "secrets" and name == IDENTITY:  # an archive must not carry the key to itself
                continue
            if place.is_file():
                yield place
