"""Which file a sheet is filled into, and how it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yakuba.kernel.files.api import FileRefused, Kind, read_content, safe_name
from yakuba.kernel.paper.models import Sheet, SheetVersion
from yakuba.kernel.paper.sheets.fields import SheetDeclaration, SheetKind, declaration_of_sheet
from yakuba.kernel.paper.sheets.fill import check_sheet, fill
from yakuba.kernel.paper.sheets.rules import SheetCheck
from yakuba.kernel.values.api import Refusal


class SheetMissing(Refusal):
    """A sheet has no file yet."""

    def __init__(self, declaration: SheetDeclaration) -> None:
        super().__init__(
            f"様式「{declaration.title}」のファイルがまだ登録されていません。",
            hint="庁内の「町の設定 › 様式」で、町の様式のファイルを入れてください。",
        )


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A filled sheet: the file, and how the sheet fits its fields, so that a page can say what the sheet lacks."""

    content: bytes
    filename: str
    media_type: str
    check: SheetCheck


def media_type_of(kind: SheetKind) -> str:
    """The media type of a kind of sheet."""
    return (Kind.DOCX if kind is SheetKind.WORD else Kind.XLSX).media_type


def stored_sheet(key: str) -> Sheet | None:
    """The town's record of a sheet, `None` as long as nobody has touched it."""
    return Sheet.objects.select_related("section").filter(key=key).first()


def version_in_use(sheet: Sheet | None) -> SheetVersion | None:
    """The version in use; `None` stands for the file shipped with the house."""
    return sheet.versions.filter(number=sheet.latest).select_related("file").first() if sheet else None


def content_of(declaration: SheetDeclaration, version: SheetVersion | None) -> bytes | None:
    """The file of a version; `None` if the house ships none and the town has put none in."""
    if version is not None and version.file is not None:
        return read_content(version.file)
    return declaration.default.read_bytes() if declaration.default is not None else None


def current_content(declaration: SheetDeclaration) -> bytes | None:
    """The file a sheet is filled into today."""
    return content_of(declaration, version_in_use(stored_sheet(declaration.key)))


def check_of(declaration: SheetDeclaration, content: bytes) -> SheetCheck:
    """How a file fits the declared fields. Raises `FileRefused` for hostile files and the wrong kind."""
    return _checked(content, declaration.key, declaration.kind, declaration.title, repr(declaration.fields))


@lru_cache(maxsize=64)
def _checked(content: bytes, key: str, kind: SheetKind, title: str, fields: str) -> SheetCheck:
    # A sheet is looked at on every visit of its page and changes once a year; the fields of a family may change sooner.
    return check_sheet(content, kind, declaration_of_sheet(key).fields, title)


def fill_sheet(key: str, values: Mapping[str, Any], *, name: str = "") -> FilledSheet:
    """Fill the town's sheet of a key with values; `name` is the file name without ending (the sheet's title if empty).

    Raises `UnknownSheet`, `SheetMissing`, and `ValueError` for values the sheet does not declare.
    """
    declaration = declaration_of_sheet(key)
    content = current_content(declaration)
    if content is None:
        raise SheetMissing(declaration)
    return filled_with(declaration, content, values, name=name or declaration.title)


def filled_with(declaration: SheetDeclaration, content: bytes, values: Mapping[str, Any], *, name: str) -> FilledSheet:
    """Fill a given file of a sheet."""
    return FilledSheet(
        fill(content, declaration.kind, declaration.fields, values, declaration.title),
        safe_name(name + declaration.kind.extension),
        media_type_of(declaration.kind),
        check_of(declaration, content),
    )


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet in the office's list."""

    declaration: SheetDeclaration
    sheet: Sheet | None
    version: SheetVersion | None
    check: SheetCheck | None
    fault: str = ""


def sheet_rows(declarations: tuple[SheetDeclaration, ...]) -> list[SheetRow]:
    """The list of sheets with the version in use and how it fits."""
    sheets = {one.key: one for one in Sheet.objects.select_related("section")}
    versions = {
        (one.sheet_id, one.number): one
        for one in SheetVersion.objects.select_related("file").filter(sheet__key__in=sheets)
    }
    rows = []
    for declaration in declarations:
        sheet = sheets.get(declaration.key)
        version = versions.get((sheet.pk, sheet.latest)) if sheet else None
        try:
            content = content_of(declaration, version)
            check = check_of(declaration, content) if content is not None else None
            rows.append(SheetRow(declaration, sheet, version, check))
        except (OSError, FileRefused) as fault:
            rows.append(SheetRow(declaration, sheet, version, None, type(fault).__name__))
    return rows
