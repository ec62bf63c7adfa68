"""What a clerk's own sheet (様式) can be filled with from records, and the filled sheet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.files.api import Kind, read_content, safe_name
from yakuba.kernel.paper.api import FieldKind, SheetCheck, SheetField, SheetFile, SheetKind
from yakuba.kernel.values.api import Clock, Refusal, business_date
from yakuba.office.appbuilder.models import App, AppSheet, Record
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.queries.rollups import rolled_up
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, ComputedAs, FieldType
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.values import A_FILE, Names, for_sheet

ROWS = "記録"
"""The field of a sheet that repeats a row for each record."""
MOST_FILES_OUT, MOST_ROWS_OUT, MOST_BOXES = 100, 500, 40

_FORBIDDEN = str.maketrans(dict.fromkeys("{}｛｝|｜#＃/／\n", "・"))
_KINDS = {
    FieldType.NUMBER: FieldKind.NUMBER,
    FieldType.AUTO_NUMBER: FieldKind.TEXT,
    FieldType.YEN: FieldKind.MONEY,
    FieldType.DATE: FieldKind.DATE,
    FieldType.YES_NO: FieldKind.YES_NO,
}
_RESULTS = {
    ComputedAs.NUMBER: FieldKind.NUMBER,
    ComputedAs.YEN: FieldKind.MONEY,
    ComputedAs.DATE: FieldKind.DATE,
    ComputedAs.YES_NO: FieldKind.YES_NO,
}
_SAMPLES: dict[FieldKind, Any] = {
    FieldKind.TEXT: "見本",
    FieldKind.NUMBER: 2,
    FieldKind.MONEY: 1200,
    FieldKind.DATE: date(2026, 4, 1),
    FieldKind.YES_NO: True,
}
_STANDARD = (
    SheetField("記録の番号", "記録の番号", 12, FieldKind.NUMBER),
    SheetField("作成した人", "記録を作った人", "見本　花子"),
    SheetField("作成した日", "記録を作った日", date(2026, 4, 1), FieldKind.DATE),
    SheetField("変更した日", "最後に変えた日", date(2026, 4, 2), FieldKind.DATE),
)
_ON_TOP = (
    SheetField("アプリの名前", "アプリの名前", "備品貸出"),
    SheetField("出した日", "様式に出した日", date(2026, 4, 3), FieldKind.DATE),
    SheetField("件数", "記録の件数", 2, FieldKind.NUMBER),
)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file for the clerk: bytes, name, media type."""

    content: bytes
    filename: str
    media_type: str


def named_fields(definition: AppDefinition) -> list[tuple[str, AppField]]:
    """Every field a sheet can show, by the name between its braces."""
    found: list[tuple[str, AppField]] = []
    taken = {one.name for one in (*_STANDARD, *_ON_TOP)} | {ROWS}
    for one in definition.columns:
        name = one.label.translate(_FORBIDDEN).strip() or one.key
        if name in taken:
            name = f"{name}（{one.key}）"
        taken.add(name)
        found.append((name, one))
    return found


def sheet_fields(definition: AppDefinition) -> tuple[SheetField, ...]:
    """What a sheet of the app can be filled with."""
    columns = [*_STANDARD]
    for name, one in named_fields(definition):
        kind = _kind_of(one)
        sample = one.choices[0].label if one.choices else _SAMPLES[kind]
        columns.append(SheetField(name, f"項目「{one.label}」", sample, kind))
        for label, key in _boxes(one):
            sample = "☑" if key == one.choices[0].key else "□"
            columns.append(SheetField(f"{name}：{label}", f"「{one.label}」が「{label}」のとき☑", sample))
    samples = [{column.name: column.sample for column in columns} for _ in range(2)]
    return (*_ON_TOP, *columns, SheetField(ROWS, "記録ごとに繰り返す行", samples, FieldKind.ROWS, tuple(columns)))


def _kind_of(one: AppField) -> FieldKind:
    if one.type in (FieldType.COMPUTED, FieldType.ROLLUP):
        return _RESULTS.get(one.gives, FieldKind.TEXT)
    return _KINDS.get(one.type, FieldKind.TEXT)


def _boxes(one: AppField) -> list[tuple[str, str]]:
    """The choices of a field that get a box of their own: label, key."""
    labels = [(choice.label.translate(_FORBIDDEN), choice.key) for choice in one.choices if choice.is_used]
    return labels if len(labels) <= MOST_BOXES and len({label for label, _ in labels}) == len(labels) else []


def check_of(sheet: AppSheet, definition: AppDefinition) -> SheetCheck:
    """How the file of a sheet fits the app. Raises `FileRefused`."""
    return file_of(sheet).check(sheet_fields(definition))


def file_of(sheet: AppSheet) -> SheetFile:
    """The file of a sheet."""
    return SheetFile(read_content(sheet.file), SheetKind(sheet.kind), sheet.title)


def sheets_of(app: App, *, ready: bool = False) -> list[AppSheet]:
    """The sheets of an app in care, by title; those that can be filled alone if asked."""
    found = AppSheet.objects.filter(app=app, removed_at__isnull=True)
    return list(found.filter(is_ready=True) if ready else found)


def sample_of(sheet: AppSheet, definition: AppDefinition) -> Handed:
    """A test print with sample values."""
    fields = sheet_fields(definition)
    return _handed(sheet, file_of(sheet).filled(fields, {one.name: one.sample for one in fields}), "試し刷り")


def filled_sheets(
    sheet: AppSheet, records: Sequence[Record], definition: AppDefinition, sight: Sight, *, person: Person, clock: Clock
) -> Handed:
    """The sheet with records: one table of them all, or a sheet for each (in a ZIP when there are several).

    Fields the person does not see stay blank. Raises `Refusal` for too many.
    """
    most = MOST_ROWS_OUT if sheet.is_table else MOST_FILES_OUT
    if len(records) > most:
        raise Refusal(
            f"{len(records)}件あります。この様式に一度に出せるのは{most}件までです。",
            hint="検索や絞り込みで減らしてください。",
        )
    fields = sheet_fields(definition)
    shapes = Shapes(sheet.app)
    today = clock.today()
    held = [shapes.of(one, today=today).values for one in records]
    names = names_for(person, definition, today=today, ids=ids_in(definition, held))
    rolled = rolled_up(person, definition.fields, records, today=today)
    held = [{**values, **rolled[record.pk]} for record, values in zip(records, held, strict=True)]
    rows = [_values(record, values, definition, sight, names) for record, values in zip(records, held, strict=True)]
    top = {"アプリの名前": definition.title, "出した日": today, "件数": len(rows)}
    file = file_of(sheet)
    if sheet.is_table:
        first = rows[0] if len(rows) == 1 else {}
        return _handed(sheet, file.filled(fields, {**top, **first, ROWS: rows}), today.isoformat())
    made = [
        _handed(sheet, file.filled(fields, {**top, **values, ROWS: [values]}), f"{record.number}")
        for record, values in zip(records, rows, strict=True)
    ]
    return made[0] if len(made) == 1 else _together(sheet, made)


def _values(
    record: Record, held: Mapping[str, Any], definition: AppDefinition, sight: Sight, names: Names
) -> dict[str, Any]:
    """The values of a record by the names of a sheet; hidden ones blank."""
    found: dict[str, Any] = {
        "記録の番号": record.number,
        "作成した人": record.made_by_name,
        "作成した日": business_date(record.made_at),
        "変更した日": business_date(record.changed_at),
    }
    for name, one in named_fields(definition):
        value = held.get(one.key) if one.key in sight.visible else None
        found[name] = _value(one, value, names)
        chosen = set(value) if isinstance(value, list) else {value}
        for label, key in _boxes(one):
            found[f"{name}：{label}"] = None if one.key not in sight.visible else "☑" if key in chosen else "□"
    return found


def _value(one: AppField, value: Any, names: Names) -> str | int | Decimal | date | bool | None:
    if isinstance(value, bool):
        return value
    if one.type.holds_files and isinstance(value, list):
        return "、".join(names.files.get(part, A_FILE) for part in value)
    return for_sheet(one, value, names)


def _handed(sheet: AppSheet, content: bytes, behind: str) -> Handed:
    kind = SheetKind(sheet.kind)
    media_type = (Kind.DOCX if kind is SheetKind.WORD else Kind.XLSX).media_type
    return Handed(content, safe_name(f"{sheet.title}_{behind}{kind.extension}"), media_type)


def _together(sheet: AppSheet, made: Sequence[Handed]) -> Handed:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for one in made:
            package.writestr(zipfile.ZipInfo(one.filename, (1980, 1, 1, 0, 0, 0)), one.content)
    return Handed(out.getvalue(), safe_name(f"{sheet.title}.zip"), Kind.ZIP.media_type)
