"""Reading the rows of all sheets and comparing them with what is stored."""

from __future__ import annotations

from collections.abc import Mapping

from yakuba.kernel.firstweek.rules.lines import ADD, CHANGE, OF_PERSONS, SAME, Fault, Key, Line, RawRow, Stored, Values
from yakuba.kernel.firstweek.rules.sheets import SHEETS, Sheet, Value
from yakuba.kernel.values.api import Refusal


class Reader:
    """Rows of all sheets, read and compared; faults by the way."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.lines: list[Line] = []
        self.faults: list[Fault] = []
        self.by_key: dict[str, dict[Key, Line]] = {sheet.name: {} for sheet in SHEETS}
        self.broken: dict[str, set[Key]] = {sheet.name: set() for sheet in SHEETS}
        self._faulty: set[tuple[str, int]] = set()
        self._main_on: dict[Key, Values] = {
            (values["number"], values["starts_on"]): values
            for values in stored.of("発令").values()
            if values["is_main"] == "main"
        }

    def read(self, sheet: Sheet, row: RawRow) -> None:
        values: Values = {}
        wrong = False
        for column in sheet.columns:
            text = row.cells.get(column.name, "").strip()
            if not text:
                values[column.key] = None
                if column.required:
                    self.fault(
                        sheet.name, row.number, column.name, "空欄です。", f"入力してください。{column.explanation}"
                    )
                    wrong = True
                continue
            try:
                values[column.key] = column.read(text)
            except Refusal as refusal:
                self.fault(sheet.name, row.number, column.name, refusal.message, refusal.hint or "")
                wrong = True
        if wrong:
            if all(values.get(name) is not None for name in sheet.key):
                self.broken[sheet.name].add(key_of(sheet, values))
            return
        key = key_of(sheet, values)
        earlier = self.by_key[sheet.name].get(key)
        if earlier is not None:
            self.fault(
                sheet.name,
                row.number,
                sheet.column(sheet.key[0]).name,
                f"{earlier.row}行目と同じ内容の行です。",
                "どちらかの行を消してください。",
            )
            return
        line = self._compared(sheet, row.number, key, values)
        self.by_key[sheet.name][key] = line
        self.lines.append(line)

    def fault(self, sheet: str, row: int, column: str, message: str, hint: str) -> None:
        self.faults.append(Fault(sheet, row, column, message, hint))
        self._faulty.add((sheet, row))

    def is_faulty(self, sheet: str, row: int) -> bool:
        return (sheet, row) in self._faulty

    def knows(self, sheet: str, key: Key) -> bool:
        """Whether the workbook or the store has it."""
        return key in self.by_key[sheet] or key in self.stored.of(sheet)

    def values_of(self, sheet: str, key: Key) -> Mapping[str, Value] | None:
        """As the workbook says, else as stored."""
        line = self.by_key[sheet].get(key)
        return line.values if line is not None else self.stored.of(sheet).get(key)

    def all_values(self, sheet: str) -> list[tuple[Mapping[str, Value], Line | None]]:
        """Everything that will stand after the import, with its line if it is in the workbook."""
        ours = self.by_key[sheet]
        kept = [(values, None) for key, values in self.stored.of(sheet).items() if key not in ours]
        return [*kept, *((line.values, line) for line in ours.values())]

    def _compared(self, sheet: Sheet, number: int, key: Key, values: Values) -> Line:
        if sheet.name in OF_PERSONS and values["last_day"] is not None:
            person = self.values_of("職員", (values["number"],)) or {}
            if values["last_day"] == person.get("last_day"):
                values["last_day"] = None  # as long as the service lasts
        known = self.stored.of(sheet.name).get(key)
        if known is None and sheet.name == "発令" and values["is_main"] == "main":
            known = self._main_on.get((values["number"], values["starts_on"]))
        if known is None:
            return Line(sheet.name, number, ADD, values)
        changed = tuple(
            column.name for column in sheet.columns if (values[column.key] or None) != (known.get(column.key) or None)
        )
        return Line(sheet.name, number, CHANGE if changed else SAME, values, changed)


def key_of(sheet: Sheet, values: Mapping[str, Value]) -> Key:
    return tuple(values[name] for name in sheet.key)
