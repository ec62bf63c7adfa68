"""One door to both kinds of sheet: check a file against a declaration, and fill it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yakuba.kernel.paper.sheets.excel import ExcelSheet
from yakuba.kernel.paper.sheets.fields import FieldKind, SheetField, SheetKind, field_key
from yakuba.kernel.paper.sheets.rules import SheetCheck, check_fields
from yakuba.kernel.paper.sheets.word import WordSheet


def check_sheet(content: bytes, kind: SheetKind, fields: Sequence[SheetField], name: str) -> SheetCheck:
    """How a file fits the declared fields. Raises `FileRefused` for hostile files and the wrong kind."""
    if kind is SheetKind.WORD:
        word = WordSheet(content, name)
        return check_fields(word.found(), (), fields, word.problems())
    excel = ExcelSheet(content, name)
    return check_fields(excel.found(), excel.named_cells(), fields, excel.problems())


def fill(content: bytes, kind: SheetKind, fields: Sequence[SheetField], values: Mapping[str, Any], name: str) -> bytes:
    """The file with the values put in. A declared field without a value is left blank.

    Raises `ValueError` for a value nobody declared: it could never be printed.
    """
    complete = completed(fields, values)
    sheet = WordSheet(content, name) if kind is SheetKind.WORD else ExcelSheet(content, name)
    return sheet.filled(complete)


def completed(fields: Sequence[SheetField], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with every declared field: missing ones blank. Raises `ValueError` for undeclared ones."""
    given = {field_key(name): value for name, value in values.items()}
    if undeclared := set(given) - {field_key(field.name) for field in fields}:
        raise ValueError(f"not declared: {sorted(undeclared)}")
    whole: dict[str, Any] = {}
    for field in fields:
        value = given.get(field_key(field.name))
        if field.kind is FieldKind.ROWS:
            whole[field.name] = [completed(field.columns, row) for row in value or ()]
        else:
            whole[field.name] = value
    return whole
