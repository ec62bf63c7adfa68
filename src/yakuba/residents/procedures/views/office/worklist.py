"""``/office/cases/``: every case the person may see, in boxes, with the light of its deadline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, Person, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import EXPORT, READ_LIST, WITHHELD, protected_cases
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.rules.deadlines import Light
from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.catalogue.api import ProcedureKind
from yakuba.kernel.japan.api import era_date_short, fold
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.residents.procedures.access import MAY_READ, MAY_WORK
from yakuba.residents.procedures.queries.staff import colleagues
from yakuba.residents.procedures.queries.worklist import counts, under_light, with_declined
from yakuba.residents.procedures.views.office.asking import (
    LIGHT_BADGES,
    PHASE_BADGES,
    Desk,
    carried,
    light_of,
    light_words,
    person_and_clock,
)

DECLINED = "同意しない人がいます"
_EMPTY = {
    "mine": ("自分の担当はありません", "「担当未定」から引き受けるか、所属の一覧を見てください。"),
    "section": ("所属の案件はありません", "届いた申請や届出が、ここに出ます。"),
    "unassigned": ("担当の決まっていない案件はありません", ""),
    "waiting": ("申請者の対応を待っている案件はありません", "補正を求めると、答えが届くまでここに出ます。"),
    "overdue": ("期限を過ぎた案件はありません", ""),
    "notify": ("通知や交付を待っている案件はありません", "決裁が終わると、通知が済むまでここに出ます。"),
    "all": ("案件はまだありません", "届いた申請や届出が、ここに出ます。"),
}


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """The worklist over all procedures; page, CSV and Excel."""
    person, clock = person_and_clock(request)
    desk = Desk(person, clock.today())
    waiting = counts(desk.cases, desk.boxes)
    box = chosen_box(request, person, waiting)
    listing = case_listing(request, desk, box)

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(by=person, subjects=things, what=READ_LIST if how == "page" else EXPORT, detail=f"{box} {how}")

    may_work = MAY_WORK.allows(person) and not person.is_read_only
    return listing.answer(
        request,
        with_declined(desk.cases.filter(next(one.holds for one in desk.boxes if one.key == box))),
        template="procedures/office/worklist.html",
        context={
            "tabs": [
                {
                    "title": one.title,
                    "url": f"?box={one.key}",
                    "current": one.key == box,
                    "badge": waiting.get(one.key) or "",
                }
                for one in desk.boxes
                if one.key != "mine" or may_work
            ],
            "may_work": may_work,
            "colleagues": colleagues(desk.sections, desk.today) if may_work else (),
            "here": carried(request) or f"?box={box}",
        },
        on_show=shown,
        prepare=_withheld(desk.today) if "export" in request.GET else None,
    )


def chosen_box(request: HttpRequest, person: Person, waiting: dict[str, int] | None = None) -> str:
    """The box asked for; else one's own cases if there are any, else those of the section."""
    asked = request.GET.get("box", "")
    if asked in _EMPTY:
        return asked
    if person.is_read_only:
        return "all"
    return "mine" if waiting and waiting.get("mine") else "section"


def case_listing(request: HttpRequest, desk: Desk, box: str) -> Listing:
    """The listing of a box. Links carry the list they stand in, so that the case page knows the next one."""
    title, text = _EMPTY[box]
    today, border = desk.today, desk.warn_until
    kept = carried(request) or f"?box={box}"
    has_several = len(desk.section_names) > 1

    def light_text(case: Case) -> str:
        return light_words(case, light_of(case, today=today, warn_until=border), today=today)

    return Listing(
        name="cases",
        title="受付案件",
        columns=(
            Column(
                "number",
                "受付番号",
                "number",
                sort=("received_on", "number"),
                search=(Searched("search_words", fold),),
                url=lambda one: reverse("office-case", args=[one.public_id]) + kept,
                kind=Kind.TIGHT,
            ),
            Column("title", "手続き", "title", sort="title", kind=Kind.WIDE),
            Column(
                "name",
                "申請者",
                lambda one: getattr(one, "shown_name", one.applicant_name),
                sort="applicant_kana",
                kind=Kind.TIGHT,
            ),
            Column(
                "state",
                "状態",
                lambda one: DECLINED if one.is_declined else one.state_label,
                sort="phase",
                badge=lambda one: "warning" if one.is_declined else PHASE_BADGES[one.phase],
            ),
            Column(
                "light",
                "期限",
                light_text,
                sort=F("due_on").asc(nulls_last=True),
                badge=lambda one: LIGHT_BADGES[light_of(one, today=today, warn_until=border)],
            ),
            Column(
                "assignee", "担当者", lambda one: one.assignee.name if one.assignee else "未定", sort="assignee__name"
            ),
            Column(
                "section",
                "所属",
                "section.name",
                sort="section__order",
                shown=has_several and box != "mine",
                kind=Kind.TIGHT,
            ),
            Column(
                "received",
                "受付",
                lambda one: f"{era_date_short(one.received_on)} {Arrival(one.arrival).label}",
                sort=("received_on", "number"),
                kind=Kind.TIGHT,
                exported=False,
            ),
            Column("received_on", "受付日", "received_on", shown=False),
            Column("arrival", "受付方法", lambda one: Arrival(one.arrival).label, shown=False),
            Column("due", "標準処理期間の期限", "due_on", shown=False),
            Column("answer_by", "補正の期限", "answer_by", shown=False),
            Column("done", "完了日", "completed_on", shown=False),
            Column("fee", "手数料（円）", "fee", shown=False),
        ),
        filters=(
            Filter("procedure", "手続き", desk.procedures, _by_procedure),
            Filter("kind", "種類", [(one.value, one.label) for one in ProcedureKind], apply="kind"),
            Filter("phase", "進み具合", [(one.value, one.label) for one in Phase], apply="phase"),
            Filter("arrival", "受付方法", [(one.value, one.label) for one in Arrival], apply="arrival"),
            Filter(
                "light",
                "期限",
                [(one.value, one.label) for one in Light],
                apply=lambda rows, value: rows.filter(under_light(value, today=today, warn_until=border)),
            ),
            *([Filter("section", "所属", desk.section_names, _by_section)] if has_several else []),
        ),
        order=(F("due_on").asc(nulls_last=True), "received_at"),
        keep=("box",),
        empty_title=title,
        empty_text=text,
    )


def _by_procedure(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(procedure__key=value)


def _by_section(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(section__public_id=value)


def _withheld(today: date) -> Callable[[Sequence[Any]], None]:
    """A file leaves the house: names of protected people (支援措置) stay inside, and no file has places at all."""

    def prepare(things: Sequence[Any]) -> None:
        hidden = protected_cases(things, on=today)
        for one in things:
            if one.pk in hidden:
                one.shown_name = WITHHELD

    return prepare
