"""An app from a template: in use at once, with its sheets, with sample rows if they are wanted."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.files.api import receive_file, safe_name
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import who_of
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries.plain_sheets import ledger, slip
from yakuba.office.appbuilder.ready_made import ReadyMade
from yakuba.office.appbuilder.rules.package import Package
from yakuba.office.appbuilder.services.define import publish_version
from yakuba.office.appbuilder.services.package import SHEET_LIMITS, TakenIn, import_app, import_sheet
from yakuba.office.appbuilder.services.press import press_button
from yakuba.office.appbuilder.services.records import add_record


def make_from_template(*, by: Person, chosen: ReadyMade, with_rows: bool, clock: Clock) -> TakenIn:
    """Make the app of a template. Not a verb itself: app, version, sheets and records are one each.

    Whatever the house asks before an app is used (a review, say) leaves it a draft, and the notes say so.
    """
    package = Package(definition=chosen.definition, groups=chosen.groups)
    app = import_app(by=by, package=package, definition=chosen.definition, clock=clock)
    notes: list[str] = []
    for title, content in (("台帳", ledger(chosen.definition)), (chosen.slip, slip(chosen.definition, chosen.slip))):
        try:
            name = safe_name(f"{title}.xlsx")
            file = receive_file(by=by, stream=content, filename=name, clock=clock, limits=SHEET_LIMITS)
            if file.state == "stored":
                import_sheet(by=by, app=app, title=title, file=file, clock=clock)
            else:
                notes.append(f"様式「{title}」は、ウイルス検査を待っているため入れていません。")
        except Refusal as refusal:
            notes.append(f"様式「{title}」は入れられませんでした。{refusal.message}{refusal.hint or ''}")
    try:
        publish_version(by=by, app=app, edition=1, apps={}, clock=clock)
    except Refusal as refusal:
        notes.append(f"まだ使い始めていません。{refusal.message}{refusal.hint or ''}")
        return TakenIn(app, (*notes, "見本の記録は入れていません。") if with_rows else tuple(notes))
    if with_rows:
        sample_rows(by=by, app=app, chosen=chosen, clock=clock)
    return TakenIn(app, tuple(notes))


def sample_rows(*, by: Person, app: App, chosen: ReadyMade, clock: Clock) -> list[Record]:
    """The sample records of a template, each moved by its buttons."""
    app = App.objects.select_related("section").get(pk=app.pk)
    staff = who_of(by).staff
    made: list[Record] = []
    for row in chosen.rows:
        values = row.on(clock.today(), staff=staff, section=app.section.public_id if app.section is not None else "")
        record = add_record(by=by, app=app, values=values, clock=clock)
        for button in row.pressed:
            stored = Record.objects.select_related("app").get(pk=record.pk)
            record = press_button(by=by, record=stored, button=button, values={}, version=stored.version, clock=clock)
        made.append(record)
    return made
