"""Answers go out as tables, CSV and JSON: every answer in its column, nothing that runs, and a schema that holds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openpyxl import load_workbook

from yakuba.kernel.forms.exchange.answer_tables import (
    GivenAnswers,
    answer_table,
    answers_as_csv,
    answers_as_json,
    answers_as_workbook,
)
from yakuba.kernel.forms.library import library_folder, library_forms
from yakuba.kernel.forms.rules.answer_schema import answer_schema
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.evaluate import evaluate_form
from yakuba.kernel.forms.tests.example import complete_answers, example, example_form

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def given(number: str = "0001", form: Any = None, answers: Any = None) -> GivenAnswers:
    form = form or example_form()
    evaluation = evaluate_form(form, answers or complete_answers(), today=TODAY)
    return GivenAnswers(number, AT, form, evaluation.answers, evaluation.fee)


def by_name(header, row) -> dict[str, Any]:
    return dict(zip(header, row, strict=True))


def test_every_answer_stands_in_its_column() -> None:
    table = answer_table([given()])
    row = by_name(table.header, table.rows[0])
    assert row["番号"] == "0001" and row["送信日時"] == "2026-11-23 10:00"
    assert row["保護者"] == "見本 花子" and row["保護者 フリガナ"] == "ミホン ハナコ"
    assert row["働いていますか"] == "はい" and row["働き方"] == "その他：内職"
    assert row["口座 口座番号"] == "0012345" and row["手数料（円）"] == 6000 and row["人数"] == 2


def test_rows_of_a_group_stand_on_a_sheet_of_their_own_with_the_number_of_their_set() -> None:
    table = answer_table([given("0001"), given("0002")])
    part = table.parts[0]
    assert part.title == "子ども"
    assert [(row[0], row[1], row[2]) for row in part.rows] == [
        ("0001", 1, "一郎"), ("0001", 2, "二郎"), ("0002", 1, "一郎"), ("0002", 2, "二郎"),
    ]  # fmt: skip


def test_a_csv_holds_the_rows_side_by_side() -> None:
    text = answers_as_csv(answer_table([given()])).content.decode("utf-8-sig")
    head, line = text.splitlines()[:2]
    assert "子ども 1人目 名前" in head and "子ども 2人目 生年月日" in head
    assert "一郎" in line and "二郎" in line


def test_no_answer_runs_as_a_formula() -> None:
    answers = complete_answers()
    answers["children"][0]["name"] = '=HYPERLINK("http://example.invalid","x")'
    answers["work_other"] = "@SUM(A1)"
    table = answer_table([given(answers=answers)])
    csv = answers_as_csv(table).content.decode("utf-8-sig")
    assert ",=HYPERLINK" not in csv and ',"=HYPERLINK' not in csv and "'=HYPERLINK" in csv
    book = load_workbook(BytesIO(answers_as_workbook(table, title="学童")))
    assert not [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert book.worksheets[1].title == "1 子ども"


def test_answers_of_several_versions_stand_in_one_table() -> None:
    newer = example()
    newer["steps"][0]["questions"][1]["label"] = "就労していますか"
    newer["steps"][0]["questions"].append({"type": "short_text", "key": "note", "label": "備考", "required": False})
    form = read_definition(newer)
    table = answer_table([given("0001"), given("0002", form, {**complete_answers(), "note": "よろしく"})])
    old, new = (by_name(table.header, row) for row in table.rows)
    assert "就労していますか" in old and "働いていますか" not in old
    assert (old["備考"], new["備考"]) == ("", "よろしく")


def test_an_answer_of_another_shape_keeps_its_words() -> None:
    newer = example()
    newer["steps"][0]["questions"][1] = {"type": "name", "key": "works", "label": "働く人"}
    newer["steps"][0]["questions"][2].pop("when")
    form = read_definition(newer)
    strange = GivenAnswers("1", AT, form, {"works": True, "work": ["x"], "children": "none", "account": {"kind": 1}})
    row = by_name(answer_table([strange]).header, answer_table([strange]).rows[0])
    assert row["働く人"] == "True" and row["働き方"] == "['x']"


def test_two_questions_with_the_same_words_are_told_apart() -> None:
    twice = example()
    twice["steps"][3]["questions"].append(
        {"type": "yes_no", "key": "again", "label": "働いていますか", "required": False}
    )
    header = answer_table([given(form=read_definition(twice))]).header
    assert "働いていますか（works）" in header and "働いていますか（again）" in header


def test_no_answers_make_a_table_with_its_heads() -> None:
    assert answer_table([]).header == ("番号", "送信日時", "手数料（円）")


def test_json_carries_the_schema_of_what_it_holds() -> None:
    told = json.loads(json.dumps(answers_as_json([given(), given("0002")]), ensure_ascii=False))
    assert len(told["schemas"]) == 1
    for one in told["answers"]:
        jsonschema.Draft202012Validator(told["schemas"][one["schema"]]).validate(one["answers"])


EXAMPLES = sorted(library_folder().glob("examples/*.json"))
FORMS = {one.definition.key: one.definition for one in library_forms()}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_complete_answers_to_the_forms_of_the_library_fit_their_schema(path: Path) -> None:
    sample = json.loads(path.read_text("utf-8"))
    form = FORMS[path.stem.partition(".")[0]]
    today = date.fromisoformat(sample["today"]) if "today" in sample else TODAY
    evaluation = evaluate_form(form, sample.get("answers", sample), today=today, facts=sample.get("facts"))
    schema = answer_schema(form)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    if evaluation.is_complete:
        validator.validate(json.loads(json.dumps(evaluation.answers, default=str)))
    assert not validator.is_valid({**evaluation.answers, "nobody": 1})
