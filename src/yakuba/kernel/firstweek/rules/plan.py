"""From the rows of a workbook and what is stored to a plan: what is added, changed, unchanged, and what is wrong.

Nothing is ever deleted: a row that is stored and not in the workbook stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from yakuba.kernel.firstweek.rules.sheets import GRANTED_ROLES, SHEET_BY_NAME, SHEETS, Sheet, Value
from yakuba.kernel.organisation.rules.appointments import INDISPENSABLE, Held, check_deputy, check_grant
from yakuba.kernel.organisation.rules.employment import check_service, tidy_name
from yakuba.kernel.organisation.rules.postings import HeldPosting, check_posting
from yakuba.kernel.organisation.rules.sections import StandingSection, check_kind_under, check_standing
from yakuba.kernel.values.api import Period, Refusal

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
        for sheet, rows in _rows_with_faults(self.faults).items():
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


def plan(raw: Mapping[str, Sequence[RawRow]], stored: Stored) -> Plan:
    """Read every row, compare it with what is stored, and ask the organisation's rules about the whole."""
    reader = _Reader(stored)
    for sheet in SHEETS:
        for row in raw.get(sheet.name, ()):
            reader.read(sheet, row)
    _Checks(reader).run()
    order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
    faults = sorted(reader.faults, key=lambda one: (order[one.sheet], one.row, _place_of(one)))
    lines = _parents_first([line for line in reader.lines if not reader.is_faulty(line.sheet, line.row)])
    return Plan(lines=tuple(lines), faults=tuple(faults), notices=tuple(_notices(reader)))


class _Reader:
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
                self.broken[sheet.name].add(_key(sheet, values))
            return
        key = _key(sheet, values)
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
        if sheet.name in _OF_PERSONS and values["last_day"] is not None:
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


class _Checks:
    """The organisation's rules over the whole house as it would be."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self._of_person = {sheet: self._by_number(sheet) for sheet in _OF_PERSONS}
        self._standing = [
            *(_as_standing(values) for values, _ in reader.all_values("所属")),
            *reader.stored.past_sections,
        ]

    def _by_number(self, sheet: str) -> dict[Value, list[tuple[Mapping[str, Value], int]]]:
        """Everything that will stand, by person: values and a key that tells rows apart (the row, or below 0)."""
        found: dict[Value, list[tuple[Mapping[str, Value], int]]] = {}
        for place, (values, line) in enumerate(self.reader.all_values(sheet), start=1):
            found.setdefault(values["number"], []).append((values, line.row if line else -place))
        return found

    def run(self) -> None:
        for line in self.reader.lines:
            self._references(line)
        for line in self.reader.lines:
            if line.action == CHANGE:
                self._changes(line)
        for line in self.reader.lines:
            if self.reader.is_faulty(line.sheet, line.row) or line.action == SAME:
                continue
            check = {
                "外部団体": self._outside,
                "所属": self._section,
                "職員": self._staff,
                "発令": self._posting,
                "権限": self._grant,
                "代決": self._deputy,
            }.get(line.sheet)
            if check:
                try:
                    check(line)
                except Refusal as refusal:
                    column = _column_of(line.sheet, refusal.field)
                    self.reader.fault(line.sheet, line.row, column, refusal.message, refusal.hint or "")

    def _references(self, line: Line) -> None:
        for column, sheet in _REFERENCES.get(line.sheet, ()):
            value = line.values[column]
            if value is None:
                continue
            if not self.reader.knows(sheet, (value,)) and not self._is_broken(sheet, (value,)):
                name = SHEET_BY_NAME[line.sheet].column(column).name
                self.reader.fault(
                    line.sheet,
                    line.row,
                    name,
                    f"「{value}」がシート「{sheet}」にも登録済みのデータにもありません。",
                    f"シート「{sheet}」に行を加えるか、書き間違いを直してください。",
                )
            elif self._is_broken(sheet, (value,)):
                name = SHEET_BY_NAME[line.sheet].column(column).name
                self.reader.fault(
                    line.sheet,
                    line.row,
                    name,
                    f"「{value}」のシート「{sheet}」の行に誤りがあります。",
                    f"先にシート「{sheet}」の行を直してください。",
                )

    def _is_broken(self, sheet: str, key: Key) -> bool:
        known = self.reader.by_key[sheet].get(key)
        return key in self.reader.broken[sheet] or (known is not None and self.reader.is_faulty(sheet, known.row))

    def _changes(self, line: Line) -> None:
        """What a second upload may correct, and what is an act with a day and belongs to the pages."""
        fixed = _FIXED.get(line.sheet, {})
        for name in line.changed:
            hint = fixed.get(name) or fixed.get("*")
            if hint:
                self.reader.fault(line.sheet, line.row, name, "登録済みの内容と違います。", hint)

    def _outside(self, line: Line) -> None:
        _period(line.values, "starts_on")

    def _section(self, line: Line) -> None:
        parent = line.values["parent"]
        above = self.reader.values_of("所属", (parent,)) if parent is not None else None
        check_kind_under(str(line.values["kind"]), str(above["kind"]) if above else None)
        check_standing(_as_standing(line.values), self._standing)

    def _staff(self, line: Line) -> None:
        tidy_name(str(line.values["name"]))
        check_service(
            employment=str(line.values["employment"]),
            joined_on=_date(line.values["joined_on"]),
            leaves_on=_after(line.values["last_day"]),
        )
        is_outside = line.values["employment"] == "outside"
        if is_outside != (line.values["organisation"] is not None):
            raise Refusal(
                "外部の人には外部団体が必要です。" if is_outside else "外部団体を書けるのは「外部の人」だけです。",
                field="organisation",
                hint="任用の種類と外部団体を合わせてください。",
            )

    def _posting(self, line: Line) -> None:
        number = line.values["number"]
        service = self._service(number)
        held = [
            _as_held(values, key=key, service_end=service.end)
            for values, key in self._of_person["発令"].get(number, [])
            if not (key < 0 and _corrects(line.values, values))
        ]
        section = self.reader.values_of("所属", (line.values["section"],)) or {}
        check_posting(
            _as_held(line.values, key=line.row, service_end=service.end),
            held,
            service=service,
            section_life=Period(_date(section["starts_on"])),
            section_name=str(section["name"]),
        )

    def _grant(self, line: Line) -> None:
        number = line.values["number"]
        service = self._service(number)
        held = [
            Held(
                key=key,
                what=str(values["role"]),
                period=_period(values, "starts_on", service.end),
                words=_role_name(values["role"]),
            )
            for values, key in self._of_person["権限"].get(number, [])
        ]
        new = Held(line.row, str(line.values["role"]), _period(line.values, "starts_on", service.end))
        check_grant(new, held, service=service, ground=str(line.values["ground"]))

    def _deputy(self, line: Line) -> None:
        number, deputy = line.values["number"], line.values["deputy"]
        service, other_service = self._service(number), self._service(deputy)
        ends = [end for end in (service.end, other_service.end) if end is not None]
        until = min(ends) if ends else None
        held = [
            Held(
                key=key,
                what=str(values["order"]),
                period=_period(values, "starts_on", until),
                whom=str(values["deputy"]),
                words=f"職員番号{values['deputy']}",
            )
            for values, key in self._of_person["代決"].get(number, [])
        ]
        check_deputy(
            Held(line.row, str(line.values["order"]), _period(line.values, "starts_on", until), whom=str(deputy)),
            held,
            own_key=str(number),
            service=service,
            deputy_service=other_service,
        )

    def _service(self, number: Value) -> Period:
        values = self.reader.values_of("職員", (number,)) or {}
        return Period(_date(values["joined_on"]), _after(values.get("last_day")))


#: Which column of which sheet points at which sheet.
_REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "所属": (("authority", "執行機関"), ("parent", "所属")),
    "職員": (("organisation", "外部団体"),),
    "発令": (("number", "職員"), ("section", "所属"), ("post", "職")),
    "権限": (("number", "職員"),),
    "代決": (("number", "職員"), ("deputy", "職員")),
}

#: Sheets whose rows belong to a person and end with the service at the latest.
_OF_PERSONS = ("発令", "権限", "代決")

_BY_ACT = "職員の画面で「{}」を登録してください。取り込みでは変えられません。"
#: Columns whose stored value is not corrected by an import; "*" stands for every column.
_FIXED: dict[str, dict[str, str]] = {
    "職員": {"最後の在職日": _BY_ACT.format("退職」または「任期の更新")},
    "発令": {"終了日": _BY_ACT.format("訂正"), "本務・兼務": _BY_ACT.format("訂正")},
    "権限": {"*": _BY_ACT.format("任命を終える")},
    "代決": {"*": _BY_ACT.format("指定を終える")},
}


def _parents_first(lines: list[Line]) -> list[Line]:
    """Sections after the section they stand below, everything else in the order of the sheets."""
    parents = {line.values["code"]: line.values["parent"] for line in lines if line.sheet == "所属"}

    def depth(line: Line) -> int:
        if line.sheet != "所属":
            return 0
        steps, at = 0, line.values["parent"]
        while at in parents and steps <= len(parents):
            steps, at = steps + 1, parents[at]
        return steps

    order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
    return sorted(lines, key=lambda line: (order[line.sheet], depth(line), line.row))


def _notices(reader: _Reader) -> list[str]:
    """What would be odd about the house after the import."""
    staff = {str(values["number"]): values for values, _ in reader.all_values("職員")}
    posted = {str(values["number"]) for values, _ in reader.all_values("発令") if values["is_main"] == "main"}
    homeless = [
        number for number, values in staff.items() if number not in posted and values["employment"] != "outside"
    ]
    notices = []
    if staff and not any(values["role"] in INDISPENSABLE for values, _ in reader.all_values("権限")):
        notices.append(
            "「人事担当」か「情報システム担当」の権限を持つ人がいません。このままでは、画面で組織を直せる人がいません。"
        )
    if homeless:
        shown = "、".join(homeless[:10]) + (f" ほか{len(homeless) - 10}人" if len(homeless) > 10 else "")
        notices.append(f"本務の発令がない職員が{len(homeless)}人います（職員番号 {shown}）。")
    heads = {
        str(values["section"])
        for values, _ in reader.all_values("発令")
        if (reader.values_of("職", (values["post"],)) or {}).get("role") == "section_head"
    }
    headless = [
        str(values["name"])
        for values, _ in reader.all_values("所属")
        if values["kind"] == "section" and str(values["code"]) not in heads
    ]
    if staff and headless:
        shown = "、".join(headless[:10]) + (f" ほか{len(headless) - 10}" if len(headless) > 10 else "")
        notices.append(f"所属長のいない課・室があります（{shown}）。")
    return notices


def _place_of(fault: Fault) -> int:
    """Where the column of a fault stands in its sheet; the whole row comes last."""
    names = [column.name for column in SHEET_BY_NAME[fault.sheet].columns]
    return names.index(fault.column) if fault.column in names else len(names)


def _corrects(new: Mapping[str, Value], stored: Mapping[str, Value]) -> bool:
    """Whether a row corrects a stored main posting from the same day: that one gives way."""
    return new["is_main"] == stored["is_main"] == "main" and new["starts_on"] == stored["starts_on"]


def _role_name(value: Value) -> str:
    return next((name for name, role in GRANTED_ROLES.items() if role == value), str(value))


def _key(sheet: Sheet, values: Mapping[str, Value]) -> Key:
    return tuple(values[name] for name in sheet.key)


def _as_standing(values: Mapping[str, Value]) -> StandingSection:
    parent = values["parent"]
    return StandingSection(
        key=str(values["code"]),
        code=str(values["code"]),
        name=str(values["name"]),
        kind=str(values["kind"]),
        parent=None if parent is None else str(parent),
        period=Period(_date(values["starts_on"])),
    )


def _as_held(values: Mapping[str, Value], *, key: int, service_end: date | None = None) -> HeldPosting:
    return HeldPosting(
        key=key,
        section=str(values["section"]),
        post=str(values["post"]),
        period=_period(values, "starts_on", service_end),
        is_main=values["is_main"] == "main",
        where=f"{values['section']} {values['post']}",
    )


def _period(values: Mapping[str, Value], start: str, otherwise: date | None = None) -> Period:
    last_day = values.get("last_day")
    return Period(_date(values[start]), _after(last_day) if last_day is not None else otherwise)


def _date(value: Value) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no day")
    return value


def _after(value: Value) -> date | None:
    return value + timedelta(days=1) if isinstance(value, date) else None


def _column_of(sheet: str, refused: str | None) -> str:
    """The column a refusal of the organisation's rules belongs to."""
    names = {column.key: column.name for column in SHEET_BY_NAME[sheet].columns}
    return names.get(refused or "", "")


def _rows_with_faults(faults: Iterable[Fault]) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = {}
    for fault in faults:
        rows.setdefault(fault.sheet, set()).add(fault.row)
    return rows
