"""A sheet an app keeps by itself: looked at, marked and filled by the engine of the town's sheets (様式)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yakuba.kernel.paper.sheets.excel import ExcelSheet, Place
from yakuba.kernel.paper.sheets.fields import SheetField, SheetKind
from yakuba.kernel.paper.sheets.fill import check_sheet, fill
from yakuba.kernel.paper.sheets.rules import SheetCheck


class SheetFile:
    """One Word or Excel file with marks (``{{氏名}}``). Every method raises `FileRefused` for a hostile or broken file."""

    def __init__(self, content: bytes, kind: SheetKind, name: str) -> None:
        self.content, self.kind, self.name = content, kind, name

    def check(self, fields: Sequence[SheetField]) -> SheetCheck:
        """How the file fits the fields: what it shows, what it lacks, which marks nobody can fill."""
        return check_sheet(self.content, self.kind, fields, self.name)

    def filled(self, fields: Sequence[SheetField], values: Mapping[str, Any]) -> bytes:
        """The file with the values put in; a field without a value is blank. Raises `ValueError` for undeclared values."""
        return fill(self.content, self.kind, fields, values, self.name)

    def places(self) -> list[Place]:
        """Empty cells beside a text, in Excel; none in Word."""
        return ExcelSheet(self.content, self.name).places() if self.kind is SheetKind.EXCEL else []

    def marked(self, names: Mapping[tuple[str, str], str]) -> bytes:
        """The workbook with a mark written for a field name into each of some cells (by sheet and reference)."""
        marks = {place: f"{{{{{name}}}}}" for place, name in names.items()}
        return ExcelSheet(self.content, self.name).marked(marks)
