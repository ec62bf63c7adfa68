"""The organisation's rules, asked about the whole house as an import would leave it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from yakuba.kernel.firstweek.rules.lines import CHANGE, OF_PERSONS, SAME, Key, Line
from yakuba.kernel.firstweek.rules.reader import Reader
from yakuba.kernel.firstweek.rules.sheets import GRANTED_ROLES, SHEET_BY_NAME, Value
from yakuba.kernel.organisation.rules.appointments import Held, check_deputy, check_grant
from yakuba.kernel.organisation.rules.employment import check_service, tidy_name
from yakuba.kernel.organisation.rules.postings import HeldPosting, check_posting
from yakuba.kernel.organisation.rules.sections import StandingSection, check_kind_under, check_standing
from yakuba.kernel.values.api import Period, Refusal

#: Which column of which sheet points at which sheet.
_REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "所属": (("authority", "執行機関"), ("parent", "所属")),
    "職員": (("organisation", "外部団体"),),
    "発令": (("number", "職員"), ("section", "所属"), ("post", "職")),
    "権限": (("number", "職員"),),
    "代決": (("number", "職員"), ("deputy", "職員")),
}

_BY_ACT = "職員の画面で「{}」を登録してください。取り込みでは変えられません。"
#: Columns whose stored value is not corrected by an import; "*" stands for every column.
_FIXED: dict[str, dict[str, str]] = {
    "職員": {"最後の在職日": _BY_ACT.format("退職」または「任期の更新")},
    "発令": {"終了日": _BY_ACT.format("訂正"), "本務・兼務": _BY_ACT.format("訂正")},
    "権限": {"*": _BY_ACT.format("任命を終える")},
    "代決": {"*": _BY_ACT.format("指定を終える")},
}


class Checks:
    """The organisation's rules over the whole house as it would be."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._of_person = {sheet: self._by_number(sheet) for sheet in OF_PERSONS}
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


def _corrects(new: Mapping[str, Value], stored: Mapping[str, Value]) -> bool:
    """Whether a row corrects a stored main posting from the same day: that one gives way."""
    return new["is_main"] == stored["is_main"] == "main" and new["starts_on"] == stored["starts_on"]


def _role_name(value: Value) -> str:
    return next((name for name, role in GRANTED_ROLES.items() if role == value), str(value))


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
