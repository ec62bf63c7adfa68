"""Rows of a sheet read for an app: every fault found before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yakuba.kernel.paper.api import Findings, NoTableFound, Table, read_table
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import holds
from yakuba.office.appbuilder.models import App, Cell
from yakuba.office.appbuilder.rules.definition import MOST_FIELDS, AppDefinition, AppField
from yakuba.office.appbuilder.rules.guessing import Guess, guess_column
from yakuba.office.appbuilder.rules.limits import beyond, condition_in_words
from yakuba.office.appbuilder.rules.reshaping import with_computed
from yakuba.office.appbuilder.rules.sheet_rows import LeftOut, rows_left_out
from yakuba.office.appbuilder.rules.values import Names, cells_of, from_text

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000


@dataclass(frozen=True)
class ReadRows:
    """The values of every row, and what is wrong; nothing may be written while anything is."""

    rows: list[dict[str, Any]]
    findings: Findings


@dataclass(frozen=True)
class Reading:
    """Where a person says the table is; nothing given: it is looked for."""

    sheet: str = ""
    top: int = 0
    bottom: int = 0
    last: int = 0

    @property
    def header_rows(self) -> tuple[int, int] | None:
        """The rows of the header; at most five."""
        return (self.top, min(max(self.bottom, self.top), self.top + 4)) if self.top > 0 else None


@dataclass(frozen=True)
class Sheet:
    """The table of a file, without the rows that are no records."""

    table: Table
    left_out: tuple[LeftOut, ...]

    @property
    def first(self) -> int:
        """The number of the first row of data."""
        return self.table.rows[0].number

    @property
    def last(self) -> int:
        """The number of the last row of data."""
        return self.table.rows[-1].number


def read_sheet(content: bytes, filename: str, how: Reading | None = None) -> Sheet:
    """The table of a file. Raises `TableRefused` (`NoTableFound` when a person must say where it is) and `FileRefused`.

    Sums and notes are left out, unless a person has said which row is the last: then every row up to it counts.
    """
    how = how or Reading()
    if len(content) > MOST_BYTES:
        raise Refusal("ファイルが大きすぎます（上限 10 MB）。", hint="いくつかのファイルに分けてください。")
    table = read_table(
        content, filename, sheet=how.sheet or None, header_rows=how.header_rows, last_row=how.last or None
    )
    left_out = () if how.last else rows_left_out([(row.number, row.cells) for row in table.rows])
    passed = {one.number for one in left_out}
    if passed:
        table = replace(
            table,
            rows=tuple(row for row in table.rows if row.number not in passed),
            problems=tuple(one for one in table.problems if one.position.row not in passed),
        )
    if len(table.rows) > MOST_ROWS:
        raise Refusal(
            f"{len(table.rows):,}行あります。一度に取り込めるのは{MOST_ROWS:,}行までです。",
            hint="いくつかのファイルに分けてください。",
        )
    if len(table.columns) > MOST_FIELDS:
        raise Refusal(f"列が{len(table.columns)}あります。{MOST_FIELDS}までです。", hint="要らない列を消してください。")
    if not table.rows:
        refusal = "見出しの下に行がありません。"
        if table.preview is None or len(table.preview.rows) < 2:
            raise Refusal(refusal, hint="データの行があるか確かめてください。")
        raise NoTableFound(refusal, hint="見出しの行と最後の行を確かめてください。", preview=table.preview)
    return Sheet(table, left_out)


def guesses_of(table: Table, names: Names) -> list[Guess]:
    """What every column may be."""
    return [guess_column(one.name, [row[one.name] for row in table.rows], names=names) for one in table.columns]


def column_texts(table: Table, name: str) -> list[str]:
    """The different texts of a column, in the order they appear."""
    return list(dict.fromkeys(text for row in table.rows if (text := row[name].strip())))


def read_rows(
    table: Table,
    columns: Mapping[str, AppField],
    definition: AppDefinition,
    *,
    names: Names,
    app: App | None,
    today: date,
) -> ReadRows:
    """Read every row. `columns` says which field a column of the sheet fills; `app` is asked for duplicates."""
    findings = Findings(table)
    rows: list[dict[str, Any]] = []
    seen: dict[str, dict[str, int]] = {one.key: {} for one in columns.values() if one.unique}
    defaults = {one.key: one.default for one in definition.fields if one.default is not None and one.type.is_typed}
    process = definition.process
    required = [
        one for one in definition.fields if one.required and one.type.is_in_sheets and one.key in definition.by_hand
    ]
    asked = _looking(definition, today)
    taken = _taken(app, [one for one in columns.values() if one.unique])
    places = {one.key: name for name, one in columns.items()}
    for row in table.rows:
        values = dict(defaults)
        faulty = set()
        for name, one in columns.items():
            try:
                value = from_text(one, row[name], names)
            except Refusal as refusal:
                findings.add(row, name, refusal.message, refusal.hint or "")
                faulty.add(one.key)
                continue
            if process is not None and one.key == process.field and value not in (None, process.start):
                first = one.choice_label(process.start)
                findings.add(row, name, "状態は表からは決められません。", f"空欄か「{first}」にしてください。")
                continue
            if value is not None:
                values[one.key] = value
            if one.unique and value is not None:
                written = cells_of(one, value)[0].written
                before = seen[one.key].setdefault(written, row.number)
                if before != row.number:
                    findings.add(row, name, f"{before}行目と同じ値です。", "重複できない項目です。")
                elif written in taken.get(one.key, ()):
                    findings.add(row, name, "すでにある記録と同じ値です。", "重複できない項目です。")
        for one in required:
            if one.key not in values and one.key not in faulty:
                findings.add(row, places.get(one.key, one.label), "空欄です。", "必ず入力してください。")
        for key, message, hint in asked(values, faulty):
            findings.add(row, places.get(key, key), message, hint)
        rows.append(values)
    return ReadRows(rows, findings)


def _looking(
    definition: AppDefinition, today: date
) -> Callable[[Mapping[str, Any], Collection[str]], Iterator[tuple[str, str, str]]]:
    """What looks at the limits and the conditions of a row: key of the field, what is wrong, what to do."""
    fields = {one.key: one for one in definition.stored}
    typed = [one for one in definition.fields if one.type.is_in_sheets]
    conditional = {one.key: condition_in_words(one.needed_when, definition) for one in typed if one.needed_when}
    limited = [one for one in typed if one.least or one.most]

    def look(values: Mapping[str, Any], faulty: Collection[str]) -> Iterator[tuple[str, str, str]]:
        known = with_computed(values, definition, today) if conditional else {}
        for key, when in conditional.items():
            if key not in values and key not in faulty and holds(fields[key].needed_when, known, fields, today):
                yield key, "空欄です。", f"{when}は、入力してください。"
        for one in limited:
            if one.key in values and one.key not in faulty and (fault := beyond(one, values[one.key], today=today)):
                yield one.key, fault, "範囲に入る値にしてください。"

    return look


def _taken(app: App | None, unique: Sequence[AppField]) -> dict[str, set[str]]:
    if app is None:
        return {}
    found: dict[str, set[str]] = {}
    for one in unique:
        texts = Cell.objects.filter(app=app, key=one.key, unique_text__isnull=False)
        found[one.key] = {str(text) for text in texts.values_list("unique_text", flat=True)}
    return found
