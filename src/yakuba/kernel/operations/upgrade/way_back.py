"""The way back: the database as it was before an upgrade, kept in clear beside it until the upgrade is proved.

The encrypted backup cannot serve here: its key is not meant to be on the machine.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from yakuba.kernel.operations.databases import DatabaseRefused, Facts, PostgreSQL, copy_sqlite, sqlite_facts
from yakuba.kernel.operations.progress import Progress

_SQLITE = "before.sqlite3"
_POSTGRESQL = "before.dump"
_ROOM_LEFT = 256 * 1024**2


def database_now() -> PostgreSQL | None:
    """The PostgreSQL database of this installation; ``None`` on SQLite."""
    return PostgreSQL.from_settings(connection.settings_dict) if connection.vendor == "postgresql" else None


def facts_now() -> Facts:
    database = database_now()
    return database.facts() if database else sqlite_facts(_sqlite_file())


def has_room(home: Path) -> None:
    """Refuse when the disk cannot hold the way back, the backup and the changed tables. Raises ``DatabaseRefused``."""
    size = _database_size()
    free = shutil.disk_usage(home).free
    needed = 3 * size + _ROOM_LEFT
    if free < needed:
        raise DatabaseRefused(
            f"ディスクの空きが足りません（空き {free / 1024**2:,.0f} MB、必要 {needed / 1024**2:,.0f} MB）。",
            hint="古いバックアップやログを別の場所に移してから、もう一度実行してください。",
        )


def keep_way_back(home: Path, *, progress: Progress) -> Facts:
    """Copy the database into ``home/upgrade``; returns what it holds."""
    forget_way_back(home)
    folder = home / "upgrade"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = database_now()
    if database is None:
        copy_sqlite(_sqlite_file(), folder / _SQLITE, moved=progress.moved)
        (folder / _SQLITE).chmod(0o600)
        return sqlite_facts(folder / _SQLITE)
    place = folder / _POSTGRESQL
    with (
        database.dumped() as (facts, dump),
        os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
    ):
        shutil.copyfileobj(dump, file, 1024 * 1024)
        file.flush()
        os.fsync(file.fileno())
    return facts


def go_back(home: Path) -> Facts:
    """Put the kept database in place of the present one; may be repeated. Raises ``DatabaseRefused``."""
    connection.close()
    database = database_now()
    if database is None:
        # Written through SQLite itself in one transaction: a stale write-ahead log could not be told from a good one.
        copy_sqlite(home / "upgrade" / _SQLITE, _sqlite_file())
        return sqlite_facts(_sqlite_file())
    database.empty()
    database.load(home / "upgrade" / _POSTGRESQL)
    return database.facts()


def forget_way_back(home: Path) -> None:
    """Remove the copy in clear."""
    for name in (_SQLITE, f"{_SQLITE}-wal", f"{_SQLITE}-shm", _POSTGRESQL):
        (home / "upgrade" / name).unlink(missing_ok=True)


def _sqlite_file() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def _database_size() -> int:
    database = database_now()
    if database is None:
        place = _sqlite_file()
        return place.stat().st_size if place.exists() else 0
    with database.connect() as asking:
        row = asking.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0
