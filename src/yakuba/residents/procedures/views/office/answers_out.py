"""``/office/cases/answers/``: the answers of one procedure as a table for Excel, CSV or other programs."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import EXPORT
from yakuba.kernel.cases.queries.answer_export import answers_to_export
from yakuba.kernel.forms.exchange.answer_tables import (
    GivenAnswers,
    answer_table,
    answers_as_csv,
    answers_as_json,
    answers_as_workbook,
)
from yakuba.kernel.paper.api import CsvEncoding
from yakuba.residents.procedures.access import MAY_WORK
from yakuba.residents.procedures.forms.answers_out import AnswersOutForm
from yakuba.residents.procedures.views.office.asking import Desk, person_and_clock

MOST = 1000
"""As many cases as one file takes."""


@page(Face.OFFICE, may=MAY_WORK)
@never_cache
@require_safe
def answers_out(request: HttpRequest) -> HttpResponse:
    """Choose what goes out; with a shape in the address, the file itself."""
    person, clock = person_and_clock(request)
    desk = Desk(person, clock.today())
    form = AnswersOutForm(request.GET if "shape" in request.GET else None, procedures=desk.procedures)
    if not form.is_bound or not form.is_valid():
        return _page(request, form)
    wanted = form.cleaned_data
    rows = desk.cases.filter(procedure__key=wanted["procedure"])
    if wanted["since"]:
        rows = rows.filter(received_on__gte=wanted["since"])
    if wanted["until"]:
        rows = rows.filter(received_on__lte=wanted["until"])
    cases = list(rows.select_related("answers__version", "procedure").order_by("received_at", "pk")[: MOST + 1])
    if not cases:
        form.add_error(None, "この条件の案件はありません。手続きか期間を変えてください。")
    elif len(cases) > MOST:
        form.add_error("since", f"{MOST:,}件を超えています。期間を短くして、何回かに分けてください。")
    if form.errors:
        return _page(request, form)
    shape = wanted["shape"]
    given = answers_to_export(cases, on=clock.today())
    unfit = answers_as_csv(answer_table(given), CsvEncoding.CP932).unfit if shape == "cp932" else ()
    if unfit:
        form.add_error(
            "shape",
            f"古いExcel用の形式に入らない文字があります（{'、'.join(sorted({one.character for one in unfit})[:10])}）。ほかの形式を選んでください。",
        )
        return _page(request, form)
    record_view(by=person, subjects=cases, what=EXPORT, detail=f"answers {shape}")
    return _file(given, cases[0].procedure.title.ja, shape)


def _page(request: HttpRequest, form: AnswersOutForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "procedures/office/answers_out.html", {"form": form, "most": MOST}, status=status)


def _file(given: list[GivenAnswers], title: str, shape: str) -> HttpResponse:
    if shape == "json":
        words = json.dumps(answers_as_json(given), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        return _download(words.encode(), f"{title}.json", "application/json; charset=utf-8")
    table = answer_table(given)
    if shape == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _download(answers_as_workbook(table, title=title), f"{title}.xlsx", kind)
    encoding = CsvEncoding.CP932 if shape == "cp932" else CsvEncoding.UTF8
    written = answers_as_csv(table, encoding)
    return _download(written.content, f"{title}.csv", f"text/csv; charset={encoding.value}")


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
