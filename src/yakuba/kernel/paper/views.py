"""The town's sheets in the office: look, try, replace, go back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, office_seat, page
from yakuba.kernel.files.api import (
    FileRefused,
    Kind,
    Limits,
    file_response,
    read_content,
    receive_file,
)
from yakuba.kernel.files.api import get_for as get_file_for
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.paper.access import get_for, may_keep, may_replace, require_replace, visible_to
from yakuba.kernel.paper.forms import AdoptForm, RestoreForm, SectionForm, SheetFileForm
from yakuba.kernel.paper.models import SheetVersion
from yakuba.kernel.paper.queries import (
    FilledSheet,
    SheetMissing,
    check_of,
    content_of,
    current_content,
    filled_with,
    media_type_of,
    sheet_rows,
    stored_sheet,
    version_in_use,
)
from yakuba.kernel.paper.services import adopt_file, assign_section, restore_sheet
from yakuba.kernel.paper.sheets.fields import FieldKind, SheetDeclaration, SheetKind
from yakuba.kernel.paper.sheets.placeholders import FORMS, shown
from yakuba.kernel.paper.sheets.rules import SheetCheck
from yakuba.kernel.things.api import DataClass
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=office_seat)
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """様式の一覧: every sheet the house can fill, with the version in use and how it fits."""
    asking: Any = request
    return render(request, "paper/sheets.html", {"rows": sheet_rows(visible_to(asking.person))})


@page(Face.OFFICE, may=office_seat)
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """One sheet: its fields, its file, its versions; a new file is sent here and tried on the next page."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    stored = stored_sheet(key)
    form = SheetFileForm(request.POST or None, request.FILES or None, kind=declaration.kind)
    if request.method == "POST":
        require_replace(asking.person, stored)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                received = receive_file(
                    by=asking.person,
                    stream=upload,
                    filename=upload.name or "",
                    clock=asking.clock,
                    data_class=DataClass.OPEN,
                    limits=Limits(max_bytes=5 * 1024 * 1024).allowing(_file_kind(declaration)),
                )
            except FileRefused as refusal:
                form.add_error("file", f"{refusal.message}{refusal.hint or ''}")
            else:
                return redirect("sheet-trial", key=key, public_id=received.public_id)
    return _sheet_page(request, declaration, form)


def _sheet_page(request: HttpRequest, declaration: SheetDeclaration, form: SheetFileForm) -> HttpResponse:
    asking: Any = request
    stored = stored_sheet(declaration.key)
    in_use = version_in_use(stored)
    content = content_of(declaration, in_use)
    check = check_of(declaration, content) if content is not None else None
    keeps = may_keep(asking.person)
    sections = sections_on(asking.clock.today())
    context = {
        "declaration": declaration,
        "sheet": stored,
        "in_use": in_use,
        "has_file": content is not None,
        "check": check,
        "fields": _field_rows(declaration, check),
        "versions": list(stored.versions.select_related("file")) if stored else [],
        "has_default": declaration.default is not None,
        "form": form,
        "may_replace": may_replace(asking.person, stored),
        "section_form": SectionForm(sections=sections, initial={"section": stored.section if stored else None})
        if keeps
        else None,
        "forms": _form_rows(declaration),
    }
    return render(request, "paper/sheet.html", context, status=422 if form.errors else 200)


@page(Face.OFFICE, may=office_seat)
@require_safe
def current_file(request: HttpRequest, key: str) -> HttpResponse:
    """今の様式: the blank file, to be changed in Word or Excel."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    content = current_content(declaration)
    if content is None:
        raise SheetMissing(declaration)
    return _download(content, declaration.title, declaration.kind)


@page(Face.OFFICE, may=office_seat)
@require_safe
def version_file(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The blank file of an earlier version; number 0 is the one shipped with the house."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    version = SheetVersion.objects.select_related("file").filter(sheet__key=key, number=number).first()
    if version is None and number != 0:
        raise NotVisible
    content = content_of(declaration, version)
    if content is None:
        raise SheetMissing(declaration)
    return _download(content, f"{declaration.title}_第{number}版" if number else declaration.title, declaration.kind)


@page(Face.OFFICE, may=office_seat)
@require_safe
def test_print(request: HttpRequest, key: str) -> HttpResponse:
    """試し刷り: the sheet in use, filled with sample values."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    content = current_content(declaration)
    if content is None:
        raise SheetMissing(declaration)
    return _handed_out(_tried(declaration, content))


@page(Face.OFFICE, may=office_seat)
def trial(request: HttpRequest, key: str, public_id: str) -> HttpResponse:
    """A file that was sent: what fits, what does not, a test print, and the decision to use it."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    stored = stored_sheet(key)
    require_replace(asking.person, stored)
    file = _sent_file(asking.person, public_id)
    form = AdoptForm(request.POST or None, initial={"seen": stored.latest if stored else 0})
    error: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = adopt_file(by=asking.person, key=key, file=file, clock=asking.clock, **form.cleaned_data)
        except Refusal as refusal:
            error = refusal
        else:
            messages.success(request, f"第{made.number}版を使い始めました。")
            return redirect("sheet", key=key)
    check = check_of(declaration, read_content(file))
    context = {
        "declaration": declaration,
        "file": file,
        "form": form,
        "check": check,
        "fields": _field_rows(declaration, check),
        "error": error,
        "now_in_use": stored.latest if stored else 0,
    }
    return render(request, "paper/trial.html", context, status=422 if form.errors or error else 200)


@page(Face.OFFICE, may=office_seat)
@require_safe
def trial_print(request: HttpRequest, key: str, public_id: str) -> HttpResponse:
    """試し刷り of a file that was sent and is not in use yet."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    require_replace(asking.person, stored_sheet(key))
    return _handed_out(_tried(declaration, read_content(_sent_file(asking.person, public_id))))


@page(Face.OFFICE, may=office_seat)
@require_POST
def restore(request: HttpRequest, key: str) -> HttpResponse:
    """Use an earlier version again."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        raise Refusal("戻す版が選ばれていません。", hint="様式のページを開き直して、履歴から選んでください。")
    made = restore_sheet(by=asking.person, key=declaration.key, clock=asking.clock, **form.cleaned_data)
    messages.success(request, f"第{made.number}版として使い始めました（{made.reason}）。")
    return redirect("sheet", key=key)


@page(Face.OFFICE, may=office_seat)
@require_POST
def section(request: HttpRequest, key: str) -> HttpResponse:
    """Decide which section looks after the sheet."""
    asking: Any = request
    declaration = get_for(asking.person, key)
    form = SectionForm(request.POST, sections=sections_on(asking.clock.today()))
    if not form.is_valid():
        raise Refusal("その課は今はありません。", hint="様式のページを開き直して、担当を選び直してください。")
    chosen = form.cleaned_data["section"]
    assign_section(by=asking.person, key=declaration.key, section=chosen)
    messages.success(request, f"担当を「{chosen}」にしました。" if chosen else "担当を決めないことにしました。")
    return redirect("sheet", key=key)


def _sent_file(person: Any, public_id: str) -> StoredFile:
    """A file the person has sent for trial; a file already in use stays where it is."""
    file = get_file_for(person, public_id)
    if file.owner is not None or file.uploaded_by != person.id:
        raise NotVisible
    return file


def _tried(declaration: SheetDeclaration, content: bytes) -> FilledSheet:
    return filled_with(declaration, content, declaration.sample_values(), name=f"試し刷り_{declaration.title}")


def _handed_out(filled: FilledSheet) -> HttpResponse:
    return file_response(filled.content, name=filled.filename, media_type=filled.media_type)


def _download(content: bytes, name: str, kind: SheetKind) -> HttpResponse:
    return file_response(content, name=f"{name}{kind.extension}", media_type=media_type_of(kind))


def _file_kind(declaration: SheetDeclaration) -> Kind:
    return Kind.DOCX if declaration.kind is SheetKind.WORD else Kind.XLSX


def _field_rows(declaration: SheetDeclaration, check: SheetCheck | None) -> list[dict[str, Any]]:
    """The fields as the page lists them: how to write them, what they mean, whether the sheet shows them."""
    rows: list[dict[str, Any]] = []
    used = set(check.used) if check else set()
    for field in declaration.fields:
        is_rows = field.kind is FieldKind.ROWS
        rows.append(
            {
                "written": f"{{{{#{field.name}}}}} … {{{{/{field.name}}}}}" if is_rows else f"{{{{{field.name}}}}}",
                "meaning": field.meaning,
                "kind": field.kind.label,
                "sample": f"{len(field.sample)} 行" if is_rows else shown(field.sample),
                "is_used": field.name in used,
                "is_column": False,
            }
        )
        for column in field.columns:
            rows.append(
                {
                    "written": f"{{{{{column.name}}}}}",
                    "meaning": column.meaning,
                    "kind": column.kind.label,
                    "sample": shown(column.sample),
                    "is_used": f"{field.name}の{column.name}" in used,
                    "is_column": True,
                }
            )
    return rows


def _form_rows(declaration: SheetDeclaration) -> list[dict[str, Any]]:
    """The forms marks may ask for, for the kinds this sheet has."""
    kinds = {field.kind for field in declaration.fields}
    kinds |= {column.kind for field in declaration.fields for column in field.columns}
    return [
        {"kind": kind.label, "form": form, "example": example}
        for kind in FieldKind
        if kind in kinds
        for form, example in FORMS[kind].items()
    ]
