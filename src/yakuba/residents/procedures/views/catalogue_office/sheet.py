"""The whole catalogue as a sheet, out and in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.catalogue.access import KEEPS_ALL, visible_to
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.catalogue.sheet import SheetRead, apply_sheet, read_sheet, write_sheet
from yakuba.kernel.paper.api import CsvEncoding
from yakuba.residents.procedures.forms.catalogue import SheetForm
from yakuba.residents.procedures.views.catalogue_office.asking import (
    LARGEST_FILE,
    attempt,
    download,
    form_page,
    keep_for,
    person_and_clock,
    posted,
)


@page(Face.OFFICE, may=office_seat)
def office_sheet_file(request: HttpRequest) -> HttpResponse:
    """The catalogue as CSV: UTF-8 with BOM, or CP932 with the list of characters that did not fit."""
    person, _ = person_and_clock(request)
    encoding = CsvEncoding.CP932 if request.GET.get("encoding") == "cp932" else CsvEncoding.UTF8
    content, unfit = write_sheet(visible_to(person, Procedure).order_by("number"), encoding)
    if unfit and request.GET.get("anyway") != "1":
        return render(request, "procedures/catalogue_office/unfit.html", {"unfit": unfit[:200], "count": len(unfit)})
    return download(content, "手続きカタログ.csv", "text/csv")


@page(Face.OFFICE, may=KEEPS_ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def office_sheet(request: HttpRequest) -> HttpResponse:
    """Import an edited sheet. The first sending shows what would change; the second one writes it."""
    person, clock = person_and_clock(request)
    form = SheetForm(posted(request), request.FILES if request.method == "POST" else None)
    read: SheetRead | None = None
    token = ""

    def act() -> SheetRead | None:
        nonlocal token
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            form.add_error("file", "ファイルが大きすぎます。5MBまでにしてください。")
            return None
        found = read_sheet(upload.read(), upload.name)
        if found.errors is not None:
            token = keep_for(person, found.errors)
            form.add_error("file", f"{len(found.problems)}か所を直してください。何も変えていません。")
        return found

    if request.method == "POST":
        read = attempt(form, act)
        if read and not read.problems and "write" in request.POST:
            done, refused = apply_sheet(read, by=person, note=form.cleaned_data["note"], clock=clock)
            for line in refused:
                messages.error(request, line)
            messages.success(request, f"{done}件の手続きを変えました（変わりなし {read.unchanged}件）。")
            return redirect("office-procedures")
    context: dict[str, Any] = {"read": read, "token": token, "problems": (), "more": 0}
    if read is not None and read.problems:
        context |= {"problems": read.problems[:50], "more": max(0, len(read.problems) - 50)}
    return form_page(
        request,
        form,
        title="手続きカタログを表で直す",
        back=("一覧に戻る", reverse("office-procedures")),
        template="sheet",
        submit="確かめる",
        **context,
    )
