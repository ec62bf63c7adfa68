"""``/office/first-week/``: template, upload, check, apply, error sheet."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Role, page, role
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.firstweek.access import get_for, visible_to
from yakuba.kernel.firstweek.models import Upload, UploadState
from yakuba.kernel.firstweek.reading import MOST_BYTES, marked_workbook
from yakuba.kernel.firstweek.rules.lines import Fault
from yakuba.kernel.firstweek.rules.sheets import SHEET_BY_NAME, SHEETS
from yakuba.kernel.firstweek.services import discard, start_applying, take_in
from yakuba.kernel.firstweek.template import FILENAME, template
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal

_PREVIEW = viewing("firstweek.upload", label="最初の登録の確認画面の閲覧")
_ERRORS = viewing("firstweek.error_sheet", label="エラーの付いたブックの取得")
_MAY = role(Role.PERSONNEL, Role.IT)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SHOWN = 200


class UploadForm(TownForm):
    """One workbook."""

    workbook = forms.FileField(
        label="入力したブック",
        help_text=f"ひな形に入力した Excel ブック（.xlsx、{MOST_BYTES // 1024 // 1024} MB まで）",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "ブックを選んでください。", "empty": "ブックが空（0 バイト）です。"},
    )


@page(Face.OFFICE, may=_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def first_week(request: HttpRequest) -> HttpResponse:
    """The way in: download the template, send it filled in."""
    asking: Any = request
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["workbook"]
        try:
            upload = take_in(
                by=asking.person,
                content=sent.read(MOST_BYTES + 1),
                filename=sent.name,
                clock=asking.clock,
            )
        except Refusal as refusal:
            form.add_error("workbook", f"{refusal.message}{refusal.hint or ''}")
        else:
            return redirect("firstweek-upload", public_id=upload.public_id)
    return render(
        request,
        "firstweek/first_week.html",
        {"form": form, "uploads": visible_to(asking.person)[:10], "sheets": SHEETS},
        status=422 if form.errors else 200,
    )


@page(Face.OFFICE, may=_MAY)
@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return _file(template(), FILENAME)


@page(Face.OFFICE, may=_MAY)
@require_safe
def upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a workbook would do, what is wrong with it, or how far applying it came."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    record_view(by=asking.person, subjects=[found], what=_PREVIEW)
    return render(request, "firstweek/upload.html", _context(found))


@page(Face.OFFICE, may=_MAY)
@require_safe
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress alone, asked again every two seconds while lines are written."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    response = render(request, "firstweek/progress.html", _context(found))
    if found.state == UploadState.DONE:
        response["HX-Redirect"] = reverse("firstweek-upload", args=[found.public_id])
    return response


@page(Face.OFFICE, may=_MAY)
@require_POST
def apply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin to apply."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    try:
        start_applying(by=asking.person, upload=found)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("firstweek-upload", public_id=public_id)


@page(Face.OFFICE, may=_MAY)
@require_POST
def give_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a workbook up before it is applied."""
    asking: Any = request
    try:
        discard(by=asking.person, upload=get_for(asking.person, public_id), clock=asking.clock)
        messages.success(request, "取りやめました。預かったブックは消去しました。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return redirect("firstweek-upload", public_id=public_id)
    return redirect("firstweek")


@page(Face.OFFICE, may=_MAY)
@require_safe
def error_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same workbook with the column エラー."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    if not found.faults or not found.content:
        raise NotVisible
    record_view(by=asking.person, subjects=[found], what=_ERRORS)
    marked = marked_workbook(bytes(found.content), found.filename, [Fault(**one) for one in found.faults])
    return _file(marked.content, marked.filename)


def _context(found: Upload) -> dict[str, Any]:
    changes = [
        {
            "sheet": line["sheet"],
            "row": line["row"],
            "is_new": line["action"] == "add",
            "what": SHEET_BY_NAME[line["sheet"]].in_words(line["values"]),
            "changed": "、".join(line["changed"]),
        }
        for line in found.lines
    ]
    return {
        "upload": found,
        "is_refused": found.state == UploadState.REFUSED,
        "is_checked": found.state == UploadState.CHECKED,
        "is_applying": found.state == UploadState.APPLYING,
        "is_done": found.state == UploadState.DONE,
        "counts": [(sheet.name, found.counts.get(sheet.name, {})) for sheet in SHEETS],
        "faults": found.faults[:_MOST_SHOWN],
        "more_faults": max(0, len(found.faults) - _MOST_SHOWN),
        "changes": changes[:_MOST_SHOWN],
        "more_changes": max(0, len(changes) - _MOST_SHOWN),
        "has_error_sheet": bool(found.faults and found.content),
        "crumbs": [{"title": "最初の登録", "url": reverse("firstweek")}, {"title": found.filename}],
    }


def _file(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response["Cache-Control"] = "private, no-store"
    return response
