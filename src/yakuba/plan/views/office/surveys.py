"""The residents' survey: import and quadrants."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.paper.api import Download, Problem, write_csv
from yakuba.plan import services
from yakuba.plan.access import MAY_STEER, get_for
from yakuba.plan.charts.survey_chart import survey_chart
from yakuba.plan.forms import SurveyForm
from yakuba.plan.models import Survey
from yakuba.plan.queries.surveys import survey_shown, surveys_that_count
from yakuba.plan.services.read_survey_file import COUNTED, KEY, TITLE, read_survey_file
from yakuba.plan.views.acting import attempt, posted, status_of
from yakuba.plan.views.asking import person_and_clock, shown_plan

_KEPT_FOR = 30 * 60
LARGEST_FILE = 5 * 1024 * 1024


@page(Face.OFFICE, may=office_seat)
def office_surveys(request: HttpRequest) -> HttpResponse:
    """All surveys."""
    person, _ = person_and_clock(request)
    return render(
        request,
        "plan/office/surveys.html",
        {"surveys": surveys_that_count(shown_plan(), person), "may_steer": MAY_STEER.allows(person)},
    )


@page(Face.OFFICE, may=office_seat)
def office_survey(request: HttpRequest, public_id: str) -> HttpResponse:
    """One survey with its chart."""
    person, _ = person_and_clock(request)
    survey = get_for(person, Survey, public_id)
    shown = survey_shown(survey, for_public=False)
    placed = sorted(shown.chart.placed, key=lambda one: one.item.gap, reverse=True) if shown.chart else []
    return render(
        request,
        "plan/office/survey.html",
        {"survey": survey, "shown": shown, "chart": survey_chart(shown), "placed": placed},
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_survey_new(request: HttpRequest) -> HttpResponse:
    """Import a survey; wrong cells come back marked in a sheet."""
    person, clock = person_and_clock(request)
    form = SurveyForm(posted(request), request.FILES if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    token = ""
    if request.method == "POST":

        def act() -> Survey | None:
            nonlocal problems, token
            values = dict(form.cleaned_data)
            upload = values.pop("file")
            if upload.size > LARGEST_FILE:
                form.add_error("file", "ファイルが大きすぎます。5MBまでにしてください。")
                return None
            read = read_survey_file(upload.read(), upload.name)
            problems = read.problems
            if read.errors is not None:
                token = secrets.token_urlsafe(16)
                cache.set(_cache_key(person.id, token), read.errors, _KEPT_FOR)
                form.add_error("file", f"{len(problems)}か所を直してください。")
                return None
            return services.import_survey(by=person, plan=shown_plan().plan, rows=read.rows, clock=clock, **values)

        survey = attempt(form, act)
        if survey:
            messages.success(request, "調査を取り込みました。")
            return redirect("office-plan-survey", survey.public_id)
    return render(
        request,
        "plan/office/survey_new.html",
        {"form": form, "problems": problems[:50], "more": max(0, len(problems) - 50), "token": token},
        status=status_of(form),
    )


@page(Face.OFFICE, may=MAY_STEER)
def office_survey_errors(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet with the marked cells, for the person who sent the file."""
    person, _ = person_and_clock(request)
    sheet: Download | None = cache.get(_cache_key(person.id, token[:40]))
    if sheet is None:
        raise Http404("エラーの付いたファイルは30分で消えます。もう一度取り込んでください。")
    response = HttpResponse(sheet.content, content_type=sheet.media_type)
    response["Content-Disposition"] = content_disposition_header(True, sheet.filename) or "attachment"
    return response


@page(Face.OFFICE, may=MAY_STEER)
def office_survey_template(request: HttpRequest) -> HttpResponse:
    """An empty file with the right columns."""
    example: list[str | int] = ["1", "町の手続きはスムーズに行える", *([0] * len(COUNTED))]
    response = HttpResponse(
        write_csv((KEY, TITLE, *COUNTED), [example]).content, content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, "調査結果のひな形.csv") or "attachment"
    return response


def _cache_key(person_id: str, token: str) -> str:
    return f"plan-survey-errors:{person_id}:{token}"
