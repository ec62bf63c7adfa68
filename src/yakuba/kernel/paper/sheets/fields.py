"""What a sheet can be filled with: declared by the apps, shown to the clerks who design the sheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from yakuba.kernel.values.api import Refusal

Single = str | int | float | Decimal | bool | date | None
"""A value of one field."""


class FieldKind(StrEnum):
    """What a field holds; decides its usual form on paper."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    ROWS = "rows"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    FieldKind.TEXT: "文字",
    FieldKind.NUMBER: "数",
    FieldKind.MONEY: "金額",
    FieldKind.DATE: "日付",
    FieldKind.YES_NO: "はい・いいえ",
    FieldKind.ROWS: "繰り返す行",
}


@dataclass(frozen=True, slots=True)
class SheetField:
    """A named field (差し込み項目).

    `name` is what clerks write between the braces, `meaning` explains it to them, `sample` is what the test print
    shows. For `ROWS`, `columns` are the fields of one row and `sample` is a list of rows.
    """

    name: str
    meaning: str
    sample: Any
    kind: FieldKind = FieldKind.TEXT
    columns: tuple[SheetField, ...] = ()

    def __post_init__(self) -> None:
        if not self.name or set(self.name) & set("{}｛｝|｜#＃/／\n"):
            raise ValueError(f"not a field name: {self.name!r}")
        if (self.kind is FieldKind.ROWS) != bool(self.columns):
            raise ValueError(f"{self.name}: only rows have columns, and they need some")


class SheetKind(StrEnum):
    """The program a sheet is edited in."""

    WORD = "word"
    EXCEL = "excel"

    @property
    def label(self) -> str:
        return "Word" if self is SheetKind.WORD else "Excel"

    @property
    def extension(self) -> str:
        return ".docx" if self is SheetKind.WORD else ".xlsx"


@dataclass(frozen=True, slots=True)
class SheetDeclaration:
    """A sheet an app can fill (様式): `key` names it in code, `title` on pages, `number` is 様式第○号 if it has one.

    `ground` (根拠) names the regulation the sheet is part of. `default` is the file shipped with the app, used until
    the town puts in its own; without one the town's file is needed first. `values` makes the values of one subject.
    """

    key: str
    title: str
    kind: SheetKind
    fields: tuple[SheetField, ...]
    values: Callable[..., Mapping[str, Any]]
    number: str = ""
    ground: str = ""
    default: Path | None = None

    def sample_values(self) -> dict[str, Any]:
        """The values of the test print."""
        return {field.name: field.sample for field in self.fields}


class UnknownSheet(Refusal):
    """No app declares a sheet of this key."""


_declared: dict[str, SheetDeclaration] = {}


def sheet(
    *,
    key: str,
    title: str,
    kind: SheetKind,
    fields: Sequence[SheetField],
    number: str = "",
    ground: str = "",
    default: Path | None = None,
) -> Callable[[Callable[..., Mapping[str, Any]]], Callable[..., Mapping[str, Any]]]:
    """Declare a sheet in an app's `sheets.py`; the decorated function makes the values of one subject.

    Raises `ValueError` when a key is declared by two functions or a field name twice.
    """

    def declare(values: Callable[..., Mapping[str, Any]]) -> Callable[..., Mapping[str, Any]]:
        names = [field_key(field.name) for field in fields]
        if len(set(names)) != len(names):
            raise ValueError(f"{key}: a field is declared twice")
        known = _declared.get(key)
        if known and known.values.__module__ != values.__module__:
            raise ValueError(f"sheet {key!r} is declared twice")
        _declared[key] = SheetDeclaration(key, title, kind, tuple(fields), values, number, ground, default)
        return values

    return declare


@dataclass(frozen=True, slots=True)
class SheetFamily:
    """Sheets an app makes up while it runs (one for a form a clerk built): their keys begin with ``prefix.``.

    `every` gives them all, `find` the one of a key or `None`; equal sheets must be equal declarations.
    """

    prefix: str
    every: Callable[[], Sequence[SheetDeclaration]]
    find: Callable[[str], SheetDeclaration | None]


_families: dict[str, SheetFamily] = {}


def sheet_family(family: SheetFamily) -> SheetFamily:
    """Declare a family in an app's `sheets.py`. Raises `ValueError` when another app has its prefix."""
    known = _families.get(family.prefix)
    if known is not None and known.find.__module__ != family.find.__module__:
        raise ValueError(f"sheet family {family.prefix!r} is declared twice")
    _families[family.prefix] = family
    return family


def declared_sheets() -> tuple[SheetDeclaration, ...]:
    """Every declared sheet by key, those of the families behind them."""
    fixed = tuple(_declared[key] for key in sorted(_declared))
    return fixed + tuple(one for prefix in sorted(_families) for one in _families[prefix].every())


def declaration_of_sheet(key: str) -> SheetDeclaration:
    """The declaration of a key; raises `UnknownSheet`."""
    family = _families.get(key.partition(".")[0])
    found = _declared.get(key) or (family.find(key) if family is not None else None)
    if found is None:
        raise UnknownSheet(f"「{key[:60]}」という様式はありません。", hint="様式の一覧から選び直してください。")
    return found


def field_key(name: str) -> str:
    """What makes two field names the same: width and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", name).split())
