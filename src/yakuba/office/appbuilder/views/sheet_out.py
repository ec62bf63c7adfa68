"""Records out in the clerk's own sheets (様式に出す), and the print page of a record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.files.api import file_response, read_content, receive_file
from yakuba.kernel.japan.api import fold
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, record_for, visible_records
from yakuba.office.appbuilder.forms.posted import posted_key, posted_number
from yakuba.office.appbuilder.forms.sheet_out import LIMITS, MarksForm, PaperForm
from yakuba.office.appbuilder.models import App, AppSheet, Record
from yakuba.office.appbuilder.queries.files import files_shown
from yakuba.office.appbuilder.queries.listing import RecordListing
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.queries.rollups import with_rollups
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.queries.sheet_out import (
    MOST_ROWS_OUT,
    ROWS,
    Handed,
    check_of,
    file_of,
    filled_sheets,
    sample_of,
    sheet_fields,
    sheets_of,
)
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.values import as_read, is_id
from yakuba.office.appbuilder.services import put_in_sheet, remove_sheet
from yakuba.office.appbuilder.views.looking import all_listed
from yakuba.office.appbuilder.views.records import opened

_OUT = viewing("appbuilder.sheet_out", label="アプリの記録を様式に出す")
_PRINT = viewing("appbuilder.print", label="アプリの記録の印刷")
_MOST_PLACES = 80


def _managed(asking: Any, public_id: str) -> tuple[App, AppDefinition]:
    app, definition, sight = opened(asking, public_id)
    if not sight.manage:
        raise NotVisible
    return app, definition


def _sheet(app: App, sheet_id: str, *, ready: bool = False) -> AppSheet:
    found = AppSheet.objects.select_related("app", "file").filter(app=app, public_id=sheet_id, removed_at__isnull=True)
    sheet = found.first()
    if sheet is None or (ready and not sheet.is_ready):
        raise NotVisible
    return sheet


def _answer(made: Handed) -> HttpResponse:
    return file_response(made.content, name=made.filename, media_type=made.media_type)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheets of an app, for those who manage it; a new one is sent here."""
    asking: Any = request
    app, _ = _managed(asking, public_id)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sheet = _put_in(asking, app, form, None)
        if sheet is not None:
            messages.success(request, "様式を受け取りました。つぎに、値の入る場所を確かめてください。")
            return redirect("office-app-paper", public_id=public_id, sheet_id=sheet.public_id)
    shown = {"app": app, "sheets": sheets_of(app), "form": form}
    return render(request, "appbuilder/papers.html", shown, status=422 if form.errors else 200)


def _put_in(asking: Any, app: App, form: PaperForm, sheet: AppSheet | None) -> AppSheet | None:
    """The file, looked at and put in; what was wrong stands at the field."""
    sent = form.cleaned_data["file"]
    try:
        file = receive_file(by=asking.person, stream=sent, filename=sent.name, clock=asking.clock, limits=LIMITS)
        if file.state != "stored":
            raise Refusal("ウイルス検査が終わっていません。", hint="数分たってから、もう一度送ってください。")
        return put_in_sheet(
            by=asking.person,
            app=app,
            title=form.cleaned_data["title"],
            file=file,
            clock=asking.clock,
            sheet=sheet,
            edition=posted_number(asking, "edition"),
        )
    except Refusal as refusal:
        form.add_error("file", f"{refusal.message}{refusal.hint or ''}")
        return None


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, public_id: str, sheet_id: str) -> HttpResponse:
    """One sheet: what it shows, what nobody can fill, where values may go; another file is sent here too."""
    asking: Any = request
    app, definition = _managed(asking, public_id)
    sheet = _sheet(app, sheet_id)
    form = PaperForm(request.POST or None, request.FILES or None, initial={"title": sheet.title})
    if request.method == "POST" and form.is_valid() and _put_in(asking, app, form, sheet) is not None:
        messages.success(request, "様式を差し替えました。")
        return redirect("office-app-paper", public_id=public_id, sheet_id=sheet_id)
    shown = {
        "app": app,
        "sheet": sheet,
        "form": form,
        "marks": _marks_form(sheet, definition, None),
        "check": check_of(sheet, definition),
        "fields": [one for one in sheet_fields(definition) if one.name != ROWS],
        "rows": ROWS,
    }
    return render(request, "appbuilder/paper.html", shown, status=422 if form.errors else 200)


def _marks_form(sheet: AppSheet, definition: AppDefinition, data: Any) -> MarksForm:
    """The empty cells beside a text, those first whose text is the name of a field, which is then chosen."""
    fields = [one for one in sheet_fields(definition) if one.name != ROWS]
    by_fold = {fold(one.name): one.name for one in fields}
    known = {place: by_fold.get(fold(place.label.rstrip("：:"))) for place in file_of(sheet).places()}
    places = sorted(known, key=lambda place: known[place] is None)[:_MOST_PLACES]  # stable: as in the sheet
    first = {f"at_{number}": known[place] or "" for number, place in enumerate(places)}
    return MarksForm(data, places=places, fields=fields, initial=first)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def marks(request: HttpRequest, public_id: str, sheet_id: str) -> HttpResponse:
    """Write marks into the chosen cells of a workbook that has none there."""
    asking: Any = request
    app, definition = _managed(asking, public_id)
    sheet = _sheet(app, sheet_id)
    form = _marks_form(sheet, definition, request.POST)
    try:
        if not form.is_valid() or not form.chosen():
            raise Refusal("入れる項目が選ばれていません。", hint="一つ以上の場所で、項目を選んでください。")
        content = file_of(sheet).marked(form.chosen())
        name = sheet.file.name
        file = receive_file(by=asking.person, stream=content, filename=name, clock=asking.clock, limits=LIMITS)
        put_in_sheet(
            by=asking.person,
            app=app,
            title=sheet.title,
            file=file,
            clock=asking.clock,
            sheet=sheet,
            edition=posted_number(request, "edition"),
        )
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    else:
        messages.success(request, f"{len(form.chosen())}か所に項目を入れました。試し刷りで確かめてください。")
    return redirect("office-app-paper", public_id=public_id, sheet_id=sheet_id)


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def paper_file(request: HttpRequest, public_id: str, sheet_id: str, what: str) -> HttpResponse:
    """The blank file, or a test print with sample values."""
    asking: Any = request
    app, definition = _managed(asking, public_id)
    sheet = _sheet(app, sheet_id)
    if what == "try":
        return _answer(sample_of(sheet, definition))
    if what != "blank":
        raise NotVisible
    return file_response(read_content(sheet.file), name=sheet.file.name, media_type=sheet.file.media_type)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def paper_remove(request: HttpRequest, public_id: str, sheet_id: str) -> HttpResponse:
    """Use a sheet no more."""
    asking: Any = request
    app, _ = _managed(asking, public_id)
    sheet = _sheet(app, sheet_id)
    remove_sheet(by=asking.person, sheet=sheet, clock=asking.clock)
    messages.success(request, f"様式「{sheet.title}」を使うのをやめました。")
    return redirect("office-app-papers", public_id=public_id)


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def sheet_out(request: HttpRequest, public_id: str, record_id: str, sheet_id: str) -> HttpResponse:
    """One record in a sheet; what the person does not see stays blank."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    found = record_for(asking.person, app, definition, sight, record_id, today=asking.clock.today())
    sheet = _sheet(app, sheet_id, ready=True)
    made = filled_sheets(sheet, [found], definition, sight, person=asking.person, clock=asking.clock)
    record_view(by=asking.person, subjects=[found], what=_OUT)
    return _answer(made)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def sheets_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """Many records in a sheet: those picked in the list, or all it shows. For those who may export."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    if not sight.export:
        raise NotAllowed("このアプリの記録を書き出す権限がありません。")
    today = asking.clock.today()
    sheet = _sheet(app, posted_key(request, "sheet"), ready=True)
    try:
        found = visible_records(asking.person, app, definition, sight, today=today)
        records: list[Record]
        if posted_key(request, "scope") == "all":
            made = RecordListing(app, definition, sight, person=asking.person, today=today)
            records, _ = all_listed(request, made, most=MOST_ROWS_OUT + 1)
        else:
            picked = [one for one in request.POST.getlist("picked")[: MOST_ROWS_OUT + 1] if is_id(one)]
            records = list(found.filter(public_id__in=picked).order_by("number"))
        if not records:
            raise Refusal("記録が選ばれていません。", hint="一覧の左端の四角で、記録を選んでください。")
        handed = filled_sheets(sheet, records, definition, sight, person=asking.person, clock=asking.clock)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return redirect("office-app", public_id=public_id)
    record_view(by=asking.person, subjects=records, what=_OUT, detail="many")
    return _answer(handed)


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def print_page(request: HttpRequest, public_id: str, record_id: str) -> HttpResponse:
    """One record on A4, as the browser prints it."""
    asking: Any = request
    app, definition, sight = opened(asking, public_id)
    today = asking.clock.today()
    found = record_for(asking.person, app, definition, sight, record_id, today=today)
    record_view(by=asking.person, subjects=[found], what=_PRINT)
    values = with_rollups(
        asking.person, definition.fields, found, Shapes(app).of(found, today=today).values, today=today
    )
    names = names_for(asking.person, definition, today=today, ids=ids_in(definition, [values]))
    seen = [one for one in definition.fields if one.key in sight.visible]
    files = files_shown(asking.person, seen, values)
    lines = [
        {
            "field": one,
            "is_heading": one.type is FieldType.HEADING,
            "words": as_read(one, values.get(one.key), names),
            "pictures": [each for each in files.get(one.key, ()) if each.is_picture and each.url],
        }
        for one in seen
    ]
    return render(request, "appbuilder/print.html", {"app": app, "record": found, "lines": lines, "today": today})
