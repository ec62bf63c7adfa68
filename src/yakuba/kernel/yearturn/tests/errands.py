"""A source of open work that lives in memory, and personnel lists as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from yakuba.kernel.access.api import Person
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.organisation.open_work import OpenWork
from yakuba.kernel.things.api import Ref

HEAD = ("職員番号", "氏名", "区分", "新所属", "新職", "ふりがな", "任用の種類", "任期の末日")


class Errands:
    """Errands: each has a holder and, unless it is personal, a section."""

    def __init__(self) -> None:
        self.holder: dict[str, int] = {}
        self.section: dict[str, int | None] = {}
        self.handed: list[tuple[str, int, int]] = []

    def give(self, name: str, staff: Staff, section: Section | None) -> None:
        self.holder[name] = staff.pk
        self.section[name] = section.pk if section else None

    def find(self, staff_ids: frozenset[int], on: date) -> Iterator[OpenWork]:
        for name, holder in self.holder.items():
            if holder in staff_ids:
                yield OpenWork("用務", Ref("test.errand", name), name, holder, self.section[name], date(2027, 4, 30))

    def hand_over(self, *, ref: Ref, from_staff_id: int, to_staff_id: int, on: date, by: Person) -> None:
        if self.holder.get(ref.public_id) == from_staff_id:
            self.holder[ref.public_id] = to_staff_id
            self.handed.append((ref.public_id, from_staff_id, to_staff_id))


def personnel_list(*rows: Iterable[Any], head: Iterable[str] = HEAD) -> bytes:
    """A list as an Excel file."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(["人事異動名簿（令和9年4月1日付）"])
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()
