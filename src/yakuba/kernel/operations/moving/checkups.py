"""A database that was moved and forgotten: said by the doctor, and refused before an empty one is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from yakuba.kernel.operations.databases import DATABASE_FILE, DatabaseRefused
from yakuba.kernel.things.api import Finding, Level, checkup

_WHAT = "記録は PostgreSQL に移してあるのに、SQLite で開こうとしています"
_TODO = "役場を止め、DATABASE_URL を設定してから開いてください"


@checkup("moved_database")
def moved_database() -> Iterator[Finding]:
    moved = _moved()
    if moved:
        yield Finding("データベース", Level.BROKEN, f"{_WHAT}（{moved[-1].name}）", _TODO)


def refuse_forgotten_move() -> None:
    """Raise ``DatabaseRefused`` where a new, empty SQLite database would hide the records that were moved."""
    moved = _moved()
    if moved:
        raise DatabaseRefused(
            f"{_WHAT}（{moved[-1].name}）。",
            hint=f"{_TODO}。SQLite に戻すときは、このファイルの名前を {DATABASE_FILE} に戻します。",
        )


def _moved() -> list[Path]:
    if connection.vendor != "sqlite":
        return []
    return sorted(Path(settings.YAKUBA_HOME).glob(f"{DATABASE_FILE}.moved-*"))
