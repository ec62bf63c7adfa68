"""Forms on paper: blank and answered in three languages, and the town's own Word and Excel sheets filled from answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.approval.tests.town_hall import CLOCK, acting
from yakuba.kernel.files.api import receive_file
from yakuba.kernel.forms.models import FormSheet
from yakuba.kernel.forms.prints import answered_form, blank_form
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.evaluate import evaluate_form
from yakuba.kernel.forms.services import add_form_sheet, change_draft
from yakuba.kernel.forms.sheets import fill_form_sheet, form_sheet_values, key_of, sheet_fields
from yakuba.kernel.forms.tests.example import complete_answers, example, example_form
from yakuba.kernel.forms.tests.test_versions import author, draft, hall  # noqa: F401  (fixtures)
from yakuba.kernel.paper.api import FieldKind
from yakuba.kernel.paper.services import adopt_file
from yakuba.kernel.paper.sheets.fields import declaration_of_sheet, declared_sheets
from yakuba.kernel.values.api import Refusal

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def evaluated() -> Any:
    return evaluate_form(example_form(), complete_answers(), today=TODAY)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", ("必須", "「働いていますか」が「はい」のとき", "受付印")),
        ("ja-easy", ("かならず 書く",)),
        ("en", ("Required", "Office use")),
    ],
)
def test_a_blank_form_has_every_question_and_says_when_it_counts(language, expected) -> None:
    shown = words(blank_form(example_form(), language=language, printed_at=NOW, number=2))
    for question in example_form().questions():
        assert question.label.ja in shown
    for one in ("アレルギーの内容", "3人目", *expected):
        assert one.replace(" ", "") in shown.replace(" ", "")


def test_an_answered_form_shows_answers_rows_and_what_was_not_answered() -> None:
    evaluation = evaluated()
    shown = words(
        answered_form(evaluation, language="ja", printed_at=NOW, facts=[("整理番号", "R8-7")], file_names={})
    ).replace(" ", "")
    for one in ("R8-7", "見本花子", "その他：内職", "一郎", "卵", "6,000円", "0012345", "（なし）"):
        assert one in shown


def test_texts_of_clerks_are_never_read_as_markup() -> None:
    given = example()
    given["steps"][0]["questions"][1]["label"] = '#import "x" *太字* $x$ @ref'
    shown = words(blank_form(read_definition(given), language="ja", printed_at=NOW))
    assert "*太字*" in shown and "#import" in shown


def test_fields_are_named_as_the_questions_are() -> None:
    names = {one.name: one.kind for one in sheet_fields(example_form())}
    assert names["保護者"] is FieldKind.TEXT and "保護者のフリガナ" in names
    assert names["働き方：フルタイム"] is FieldKind.TEXT and names["子ども"] is FieldKind.ROWS
    assert names["月額"] is FieldKind.MONEY and "口座の口座番号" in names
    assert names["整理番号"] is FieldKind.TEXT


def test_values_have_exactly_the_declared_fields() -> None:
    declared = {one.name for one in sheet_fields(example_form())}
    values = form_sheet_values(definition=example_form(), answers=evaluated().answers, number="1", given_on=TODAY)
    assert set(values) == declared
    assert values["働き方：その他"] == "☑" and values["働き方：パート"] == "□"
    assert values["子ども"][0]["生年月日"] == date(2018, 5, 1)
    empty = form_sheet_values(definition=example_form(), answers={})
    assert set(empty) == declared and empty["保護者"] is None


@pytest.fixture
def sheet(hall, draft) -> FormSheet:  # noqa: F811
    return add_form_sheet(by=author(hall), form=draft.form, title="様式第1号", kind="word", clock=CLOCK)


def adopted(hall: Any, sheet: FormSheet, content: bytes, name: str) -> None:  # noqa: F811
    by = author(hall)
    file = receive_file(by=by, stream=content, filename=name, clock=CLOCK)
    adopt_file(by=by, key=key_of(sheet), file=file, seen=0, reason="はじめて入れる", clock=CLOCK)


def word_file(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "氏名", "生年月日"
    table.rows[1].cells[0].text, table.rows[1].cells[1].text = "{{#子ども}}{{名前}}", "{{生年月日}}{{/子ども}}"
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def filled(sheet: FormSheet) -> bytes:
    return fill_form_sheet(
        sheet, definition=example_form(), answers=evaluated().answers, number="R8-7", given_at=NOW, fee=6000
    ).content


def test_the_towns_word_sheet_is_filled_from_answers(hall, sheet) -> None:  # noqa: F811
    adopted(
        hall,
        sheet,
        word_file("番号 {{整理番号}}", "{{保護者}}（{{保護者のフリガナ}}）", "{{働き方：その他}}内職"),
        "様式.docx",
    )
    document = Document(BytesIO(filled(sheet)))
    text = [one.text for one in document.paragraphs]
    assert text == ["番号 R8-7", "見本　花子（ミホン　ハナコ）", "☑内職"]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:] == [
        ["一郎", "平成30年5月1日"],
        ["二郎", "令和4年5月1日"],
    ]


def test_the_towns_excel_sheet_is_filled_from_answers(hall, draft) -> None:  # noqa: F811
    sheet = add_form_sheet(by=author(hall), form=draft.form, title="一覧", kind="excel", clock=CLOCK)
    book = Workbook()
    page = book.worksheets[0]
    page["A1"], page["B1"] = "{{保護者}}", "{{月額}}"
    kept = BytesIO()
    book.save(kept)
    adopted(hall, sheet, kept.getvalue(), "様式.xlsx")
    shown = load_workbook(BytesIO(filled(sheet))).worksheets[0]
    assert shown["A1"].value == "見本　花子" and str(shown["B1"].value) in ("6000", "6,000円")


def test_answers_to_an_older_form_fill_what_the_sheet_still_knows(hall, sheet, draft) -> None:  # noqa: F811
    newer = example()
    newer["steps"][0]["questions"].pop(2)
    newer["steps"][1]["questions"][0]["questions"].pop(0)
    change_draft(by=author(hall), version=draft, seen_edition=1, definition=read_definition(newer), clock=CLOCK)
    adopted(hall, sheet, word_file("{{保護者}}"), "様式.docx")
    assert "見本　花子" in [one.text for one in Document(BytesIO(filled(sheet))).paragraphs]


def test_the_sheets_page_knows_the_sheet_and_its_section_may_replace_it(hall, sheet) -> None:  # noqa: F811
    from yakuba.kernel.paper.access import may_replace
    from yakuba.kernel.paper.models import Sheet

    assert declaration_of_sheet(key_of(sheet)) in declared_sheets()
    stored = Sheet.objects.get(key=key_of(sheet))
    assert may_replace(author(hall), stored)
    assert not may_replace(acting(hall.staff["教長 三郎"]), stored)


def test_another_section_adds_no_sheet_and_a_title_stands_once(hall, sheet) -> None:  # noqa: F811
    with pytest.raises(NotAllowed):
        add_form_sheet(by=acting(hall.staff["教長 三郎"]), form=sheet.form, title="x", kind="word", clock=CLOCK)
    with pytest.raises(Refusal, match="すでにあります"):
        add_form_sheet(by=author(hall), form=sheet.form, title="様式第1号", kind="excel", clock=CLOCK)
