"""What residents read in the history, in three languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.cases.rules.told import PATTERNS, SENTENCES, told_in

SERVICES = Path(__file__).parents[2] / "services"


def sentences_of_the_verbs() -> set[str]:
    """Every fixed Japanese sentence a verb writes for residents."""
    found: set[str] = set()
    for path in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "resident_words":
                found |= {
                    one.value
                    for one in ast.walk(node.value)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.endswith("。")
                }
    return found


def test_every_fixed_sentence_has_its_translations() -> None:
    known = {one.ja for one in SENTENCES}
    written = {one for one in sentences_of_the_verbs() if not any(one in text.ja for _, text in PATTERNS)}
    assert len(written) > 10
    assert written <= known, written - known


def test_nothing_lacks_a_language() -> None:
    for one in (*SENTENCES, *(text for _, text in PATTERNS)):
        assert not one.missing(("ja", "ja-easy", "en"))


@pytest.mark.parametrize(
    ("words", "english"),
    [
        ("受け付けました。", "Received."),
        ("手数料1,200円をお納めください。", "Please pay the fee of 1,200 yen."),
        ("11月5日に、指定の口座へ振り込みました。", "Paid to your account (month/day: 11/5)."),
        ("見本　太郎さんが同意しました。", "見本　太郎 agreed."),
        ("届出人の欄が空です", "届出人の欄が空です"),
        ("町が取り消しました：{two}の\n理由", "Cancelled by the town: {two}の\n理由"),
    ],
)
def test_in_english(words, english) -> None:
    assert told_in(words, "en") == english
    assert told_in(words, "ja") == words


@given(st.text(max_size=80))
def test_what_a_person_wrote_is_never_lost(words) -> None:
    assert told_in(words, "ja") == words
