"""Answers go out as a table: what the clerk may see, nothing sealed, no place of a protected person, and it is logged."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import jsonschema
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.queries.answer_export import answers_to_export
from yakuba.kernel.cases.tests.test_protected_people import nothing_told, shelter
from yakuba.kernel.cases.tests.world import TODAY
from yakuba.residents.procedures.views.office import answers_out

pytestmark = pytest.mark.django_db
PAGE = reverse("office-cases-answers")


def ask(client: Any, case: Any, shape: str = "xlsx", **changed: str) -> Any:
    return client.get(PAGE, {"procedure": case.procedure.key, "since": "", "until": "", "shape": shape, **changed})


def test_a_workbook_holds_one_row_a_case_and_the_log_names_the_cases(world, seat) -> None:
    cases = [world.submit(), world.submit()]
    world.submit("notification")
    answer = ask(seat(), cases[0])
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["番号", *(one.number for one in cases)]
    event = AuditEvent.objects.get(verb="cases.export:answers xlsx")
    assert sorted(event.subjects) == sorted(f"cases.case:{one.public_id}" for one in cases)


def test_every_shape_tells_the_same_and_the_json_keeps_its_schema(world, seat) -> None:
    case = world.submit()
    assert case.number in ask(seat(), case, "csv").content.decode("utf-8-sig")
    assert case.number in ask(seat(), case, "cp932").content.decode("cp932")
    told = json.loads(ask(seat(), case, "json").content)
    (one,) = told["answers"]
    schema = told["schemas"][one["schema"]]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert one["number"] == case.number and one["answers"]


def test_sealed_answers_stay_in_the_house(world) -> None:
    case = world.submit()
    sealed = set(case.answers.every_answer()) - set(case.answers.answers)
    (given,) = answers_to_export([case], on=TODAY)
    assert not sealed & set(given.answers)
    assert set(given.answers) <= set(case.answers.answers)


def test_places_of_a_protected_person_do_not_go_out(world, seat) -> None:
    case = world.submit()
    assert "字見本" in ask(seat(), case, "csv").content.decode("utf-8-sig")
    shelter()
    for shape, encoding in (("csv", "utf-8-sig"), ("json", "utf-8")):
        told = ask(seat(), case, shape).content.decode(encoding)
        nothing_told(told)
        assert "勤務先" in told
    book = load_workbook(BytesIO(ask(seat(), case).content))
    nothing_told(*(cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row))


def test_other_sections_find_neither_the_procedure_nor_its_cases(world, seat) -> None:
    case = world.submit()
    stranger = seat("教育 主事")
    assert case.procedure.key not in stranger.get(PAGE).content.decode()
    answer = ask(stranger, case)
    assert answer.status_code == 422 and case.number not in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"since": "2026-12-01", "until": "2026-11-01"}, "より後の日"),
        ({"since": "2099-01-01"}, "この条件の案件はありません"),
        ({"since": "きのう"}, "受付日"),
        ({"shape": "exe"}, "形式"),
        ({"procedure": "../../etc"}, "手続き"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_chosen_stays(world, seat, changed, said) -> None:
    case = world.submit()
    answer = ask(seat(), case, **changed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    if "since" in changed:
        assert changed["since"] in page
    assert not AuditEvent.objects.filter(verb__startswith="cases.export").exists()


def test_too_many_ask_for_a_shorter_period(world, seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_out, "MOST", 1)
    case = world.submit()
    world.submit()
    answer = ask(seat(), case)
    assert answer.status_code == 422 and "期間を短く" in answer.content.decode()
    assert TODAY - timedelta(days=1) < case.received_on
