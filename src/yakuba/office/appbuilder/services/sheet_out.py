"""The sheets (様式) of an app: put in, replaced, marked, taken away."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.api import attach_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.paper.api import SheetKind
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.models import App, AppSheet
from yakuba.office.appbuilder.queries.sheet_out import ROWS, check_of
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.services.define import ChangedMeanwhile, locked
from yakuba.office.appbuilder.services.records import opened

MOST_SHEETS = 20
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@verb("appbuilder.put_in_sheet", label="アプリの様式の登録")
def put_in_sheet(
    *, by: Person, app: App, title: str, file: StoredFile, clock: Clock, sheet: AppSheet | None = None, edition: int = 0
) -> AppSheet:
    """A new sheet of an app, or another file for one (`edition` is the one the person saw).

    Raises `FileRefused` for a file that is none, `ChangedMeanwhile`, `NotAllowed`.
    """
    app = locked(app)
    _, definition, sight = opened(by, app)
    if not sight.manage:
        raise NotAllowed("様式を入れられるのは、このアプリを管理する人です。")
    if sheet is None:
        if AppSheet.objects.filter(app=app, removed_at__isnull=True).count() >= MOST_SHEETS:
            raise Refusal(f"様式は一つのアプリに{MOST_SHEETS}までです。", hint="使わない様式をやめてください。")
        sheet = AppSheet(app=app)
    else:
        sheet = AppSheet.objects.select_for_update().get(pk=sheet.pk)
        if sheet.edition != edition or sheet.removed_at is not None or sheet.app_id != app.pk:
            raise ChangedMeanwhile
        sheet.edition += 1
    lay_in(sheet, title=title, file=file, definition=definition, by=by, clock=clock)
    return sheet


def lay_in(
    sheet: AppSheet, *, title: str, file: StoredFile, definition: AppDefinition, by: Person, clock: Clock
) -> None:
    """Give a sheet its file, within a verb."""
    sheet.title = title.strip()[:60] or file.name[:60]
    sheet.kind = SheetKind.WORD.value if file.media_type == _DOCX else SheetKind.EXCEL.value
    sheet.file = file
    check = check_of(sheet, definition)
    sheet.is_ready = bool(check.used)
    sheet.is_table = ROWS in check.used
    sheet.put_in_by_name, sheet.put_in_at = by.name, clock.now()
    sheet.save()
    attach_file(by=by, file=file, owner=ref_of(sheet))


@verb("appbuilder.remove_sheet", label="アプリの様式をやめる")
def remove_sheet(*, by: Person, sheet: AppSheet, clock: Clock) -> AppSheet:
    """Nobody finds the sheet any more."""
    app = locked(sheet.app)
    _, _, sight = opened(by, app)
    if not sight.manage:
        raise NotAllowed("様式をやめられるのは、このアプリを管理する人です。")
    sheet.removed_at = clock.now()
    sheet.save(update_fields=["removed_at"])
    return sheet
