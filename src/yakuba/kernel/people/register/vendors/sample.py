"""The sample register: a SQLite file of its own beside the town's database, made by the sample generator."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from yakuba.kernel.japan.api import fold
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

FORMAT = 1
"""Form of the file this adapter reads: ``user_version`` in ``data/sample/register.sql``."""

_SELECT = (
    "SELECT resident.*, postal_code, prefecture, city, area, lot, address"
    " FROM resident JOIN household ON household.number = resident.household_number"
)


def sample_register_file() -> Path:
    """Where the sample register of this installation is kept."""
    return Path(settings.YAKUBA_HOME) / "register.sqlite3"


class SampleRegister:
    """Reads the file and nothing else: it is opened read-only, so no caller can change it."""

    vendor: ClassVar[str] = "sample"
    label: ClassVar[str] = "見本の住民記録"
    may_certify: ClassVar[bool] = True

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or sample_register_file()

    def check(self) -> RegisterCheck:
        try:
            with self._opened() as database:
                about = database.execute("SELECT as_of FROM about").fetchone()
                counts = database.execute(
                    "SELECT count(*), count(removed_on), count(DISTINCT household_number) FILTER (WHERE removed_on IS NULL)"
                    " FROM resident"
                ).fetchone()
        except RegisterUnavailable as fault:
            return RegisterCheck(
                vendor=self.vendor,
                label=self.label,
                is_configured=True,
                answers=False,
                what=fault.message,
                todo=fault.hint or "",
            )
        residents, households = counts[0] - counts[1], counts[2]
        return RegisterCheck(
            vendor=self.vendor,
            label=self.label,
            is_configured=True,
            answers=True,
            what=f"見本の住民 {residents:,} 人、{households:,} 世帯（{about['as_of']} 現在）を照会できます",
            counts={"residents": residents, "households": households, "removed": counts[1]},
            may_certify=self.may_certify,
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
            conditions.append(r"address_key LIKE ? ESCAPE '\' AND NOT is_protected")
            values.append(_containing(place))
        if not conditions:  # a question of marks that folding drops asks for nothing
            return Found()
        if not question.include_removed:
            conditions.append("removed_on IS NULL")
        sql = f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY reading_key, born_on, resident.number LIMIT ?"
        with self._opened() as database:
            rows = database.execute(sql, (*values, MOST_FOUND + 1)).fetchall()
        return Found(tuple(_resident(row) for row in rows[:MOST_FOUND]), is_cut=len(rows) > MOST_FOUND)

    def by_number(self, number: str) -> Resident | None:
        with self._opened() as database:
            row = database.execute(f"{_SELECT} WHERE resident.number = ?", (number,)).fetchone()
        return None if row is None else _resident(row)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as database:
                database.row_factory = sqlite3.Row
                if database.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                    raise self._unavailable("別の版の形です")
                yield database
        except sqlite3.Error as fault:
            raise self._unavailable("ファイルが無いか、読めません") from fault

    def _unavailable(self, reason: str) -> RegisterUnavailable:
        return RegisterUnavailable(
            f"見本の住民記録（{self._file.name}）: {reason}。",
            hint="yakuba sample leave --yes のあと yakuba sample make で見本の町を作り直してください。",
        )


def _containing(key: str) -> str:
    escaped = key.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _resident(row: sqlite3.Row) -> Resident:
    hidden = bool(row["is_protected"])
    return Resident(
        number=row["number"],
        name=row["name"],
        reading=row["reading"],
        born_on=date.fromisoformat(row["born_on"]),
        sex=row["sex"],
        became_resident_on=date.fromisoformat(row["became_resident_on"]),
        relationship=row["relationship"],
        is_head=bool(row["is_head"]),
        is_protected=hidden,
        household_number="" if hidden else row["household_number"],
        address=None if hidden else _address(row),
        previous_address="" if hidden else row["previous_address"],
        removal=_removal(row, hide_place=hidden),
        registered_domicile="" if hidden else row["registered_domicile"],
        latin_name=row["latin_name"],
        common_name=row["common_name"],
        nationality=row["nationality"],
        status_of_residence=row["status_of_residence"],
        phone="" if hidden else row["phone"],
        mail="" if hidden else row["mail"],
        is_sample=True,
        may_certify=SampleRegister.may_certify,
        source=SampleRegister.label,
    )


def _address(row: sqlite3.Row) -> Address:
    return Address(
        postal_code=row["postal_code"],
        prefecture=row["prefecture"],
        city=row["city"],
        area=row["area"],
        lot=row["lot"],
        written=row["address"],
    )


def _removal(row: sqlite3.Row, *, hide_place: bool) -> Removal | None:
    if row["removed_on"] is None:
        return None
    return Removal(
        on=date.fromisoformat(row["removed_on"]),
        reason=row["removal_reason"],
        to="" if hide_place else row["removal_to"],
    )
