"""`yakuba forms evaluate` answers exactly, and refuses in words."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from yakuba.kernel.expressions.cli import evaluate_rule
from yakuba.kernel.values.api import Refusal


def ask(folder: Path, rule: str, data: str | None = None, *more: str) -> Result:
    (folder / "rule.json").write_text(rule, encoding="utf-8")
    arguments = ["--rule", str(folder / "rule.json"), "--today", "2026-05-01", *more]
    if data is not None:
        (folder / "data.json").write_text(data, encoding="utf-8")
        arguments += ["--data", str(folder / "data.json")]
    return CliRunner().invoke(evaluate_rule, arguments)


def answer(folder: Path, rule: str, data: str | None = None) -> Any:
    result = ask(folder, rule, data, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output, parse_float=Decimal)


def test_value_truth_names_and_words_are_told(tmp_path: Path) -> None:
    assert answer(tmp_path, '{">=": [{"var": "people"}, 2]}', '{"people": 3}') == {
        "value": True,
        "is_true": True,
        "today": "2026-05-01",
        "references": ["people"],
        "in_words": "「people」が2以上のとき",
    }


@pytest.mark.parametrize(
    ("rule", "data", "value"),
    [
        ('{"+": [0.1, {"var": "x"}]}', '{"x": 0.2}', Decimal("0.3")),
        ('{"/": [1, 8]}', None, Decimal("0.125")),
        ('{"var": ""}', '{"深さ": [1, null, {"a": 0.1}], "b": "\\"引用\\""}', {"深さ": [1, None, {"a": Decimal("0.1")}], "b": '"引用"'}),
        ('{"today": []}', None, "2026-05-01"),
        ('{"var": "x"}', '{"x": "\\ud800あ"}', "\ud800あ"),
        ("\ufefftrue", None, True),
    ],
)  # fmt: skip
def test_numbers_and_texts_come_out_as_they_are(tmp_path: Path, rule: str, data: str | None, value: Any) -> None:
    assert answer(tmp_path, rule, data)["value"] == value


def test_without_json_a_person_reads_value_and_sentence(tmp_path: Path) -> None:
    result = ask(tmp_path, '{"==": [{"var": "住まい"}, "持ち家"]}', '{"住まい": "借家"}')
    assert result.output == "false\n「住まい」が「持ち家」のとき：成り立たない（2026-05-01現在）\n"


def test_a_faulty_rule_is_told_with_its_place_and_exit_code_1(tmp_path: Path) -> None:
    result = ask(tmp_path, '{"and": [true, {"eval": 1}]}', None, "--json")

    assert result.exit_code == 1
    error = json.loads(result.output)["error"]
    assert (error["fault"], error["path"]) == ("unknown_operator", "/and/1")
    assert error["message"] == "「eval」という演算子はありません。"
    assert error["hint"]


@pytest.mark.parametrize(
    "content", ["{", "[" * 100_000, "1" * 5000, '{"a": NaN', "1e99999999999999999999", b"\xff\xfe"]
)
def test_what_is_no_json_is_refused_in_words(tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "rule.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(Refusal) as caught:
        CliRunner().invoke(evaluate_rule, ["--rule", str(file)], catch_exceptions=False)
    assert caught.value.hint


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    result = ask(tmp_path, "true", None, "--today", "2026-02-30")
    assert isinstance(result.exception, Refusal)
