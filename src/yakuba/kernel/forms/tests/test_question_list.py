"""The 「質問一覧」 workbook: what goes out comes in equal, and every mistake is told at its cell."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from yakuba.kernel.files.api import FileRefused
from yakuba.kernel.forms.exchange.plain_rules import canonical
from yakuba.kernel.forms.exchange.question_list import QUESTIONS, read_question_list, write_question_list
from yakuba.kernel.forms.library import library_forms
from yakuba.kernel.forms.tests.example import example_form
from yakuba.kernel.paper.api import TableRefused


def plain(value: Any) -> Any:
    """Definitions compare by meaning: rules in their canonical shape."""
    if isinstance(value, dict):
        return {
            key: canonical(one) if key in ("when", "required", "value", "rule", "earliest", "latest") else plain(one)
            for key, one in value.items()
        }
    return [plain(one) for one in value] if isinstance(value, list) else value


def changed(content: bytes, sheet: str, row: int, column: str, value: Any) -> bytes:
    book = load_workbook(BytesIO(content))
    page = book[sheet]
    number = next(cell.column for cell in page[1] if cell.value == column)
    page.cell(row, number, value)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_the_example_comes_back_equal() -> None:
    back = read_question_list(write_question_list(example_form()), "質問一覧.xlsx")
    assert not back.problems and back.definition is not None
    assert plain(back.definition.to_json()) == plain(example_form().to_json())


@pytest.mark.parametrize("form", library_forms(), ids=lambda form: form.definition.key)
def test_every_form_of_the_library_comes_back_equal(form) -> None:
    back = read_question_list(write_question_list(form.definition), "質問一覧.xlsx")
    assert [one.words() for one in back.problems] == []
    assert plain(back.definition.to_json()) == plain(form.definition.to_json())


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("種類", "魔法", "知らない種類"),
        ("出す条件", "works =", "途中で終わっています"),
        ("画面", "nowhere", "この画面がありません"),
        ("はじめの値", "天気", "ここからは入れられません"),
        ("設定", "速さ=10", "使えません"),
        ("入力の確認", "works", "条件 ⇒ 文"),
        ("名前", "Family Name", "使えない文字"),
        ("質問", "", "空欄|日本語の文"),
    ],
)
def test_a_mistake_is_told_at_its_cell_and_marked(column, value, words) -> None:
    content = changed(write_question_list(example_form()), QUESTIONS, 3, column, value)
    back = read_question_list(content, "質問一覧.xlsx")
    assert back.definition is None
    assert any(any(word in one.message for word in words.split("|")) for one in back.problems), back.problems
    assert all(one.position.row for one in back.problems)
    assert back.marked is not None
    assert "エラー" in [cell.value for cell in load_workbook(BytesIO(back.marked.content))[QUESTIONS][1]]


def test_a_corrected_error_sheet_can_be_sent_back() -> None:
    content = changed(write_question_list(example_form()), QUESTIONS, 3, "種類", "魔法")
    marked = read_question_list(content, "質問一覧.xlsx").marked
    assert marked is not None
    again = read_question_list(changed(marked.content, QUESTIONS, 3, "種類", "はい・いいえ"), "質問一覧.xlsx")
    assert again.definition is not None


def test_formulas_stay_words() -> None:
    given = example_form().to_json()
    given["title"] = {"ja": '=HYPERLINK("http://example.invalid")'}
    from yakuba.kernel.forms.rules.definition import read_definition

    page = load_workbook(BytesIO(write_question_list(read_definition(given))))["様式"]
    assert page["B3"].data_type == "s"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"a,b\n1,2\n"])
def test_what_is_no_such_workbook_is_refused(content) -> None:
    with pytest.raises((TableRefused, FileRefused)):
        read_question_list(content, "x.xlsx")


def test_hostile_workbooks_are_refused(tmp_path: Path) -> None:
    import zipfile

    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    with pytest.raises((TableRefused, FileRefused)):
        read_question_list(bomb.getvalue(), "x.xlsx")


def test_a_row_without_step_and_name_stands_below_the_row_above_and_gets_a_name() -> None:
    book = load_workbook(BytesIO(write_question_list(example_form())))
    page = book[QUESTIONS]
    columns = {cell.value: cell.column for cell in page[1]}
    last = page.max_row + 1
    page.cell(last, columns["質問"], "来る人の数")
    page.cell(last, columns["種類"], "数")
    kept = BytesIO()
    book.save(kept)
    read = read_question_list(kept.getvalue(), "質問一覧.xlsx")
    assert read.definition is not None
    last_step = read.definition.steps[-1]
    assert last_step.questions[-1].label.ja == "来る人の数" and last_step.questions[-1].type == "number"
    assert last_step.questions[-1].key == "number"
