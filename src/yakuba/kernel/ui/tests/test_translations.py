"""Every word a resident may meet on a component is there in やさしい日本語 and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.utils import translation

UI = Path(__file__).parents[1]
SOURCES = [*UI.glob("templates/**/*.html"), *UI.glob("*.py")]
TRANSLATED = re.compile(
    r"""\{%\s*translate\s+"(?P<tag>[^"]+)"(?:\s+context\s+"(?P<context>[^"]+)")?|\b_\(['"](?P<call>[^'"]+)['"]\)"""
)


def words() -> set[tuple[str, str]]:
    """Context and source text of everything marked for translation."""
    return {
        (found["context"] or "", found["tag"] or found["call"])
        for source in SOURCES
        for found in TRANSLATED.finditer(source.read_text(encoding="utf-8"))
    }


def test_there_are_words_to_translate() -> None:
    assert ("field", "必須") in words()
    assert ("", "数値を表で見る") in words()


@pytest.mark.parametrize("language", ["ja-easy", "en"])
def test_every_word_has_its_translation(language: str) -> None:
    same = {("pagination", "ページ"), ("", "ログアウト"), ("separator", "：")}
    missing = []
    with translation.override(language):
        for context, text in sorted(words()):
            shown = translation.pgettext(context, text) if context else translation.gettext(text)
            if shown == text and not (language == "ja-easy" and (context, text) in same):
                missing.append((context, text))
    assert not missing


def test_short_words_carry_their_context() -> None:
    assert not [text for context, text in words() if not context and len(text) <= 3]


@pytest.mark.parametrize(
    ("language", "text"),
    [("ja", "必ず入力してください。"), ("ja-easy", "かならず かいてください。"), ("en", "This field is required.")],
)
def test_missing_answers_are_asked_for_in_the_words_of_the_reader(language: str, text: str) -> None:
    with translation.override(language), pytest.raises(forms.ValidationError) as refused:
        forms.CharField().clean("")
    with translation.override(language):
        assert refused.value.messages == [text]


def test_compiled_translations_are_those_of_the_sources() -> None:
    for source in UI.glob("locale/*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo").read_bytes()
        for text in re.findall(r'^msgstr "(.+)"$', source.read_text(encoding="utf-8"), flags=re.M):
            assert text.replace('\\"', '"').encode() in compiled, f"{source}: msgfmt を実行してください"
