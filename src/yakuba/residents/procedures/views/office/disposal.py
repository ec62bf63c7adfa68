"""``/office/cases/disposal/``: lists of cases whose retention is over (廃棄目録), drawn up by one and approved by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Person, Role, page, role
from yakuba.kernel.cases.access import sections_of
from yakuba.kernel.cases.models import DisposalItem, DisposalList, DisposalState
from yakuba.kernel.cases.services import approve_disposal, draw_up_disposal, drop_disposal
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.ui.api import Column, Kind, Listing
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.access import MAY_READ, MAY_WORK
from yakuba.residents.procedures.forms.keeping import DisposalForm
from yakuba.residents.procedures.views.office.asking import person_and_clock

_CHIEFS = role(Role.MAYOR, Role.DEPUTY_MAYOR)
_MAY_SEE = MAY_READ | _CHIEFS
_BADGES = {"drawn_up": "warning", "approved": "info", "done": "success", "dropped": ""}


def lists_of(person: Person) -> QuerySet[DisposalList]:
    """The lists of a person's sections; the auditor and those who approve for the whole town see all."""
    rows = DisposalList.objects.select_related("section")
    if person.has(Role.AUDITOR) or _CHIEFS.allows(person):
        return rows
    return rows.filter(section_id__in=sections_of(person))


@page(Face.OFFICE, may=_MAY_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def disposals(request: HttpRequest) -> HttpResponse:
    """The lists there are; POST draws up another one."""
    person, clock = person_and_clock(request)
    may_draw_up = MAY_WORK.allows(person) and not person.is_read_only
    own = sections_of(person)
    form = DisposalForm(
        request.POST if request.method == "POST" and may_draw_up else None,
        prefix="disposal",
        sections=[one for one in sections_on(clock.today()) if one.pk in own] if may_draw_up else [],
        initial={"until": clock.today()},
    )
    if form.is_bound and form.is_valid():
        try:
            found = draw_up_disposal(
                by=person,
                section=form.sections[form.cleaned_data["section"]],
                until=form.cleaned_data["until"],
                clock=clock,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, f"{found.count}件の廃棄目録を作りました。別の人（所属長など）が承認すると廃棄されます。"
            )
            return redirect("office-case-disposal", public_id=found.public_id)
    return _LISTING.answer(
        request,
        lists_of(person),
        template="procedures/office/disposals.html",
        context={"form": form, "may_draw_up": may_draw_up},
    )


@page(Face.OFFICE, may=_MAY_SEE)
@require_safe
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """One list with its cases; no name stands in it."""
    person, _ = person_and_clock(request)
    found = _list(person, public_id)
    is_open = found.state == DisposalState.DRAWN_UP and not person.is_read_only
    return _ITEMS.answer(
        request,
        DisposalItem.objects.filter(disposal=found).select_related("procedure"),
        template="procedures/office/disposal.html",
        context={
            "disposal": found,
            "badge": _BADGES[found.state],
            "may_approve": is_open and person.id != found.drawn_up_by and _may_approve(person, found),
            "may_drop": is_open and MAY_WORK.allows(person) and found.section_id in sections_of(person),
            "is_own": is_open and person.id == found.drawn_up_by,
        },
    )


@page(Face.OFFICE, may=_MAY_SEE)
@require_POST
def act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Approve or give up a list."""
    person, clock = person_and_clock(request)
    found = _list(person, public_id)
    try:
        if act == "approve":
            approve_disposal(by=person, disposal=found, clock=clock)
            messages.success(request, "承認しました。順に廃棄し、終わると「廃棄済み」になります。")
        elif act == "drop":
            drop_disposal(by=person, disposal=found, clock=clock)
            messages.success(request, "廃棄目録を取りやめました。")
        else:
            raise NotVisible
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("office-case-disposal", public_id=public_id)


def _list(person: Person, public_id: str) -> DisposalList:
    found = lists_of(person).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def _may_approve(person: Person, found: DisposalList) -> bool:
    is_head = person.has(Role.SECTION_HEAD) and found.section_id in sections_of(person)
    return is_head or _CHIEFS.allows(person)


_LISTING = Listing(
    name="disposals",
    title="案件の廃棄",
    columns=(
        Column("drawn", "作成日", "drawn_up_at", sort="drawn_up_at", kind=Kind.DATE, url=lambda one: reverse("office-case-disposal", args=[one.public_id])),
        Column("section", "所属", "section.name", sort="section__order"),
        Column("until", "保存期間の終わり", "until", sort="until", kind=Kind.DATE),
        Column("count", "件数", "count", sort="count", kind=Kind.NUMBER),
        Column("by", "作った人", "drawn_up_name"),
        Column("approved", "承認した人", "approved_name"),
        Column("state", "状態", "get_state_display", sort="state", badge=lambda one: _BADGES[one.state]),
    ),
    order=("-drawn_up_at",),
    empty_title="廃棄目録はまだありません",
    empty_text="保存期間の終わった案件があるときに、目録を作ります。",
)  # fmt: skip


def _left(item: Any) -> str:
    return item.left_because or ("廃棄済み" if item.disposed_on else "")


_ITEMS = Listing(
    name="disposal-items",
    title="廃棄目録",
    columns=(
        Column("number", "受付番号", "number", sort="number", search=("number",), kind=Kind.TIGHT),
        Column("procedure", "手続き", "procedure.title_ja", sort="procedure__number", search=("procedure__title_ja",), kind=Kind.WIDE),
        Column("received", "受付日", "received_on", sort="received_on", kind=Kind.DATE),
        Column("completed", "終わった日", "completed_on", sort="completed_on", kind=Kind.DATE),
        Column("kept", "保存期間の終わりの翌日", "kept_until", sort="kept_until", kind=Kind.DATE),
        Column("disposed", "廃棄した日", "disposed_on", sort="disposed_on", kind=Kind.DATE),
        Column("left", "結果", _left),
    ),
    order=("number",),
    empty_title="案件はありません",
)  # fmt: skip
