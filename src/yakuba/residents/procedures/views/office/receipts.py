"""``/office/cases/receipts/``: what arrived over other channels (ぴったりサービス, 県, eLTAX …), by number and state only."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, Person, Role, page, role
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import EXPORT, READ_LIST, sections_of
from yakuba.kernel.cases.models import ExternalReceipt, ReceiptImport, ReceiptState
from yakuba.kernel.cases.queries.receipts import MOMENT, NUMBER, PROCEDURE, STATE, read_receipts
from yakuba.kernel.cases.services import assign_receipt, import_receipts
from yakuba.kernel.catalogue.api import ChannelKind
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.paper.api import Download, error_sheet, write_csv
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.access import MAY_READ, MAY_WORK
from yakuba.residents.procedures.forms.keeping import ReceiptsForm
from yakuba.residents.procedures.queries.staff import colleagues
from yakuba.residents.procedures.views.office.asking import person_and_clock

LARGEST_FILE = 5 * 1024 * 1024
_KEPT_FOR = 30 * 60
_MAY_IMPORT = MAY_WORK | role(Role.SECRETARIAT)
_MAY_SEE = MAY_READ | role(Role.SECRETARIAT)
_BADGES = {"arrived": "info", "working": "info", "sent_back": "warning", "done": "success", "withdrawn": ""}


def receipts_of(person: Person) -> QuerySet[ExternalReceipt]:
    """The receipts of a person's sections; the auditor and the secretariat, who takes lists in, see all."""
    rows = ExternalReceipt.objects.select_related("procedure", "section", "assignee")
    if person.has(Role.AUDITOR, Role.SECRETARIAT):
        return rows
    return rows.filter(section_id__in=sections_of(person))


@page(Face.OFFICE, may=_MAY_SEE)
@require_safe
def receipts(request: HttpRequest) -> HttpResponse:
    """The receipts with their state over there; open ones first."""
    person, clock = person_and_clock(request)

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(by=person, subjects=things, what=READ_LIST if how == "page" else EXPORT, detail=f"receipts {how}")

    may_assign = MAY_WORK.allows(person) and not person.is_read_only
    return _LISTING.answer(
        request,
        receipts_of(person),
        template="procedures/office/receipts.html",
        context={
            "may_import": _MAY_IMPORT.allows(person) and not person.is_read_only,
            "may_assign": may_assign,
            "colleagues": colleagues(sections_of(person), clock.today()) if may_assign else (),
            "imports": ReceiptImport.objects.all()[:5],
        },
        on_show=shown,
    )


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked receipts to somebody: they are worked on where they arrived."""
    person, clock = person_and_clock(request)
    there = colleagues(sections_of(person), clock.today())
    wanted = request.POST.get("who", "")
    to: Staff | None = next((one for one in there if one.public_id == wanted), None)
    picked = list(dict.fromkeys(request.POST.getlist("picked")))[:200]
    rows = [one for one in receipts_of(person).filter(public_id__in=picked) if one.section_id in sections_of(person)]
    if to is None or not rows:
        messages.warning(request, "受付と、担当にする職員を選んでから押してください。")
    else:
        for one in rows:
            assign_receipt(by=person, receipt=one, to=to)
        messages.success(request, f"{len(rows)}件の担当を{to.name}さんにしました。")
    return HttpResponseRedirect(reverse("office-case-receipts"))


@page(Face.OFFICE, may=_MAY_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Take a list in; wrong cells come back marked in a sheet, and nothing of a wrong list is kept."""
    person, clock = person_and_clock(request)
    sent = request.method == "POST"
    form = ReceiptsForm(request.POST if sent else None, files=request.FILES if sent else None, prefix="import")
    problems: Sequence[Any] = ()
    token = ""
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > LARGEST_FILE:
                raise Refusal("ファイルが大きすぎます。", field="file", hint="5MBまでにしてください。")
            found = read_receipts(
                upload.read(),
                upload.name,
                channel=ChannelKind(form.cleaned_data["channel"]),
                person=person,
                today=clock.today(),
            )
            problems = found.problems
            if problems:
                token = secrets.token_urlsafe(16)
                cache.set(_cache_key(person, token), error_sheet(found.table, problems), _KEPT_FOR)
                raise Refusal(f"{len(problems)}か所を直してください。", field="file", hint="何も取り込んでいません。")
            done = import_receipts(by=person, receipts=found, clock=clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, f"{done.rows}行を読み、新しい受付{done.added}件、状態の変更{done.changed}件を取り込みました。"
            )
            return redirect("office-case-receipts")
    return render(
        request,
        "procedures/office/receipts_import.html",
        {"form": form, "problems": problems[:50], "more": max(0, len(problems) - 50), "token": token},
        status=422 if form.is_bound else 200,
    )


@page(Face.OFFICE, may=_MAY_IMPORT)
@require_safe
def errors(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet with the marked cells, for the person who sent the list."""
    person, _ = person_and_clock(request)
    sheet: Download | None = cache.get(_cache_key(person, token[:40]))
    if sheet is None:
        raise Http404("エラーの付いたファイルは30分で消えます。もう一度取り込んでください。")
    response = HttpResponse(sheet.content, content_type=sheet.media_type)
    response["Content-Disposition"] = content_disposition_header(True, sheet.filename) or "attachment"
    return response


@page(Face.OFFICE, may=_MAY_IMPORT)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty list with the right columns and one example."""
    example = ["児童手当 認定請求", "1234567890", "2026-11-02 09:30", "受付済"]
    response = HttpResponse(
        write_csv((PROCEDURE, NUMBER, MOMENT, STATE), [example]).content, content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, "受付一覧のひな形.csv") or "attachment"
    return response


def _cache_key(person: Person, token: str) -> str:
    return f"procedures-receipt-errors:{person.id}:{token}"


def _whether_open(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(is_closed=value == "closed")


_LISTING = Listing(
    name="receipts",
    title="他の窓口の受付",
    columns=(
        Column("number", "受付番号（相手先）", "number", sort="number", search=("number",), kind=Kind.TIGHT),
        Column("procedure", "手続き", "procedure.title_ja", sort="procedure__number", search=("procedure__title_ja",), kind=Kind.WIDE),
        Column("channel", "窓口", "get_channel_kind_display", sort="channel_kind"),
        Column("state", "状態", "state_words", sort="state", badge=lambda one: _BADGES[one.state]),
        Column("section", "所属", "section.name", sort="section__order", kind=Kind.TIGHT),
        Column("assignee", "担当者", lambda one: one.assignee.name if one.assignee else "未定", sort="assignee__name", kind=Kind.TIGHT),
        Column("received", "受付日時", "received_at", sort="received_at", kind=Kind.DATE),
    ),
    filters=(
        Filter("open", "終わったか", [("open", "終わっていない"), ("closed", "終わった")], apply=_whether_open, default="open"),
        Filter("channel", "窓口", [(one.value, one.label) for one in ChannelKind if one.needs_address], apply="channel_kind"),
        Filter("state", "状態", ReceiptState.choices, apply="state"),
    ),
    order=("-received_at",),
    empty_title="他の窓口の受付はありません",
    empty_text="ぴったりサービスなどの受付一覧を取り込むと、件数がそろいます。",
)  # fmt: skip
