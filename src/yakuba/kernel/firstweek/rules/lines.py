"""Rows of a workbook as they come, as they are understood, and what an import of them would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from yakuba.kernel.firstweek.rules.sheets import SHEETS, Value
from yakuba.kernel.organisation.rules.sections import StandingSection

Key = tuple[Value, ...]
Values = dict[str, Value]

ADD, CHANGE, SAME = "add", "change", "same"


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a sheet as text by column name; `number` as the spreadsheet program counts it."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: where, and what to do. `column` is empty when it is the whole row."""

    sheet: str
    row: int
    column: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row that was understood. `action` is add, change or same; `changed` names the columns that differ."""

    sheet: str
    row: int
    action: str
    values: Mapping[str, Value]
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; `notices` are sentences about what would be odd but not wrong."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    notices: tuple[str, ...] = ()

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each sheet are added, changed, unchanged, wrong."""
        found = {sheet.name: {ADD: 0, CHANGE: 0, SAME: 0, "faults": 0} for sheet in SHEETS}
        for line in self.lines:
            found[line.sheet][line.action] += 1
        for sheet, rows in rows_with_faults(self.faults).items():
            found[sheet]["faults"] = len(rows)
        return found

    @property
    def work(self) -> tuple[Line, ...]:
        """The lines that write something."""
        return tuple(line for line in self.lines if line.action != SAME)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored already, by sheet and key, in the words of the sheets.

    `rows` has standing sections only; `past_sections` are those that have ended. A last day that is only the end of
    the person's service is left out (`None`), as people leave it out.
    """

    rows: Mapping[str, Mapping[Key, Values]] = field(default_factory=dict)
    past_sections: Sequence[StandingSection] = ()

    def of(self, sheet: str) -> Mapping[Key, Values]:
        return self.rows.get(sheet, {})


def rows_with_faults(faults: Iterable[Fault]) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = {}
    for fault in faults:
        rows.setdefault(fault.sheet, set()).add(fault.row)
    return rows


#: Sheets whose rows belong to a person and end with the service at the latest.
OF_PERSONS = ("発令", "権限", "代決")
