"""Texts of messages: three languages alike, values that cannot break out of their place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.notify.kinds import FaultyKind, MessageKind, known_kinds, message_kind
from yakuba.kernel.notify.rules.texts import checked_text, filled, one_line, paragraphs, plain
from yakuba.kernel.values.api import Text


def three(ja: str, easy: str = "", en: str = "") -> Text:
    return Text(ja, easy=easy or ja, en=en or ja)


def test_dates_and_texts_are_said_in_the_readers_language() -> None:
    text = three("{on}の{what}", en="{what} of {on}")
    said = filled(
        text, {"on": date(2026, 11, 3), "what": Text("申請", easy="しんせい", en="application")}, is_line=True
    )
    assert said == {
        "ja": "令和8年11月3日の申請",
        "ja-easy": "令和8年11月3日のしんせい",
        "en": "application of 3 November 2026",
    }


def test_a_value_brings_no_place_and_no_line_of_its_own() -> None:
    assert filled(three("{a}"), {"a": "{b}"}, is_line=True)["ja"] == "{b}"
    assert (
        filled(three("件名 {a}"), {"a": "x\r\nBcc: all@example.jp"}, is_line=True)["ja"]
        == "件名 x  Bcc: all@example.jp"
    )
    assert filled(three("{a}"), {"a": "一\r\n二\x00三"}, is_line=False)["ja"] == "一\n二三"


@given(st.text(max_size=200))
def test_no_value_breaks_a_line(value: str) -> None:
    for said in filled(three("前{a}後"), {"a": value}, is_line=True).values():
        assert not {"\n", "\r", "\x00", "\u2028", "\u2029", "\x85"} & set(said)
        assert one_line(said) == said


@given(st.text(max_size=400))
def test_names_keep_their_variation_sequences(value: str) -> None:
    assert plain("邉\U000e0100") == one_line("邉\U000e0100") == "邉\U000e0100"
    assert all(part == part.strip() and part for part in paragraphs(plain(value)))


def test_a_place_nobody_fills_is_a_fault() -> None:
    with pytest.raises(KeyError, match="missing"):
        filled(three("{missing}"), {}, is_line=True)


@pytest.mark.parametrize(
    ("text", "is_line"),
    [
        (Text("件名"), True),
        (Text("件名", easy="けんめい"), True),
        (three("{a}", en="{b}"), True),
        (three("{a.b}"), True),
        (three("{0}"), True),
        (three("{a!r}"), True),
        (three("{a"), True),
        (three("二\n行"), True),
    ],
)
def test_texts_that_cannot_be_said_are_refused_when_declared(text: Text, is_line: bool) -> None:
    with pytest.raises(FaultyKind):
        checked_text(text, what="x", is_line=is_line)


def test_the_name_of_a_kind_stands_in_mails_and_has_no_places() -> None:
    with pytest.raises(FaultyKind, match="no places"):
        message_kind(MessageKind(key="notify.tests.bad", label=three("{a}"), subject=three("s"), body=three("b")))
    with pytest.raises(FaultyKind, match="no example"):
        message_kind(MessageKind(key="notify.tests.bad", label=three("l"), subject=three("{a}"), body=three("b")))


def test_every_declared_kind_is_complete() -> None:
    assert {"notify.letter_ordinary"} <= {kind.key for kind in known_kinds()}
    for kind in known_kinds():
        assert not kind.label.missing(("ja", "ja-easy", "en")) and kind.places <= set(kind.examples)
