"""Answers as tables: one row a set of answers, repeating groups beside it, for Excel, CSV and other programs.

Who may see them, and withholding those of protected people, is the caller's: whatever is given here goes out. Callers
record the view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.forms.part_words import row_title
from yakuba.kernel.forms.rules.answer_schema import answer_schema
from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, FormDefinition, Group
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.paper.api import CsvEncoding, write_csv
from yakuba.kernel.values.api import TOKYO

Value = str | int | None
_HEAD = PatternFill("solid", start_color="FFE8F1FE")
_UNFIT = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


@dataclass(frozen=True)
class GivenAnswers:
    """One set of answers to export: the number people know it by, when it came, the form it answers, the answers."""

    number: str
    given_at: datetime
    definition: FormDefinition
    answers: Mapping[str, Any]
    fee: int = 0


@dataclass(frozen=True)
class Part:
    """The rows of one repeating group; the first column is the number of the set they belong to."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class AnswerTable:
    """Answers as a table with its parts. ``wide`` is the same with groups beside each other, for CSV."""

    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    parts: tuple[Part, ...]
    wide_header: tuple[str, ...]
    wide_rows: tuple[tuple[Value, ...], ...]


def answer_table(given: Sequence[GivenAnswers]) -> AnswerTable:
    """The table of some sets of answers, which may be of several versions: columns of all, the newest form first."""
    singles, groups = _questions(given)
    labels = _labels([*singles.values(), *groups.values()])
    header = ["番号", "送信日時", *_headers(singles, labels), "手数料（円）"]
    rows = [[one.number, _moment(one), *_cells(singles, one.answers), one.fee] for one in given]
    parts, wide_header, wide_rows = [], list(header), [list(row) for row in rows]
    for key, (group, questions) in groups.items():
        inner_labels = _labels(list(questions.values()))
        inner = _headers(questions, inner_labels)
        title = labels[key]
        every = [_rows_of(one.answers.get(key)) for one in given]
        parts.append(
            Part(
                title,
                ("番号", "行", *inner),
                tuple(
                    (one.number, place, *_cells(questions, row))
                    for one, own in zip(given, every, strict=True)
                    for place, row in enumerate(own, start=1)
                ),
            )
        )
        for place in range(max((len(own) for own in every), default=0)):
            row_label = group.row_label.ja
            wide_header += [f"{title} {row_title(row_label, place + 1)} {name}" for name in inner]
            for row, own in zip(wide_rows, every, strict=True):
                row += _cells(questions, own[place]) if place < len(own) else [""] * len(inner)
    return AnswerTable(
        tuple(header),
        tuple(tuple(row) for row in rows),
        tuple(parts),
        tuple(wide_header),
        tuple(tuple(row) for row in wide_rows),
    )


def answers_as_csv(table: AnswerTable, encoding: CsvEncoding = CsvEncoding.UTF8) -> Any:
    """One CSV with everything in it; no cell runs as a formula. Gives what `kernel.paper` writes, with what did not fit."""
    return write_csv(table.wide_header, table.wide_rows, encoding)


def answers_as_workbook(table: AnswerTable, *, title: str) -> bytes:
    """A workbook: the answers, and a sheet for every repeating group. Texts are texts, numbers numbers."""
    book = Workbook()
    _fill(book.worksheets[0], "答え", table.header, table.rows)
    for number, part in enumerate(table.parts, start=1):
        _fill(book.create_sheet(), f"{number} {part.title}", part.header, part.rows)
    book.properties.title = title
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def answers_as_json(given: Sequence[GivenAnswers]) -> dict[str, Any]:
    """The answers as they are stored, with the schema of every form they answer, by key and version's order."""
    schemas: list[dict[str, Any]] = []
    found = []
    for one in given:
        schema = answer_schema(one.definition)
        if schema not in schemas:
            schemas.append(schema)
        found.append(
            {
                "number": one.number,
                "given_at": one.given_at.isoformat(),
                "form": one.definition.key,
                "schema": schemas.index(schema),
                "answers": dict(one.answers),
                "fee": one.fee,
            }
        )
    return {"schemas": schemas, "answers": found}


Groups = dict[str, tuple[Group, dict[str, Any]]]


def _questions(given: Sequence[GivenAnswers]) -> tuple[dict[str, Any], Groups]:
    """Every question by key, that of the newest form where several have it; groups with theirs."""
    singles: dict[str, Any] = {}
    groups: Groups = {}
    definitions = list({id(one.definition): one.definition for one in reversed(given)}.values())
    for definition in definitions:
        for question in definition.questions():
            if isinstance(question, Group):
                inner = groups.setdefault(question.key, (question, {}))[1]
                for one in question.questions:
                    if one.type != "text_block":
                        inner.setdefault(one.key, one)
            elif question.type != "text_block":
                singles.setdefault(question.key, question)
    return singles, groups


def _labels(questions: Sequence[Any]) -> dict[str, str]:
    """Words for columns: the label, with the key where two have the same."""
    plain = [one[0] if isinstance(one, tuple) else one for one in questions]
    words = [one.label.ja for one in plain]
    return {
        one.key: f"{label}（{one.key}）" if words.count(label) > 1 else label
        for one, label in zip(plain, words, strict=True)
    }


def _headers(questions: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    return [
        f"{labels[key]} {column}".strip()
        for key, question in questions.items()
        for column in kind_of(question).columns(question)
    ]


def _cells(questions: Mapping[str, Any], answers: Mapping[str, Any]) -> list[Value]:
    found: list[Value] = []
    for key, question in questions.items():
        kind, value = kind_of(question), answers.get(key)
        other = answers.get(key + OTHER_SUFFIX, "")
        # An answer of an earlier version may have had another shape; then its words are still better than nothing.
        fits = value is None or question.type in ("computed", "fee") or kind.is_shaped(question, value)
        try:
            cells = kind.cells(question, value if fits else None, other if isinstance(other, str) else "")
        except (KeyError, ValueError, TypeError):
            fits, cells = False, kind.cells(question, None)
        found += list(cells) if fits else [str(value), *[""] * (len(cells) - 1)]
    return found


def _rows_of(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _moment(one: GivenAnswers) -> str:
    return f"{one.given_at.astimezone(TOKYO):%Y-%m-%d %H:%M}"


def _fill(page: Worksheet, title: str, header: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    page.title = "".join(one for one in title if one not in "\\/*?:[]")[:31] or "表"
    for number, name in enumerate(header, start=1):
        head = page.cell(1, number)
        _put(head, name)
        head.font, head.fill = Font(bold=True), _HEAD
        page.column_dimensions[get_column_letter(number)].width = min(40, max(10, len(name) * 2))
    for place, row in enumerate(rows, start=2):
        for number, value in enumerate(row, start=1):
            if value in ("", None):
                continue
            cell = page.cell(place, number)
            _put(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "B2"


def _put(cell: Any, value: Value) -> None:
    """A number as a number, everything else as words that never run."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        cell.value = value
        return
    if isinstance(cell, Cell):
        cell.value = str(value).translate(_UNFIT)[:32_767]
        cell.data_type = "s"
        cell.number_format = "@"
