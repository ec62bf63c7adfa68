"""The prefill file (住民情報の写し): a copy of parts of the register, taken over from a CSV.

It fills forms in advance. It certifies nothing: it is as old as its export, and whoever shows something taken from it
shows its source line beside it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from yakuba.kernel.japan.api import era_date, fold
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.register.base import (
    MOST_FOUND,
    Address,
    Found,
    Question,
    RegisterCheck,
    RegisterUnavailable,
    Removal,
    Resident,
)
from yakuba.kernel.people.rules.prefill import PrefillRow

FORMAT = 1
STALE_AFTER = timedelta(days=35)

_COLUMNS = (
    "number", "name", "reading", "born_on", "sex", "postal_code", "prefecture", "city", "area", "lot", "building",
    "household_number", "relationship", "became_resident_on", "removed_on", "removal_reason", "latin_name",
    "common_name", "nationality", "status_of_residence", "phone", "is_protected", "search_key", "reading_key",
    "address_key",
)  # fmt: skip


def prefill_file() -> Path:
    """Where the copy of this installation is kept, outside the database, so that it can be thrown away whole."""
    return Path(settings.YAKUBA_HOME) / "prefill.sqlite3"


def write_prefill(rows: Sequence[PrefillRow], *, as_of: date) -> Path:
    """Write a new copy beside the one in use and return its place; ``put_in_place`` takes it."""
    place = prefill_file().with_name(f".prefill-{os.getpid()}-{os.urandom(4).hex()}")
    os.close(os.open(place, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(place)) as database, database:
        database.execute(f"PRAGMA user_version = {FORMAT}")
        database.execute("CREATE TABLE about (as_of TEXT NOT NULL, residents INTEGER NOT NULL) STRICT")
        database.execute("INSERT INTO about VALUES (?, ?)", (as_of.isoformat(), len(rows)))
        columns = ", ".join(f"{name} TEXT" for name in _COLUMNS)
        database.execute(f"CREATE TABLE resident ({columns}, PRIMARY KEY (number)) STRICT, WITHOUT ROWID")
        marks = ", ".join("?" * len(_COLUMNS))
        database.executemany(f"INSERT INTO resident VALUES ({marks})", (_stored(row) for row in rows))  # noqa: S608
    return place


def put_in_place(place: Path) -> None:
    """Make a written copy the one in use, at once and whole."""
    with place.open("rb") as file:
        os.fsync(file.fileno())
    place.replace(prefill_file())


class PrefillFile:
    """Reads the copy and nothing else: it is opened read-only."""

    vendor: ClassVar[str] = "prefill"
    label: ClassVar[str] = "住民情報の写し（下書き用）"
    may_certify: ClassVar[bool] = False

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or prefill_file()

    def check(self) -> RegisterCheck:
        try:
            with self._opened() as (database, as_of):
                count = int(database.execute("SELECT residents FROM about").fetchone()[0])
        except RegisterUnavailable as fault:
            return RegisterCheck(
                vendor=self.vendor,
                label=self.label,
                is_configured=True,
                answers=False,
                what=fault.message,
                todo=fault.hint or "",
            )
        is_stale = town_clock().today() - as_of > STALE_AFTER
        return RegisterCheck(
            vendor=self.vendor,
            label=self.label,
            is_configured=True,
            answers=True,
            what=f"{count:,} 人（{as_of.isoformat()} 現在）を申請書の下書きに使えます。証明には使えません",
            todo="写しが古くなっています。住民記録システムから書き出し直して、入れ替えてください" if is_stale else "",
            counts={"residents": count},
            is_stale=is_stale,
        )

    def find(self, question: Question) -> Found:
        conditions: list[str] = []
        values: list[str] = []
        if name := fold(question.name):
            conditions.append(r"search_key LIKE ? ESCAPE '\'")
            values.append(_containing(name))
        if question.born_on is not None:
            conditions.append("born_on = ?")
            values.append(question.born_on.isoformat())
        if place := fold(question.address):
            conditions.append(r"address_key LIKE ? ESCAPE '\' AND is_protected = ''")
            values.append(_containing(place))
        if not conditions:
            return Found()
        if not question.include_removed:
            conditions.append("removed_on = ''")
        sql = f"SELECT * FROM resident WHERE {' AND '.join(conditions)} ORDER BY reading_key, born_on, number LIMIT ?"  # noqa: S608
        with self._opened() as (database, as_of):
            rows = database.execute(sql, (*values, MOST_FOUND + 1)).fetchall()
            return Found(tuple(_resident(row, as_of) for row in rows[:MOST_FOUND]), is_cut=len(rows) > MOST_FOUND)

    def by_number(self, number: str) -> Resident | None:
        with self._opened() as (database, as_of):
            row = database.execute("SELECT * FROM resident WHERE number = ?", (number,)).fetchone()
            return None if row is None else _resident(row, as_of)

    @contextmanager
    def _opened(self) -> Iterator[tuple[sqlite3.Connection, date]]:
        try:
            with closing(sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as database:
                database.row_factory = sqlite3.Row
                if database.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                    raise _unavailable("別の版の形です")
                yield database, date.fromisoformat(database.execute("SELECT as_of FROM about").fetchone()[0])
        except (sqlite3.Error, TypeError, ValueError) as fault:
            raise _unavailable("ファイルが無いか、読めません") from fault


def _unavailable(reason: str) -> RegisterUnavailable:
    return RegisterUnavailable(
        f"住民情報の写し: {reason}。", hint="住民記録システムから CSV を書き出し、入れ替えてください。"
    )


def _containing(key: str) -> str:
    escaped = key.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _stored(row: PrefillRow) -> tuple[str, ...]:
    def text(value: object) -> str:
        if isinstance(value, bool):
            return "1" if value else ""
        return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)

    address = f"{row.prefecture}{row.city}{row.area}{row.lot}{row.building}"
    keys = {
        "search_key": " ".join(map(fold, (row.name, row.reading, row.latin_name, row.common_name))),
        "reading_key": fold(row.reading),
        "address_key": fold(address),
    }
    return tuple(keys[name] if name in keys else text(getattr(row, name)) for name in _COLUMNS)


def _resident(row: sqlite3.Row, as_of: date) -> Resident:
    hidden = bool(row["is_protected"])
    place = f"{row['prefecture']}{row['city']}{row['area']}{row['lot']}"
    lot = "　".join(part for part in (row["lot"], row["building"]) if part)
    address = Address(
        postal_code=row["postal_code"],
        prefecture=row["prefecture"],
        city=row["city"],
        area=row["area"],
        lot=lot,
        written="　".join(part for part in (place, row["building"]) if part),
    )
    return Resident(
        number=row["number"],
        name=row["name"],
        reading=row["reading"],
        born_on=date.fromisoformat(row["born_on"]),
        sex=row["sex"],
        became_resident_on=_day(row["became_resident_on"]),
        relationship=row["relationship"],
        is_head=row["relationship"] == "世帯主",
        is_protected=hidden,
        household_number=row["household_number"],
        address=None if hidden else address,
        removal=Removal(on=date.fromisoformat(row["removed_on"]), reason=row["removal_reason"])
        if row["removed_on"]
        else None,
        latin_name=row["latin_name"],
        common_name=row["common_name"],
        nationality=row["nationality"],
        status_of_residence=row["status_of_residence"],
        phone=row["phone"],
        source=f"住民情報の写し（{era_date(as_of)}現在。証明には使えません）",
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
