"""Files out of a form and into a draft: 質問一覧, XLSForm, JSON, prints; what comes in is shown before it is taken over."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, page, signed_in_staff
from yakuba.kernel.files.api import Kind, Limits, file_response, get_for, read_content, receive_file
from yakuba.kernel.forms.exchange.differences import compare
from yakuba.kernel.forms.exchange.question_list import write_question_list
from yakuba.kernel.forms.exchange.take_in import WORDS, TakenIn, take_in
from yakuba.kernel.forms.exchange.xlsform import write_xlsform
from yakuba.kernel.forms.forms.new_form import FileForm, SheetForm
from yakuba.kernel.forms.models import FormSheet
from yakuba.kernel.forms.prints import blank_form
from yakuba.kernel.forms.rules.answer_schema import answer_schema
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.services import add_form_sheet
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.forms.sheets import key_of, sheets_of
from yakuba.kernel.forms.views.draft import head_of, save_definition, tell_meanwhile, told, version_for
from yakuba.kernel.forms.views.preview import LANGUAGES
from yakuba.kernel.paper.api import Download
from yakuba.kernel.paper.models import Sheet
from yakuba.kernel.things.api import DataClass
from yakuba.kernel.values.api import Refusal

_XLSX = Kind.XLSX.media_type
_SALT = "yakuba.forms.import"
_OFFERED_FOR = 2 * 60 * 60
"""Seconds between showing the differences and taking them over."""


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, public_id: str) -> HttpResponse:
    """What goes out and comes in. A file that is sent here is read, and its differences to the draft are shown."""
    version = version_for(request, public_id)
    head = head_of(request, version, tab="exchange")
    form = FileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if not head["may_change"]:
            raise NotAllowed("この版には取り込めません。下書きの版に取り込んでください。")
        status = 422
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                taken = take_in(upload.read(), upload.name or "")
            except Refusal as refusal:
                form.add_error("file", f"{refusal.message}{refusal.hint or ''}")
            else:
                context = _offered(request, version, taken)
                status = 200 if taken.definition is not None else 422
    sheets = [
        {"sheet": one, "url": reverse("sheet", args=[key_of(one)]), "in_use": version_number(one)}
        for one in sheets_of(version.form)
    ]
    return render(
        request,
        "forms/office/exchange.html",
        {**head, "form": form, "sheets": sheets, "sheet_form": SheetForm(), "languages": LANGUAGES, **context},
        status=status,
    )


def version_number(sheet: FormSheet) -> int:
    """The version of the file in use; 0 as long as none was sent."""
    stored = Sheet.objects.filter(key=key_of(sheet)).first()
    return stored.latest if stored is not None else 0


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def new_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more sheet of the town that is filled from the answers; its page opens, where the file is sent."""
    asking: Any = request
    version = version_for(request, public_id)
    form = SheetForm(request.POST)
    if not form.is_valid():
        messages.error(request, "題名とファイルの種類を入れてください。")
        return redirect("office-form-exchange", public_id=version.public_id)
    try:
        sheet = add_form_sheet(by=asking.person, form=version.form, clock=asking.clock, **form.cleaned_data)
    except Refusal as refusal:
        told(request, refusal)
        return redirect("office-form-exchange", public_id=version.public_id)
    messages.success(request, f"「{sheet.title}」を加えました。町のファイルを入れてください。")
    return redirect("sheet", key=key_of(sheet))


@page(Face.OFFICE, may=signed_in_staff)
@require_safe
def blank(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    """The form on paper, to be filled in by hand."""
    asking: Any = request
    version = version_for(request, public_id)
    if language not in dict(LANGUAGES):
        raise NotVisible
    content = blank_form(version.read(), language=language, printed_at=asking.clock.now(), number=version.number)
    return file_response(content, name=f"{version.form.title}_用紙_{language}.pdf", media_type="application/pdf")


def _offered(request: HttpRequest, version: Any, taken: TakenIn) -> dict[str, Any]:
    """What a file would change; sealed into the page until somebody says yes."""
    if taken.definition is None:
        marked = keep_marked(request, taken.marked) if taken.marked is not None else ""
        return {"taken": taken, "marked": marked}
    given = taken.definition.to_json() | {"key": version.form.key}
    differences = compare(version.read(), read_definition(given))
    return {
        "taken": taken,
        "differences": differences,
        "offer": signing.dumps([version.public_id, taken.kind, given], salt=_SALT, compress=True),
    }


def keep_marked(request: HttpRequest, marked: Download) -> str:
    """Keep a workbook with its marked mistakes for the person who sent it; the id of the file."""
    asking: Any = request
    file = receive_file(
        by=asking.person,
        stream=marked.content,
        filename=marked.filename,
        clock=asking.clock,
        data_class=DataClass.OPEN,
        limits=Limits(max_bytes=10 * 1024 * 1024).allowing(Kind.XLSX),
    )
    return str(file.public_id)


@page(Face.OFFICE, may=signed_in_staff)
@require_safe
def marked(request: HttpRequest, file_id: str) -> HttpResponse:
    """The workbook with its mistakes marked, for whoever sent it."""
    asking: Any = request
    file = get_for(asking.person, file_id)
    if file.owner is not None or file.uploaded_by != asking.person.id or file.media_type != _XLSX:
        raise NotVisible
    return file_response(read_content(file), name=file.name, media_type=_XLSX)


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def take_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take what was shown over into the draft."""
    version = version_for(request, public_id)
    try:
        offered = signing.loads(request.POST.get("offer", ""), salt=_SALT, max_age=_OFFERED_FOR)
        target, kind, given = offered
        if target != version.public_id:
            raise signing.BadSignature
    except (signing.BadSignature, ValueError):
        messages.error(request, "取り込む内容の期限が切れたか、別の様式のものです。ファイルをもう一度選んでください。")
        return redirect("office-form-exchange", public_id=version.public_id)
    try:
        save_definition(request, version, given, f"{WORDS[kind]}を取り込み")
    except EditedMeanwhile as late:
        return tell_meanwhile(request, version, late)
    except Refusal as refusal:
        told(request, refusal)
        return redirect("office-form-exchange", public_id=version.public_id)
    messages.success(request, f"{WORDS[kind]}の内容を下書きに取り込みました。「元に戻す」で取り消せます。")
    return redirect("office-form-version", public_id=version.public_id)


@page(Face.OFFICE, may=signed_in_staff)
@require_safe
def file_out(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """The form as a file: ``question-list``, ``xlsform``, ``definition``, ``schema`` (of its answers)."""
    version = version_for(request, public_id)
    definition = version.read()
    name = f"{version.form.title}_第{version.number}版"
    if kind == "question-list":
        return file_response(write_question_list(definition), name=f"{name}_質問一覧.xlsx", media_type=_XLSX)
    if kind == "xlsform":
        written = write_xlsform(definition, version=str(version.number))
        return file_response(written.content, name=f"{name}_XLSForm.xlsx", media_type=_XLSX)
    if kind == "schema":
        content = json.dumps(answer_schema(definition), ensure_ascii=False, indent=1).encode()
        return file_response(content, name=f"{name}_答えのJSON Schema.json", media_type="application/json")
    if kind == "definition":
        content = json.dumps(definition.to_json(), ensure_ascii=False, indent=1).encode()
        return file_response(content, name=f"{name}.json", media_type="application/json")
    raise NotVisible
