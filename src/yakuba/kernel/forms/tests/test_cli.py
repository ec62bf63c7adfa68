"""``yakuba forms``: files in and out on the command line, with exit codes and output a machine can read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from yakuba.kernel.forms.cli import forms
from yakuba.kernel.forms.exchange.question_list import QUESTIONS, write_question_list
from yakuba.kernel.forms.exchange.xlsform import write_xlsform
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.tests.example import example_form
from yakuba.kernel.forms.tests.test_versions import draft, hall  # noqa: F401  (fixtures)
from yakuba.kernel.values.api import Refusal


def run(*words: object) -> Result:
    return CliRunner().invoke(forms, [str(one) for one in words])


@pytest.mark.parametrize("write", [write_question_list, lambda form: write_xlsform(form).content])
def test_a_workbook_becomes_a_definition(tmp_path: Path, write) -> None:
    file = tmp_path / "様式.xlsx"
    file.write_bytes(write(example_form()))
    told = run("import", file, "-o", tmp_path / "out.json")
    assert told.exit_code == 0, told.output
    assert read_definition((tmp_path / "out.json").read_text("utf-8")).key == "child-care"
    assert json.loads(run("import", file, "--json").output)["definition"]["key"] == "child-care"


def test_a_workbook_with_mistakes_names_their_cells_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "様式.xlsx"
    file.write_bytes(write_question_list(example_form()))
    book = load_workbook(file)
    page = book[QUESTIONS]
    page.cell(3, next(cell.column for cell in page[1] if cell.value == "種類"), "魔法")
    book.save(file)
    told = run("import", file)
    assert told.exit_code == 1 and "シート「質問」3行 種類" in told.output
    problems = json.loads(run("import", file, "--json").output)["problems"]
    assert (problems[0]["sheet"], problems[0]["row"], problems[0]["column"]) == ("質問", 3, "種類")


def test_a_file_that_is_none_of_these_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("これは様式ではありません")
    told = run("import", file)
    assert isinstance(told.exception, Refusal)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "ending"), [("xlsx", "_質問一覧.xlsx"), ("xlsform", "_xlsform.xlsx"), ("json", ".json")]
)
def test_a_library_form_goes_out_and_comes_in_again(tmp_path: Path, kind, ending, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("export", "dog-registration", "--to", kind)
    assert told.exit_code == 0, told.output
    assert run("import", tmp_path / f"dog-registration{ending}").exit_code == 0


def test_a_form_of_the_town_goes_out_by_its_name(draft, tmp_path: Path) -> None:  # noqa: F811
    told = run("export", "child-care", "--to", "json", "-o", tmp_path / "town.json")
    assert told.exit_code == 0, told.output
    assert read_definition((tmp_path / "town.json").read_text("utf-8")) == example_form()


@pytest.mark.django_db
def test_a_name_nobody_has_is_refused() -> None:
    assert isinstance(run("export", "no-such-form").exception, Refusal)


def test_a_bare_rule_is_evaluated(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('{"<": [{"age": [{"var": "birth"}]}, 6]}')
    (tmp_path / "d.json").write_text('{"birth": "2021-04-01"}')
    told = run(
        "evaluate", "--rule", tmp_path / "r.json", "--data", tmp_path / "d.json", "--today", "2026-05-01", "--json"
    )
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["value"] is True
