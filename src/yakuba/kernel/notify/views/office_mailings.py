"""``/office/letters/mailings/`` and ``/office/letters/districts/``: lists that come in as sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, Role, page, role
from yakuba.kernel.audit.api import viewing
from yakuba.kernel.notify.access import get_mailing_for, keeps_districts, mailings_visible_to, withhold_places
from yakuba.kernel.notify.forms import DistrictsForm, MailingForm
from yakuba.kernel.notify.models import District, Letter
from yakuba.kernel.notify.rules.letters import Service
from yakuba.kernel.notify.rules.mailings import check_marks
from yakuba.kernel.notify.services.districts import DistrictEntry, replace_districts
from yakuba.kernel.notify.services.mailings import begin_mailing, recipient_of
from yakuba.kernel.notify.views.acting import file_response, log_reading, own_sections
from yakuba.kernel.paper.api import Findings, Table, converters, error_sheet, read_table
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal

_MAILING = viewing("notify.mailing", label="宛先一覧からの郵便の閲覧")
_OPTIONAL = ("郵便番号", "敬称", "行政区", "宛名番号")
MOST_BYTES = 10 * 1024 * 1024


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_mailing(request: HttpRequest) -> HttpResponse:
    """宛先一覧から作る: one letter for each row, its marks filled from the row's columns."""
    asking: Any = request
    sections = own_sections(asking.person, asking.clock)
    if not sections:
        raise NotAllowed("郵便を作れるのは、所属のある職員です。")
    form = MailingForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        sections=sections,
        initial={"section": sections[0].public_id},
    )
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        given = form.given()
        try:
            table = _table(given["file"], required=("氏名", "住所"), optional=_OPTIONAL)
            columns = [column.name for column in table.columns]
            check_marks(given["title"], columns, field="title")
            check_marks(given["text"], columns, field="text")
            findings = _check_recipients(table)
            if request.POST.get("act") == "check":
                return _checked(table, findings)
            if findings:
                form.add_error("file", f"{len(findings.problems)}か所に誤りがあります。何も作っていません。")
                problems = findings.problems[:200]
            else:
                mailing = begin_mailing(
                    by=asking.person,
                    section=given["section"],
                    title=given["title"],
                    text=given["text"],
                    number=given["number"],
                    service=Service(given["service"]),
                    rows=[dict(row.cells) for row in table],
                    clock=asking.clock,
                )
                return HttpResponseRedirect(reverse("office-mailing", args=[mailing.public_id]))
        except Refusal as refusal:
            field = refusal.field if refusal.field in form.fields else "file"
            form.add_error(field, f"{refusal.message}{refusal.hint or ''}")
    context = {
        "form": form,
        "problems": problems,
        "recent": mailings_visible_to(asking.person)[:10],
        "crumbs": [{"title": "郵便", "url": reverse("office-letters")}, {"title": "宛先一覧から作る", "url": ""}],
    }
    return render(request, "notify/new_mailing.html", context, status=422 if form.errors else 200)


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_safe
def mailing(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far the letters of a list are."""
    asking: Any = request
    found = get_mailing_for(asking.person, public_id)
    ref = ref_of(found)
    letters = list(
        Letter.objects.filter(message__about_kind=ref.kind, message__about_id=ref.public_id).order_by("pk")[:5]
    )
    withhold_places(letters, on=asking.clock.today())
    log_reading(asking.person, _MAILING, letters)
    crumbs = [{"title": "郵便", "url": reverse("office-letters")}, {"title": found.title, "url": ""}]
    return render(request, "notify/mailing.html", {"mailing": found, "letters": letters, "crumbs": crumbs})


@page(Face.OFFICE, may=keeps_districts)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def districts(request: HttpRequest) -> HttpResponse:
    """行政区の一覧: by which letters are sorted."""
    asking: Any = request
    form = DistrictsForm(request.POST if request.method == "POST" else None, request.FILES or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            table = _table(form.cleaned_data["file"], required=("コード", "行政区", "町名"), optional=("並び順",))
            findings = Findings(table)
            entries = _entries(table, findings)
            if request.POST.get("act") == "check":
                return _checked(table, findings)
            if findings:
                form.add_error("file", f"{len(findings.problems)}か所に誤りがあります。何も変えていません。")
                problems = findings.problems[:200]
            else:
                count = replace_districts(by=asking.person, entries=entries)
                messages.success(request, f"{count}の行政区を登録しました。これから作る郵便に使います。")
                return HttpResponseRedirect(reverse("office-districts"))
        except Refusal as refusal:
            form.add_error("file", f"{refusal.message}{refusal.hint or ''}")
    context = {
        "form": form,
        "problems": problems,
        "districts": District.objects.all(),
        "crumbs": [{"title": "郵便", "url": reverse("office-letters")}, {"title": "行政区", "url": ""}],
    }
    return render(request, "notify/districts.html", context, status=422 if form.errors else 200)


def _table(sent: Any, *, required: tuple[str, ...], optional: tuple[str, ...]) -> Table:
    return read_table(sent.read(MOST_BYTES + 1), sent.name or "一覧", required=required, optional=optional)


def _check_recipients(table: Table) -> Findings:
    findings = Findings(table)
    for row in table:
        findings.take(row, "氏名", _name)
        findings.take(row, "敬称", _honorific, required=False)
        if findings.take(row, "住所", converters.as_text) is None:
            continue
        try:
            recipient_of(row.cells)
        except Refusal as refusal:
            column = "郵便番号" if "郵便番号" in refusal.message else "住所"
            findings.add(row, column, refusal.message, refusal.hint or "")
    return findings


def _name(text: str) -> str:
    if len(text) > 120 or "\n" in text:
        raise Refusal("宛名が長すぎるか、改行が入っています。", hint="120文字までの一行にしてください。")
    return text


def _honorific(text: str) -> str:
    if text not in ("様", "御中", "殿"):
        raise Refusal("敬称は「様」「御中」「殿」のどれかにしてください。")
    return text


def _entries(table: Table, findings: Findings) -> list[DistrictEntry]:
    found: dict[str, DistrictEntry] = {}
    for row in table:
        code = findings.take(row, "コード", _short(20))
        name = findings.take(row, "行政区", _short(40))
        area = findings.take(row, "町名", _short(60))
        order = findings.take(row, "並び順", converters.whole_number, required=False)
        if not (code and name and area):
            continue
        known = found.get(code)
        if known is not None and known.name != name:
            findings.add(
                row, "行政区", f"コード「{code}」は「{known.name}」で使われています。", "コードを変えてください。"
            )
            continue
        if known is None and any(one.name == name for one in found.values()):
            findings.add(
                row, "行政区", f"「{name}」には別のコードがあります。", "同じ行政区は同じコードにしてください。"
            )
            continue
        if order is not None and not 0 <= order <= 1_000_000:
            findings.add(row, "並び順", "0から100万までの整数にしてください。")
            continue
        areas = (*known.areas, area) if known else (area,)
        place = known.order if known else (order if order is not None else len(found) + 1)
        found[code] = DistrictEntry(code, name, place, tuple(dict.fromkeys(areas)))
    return list(found.values())


def _short(longest: int) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if len(text) > longest:
            raise Refusal(f"長すぎます（{longest}文字まで）。")
        return text

    return convert


def _checked(table: Table, findings: Findings) -> HttpResponse:
    """The sheet with the column エラー; nothing is kept."""
    download = error_sheet(table, findings.problems)
    return file_response(download.content, download.filename, download.media_type)
