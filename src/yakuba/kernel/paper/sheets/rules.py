"""What a sheet and its declaration do not have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yakuba.kernel.paper.sheets.fields import FieldKind, SheetField, field_key
from yakuba.kernel.paper.sheets.placeholders import FORMS, Mark, Role, is_form


@dataclass(frozen=True, slots=True)
class Found:
    """A mark and where it stands (本文, ヘッダー, シート「申請書」B3); `rows` is the repeating block it lies in, or ""."""

    mark: Mark
    place: str
    rows: str = ""


@dataclass(frozen=True, slots=True)
class SheetCheck:
    """How a sheet fits its declaration: nothing is dropped silently.

    `used`: fields the sheet shows. `lacking`: fields we could fill that the sheet does not show. `unknown`: marks of
    the sheet we cannot fill, with their places; they stay visible on paper. `problems`: Japanese sentences about marks
    that do not work as written.
    """

    used: tuple[str, ...]
    lacking: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether the sheet can be used without anybody looking at it again."""
        return not self.unknown and not self.problems and bool(self.used)


def check_fields(
    found: Iterable[Found], named_cells: Iterable[str], fields: Sequence[SheetField], problems: Iterable[str] = ()
) -> SheetCheck:
    """Compare the marks (and named cells of a workbook) of a sheet with the declared fields."""
    known = {field_key(field.name): field for field in fields}
    used: set[str] = set()
    unknown: dict[tuple[str, str], None] = {}
    told: dict[str, None] = dict.fromkeys(problems)
    for one in found:
        name, field = _field_of(one, known)
        if field is None:
            unknown[one.mark.name, one.place] = None
            continue
        used.add(name)
        if rows := known.get(field_key(one.rows)) if one.rows else None:
            used.add(rows.name)
        for sentence in _faults(one, field):
            told[sentence] = None
    used.update(known[key].name for name in named_cells if (key := field_key(name)) in known)
    every = [name for field in fields for name in _names(field)]
    return SheetCheck(
        used=tuple(name for name in every if name in used),
        lacking=tuple(name for name in every if name not in used),
        unknown=tuple(unknown),
        problems=tuple(told),
    )


def _field_of(one: Found, known: dict[str, SheetField]) -> tuple[str, SheetField | None]:
    """The field a mark means and its full name; inside repeating rows a column of theirs comes first."""
    rows = known.get(field_key(one.rows)) if one.rows else None
    if rows:
        for column in rows.columns:
            if field_key(column.name) == one.mark.key:
                return f"{rows.name}の{column.name}", column
    field = known.get(one.mark.key)
    return (field.name, field) if field else ("", None)


def _faults(one: Found, field: SheetField) -> list[str]:
    mark = one.mark
    if mark.role is not Role.VALUE and field.kind is not FieldKind.ROWS:
        return [f"{one.place}：「{mark.name}」は繰り返す行ではありません。{{{{{mark.name}}}}} と書いてください。"]
    if mark.role is Role.VALUE and field.kind is FieldKind.ROWS:
        return [
            f"{one.place}：「{mark.name}」は繰り返す行です。"
            f"行の最初に {{{{#{mark.name}}}}}、最後に {{{{/{mark.name}}}}} と書いてください。"
        ]
    if not is_form(field.kind, mark.form):
        forms = "、".join(FORMS[field.kind]) or "なし"
        return [f"{one.place}：「{mark.name}」に書式「{mark.form}」は使えません（使える書式：{forms}）。"]
    return []


def _names(field: SheetField) -> list[str]:
    return [field.name, *(f"{field.name}の{column.name}" for column in field.columns)]
