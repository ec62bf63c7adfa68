"""The records of an app: list, one record, new, change, delete, restore."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, Person, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.things.api import Ref, show
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, app_for, record_for, visible_records
from yakuba.office.appbuilder.forms.comment import CommentForm
from yakuba.office.appbuilder.forms.posted import posted_number
from yakuba.office.appbuilder.forms.record_form import KEPT, RecordForm
from yakuba.office.appbuilder.models import Act, App, Record, RecordComment
from yakuba.office.appbuilder.queries.alike import alike_to
from yakuba.office.appbuilder.queries.buttons import buttons_for
from yakuba.office.appbuilder.queries.deciding import deciding_about
from yakuba.office.appbuilder.queries.door_numbers import arrival_of
from yakuba.office.appbuilder.queries.files import files_shown
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.names import MOST_OFFERED, ids_in, names_for, names_to_choose, staff_names
from yakuba.office.appbuilder.queries.rollups import with_rollups
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.queries.sheet_out import sheets_of
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.values import Names, as_read
from yakuba.office.appbuilder.services import (
    RecordConflict,
    RecordFault,
    add_record,
    change_record,
    delete_record,
    go_back,
    restore_record,
)

LIST = viewing("appbuilder.records", label="アプリの記録の一覧の閲覧")
MOST_COMMENTS = 300
_ONE = viewing("appbuilder.record", label="アプリの記録の閲覧")


def opened(request: Any, public_id: str) -> tuple[App, AppDefinition, Sight]:
    """The app, once a version of it is in use."""
    app, definition, sight = app_for(request.person, public_id)
    if not app.versions.filter(state="in_use").exists():
        raise NotVisible
    return app, definition, sight


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def deleted(request: HttpRequest, public_id: str) -> HttpResponse:
    """Deleted records, for those who may bring them back."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    if not sight.edit:
        raise NotVisible
    today = asking.clock.today()
    made = RecordListing(app, definition, sight, person=asking.person, today=today)
    found = visible_records(asking.person, app, definition, sight, today=today, deleted=True).order_by("-deleted_at")
    some = list(found[:200])
    made.prepare(some)
    if some:
        record_view(by=asking.person, subjects=some, what=LIST, detail="deleted")
    first = next((one.key for one in made.fields if one.in_list), "")
    rows = [{"record": one, "title": made.shown[one.pk].get(first) or "—"} for one in some]
    return render(request, "appbuilder/deleted.html", {"app": app, "rows": rows})


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new record."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    if not sight.create:
        raise NotAllowed("このアプリに記録を加える権限がありません。")
    editable = sight.editable if sight.see else definition.by_hand
    defaults = {one.key: one.default for one in definition.fields if one.default is not None}
    form = RecordForm(
        request.POST or None,
        request.FILES or None,
        definition=definition,
        editable=editable,
        names=names_to_choose(asking.person, definition, request.POST, today=asking.clock.today(), values=defaults),
        values=defaults,
    )
    similar: list[dict[str, Any]] = []
    if request.method == "POST" and is_ready(form, asking) and "anyway" not in request.POST:
        similar = _similar(asking, app, definition, sight, form.values)
    if request.method == "POST" and not form.errors and not similar and "narrow" not in request.POST:
        try:
            record = add_record(by=asking.person, app=app, values=form.values, clock=asking.clock)
        except RecordFault as fault:
            form.show_faults(fault.faults)
        else:
            messages.success(request, f"番号{record.number}の記録を加えました。")
            if "again" in request.POST or not sight.see:
                return redirect("office-app-new", public_id=public_id)
            return redirect("office-app-record", public_id=public_id, record_id=record.public_id)
    shown = {"app": app, "form": form, "parts": parts_of(definition, form, asking.person), "sight": sight}
    shown |= {"similar": similar, "most": MOST_OFFERED}
    return render(request, "appbuilder/record_form.html", shown, status=422 if form.errors else 200)


def _similar(
    asking: Any, app: App, definition: AppDefinition, sight: Sight, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Records a new one is alike to, as its form shows them; a hint, never a refusal."""
    today = asking.clock.today()
    found = alike_to(asking.person, app, definition, sight, values, today=today)
    if not found:
        return []
    made = RecordListing(app, definition, sight, person=asking.person, today=today)
    made.prepare(found)
    record_view(by=asking.person, subjects=found, what=LIST, detail="alike")
    columns = [one for one in made.fields if one.in_list][:4]
    return [
        {"record": one, "words": "、".join(str(made.shown[one.pk].get(each.key) or "—") for each in columns)}
        for one in found
    ]


def is_ready(form: RecordForm, asking: Any) -> bool:
    """Whether what was sent can be written; files are taken in even when another field is wrong, so that none is lost."""
    form.is_valid()
    form.take_in(by=asking.person, clock=asking.clock)
    if "narrow" in asking.POST:  # a lookup was searched, nothing is to be written yet, nor found wrong
        form.errors.clear()
        return False
    return not form.errors


def parts_of(
    definition: AppDefinition, form: RecordForm, person: Person, stored: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The controls in the order of the fields, with the headings between and the files a field holds."""
    named = {one.key: form.files_of(one) for one in form.asked if one.type.holds_files}
    sent = [public_id for ids in named.values() for public_id in ids]
    shown = files_shown(person, form.asked, stored or {}, sent=sent)
    files = {one.public_id: one for several in shown.values() for one in several}
    parts: list[dict[str, Any]] = []
    asked = {one.key for one in form.asked}
    for one in definition.fields:
        if one.type is FieldType.HEADING:
            parts.append({"heading": one.label, "help": one.help})
        elif one.key in asked:
            parts.append(
                {
                    "field": form[f"f_{one.key}"],
                    "holds_files": one.type.holds_files,
                    "is_photos": one.type is FieldType.PHOTOS,
                    "required": one.required,
                    "kept_name": f"f_{one.key}{KEPT}",
                    "lookup": one if one.type is FieldType.LOOKUP else None,
                    "words": form.data.get(f"q_{one.key}", "")[:100],
                    "is_cut": len(form.names.of(one)) >= MOST_OFFERED,
                    "files": [files[public_id] for public_id in named.get(one.key, ()) if public_id in files],
                }
            )
    return parts


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def record(request: HttpRequest, public_id: str, record_id: str) -> HttpResponse:
    """One record with its comments and its history."""
    return record_page(request, public_id, record_id)


def record_page(
    asking: Any, public_id: str, record_id: str, *, comment_form: CommentForm | None = None
) -> HttpResponse:
    """The page of a record; with the form of a comment that was refused, if there is one."""
    app, definition, sight = opened(asking, public_id)
    today = asking.clock.today()
    found = record_for(asking.person, app, definition, sight, record_id, today=today)
    record_view(by=asking.person, subjects=[found], what=_ONE)
    shapes = Shapes(app)
    now = shapes.of(found, today=today)
    history = list(found.history.all()[:100])
    values = [now.values, *(one.before for one in history), *(one.after for one in history)]
    names = names_for(asking.person, definition, today=today, ids=ids_in(definition, values))
    seen = [one for one in definition.fields if one.key in sight.visible]
    files = files_shown(asking.person, seen, now.values)
    held = with_rollups(asking.person, seen, found, now.values, today=today)
    deciding = deciding_about(asking.person, found) if definition.process else None
    sees_state = definition.process is None or definition.process.field in sight.visible
    arrival = arrival_of(found)
    shown = {
        "app": app,
        "sight": sight,
        "deciding": deciding,
        "sees_state": sees_state,
        "buttons": [] if deciding else buttons_for(asking.person, found, now.values, definition, sight, today=today),
        "may_change": sight.edit and deciding is None,
        "record": found,
        "arrival": arrival,
        "case": show(Ref("cases.case", arrival.case), to=asking.person) if arrival and arrival.case else None,
        "title": title_of(seen, now.values, names) or f"番号{found.number}",
        "lines": [
            {
                "field": one,
                "is_heading": one.type is FieldType.HEADING,
                "words": as_read(one, held.get(one.key), names),
                "kept": now.kept.get(one.key),
                "files": files.get(one.key, ()),
            }
            for one in seen
        ],
        "history": [_change(one, seen, shapes, names, found, sees_state=sees_state) for one in history],
        "comments": list(RecordComment.objects.filter(record=found)[:MOST_COMMENTS]),
        "comment_form": None if asking.person.is_read_only else comment_form or CommentForm(),
        "people": sorted(staff_names(today).values()),
        "sheets": sheets_of(app, ready=True),
    }
    status = 422 if comment_form is not None else 200
    return render(asking, "appbuilder/record.html", shown, status=status)


def title_of(seen: list[AppField], values: Mapping[str, Any], names: Names) -> str:
    """What a record is called for somebody: its first field of the list they see, "" without one."""
    first = next((one for one in seen if one.type.is_typed and one.in_list), None)
    return as_read(first, values.get(first.key), names)[:60] if first else ""


def _change(
    entry: Any, seen: list[AppField], shapes: Shapes, names: Names, record: Record, *, sees_state: bool
) -> dict[str, Any]:
    """One entry of the history, in the fields the person sees; values of an older shape by their older field."""
    older = shapes.fields_at(entry.shape)
    earlier = shapes.fields_at(max(1, entry.shape - 1)) if entry.act == "reshaped" else older
    changes = [
        {
            "label": one.label,
            "before": as_read(earlier.get(one.key, one), entry.before.get(one.key), names),
            "after": as_read(older.get(one.key, one), entry.after.get(one.key), names),
        }
        for one in seen
        if one.key in entry.before or one.key in entry.after
    ]
    # The name of a button tells the state it led to; that of an automation tells nothing of the record.
    is_told = sees_state or entry.act not in (Act.PRESSED, Act.ASKED, Act.DECIDED)
    words = entry.words if is_told else ""
    return {"entry": entry, "words": words, "changes": changes, "may_return": entry.version < record.version}


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: str, record_id: str) -> HttpResponse:
    """Change a record; what another person changed meanwhile is merged or shown."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    today = asking.clock.today()
    found = record_for(asking.person, app, definition, sight, record_id, today=today)
    if not sight.edit:
        raise NotAllowed("このアプリの記録を変える権限がありません。")
    now = Shapes(app).of(found, today=today)
    names = names_to_choose(asking.person, definition, request.POST, today=today, values=now.values)

    def form_of(data: Any, values: Mapping[str, Any]) -> RecordForm:
        files = request.FILES if data is not None else None
        return RecordForm(data, files, definition=definition, editable=sight.editable, names=names, values=values)

    form = form_of(request.POST or None, now.values)
    shown: dict[str, Any] = {"app": app, "record": found, "sight": sight, "version": found.version}
    if request.method == "POST":
        seen = max(0, posted_number(request, "version"))
        shown["version"] = seen
        if is_ready(form, asking):
            try:
                change_record(by=asking.person, record=found, values=form.values, version=seen, clock=asking.clock)
            except RecordFault as fault:
                form.show_faults(fault.faults)
            except RecordConflict as conflict:
                mine = {one.key: one.mine for one in conflict.conflicts}
                form = form_of(None, {**now.values, **conflict.changes, **mine})
                shown |= {"version": conflict.version, "conflicts": _conflicts(conflict, definition, names)}
            else:
                messages.success(request, "保存しました。")
                return redirect("office-app-record", public_id=public_id, record_id=record_id)
    shown |= {"form": form, "parts": parts_of(definition, form, asking.person, now.values), "most": MOST_OFFERED}
    status = 409 if shown.get("conflicts") else 422 if form.errors else 200
    return render(request, "appbuilder/record_form.html", shown, status=status)


def _conflicts(conflict: RecordConflict, definition: AppDefinition, names: Names) -> list[dict[str, str]]:
    lines = []
    for one in conflict.conflicts:
        field = definition.field(one.key)
        if field is not None:
            words = {"before": one.before, "theirs": one.theirs, "mine": one.mine}
            shown = {name: as_read(field, value, names) or "（空欄）" for name, value in words.items()}
            lines.append({"label": field.label, **shown})
    return lines


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def act(request: HttpRequest, public_id: str, record_id: str, act: str) -> HttpResponse:
    """Delete a record, bring a deleted one back, go back to an earlier state."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    today = asking.clock.today()
    found = record_for(asking.person, app, definition, sight, record_id, today=today, deleted=act == "restore")
    try:
        if act == "delete":
            delete_record(by=asking.person, record=found, version=posted_number(request, "version"), clock=asking.clock)
            messages.success(request, f"番号{found.number}の記録を削除しました。「削除した記録」から戻せます。")
            return redirect("office-app", public_id=public_id)
        if act == "restore":
            restore_record(by=asking.person, record=found, clock=asking.clock)
            messages.success(request, f"番号{found.number}の記録を戻しました。")
        elif act == "go-back":
            to, version = posted_number(request, "to"), posted_number(request, "version")
            go_back(by=asking.person, record=found, to=to, version=version, clock=asking.clock)
            messages.success(request, "以前の内容に戻しました。いまの内容も履歴に残っています。")
        else:
            raise NotVisible
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        if act == "restore":
            return redirect("office-app-deleted", public_id=public_id)
    return redirect(reverse("office-app-record", args=[public_id, record_id]))
