"""An app out of a file: a draft of the section of whoever takes it in."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.api import Kind, Limits, receive_file, safe_name
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import definition_of, sight_for
from yakuba.office.appbuilder.models import App, AppSheet, AppVersion
from yakuba.office.appbuilder.queries.names import apps_to_look_up
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.package import Package, PackedSheet, pointing, settled, with_apps
from yakuba.office.appbuilder.rules.permissions import Permissions
from yakuba.office.appbuilder.services.define import create_app
from yakuba.office.appbuilder.services.sheet_out import lay_in

SHEET_LIMITS = Limits(max_bytes=5 * 1024 * 1024).allowing(Kind.XLSX, Kind.DOCX)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The app that was made, and what is to be said about it."""

    app: App
    notes: tuple[str, ...]


def take_in_package(*, by: Person, package: Package, clock: Clock) -> TakenIn:
    """Make an app of a file. Not a verb itself: the app is one, each sheet is one, and files are scanned in between.

    Raises `NotAllowed` and `Refusal`; a sheet that is refused is left out and named.
    """
    definition, said = with_apps(package, apps_to_look_up(by))
    app = import_app(by=by, package=package, definition=definition, clock=clock)
    _, more = settled(package, definition, staff="", section="")
    said += more
    for sheet in package.sheets:
        try:
            _lay_in(app, sheet, by, clock)
        except Refusal as refusal:
            said.append(f"様式「{sheet.title}」は入れられませんでした。{refusal.message}{refusal.hint or ''}")
    return TakenIn(app, (*said, *package.notes))


def _lay_in(app: App, sheet: PackedSheet, by: Person, clock: Clock) -> None:
    kind = Kind.DOCX if sheet.kind == "word" else Kind.XLSX
    name = safe_name(f"{sheet.title}{kind.extensions[0]}")
    file = receive_file(by=by, stream=sheet.file, filename=name, clock=clock, limits=SHEET_LIMITS)
    if file.state != "stored":
        raise Refusal("ウイルス検査が終わっていません。", hint="数分たってから、様式の画面で送ってください。")
    import_sheet(by=by, app=app, title=sheet.title, file=file, clock=clock)


@verb("appbuilder.import_app", label="ファイルからのアプリの作成")
def import_app(*, by: Person, package: Package, definition: AppDefinition, clock: Clock) -> App:
    """The app as a draft, with the groups of the file and the people of this house. Raises `NotAllowed`, `Refusal`."""
    app = create_app(by=by, definition=definition, clock=clock)
    if package.id and package.id != app.public_id:
        own = pointing(definition, package.id, app.public_id)
        if own != definition:
            AppVersion.objects.filter(app=app).update(definition=own.to_json())
    rows = Staff.objects.filter(pk=by.staff_id) if by.staff_id else Staff.objects.none()
    staff = rows.values_list("public_id", flat=True).first() or ""
    section = app.section.public_id if app.section is not None else ""
    rights: Permissions = (
        settled(package, definition, staff=staff, section=section)[0] if package.groups else app.rights
    )
    app.permissions = rights.to_json()
    app.save(update_fields=["permissions"])
    return app


@verb("appbuilder.import_sheet", label="アプリのファイルにあった様式の登録")
def import_sheet(*, by: Person, app: App, title: str, file: StoredFile, clock: Clock) -> AppSheet:
    """A sheet that came with the app, also before the app is in use."""
    if not sight_for(by, app).manage:
        raise NotAllowed("様式を入れられるのは、このアプリを管理する人です。")
    sheet = AppSheet(app=app)
    lay_in(sheet, title=title, file=file, definition=definition_of(app), by=by, clock=clock)
    return sheet
