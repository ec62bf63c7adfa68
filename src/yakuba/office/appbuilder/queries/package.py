"""An app of this house as a file for another."""

from __future__ import annotations

import base64

from yakuba.kernel.audit.api import viewing
from yakuba.kernel.files.api import read_content
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.paper.api import SheetKind
from yakuba.office.appbuilder.models import App, AppVersion, Hook, Record
from yakuba.office.appbuilder.queries.sheet_out import sheets_of
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.package import (
    LARGEST_SHEETS,
    Package,
    PackedApp,
    PackedSheet,
    apps_asked,
    names_in,
    pack,
)

OUT = viewing("appbuilder.package_out", label="アプリの定義の書き出し")
_AT_ONCE = 400


def packed(app: App, definition: AppDefinition) -> Package:
    """The app with its groups and sheets; nothing of its records, its people or its secrets."""
    named = sorted(names_in(definition.to_json(), app.permissions))
    local: set[str] = set()
    for start in range(0, len(named), _AT_ONCE):
        some = named[start : start + _AT_ONCE]
        for model in (Staff, Section, Record, Hook):
            local.update(model.objects.filter(public_id__in=some).values_list("public_id", flat=True))
    sheets, notes = _sheets(app)
    return pack(
        definition,
        app.rights,
        id=app.public_id,
        owner=app.section.public_id if app.section is not None else "",
        local=local,
        apps=_apps(app, definition),
        sheets=sheets,
        notes=notes,
    )


def _sheets(app: App) -> tuple[tuple[PackedSheet, ...], tuple[str, ...]]:
    taken: list[PackedSheet] = []
    notes: list[str] = []
    room = LARGEST_SHEETS
    for sheet in sheets_of(app):
        if sheet.file.size > room:
            notes.append(f"様式「{sheet.title}」は、大きいため入れていません。")
            continue
        content = read_content(sheet.file)
        room -= len(content)
        taken.append(
            PackedSheet(
                title=sheet.title,
                kind="word" if sheet.kind == SheetKind.WORD.value else "excel",
                content=base64.b64encode(content).decode(),
            )
        )
    return tuple(taken), tuple(notes)


def _apps(app: App, definition: AppDefinition) -> tuple[PackedApp, ...]:
    """The apps it points at, by name, with the names of the fields it asks."""
    asked = apps_asked(definition) - {app.public_id}
    found: list[PackedApp] = []
    for other in App.objects.filter(public_id__in=asked).order_by("public_id"):
        version = AppVersion.objects.filter(app=other, state=VersionState.IN_USE).first()
        keys = {key for one in definition.fields if one.app == other.public_id for key in (one.shows, one.via, one.of)}
        fields = {one.key: one.label for one in version.content.fields if one.key in keys} if version else {}
        found.append(PackedApp(id=other.public_id, title=other.title, fields=fields))
    return tuple(found)
