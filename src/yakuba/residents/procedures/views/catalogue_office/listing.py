"""All procedures, and the worklist of what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.catalogue.access import KEEPS_ALL, WORKS_HERE, sections_of, visible_to
from yakuba.kernel.catalogue.api import Channel, ChannelKind, Procedure
from yakuba.kernel.catalogue.queries.delivery import life_events
from yakuba.kernel.catalogue.queries.procedures import channels_of, open_channels, procedures_to_read, with_online
from yakuba.kernel.catalogue.rules.kinds import Fact, ProcedureKind
from yakuba.kernel.catalogue.rules.missing import Lack
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.residents.procedures.views.catalogue_office.asking import person_and_clock


def _url(procedure: Procedure) -> str:
    return reverse("office-procedure", args=[procedure.key])


def _sections() -> list[tuple[str, str]]:
    rows = Section.objects.filter(procedures__isnull=False).distinct().order_by("order", "code")
    return [*((one.public_id, one.name) for one in rows), ("none", "（担当が未登録）")]


def _by_section(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(section__isnull=True) if value == "none" else rows.filter(section__public_id=value)


def _by_channel(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(Exists(open_channels().filter(procedure=OuterRef("pk"), kind=value)))


def _by_lack(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    lack, _, fact = value.partition(":")
    if fact:
        return rows.filter(missing__icontains=f'"{value}"')
    return rows.filter(missing__icontains=f'"{lack}:')


def _by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "offered":
        return rows.exclude(offered__isnull=True)
    if value == "hidden":
        return rows.filter(is_shown=False)
    broken = Channel.objects.filter(
        procedure=OuterRef("pk"), closed_on__isnull=True, link_state__in=("broken", "moved")
    )
    return rows.filter(Exists(broken))


def _ways(procedure: Procedure) -> str:
    return "・".join(one.channel_kind.label for one in channels_of(procedure)) or "—"


PROCEDURES = Listing(
    name="手続き一覧",
    title="手続き",
    columns=(
        Column("number", "番号", "number", sort="number", kind=Kind.NUMBER),
        Column("title", "手続名", "title_ja", sort="title_ja", search=("title_ja", "key"), url=_url, kind=Kind.WIDE),
        Column("kind", "種類", lambda one: ProcedureKind(one.kind).label, sort="kind", kind=Kind.TIGHT),
        Column("section", "担当", "section.name", sort=("section__order", "section__code")),
        Column(
            "online",
            "オンライン",
            lambda one: "できる" if any(way.is_online for way in channels_of(one)) else "",
            badge=lambda one: "success" if any(way.is_online for way in channels_of(one)) else "",
            kind=Kind.TIGHT,
        ),
        Column("ways", "受付中の方法", _ways),
        Column("missing", "足りない事項", "missing_count", sort="missing_count", kind=Kind.NUMBER),
        Column("days", "標準処理期間（営業日）", "standard_days", sort="standard_days", kind=Kind.NUMBER, shown=False),
        Column("years", "保存年限（年）", "retention_years", sort="retention_years", kind=Kind.NUMBER, shown=False),
        Column("changed", "最後の変更", "acted_at", sort="acted_at", kind=Kind.DATE),
    ),
    filters=(
        Filter("section", "担当", _sections, apply=_by_section),
        Filter(
            "event", "ライフイベント", lambda: [(one.key, one.title.ja) for one in life_events()], apply="events__event"
        ),
        Filter("kind", "種類", [(one.value, one.label) for one in ProcedureKind], apply="kind"),
        Filter("channel", "方法", [(one.value, one.label) for one in ChannelKind], apply=_by_channel),
        Filter(
            "online",
            "オンライン",
            [("yes", "できる"), ("no", "できない")],
            apply=lambda rows, value: with_online(rows, value == "yes"),
        ),
        Filter(
            "missing",
            "足りない事項",
            [
                ("absent", "未登録がある"),
                *((f"absent:{fact.value}", f"未登録：{fact.label}") for fact in Fact),
                *((f"unconfirmed:{fact.value}", f"未確認：{fact.label}") for fact in Fact),
            ],
            apply=_by_lack,
        ),
        Filter(
            "state",
            "状態",
            [("offered", "配布データと違いがある"), ("links", "リンクに問題がある"), ("hidden", "公開していない")],
            apply=_by_state,
        ),
    ),
    order=("number",),
)


@page(Face.OFFICE, may=office_seat)
def office_procedures(request: HttpRequest) -> HttpResponse:
    """Every procedure, with filters in the address and files."""
    person, _ = person_and_clock(request)
    return PROCEDURES.answer(
        request,
        procedures_to_read(person).order_by(),
        template="procedures/catalogue_office/procedures.html",
        context={"keeps_all": KEEPS_ALL.allows(person)},
    )


@page(Face.OFFICE, may=office_seat)
def office_missing(request: HttpRequest) -> HttpResponse:
    """What is missing, fact by fact: absent ones first. `all=1` shows the whole town hall instead of one's own."""
    person, clock = person_and_clock(request)
    rows = visible_to(person, Procedure).select_related("section").filter(missing_count__gt=0).order_by("number")
    own = sections_of(person, clock.today())
    everything = request.GET.get("all") == "1" or not own
    if not everything:
        rows = rows.filter(section_id__in=own)
    groups = list(_groups(rows))
    links = (
        visible_to(person, Channel)
        .select_related("procedure")
        .filter(closed_on__isnull=True, link_state__in=("broken", "moved", "unreached"))
        .order_by("link_state", "procedure__number")
    )
    offered = visible_to(person, Procedure).exclude(offered__isnull=True).order_by("number")
    if not everything:
        links, offered = links.filter(procedure__section_id__in=own), offered.filter(section_id__in=own)
    return render(
        request,
        "procedures/catalogue_office/missing.html",
        {
            "groups": groups,
            "links": links[:100],
            "offered": offered[:100],
            "unassigned": visible_to(person, Procedure).filter(section__isnull=True).order_by("number")[:200],
            "everything": everything,
            "has_own": bool(own),
            "may_work": WORKS_HERE.allows(person) and not person.is_read_only,
        },
    )


@page(Face.OFFICE, may=office_seat)
def office_procedure_number(request: HttpRequest, number: int) -> HttpResponse:
    """From the number on a poster to the office's page."""
    person, _ = person_and_clock(request)
    found = visible_to(person, Procedure).filter(number=number).first()
    return redirect("office-procedure", key=found.key) if found else redirect("office-procedures")


def _groups(rows: Iterable[Procedure]) -> Iterable[dict[str, Any]]:
    by_lack: dict[str, list[Procedure]] = {}
    for one in rows:
        for key in one.missing:
            by_lack.setdefault(key, []).append(one)
    for lack in Lack:
        for fact in Fact:
            found = by_lack.get(f"{lack.value}:{fact.value}", [])
            if found:
                yield {"lack": lack, "fact": fact, "procedures": found, "part": _PART_OF[fact]}


_PART_OF = {
    Fact.WHO: "evidence",
    Fact.WHEN: "evidence",
    Fact.DOCUMENTS: "documents",
    Fact.FEE: "fees",
    Fact.CRITERIA: "texts",
    Fact.STANDARD_DAYS: "basics",
    Fact.GROUND: "grounds",
    Fact.IDENTITY: "evidence",
    Fact.RETENTION: "basics",
}
