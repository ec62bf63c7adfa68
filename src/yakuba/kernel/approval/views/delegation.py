"""``/office/decisions/delegation/``: the 専決 table, by hand and by sheet."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, Person, Role, page, role
from yakuba.kernel.approval.forms import DelegationForm, EndForm, SheetForm
from yakuba.kernel.approval.models import DelegationLine
from yakuba.kernel.approval.queries.delegation_sheet import (
    AUTHORITY,
    ENDS,
    GROUND,
    MATTER,
    SEAT,
    STARTS,
    UP_TO,
    DelegationSheet,
    apply_words,
    read_delegation,
)
from yakuba.kernel.approval.queries.seat_words import SeatWords, seat_of_key
from yakuba.kernel.approval.rules.routes import Seat
from yakuba.kernel.approval.services import delegate_matter, end_delegation
from yakuba.kernel.approval.services.keep_routes import keeps_routes
from yakuba.kernel.approval.views.one_request import MAY
from yakuba.kernel.files.api import file_response
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.paper.api import Download, error_sheet
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal

KEEPERS = role(Role.PERSONNEL, Role.IT)
_LARGEST = 2 * 1024 * 1024
_KEPT_FOR = 30 * 60


def _authorities() -> list[tuple[str, str]]:
    return list(Authority.objects.order_by("order", "pk").values_list("public_id", "name"))


def _listing(words: SeatWords, today: Any) -> Listing:
    def narrowed(rows: Any, value: str) -> Any:
        return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)) if value == "now" else rows

    return Listing(
        name="delegation",
        title="専決の定め",
        columns=(
            Column("authority", AUTHORITY, "authority.name", sort="authority__order"),
            Column("matter", MATTER, "matter", sort="matter", search=("matter",)),
            Column("up_to", UP_TO, "up_to", sort="up_to", kind=Kind.NUMBER),
            Column(
                "seat",
                SEAT,
                lambda one: words(_seat(one)),
                url=lambda one: reverse("approval-delegation-line", args=[one.public_id]),
            ),
            Column("ground", GROUND, "ground", search=("ground",), kind=Kind.WIDE),
            Column("starts", STARTS, "starts_on", sort="starts_on", kind=Kind.DATE),
            Column("ends", ENDS, "ends_on", sort="ends_on", kind=Kind.DATE),
        ),
        filters=(
            Filter("authority", "執行機関", _authorities, apply="authority__public_id"),
            Filter("when", "期間", [("now", "今とこれから")], apply=narrowed, default="now", everything="過去も含む"),
        ),
        order=("authority__order", "matter", "up_to"),
        empty_title="専決の定めがありません",
        empty_text="定めがないときは、担当の所属の長が決裁します。町の事務決裁規程の別表を登録してください。",
    )


def _seat(line: DelegationLine) -> Any:
    return Seat.from_json(line.seat)


@page(Face.OFFICE, may=MAY)
@require_safe
def delegation(request: HttpRequest) -> HttpResponse:
    """The table as it holds today; everybody may read who decides what."""
    asking: Any = request
    today = asking.clock.today()
    return _listing(SeatWords(today), today).answer(
        request,
        DelegationLine.objects.select_related("authority"),
        template="approval/delegation.html",
        context={"keeps": keeps_routes(asking.person), "crumbs": _crumbs()},
    )


@page(Face.OFFICE, may=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_delegation(request: HttpRequest) -> HttpResponse:
    """One more line."""
    asking: Any = request
    today = asking.clock.today()
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        authorities=_authorities(),
        seats=SeatWords(today).choices(delegates=True),
        initial={"starts_on": today},
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            delegate_matter(
                by=asking.person,
                authority=Authority.objects.get(public_id=given["authority"]),
                matter=given["matter"],
                up_to=given["up_to"],
                seat=seat_of_key(given["seat"]),
                ground=given["ground"],
                starts_on=given["starts_on"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "専決の定めを登録しました。これから起案されるものに当てはまります。")
            return redirect("approval-delegation")
    context = {"form": form, "crumbs": [*_crumbs(True), {"title": "登録"}]}
    return render(request, "approval/delegation_new.html", context, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_line(request: HttpRequest, public_id: str) -> HttpResponse:
    """One line; who keeps the table ends it."""
    asking: Any = request
    today = asking.clock.today()
    line = DelegationLine.objects.select_related("authority").filter(public_id=public_id).first()
    if line is None:
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_bound and form.is_valid():
        try:
            end_delegation(by=asking.person, line=line, on=form.cleaned_data["on"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "専決の定めを終えました。")
            return redirect("approval-delegation")
    context = {
        "line": line,
        "seat": SeatWords(today)(_seat(line)),
        "form": form if keeps_routes(asking.person) and line.ends_on is None else None,
        "crumbs": [*_crumbs(True), {"title": str(line)}],
    }
    return render(request, "approval/delegation_line.html", context, status=422 if form.errors else 200)


@page(Face.OFFICE, may=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_delegation(request: HttpRequest) -> HttpResponse:
    """Take the table in; wrong cells come back marked in a sheet, and nothing of a wrong one is kept."""
    asking: Any = request
    sent = request.method == "POST"
    form = SheetForm(request.POST if sent else None, request.FILES if sent else None)
    found: DelegationSheet | None = None
    token = ""
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > _LARGEST:
                raise Refusal("ファイルが大きすぎます。", field="file", hint="2MBまでにしてください。")
            found = read_delegation(upload.read(), upload.name, on=asking.clock.today())
            if found.problems:
                token = secrets.token_urlsafe(16)
                cache.set(_cache_key(asking.person, token), error_sheet(found.table, found.problems), _KEPT_FOR)
                raise Refusal(
                    f"{len(found.problems)}か所を直してください。", field="file", hint="何も取り込んでいません。"
                )
            done, refusals = _apply(asking, found)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{done}行を取り込みました（変わらない行 {found.unchanged}）。")
            if refusals:
                messages.error(request, apply_words(refusals[:20]))
            return redirect("approval-delegation")
    problems = list(found.problems) if found else []
    context = {
        "form": form,
        "problems": [one.words() for one in problems[:50]],
        "more": max(0, len(problems) - 50),
        "token": token,
        "crumbs": [*_crumbs(True), {"title": "取込み"}],
    }
    return render(request, "approval/delegation_import.html", context, status=422 if form.errors else 200)


def _apply(asking: Any, sheet: DelegationSheet) -> tuple[int, list[tuple[int, Refusal]]]:
    done, refusals = 0, []
    for row in sheet.rows:
        try:
            if row.existing is not None and row.ends_on is not None:
                end_delegation(by=asking.person, line=row.existing, on=row.ends_on)
            else:
                delegate_matter(
                    by=asking.person,
                    authority=row.authority,
                    matter=row.matter,
                    up_to=row.up_to,
                    seat=row.seat,
                    ground=row.ground,
                    starts_on=row.starts_on,
                )
        except Refusal as refusal:
            refusals.append((row.number, refusal))
        else:
            done += 1
    return done, refusals


@page(Face.OFFICE, may=KEEPERS)
@require_safe
def delegation_errors(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet with the marked cells, for the person who sent it."""
    asking: Any = request
    sheet: Download | None = cache.get(_cache_key(asking.person, token[:40]))
    if sheet is None:
        raise Http404("エラーの付いたファイルは30分で消えます。もう一度取り込んでください。")
    return file_response(sheet.content, name=sheet.filename, media_type=sheet.media_type)


def _cache_key(person: Person, token: str) -> str:
    return f"approval-delegation-errors:{person.id}:{token}"


def _crumbs(below: bool = False) -> list[dict[str, str]]:
    here = {"title": "専決", "url": reverse("approval-delegation")} if below else {"title": "専決"}
    return [{"title": "決裁", "url": reverse("approval-decisions")}, here]
