"""The cases of a fiscal year: entering what arrived outside this system, and publishing the table."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.access import KEEPS_ALL, WORKS_HERE, editable_ids, may_edit, visible_to
from yakuba.kernel.catalogue.api import ChannelKind, Procedure
from yakuba.kernel.catalogue.models import YearlyCount, YearlyPublication
from yakuba.kernel.catalogue.queries.yearly import counted_by_hand, counted_by_system, table_of
from yakuba.kernel.catalogue.rules.yearly_table import share_of
from yakuba.kernel.paper.api import write_csv
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import FiscalYear
from yakuba.residents.procedures.forms.catalogue import PublishForm, YearlyCountsForm, years_to_choose
from yakuba.residents.procedures.views.catalogue_office.asking import (
    attempt,
    download,
    form_page,
    person_and_clock,
    posted,
    procedure_in,
)


def _year(request: HttpRequest) -> FiscalYear:
    """The fiscal year of the address; the last one that is over without one."""
    _, clock = person_and_clock(request)
    now = FiscalYear.of(clock.today())
    asked = request.GET.get("year", "")
    allowed = {value for value, _ in years_to_choose(now)}
    return FiscalYear(int(asked)) if asked in allowed else now.previous


@page(Face.OFFICE, may=office_seat)
def office_yearly(request: HttpRequest) -> HttpResponse:
    """The table of a year as it stands now, with both sources; CSV with `export=csv`."""
    person, clock = person_and_clock(request)
    year = _year(request)
    procedures = list(visible_to(person, Procedure).select_related("section").order_by("number"))
    by_hand, systems = counted_by_hand(year), counted_by_system(year)
    editable = editable_ids(person, procedures, clock.today())
    rows = []
    for one in procedures:
        hand = {kind: by_hand.get((one.key, kind)) for kind in ChannelKind}
        system = {kind: sum(source.get((one.key, kind), 0) for source in systems) for kind in ChannelKind}
        total = sum(count or 0 for count in hand.values()) + sum(system.values())
        online = sum((hand[kind] or 0) + system[kind] for kind in ChannelKind if kind.is_online)
        is_counted = any(count is not None for count in hand.values()) or any(system.values())
        rows.append(
            {
                "procedure": one,
                "hand": sum(count or 0 for count in hand.values())
                if any(v is not None for v in hand.values())
                else None,
                "system": sum(system.values()),
                "total": total if is_counted else None,
                "online": online if is_counted else None,
                "share": share_of(online, total) if is_counted else None,
                "may_edit": one.pk in editable,
            }
        )
    if request.GET.get("export") == "csv":
        heads = ("番号", "手続名", "担当", "総件数", "オンライン件数", "割合（%）")
        lines = [
            (
                row["procedure"].number,
                row["procedure"].title_ja,
                str(row["procedure"].section or ""),
                row["total"],
                row["online"],
                row["share"],
            )
            for row in cast(list[dict[str, Any]], rows)
        ]
        return download(write_csv(heads, lines).content, f"{year.label}手続件数（庁内）.csv", "text/csv; charset=utf-8")
    published = visible_to(person, YearlyPublication).filter(fiscal_year=year.year).order_by("-number").first()
    context: dict[str, Any] = {
        "year": year,
        "years": years_to_choose(FiscalYear.of(clock.today())),
        "rows": rows,
        "table": table_of(year),
        "published": published,
        "is_over": year.last_day < clock.today(),
        "keeps_all": KEEPS_ALL.allows(person),
        "hide_below": whole_on("kpi.small_count", clock.today()),
    }
    return render(request, "procedures/catalogue_office/yearly.html", context)


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_yearly_enter(request: HttpRequest, key: str) -> HttpResponse:
    """Enter the cases of one procedure by channel."""
    person, clock = person_and_clock(request)
    year = _year(request)
    procedure = procedure_in(request, key)
    kept = {one.channel_kind: one for one in YearlyCount.objects.filter(procedure=procedure, fiscal_year=year.year)}
    initial: dict[str, Any] = {"source": next((one.source for one in kept.values()), "")}
    for kind in ChannelKind:
        one = kept.get(kind.value)
        initial |= {kind.value: one.count if one else None, f"{kind.value}_seen": one.edition if one else 0}
    form = YearlyCountsForm(posted(request), initial=initial)

    def act() -> bool:
        given = form.cleaned_data
        for kind in ChannelKind:
            before = kept.get(kind.value)
            count, seen = given[kind.value], given[f"{kind.value}_seen"] or 0
            if count is None and seen == 0 and before is None:
                continue
            if before and before.count == count and before.source == given["source"] and before.edition == seen:
                continue
            services.enter_yearly_count(
                by=person,
                procedure=procedure,
                year=year,
                kind=kind,
                count=count,
                source=given["source"],
                seen_edition=seen,
                clock=clock,
            )
        return True

    back = f"{reverse('office-procedures-yearly')}?year={year.year}"
    if request.method == "POST" and attempt(form, act):
        messages.success(request, f"{procedure} の{year.label}の件数を登録しました。")
        return redirect(back)
    system = {
        kind: sum(source.get((procedure.key, kind), 0) for source in counted_by_system(year)) for kind in ChannelKind
    }
    return form_page(
        request,
        form,
        title=f"{year.label}の件数：{procedure}",
        back=("年度の件数に戻る", back),
        template="yearly_enter",
        system=[(kind, count) for kind, count in system.items() if count],
        may_edit=may_edit(person, procedure, clock.today()),
    )


@page(Face.OFFICE, may=KEEPS_ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def office_yearly_publish(request: HttpRequest) -> HttpResponse:
    """Publish the table of a year."""
    person, clock = person_and_clock(request)
    year = _year(request)
    form = PublishForm(posted(request))
    back = f"{reverse('office-procedures-yearly')}?year={year.year}"
    if request.method == "POST" and attempt(
        form, lambda: bool(services.publish_year(by=person, year=year, note=form.cleaned_data["note"], clock=clock))
    ):
        messages.success(request, f"{year.label}の件数を公表しました。")
        return redirect(back)
    table = table_of(year, hide_below=whole_on("kpi.small_count", clock.today()))
    return form_page(
        request,
        form,
        title=f"{year.label}の件数を公表する",
        back=("年度の件数に戻る", back),
        submit="公表する",
        lead=f"{len(table.rows)}の手続き、総件数{table.total:,}件（オンライン{table.online:,}件）を公表します。"
        f"数えていない手続きが{len(table.uncounted)}件あり、名前だけが出ます。公表した表は消せません。直すときは次の版を公表します。",
    )
