"""``/office/card/counts/``, ``/office/card/figures/``: what was done, and how many cards are held."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.paper.api import write_csv, write_xlsx
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.ui.charts import Bar, bar_chart
from yakuba.kernel.values.api import FiscalYear, Refusal
from yakuba.residents.card_support.access import MAY_COUNT, works_here
from yakuba.residents.card_support.forms.office import FigureForm
from yakuba.residents.card_support.queries.counts import (
    HEADS,
    as_cells,
    by_month,
    count_rows,
    figures,
    total_of,
)
from yakuba.residents.card_support.services import enter_figure
from yakuba.residents.card_support.views.asking import person_and_clock

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YEARS_BACK = 5


@page(Face.OFFICE, may=MAY_COUNT)
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The table of a fiscal year with its chart; as CSV or Excel with ``export``."""
    _person, clock = person_and_clock(request)
    now = FiscalYear.of(clock.today())
    asked = request.GET.get("year", "")
    years = [FiscalYear(now.year - back) for back in range(YEARS_BACK)]
    year = next((one for one in years if str(one.year) == asked), now)
    rows = count_rows(year.start, year.last_day)
    name = f"カード支援の件数_{year.label}"
    match request.GET.get("export", ""):
        case "csv":
            return _file(write_csv(HEADS, as_cells(rows)).content, f"{name}.csv", "text/csv; charset=utf-8")
        case "xlsx":
            notes = ["（見本）作った数です。"] if is_sample_town() else []
            return _file(
                write_xlsx(HEADS, as_cells(rows), sheet="件数", title=name, notes=notes), f"{name}.xlsx", _XLSX
            )
    chart = bar_chart(
        title=f"{year.label}に支援した人数（申請・交付・更新・そのほか）",
        unit="人",
        bars=[Bar(f"{month.month}月", count) for month, count in by_month(rows, year) if month <= clock.today()],
        value_words="人数",
    )
    return render(
        request,
        "card_support/office/counts.html",
        {"rows": rows, "total": total_of(rows), "chart": chart, "year": year, "years": years},
    )


@page(Face.OFFICE, may=MAY_COUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def holder_figures(request: HttpRequest) -> HttpResponse:
    """Figures by hand, with day and source."""
    person, clock = person_and_clock(request)
    form = FigureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            enter_figure(by=person, clock=clock, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "保有枚数を登録しました。")
            return HttpResponseRedirect(reverse("office-card-figures"))
    rows = figures()
    shown = [(one, f"{one.cards * 100 / one.population:.1f}%" if one.population else "—") for one in rows]
    context = {"form": form, "rows": shown, "may_work": works_here(person)}
    return render(request, "card_support/office/figures.html", context, status=422 if form.is_bound else 200)


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
