"""Writing the sample register to its own file."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path

from yakuba.site.sample.records import Register
from yakuba.site.sample.sources import folder

_CHUNK = 1000


def write_register(
    register: Register, file: Path, *, town_code: str, today: date, seed: str, written: Callable[[int], object]
) -> None:
    """Store the register in ``file``; the file appears complete or not at all. ``written`` hears of each chunk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    living = sum(resident.removed_on is None for resident in register.residents)
    with closing(sqlite3.connect(unfinished)) as database:
        database.executescript((folder() / "register.sql").read_text(encoding="utf-8"))
        database.execute("PRAGMA foreign_keys=ON")
        with database:
            database.execute(
                "INSERT INTO about VALUES (1, '見本', ?, ?, ?, ?)", (town_code, today.isoformat(), seed, living)
            )
            for table, rows in (
                ("household", (household.row() for household in register.households)),
                ("resident", (resident.row() for resident in register.residents)),
            ):
                for chunk in _chunks(rows):
                    places = ",".join("?" * len(chunk[0]))
                    database.executemany(f"INSERT INTO {table} VALUES ({places})", chunk)  # noqa: S608
                    written(len(chunk))
    os.chmod(unfinished, 0o600)
    os.replace(unfinished, file)


def digest_of_register(file: Path) -> str:
    """SHA-256 over every row of the register in the order of the numbers: two equal registers have equal digests."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
        for table in ("about", "household", "resident"):
            for row in database.execute(f"SELECT * FROM {table} ORDER BY 1"):  # noqa: S608
                digest.update(repr(row).encode())
    return digest.hexdigest()


def _chunks(rows: Iterator[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk
