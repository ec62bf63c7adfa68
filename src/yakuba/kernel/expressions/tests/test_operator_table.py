"""The table of operators people choose from is complete, and its examples work."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from yakuba.kernel.expressions.api import OPERATORS, Operator, ValueType, evaluate, in_words
from yakuba.kernel.expressions.rules.operators import OPERATIONS
from yakuba.kernel.expressions.rules.table import Use


def test_every_operator_is_in_the_table_once() -> None:
    assert sorted(operator.key for operator in OPERATORS) == sorted(OPERATIONS)


def test_every_operator_is_told_in_the_readme() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`\s]+)`", readme.replace("\\|", "|")))
    assert set(OPERATIONS) <= told


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.key)
def test_example_of_operator_evaluates_and_reads(operator: Operator) -> None:
    evaluate(operator.example, {}, today=date(2026, 5, 1))
    assert re.search(r"[ぁ-ん一-龠]", in_words(operator.example, names={}))
    assert operator.words.missing(["ja", "ja-easy", "en"]) == ()
    assert operator.least == OPERATIONS[operator.key].least
    assert operator.most == OPERATIONS[operator.key].most


@pytest.mark.parametrize("kind", ValueType)
def test_every_type_of_answer_can_be_asked_about(kind: ValueType) -> None:
    offered = [each.key for each in OPERATORS if each.use is Use.COMPARE and each.is_preferred and kind in each.types]
    assert "is_empty" in offered
    assert kind in (ValueType.ROWS, ValueType.FILES, ValueType.NAME, ValueType.ADDRESS) or len(offered) >= 2
