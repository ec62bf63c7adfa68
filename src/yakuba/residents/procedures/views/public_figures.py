"""The yearly table as it was published: per procedure all cases, those online, and the share."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from yakuba.kernel.access.api import Face, Person, anyone, page
from yakuba.kernel.catalogue.api import visible_to
from yakuba.kernel.catalogue.models import YearlyPublication
from yakuba.kernel.paper.api import write_csv
from yakuba.kernel.values.api import FiscalYear

HEADS = ("番号", "手続名", "総件数", "オンライン件数", "割合（%）")


@page(Face.PUBLIC, may=anyone)
def figures(request: HttpRequest) -> HttpResponse:
    """The newest table of every year that was published."""
    newest: dict[int, YearlyPublication] = {}
    for one in visible_to(_person(request), YearlyPublication).order_by("-fiscal_year", "-number"):
        newest.setdefault(one.fiscal_year, one)
    return render(request, "procedures/figures/home.html", {"published": list(newest.values())})


@page(Face.PUBLIC, may=anyone)
def figures_of_year(request: HttpRequest, year: int) -> HttpResponse:
    """One year."""
    one = _published(request, year)
    earlier = visible_to(_person(request), YearlyPublication).filter(fiscal_year=one.fiscal_year, number__lt=one.number)
    return render(
        request, "procedures/figures/year.html", {"one": one, "table": one.table, "is_corrected": earlier.exists()}
    )


@page(Face.PUBLIC, may=anyone)
def figures_file(request: HttpRequest, year: int) -> HttpResponse:
    """One year as CSV."""
    one = _published(request, year)
    rows: list[list[str | int | None]] = [
        [row["number"], row["title"], f"{row['hidden_below']}件未満", None, None]
        if "hidden_below" in row
        else [row["number"], row["title"], row["total"], row["online"], row["share"]]
        for row in one.table["rows"]
    ]
    rows.append([None, "合計", one.table["total"], one.table["online"], one.table["share"]])
    label = FiscalYear(one.fiscal_year).label
    response = HttpResponse(write_csv(HEADS, rows).content, content_type="text/csv; charset=utf-8")
    name = f"{label}手続件数.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _published(request: HttpRequest, year: int) -> YearlyPublication:
    found = visible_to(_person(request), YearlyPublication).filter(fiscal_year=year).order_by("-number").first()
    if found is None:
        raise Http404("この年度の件数はまだ公表されていません。")
    return found


def _person(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined, no-any-return]
