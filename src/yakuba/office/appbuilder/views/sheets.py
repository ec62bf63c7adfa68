"""From a clerk's sheet: an app with its records, or records of an app."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.files.api import Kind, Limits, get_for, read_content, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.paper.api import NoTableFound, Preview, Table, error_sheet
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, managed_app
from yakuba.office.appbuilder.forms.building import ColumnsForm, SheetForm
from yakuba.office.appbuilder.queries.names import names_for, section_names, staff_names
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.queries.sheets import (
    Reading,
    ReadRows,
    Sheet,
    column_texts,
    guesses_of,
    read_rows,
    read_sheet,
)
from yakuba.office.appbuilder.rules.check import problems_of
from yakuba.office.appbuilder.rules.definition import MOST_CHOICES, AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.guessing import Guess, field_from, key_for, same_label
from yakuba.office.appbuilder.rules.values import Names, narrow
from yakuba.office.appbuilder.services import CheckNeeded, create_app, publish_version
from yakuba.office.appbuilder.services.bring_in import bring_in

_MOST_SHOWN = 20
_SENT = Limits().allowing(Kind.XLSX, Kind.CSV, Kind.TEXT)


def _taken_in(asking: Any, form: SheetForm) -> StoredFile | None:
    """The file, looked at and stored for its sender alone; what was wrong stands at the field."""
    sent = form.cleaned_data["sheet"]
    try:
        stored = receive_file(by=asking.person, stream=sent, filename=sent.name, clock=asking.clock, limits=_SENT)
        read_sheet(read_content(stored), stored.name)
    except NoTableFound:
        return stored  # the next page asks where the table is
    except Refusal as refusal:
        form.add_error("sheet", f"{refusal.message}{refusal.hint or ''}")
        return None
    return stored


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Send a sheet: for a new app, or for the records of one."""
    asking: Any = request
    app = managed_app(asking.person, public_id)[0] if public_id else None
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stored = _taken_in(asking, form)
        if stored is not None and app is None:
            return redirect("office-app-sheet", file_id=stored.public_id)
        if stored is not None:
            return redirect("office-app-import-check", public_id=public_id, file_id=stored.public_id)
    return render(request, "appbuilder/upload.html", {"form": form, "app": app}, status=422 if form.errors else 200)


def _stored(asking: Any, file_id: str) -> StoredFile:
    stored = get_for(asking.person, file_id)
    if stored.owner is not None or stored.uploaded_by != asking.person.id:
        raise NotVisible
    if stored.state != "stored":
        raise Refusal(
            "ウイルス検査が終わっていないため、まだ読み込めません。", hint="数分たってから開き直してください。"
        )
    return stored


def _reading(asking: Any) -> Reading:
    """Where the person says the table is (`?sheet=&top=&bottom=&last=`)."""
    asked = asking.GET

    def row(name: str) -> int:
        text = asked.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0

    return Reading(asked.get("sheet", "")[:60], row("top"), row("bottom"), row("last"))


def _where(how: Reading, read: Sheet | None, preview: Preview | None) -> dict[str, Any]:
    """What the part of the page shows that says where the table was found."""
    return {
        "read": read,
        "preview": preview,
        "sheet_name": read.table.sheet if read else how.sheet,
        "top": read.table.header_row if read else how.top,
        "bottom": read.table.header_last if read else how.bottom,
        "last": how.last,
        "is_told": how != Reading(),
    }


def _lost(request: HttpRequest, stored: StoredFile, how: Reading, fault: Refusal, app: Any = None) -> HttpResponse:
    """The page that asks where the table is, when none was found there."""
    preview = fault.preview if isinstance(fault, NoTableFound) else None
    shown = {"app": app, "stored": stored, "fault": fault, **_where(how, None, preview)}
    return render(request, "appbuilder/where.html", shown, status=422)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, file_id: str) -> HttpResponse:
    """What each column was taken for, to be put right; then the app with all its rows, or the sheet with its faults."""
    asking: Any = request
    stored, how = _stored(asking, file_id), _reading(asking)
    try:
        sheet = read_sheet(read_content(stored), stored.name, how)
    except Refusal as fault:
        return _lost(request, stored, how, fault)
    table = sheet.table
    names = Names(staff=staff_names(asking.clock.today()), sections=section_names(asking.clock.today()))
    guesses = guesses_of(table, names)
    first = {"title": stored.name.rpartition(".")[0][:60] or stored.name[:60]}
    form = ColumnsForm(request.POST if request.method == "POST" else None, guesses=guesses, initial=first)
    read: ReadRows | None = None
    if request.method == "POST" and form.is_valid():
        definition, places = _definition(form, table)
        problems = problems_of(definition, apps={})
        for one in problems:
            form.add_error(None, one.words())
        if not problems:
            read = read_rows(table, places, definition, names=names, app=None, today=asking.clock.today())
            if read.findings and "errors" in request.POST:
                return _errors(table, read)
            if not read.findings:
                return _made(asking, definition, stored, read)
    return render(
        request,
        "appbuilder/columns.html",
        {
            "form": form,
            "table": table,
            "stored": stored,
            "guesses": guesses,
            **_where(how, sheet, table.preview),
            **_faults(read),
        },
        status=422 if form.errors or read is not None else 200,
    )


def _definition(form: ColumnsForm, table: Table) -> tuple[AppDefinition, dict[str, AppField]]:
    taken: set[str] = set()
    places: dict[str, AppField] = {}
    for guess, label, kind, required in form.wanted():
        key = key_for(label, taken)
        taken.add(key)
        places[guess.name] = field_from(
            guess, key=key, kind=kind, label=label, required=required, choices=_choices(table, guess, kind)
        )
    definition = AppDefinition(title=form.cleaned_data["title"], fields=tuple(places.values()))
    return definition, places


def _choices(table: Table, guess: Guess, kind: FieldType) -> list[str]:
    """The choices a column holds; parts of cells for several at once. Texts alike in width count once."""
    texts = column_texts(table, guess.name) if kind.has_choices else []
    if kind is FieldType.CHOICES:
        texts = [part.strip() for text in texts for part in text.replace(",", "、").split("、") if part.strip()]
    alike: dict[str, str] = {}
    for text in texts:
        alike.setdefault(narrow(text[:100]).casefold(), text[:100])
    return list(alike.values())[:MOST_CHOICES]


def _made(asking: Any, definition: AppDefinition, stored: StoredFile, read: ReadRows) -> HttpResponse:
    app = create_app(by=asking.person, definition=definition, clock=asking.clock)
    try:
        publish_version(by=asking.person, app=app, edition=1, apps={}, clock=asking.clock)
    except CheckNeeded as needed:
        messages.warning(
            asking, f"アプリの下書きを作りました。{needed.message}使い始めてから、同じ表を取り込んでください。"
        )
        return redirect("office-app-fields", public_id=app.public_id)
    bring_in(by=asking.person, app=app, filename=stored.name, rows=read.rows, clock=asking.clock)
    messages.success(
        asking,
        f"アプリ「{app.title}」を作り、{len(read.rows):,}件を取り込みました。いま使えるのは、あなたと、あなたの課の人です。",
    )
    return redirect("office-app", public_id=app.public_id)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, public_id: str, file_id: str) -> HttpResponse:
    """Rows for an app: which column fills which field, what is wrong, then all of them at once."""
    asking: Any = request
    app, _, _ = managed_app(asking.person, public_id)
    shapes = Shapes(app)
    stored, how = _stored(asking, file_id), _reading(asking)
    try:
        sheet = read_sheet(read_content(stored), stored.name, how)
    except Refusal as fault:
        return _lost(request, stored, how, fault, app)
    table = sheet.table
    names = names_for(asking.person, shapes.definition, today=asking.clock.today(), standing=True)
    by_label = {same_label(one.label): one for one in shapes.definition.fields if one.type.is_in_sheets}
    places: dict[str, AppField] = {}
    for column in table.columns:
        label = same_label(column.name)
        one = by_label.get(label) or by_label.get(label.rpartition("(")[0])
        if one is not None and one not in places.values():
            places[column.name] = one
    read = (
        read_rows(table, places, shapes.definition, names=names, app=app, today=asking.clock.today())
        if places
        else None
    )
    if request.method == "POST" and read is not None:
        if read.findings and "errors" in request.POST:
            return _errors(table, read)
        if not read.findings:
            try:
                bring_in(by=asking.person, app=app, filename=stored.name, rows=read.rows, clock=asking.clock)
            except Refusal as refusal:
                messages.error(request, f"{refusal.message}{refusal.hint or ''}")
            else:
                messages.success(request, f"{len(read.rows):,}件を取り込みました。")
                return redirect("office-app", public_id=public_id)
    missing = [one.label for one in shapes.definition.fields if one.type.is_in_sheets and one not in places.values()]
    shown = {
        "app": app,
        "table": table,
        "stored": stored,
        "matched": [(name, one.label, one.type.label) for name, one in places.items()],
        "unknown": [one.name for one in table.columns if one.name not in places],
        "missing": missing,
        "ready": read is not None and not read.findings,
        **_where(how, sheet, table.preview),
        **_faults(read),
    }
    return render(request, "appbuilder/check_import.html", shown, status=422 if request.method == "POST" else 200)


def _faults(read: ReadRows | None) -> dict[str, Any]:
    problems = read.findings.problems if read is not None else []
    rows = {one.position.row for one in problems}
    return {
        "faults": [one.words() for one in problems[:_MOST_SHOWN]],
        "fault_count": len(problems),
        "fault_rows": len(rows),
    }


def _errors(table: Table, read: ReadRows) -> HttpResponse:
    made = error_sheet(table, read.findings.problems)
    response = HttpResponse(made.content, content_type=made.media_type)
    response.headers["Content-Disposition"] = _disposition(made.filename)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _disposition(filename: str) -> str:

    return f"attachment; filename=\"errors.xlsx\"; filename*=UTF-8''{quote(filename)}"
