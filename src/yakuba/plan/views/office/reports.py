"""The yearly report."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.reports.as_pdf import report_as_pdf
from yakuba.plan.reports.as_workbook import report_as_workbook
from yakuba.plan.reports.year_report import year_report
from yakuba.plan.views.asking import person_and_clock, shown_plan

_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@page(Face.OFFICE, may=office_seat)
def office_reports(request: HttpRequest) -> HttpResponse:
    """One line per fiscal year that has begun."""
    _, clock = person_and_clock(request)
    in_force = shown_plan()
    today = clock.today()
    years = [year for year in in_force.content.plan.fiscal_years if year.start <= today]
    return render(
        request,
        "plan/office/reports.html",
        {"years": [(year, year.last_day < today) for year in reversed(years)], "header": in_force.content.plan},
    )


@page(Face.OFFICE, may=office_seat)
def office_report(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """The report of a year as a file."""
    if kind not in _TYPES:
        raise Http404("PDF か Excel を選んでください。")
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    wanted = next((one for one in in_force.content.plan.fiscal_years if one.year == year), None)
    if wanted is None:
        raise Http404("この年度は計画期間の外です。")
    report = year_report(in_force, person, wanted, today=clock.today())
    content = report_as_pdf(report, printed_at=clock.now()) if kind == "pdf" else report_as_workbook(report)
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, file_name(wanted, kind)) or "attachment"
    return response


def file_name(year: FiscalYear, kind: str) -> str:
    """`進捗報告書_令和8年度.pdf`."""
    return f"進捗報告書_{year.label}.{kind}"
