"""Whatever is said to residents is said in English and やさしい日本語 as well."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import polib
import pytest

from scripts import messages

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "src").rglob("locale/*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


def test_every_message_is_translated() -> None:
    lacking = messages.missing()
    listed = "\n".join(
        f"{language} {message.context} {message.text} ({message.place})" for language, _, message in lacking[:40]
    )
    assert not lacking, (
        f"{len(lacking)} translations missing; run scripts/messages.py --write and fill them in\n{listed}"
    )


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-5:-2]))
def test_catalogue_is_compiled_and_sound(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(path), "run scripts/messages.py --write"
    for entry in polib.pofile(str(path)):
        assert not entry.fuzzy, f"fuzzy: {entry.msgid}"
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translation and not entry.msgid_plural:
                wanted, given = (
                    Counter(m.group(0) for m in PLACEHOLDER.finditer(text)) for text in (entry.msgid, translation)
                )
                assert wanted == given, f"placeholders differ: {entry.msgid!r} → {translation!r}"


@pytest.mark.parametrize("path", [one for one in CATALOGUES if "/en/" in str(one)], ids=lambda path: path.parts[-5])
def test_english_is_english(path: Path) -> None:
    for entry in polib.pofile(str(path)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            found = re.findall(r"[ぁ-ヿ]+", text)
            assert not found, f"kana in the English of {entry.msgid!r}: {found}"


def test_short_words_carry_a_context() -> None:
    """One short word means different things in different places (申請: an application, to apply)."""
    bare = [
        m for group in messages.spoken().values() for m in group if not m.context and len(m.text) <= 4 and not m.plural
    ]
    by_place = [f"{m.text} ({m.place})" for m in bare if re.fullmatch(r"[一-鿿ァ-ヿー]+", m.text)]
    assert not by_place, f"short words without context: {by_place}"
