"""What is compared, cut and marked: pure rules."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.kernel.search.rules.cutting import LONGEST_WORD, may_begin_apart, passages
from yakuba.kernel.search.rules.keys import bigrams, grams, grams_of_word, kind_token, phrase, search_key
from yakuba.kernel.search.rules.marking import excerpt, marked
from yakuba.kernel.search.rules.ranking import Weight
from yakuba.kernel.search.rules.words import (
    MOST_WORDS,
    Synonyms,
    Thesaurus,
    Word,
    read_words,
)

NONE = Thesaurus()
JAPANESE = st.text(
    st.sampled_from(
        "水道料金ごみゴミｺﾞﾐﾞﾟ゛かがー-―〜々ゝヽ・ 　\n髙高﨑崎邉㍿①Ａaß\u0301\u3099\u200b\ufe00\U000e0100가각ᄀ\u1161\u11a8.\"'*()0"
    )
)
ANY = st.one_of(JAPANESE, st.text())


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("ﾀｶｻｷ", "たかさき"),
        ("1〜3", "１～３"),
        ("マイナンバー カード", "まいなんばーかーど"),
        ("渡邉", "渡辺"),
        ("水\x00道", "水道"),
        ("株式会社", "㍿"),
        ("ＤＸ", "dx"),
        ("佐々木", "佐佐木"),
    ],
)
def test_texts_that_mean_the_same_have_the_same_key(written: str, typed: str) -> None:
    assert search_key(written) == search_key(typed)


@given(ANY)
def test_a_key_can_be_stored_and_its_key_is_itself(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    key.encode()
    assert "\x00" not in key and not any(character.isspace() for character in key)
    assert not set(key) & set(string.ascii_uppercase)


@given(st.lists(ANY, max_size=3), st.integers(1, 30))
@settings(max_examples=400)
def test_cutting_loses_no_word_and_adds_none(sections: list[str], size: int) -> None:
    """A word of the key is in a passage, and a passage holds nothing but the key."""
    whole = "".join(search_key(section) for section in sections)
    found = passages(sections, size)
    assert "".join(one.key[: len(one.key) - one.tail] for one in found) == whole
    for place in range(len(whole)):
        word = whole[place : place + LONGEST_WORD]
        assert any(word in one.key for one in found)
    assert all(one.key in whole for one in found)
    for one in found:
        own = search_key(sections[one.section][one.begins : one.ends])
        assert one.key[: len(one.key) - one.tail] == own


@given(ANY, ANY)
def test_a_text_cut_where_it_may_be_has_the_keys_of_its_pieces(before: str, after: str) -> None:
    if after and may_begin_apart(after[0]):
        assert search_key(before + after) == search_key(before) + search_key(after)


def test_a_text_without_a_place_to_cut_stays_whole() -> None:
    assert len(passages(["か" + "ー" * 10_000])) == 1


@given(ANY, ANY)
def test_a_word_is_in_a_key_exactly_where_its_bigrams_follow_each_other(text: str, typed: str) -> None:
    key, word = search_key(text), search_key(typed)
    tokens = bigrams(key).split(" ")
    assert all(token.isalnum() or not token.isascii() for token in tokens if token)
    if not word:
        return
    if len(word) == 1:
        found = any(token.startswith(phrase(word).strip('"*')) for token in tokens)
    else:
        wanted = phrase(word).strip('"').split(" ")
        found = any(tokens[place : place + len(wanted)] == wanted for place in range(len(tokens)))
    assert found == (word in key)
    if word in key:
        assert set(grams_of_word(word)) <= set(grams(key).split(" "))
    if len(word) < 3:
        assert (set(grams_of_word(word)) <= set(grams(key).split(" "))) == (word in key)


def test_a_kind_is_never_taken_for_text() -> None:
    assert kind_token("catalogue.procedure") == "catalogue．procedure"
    assert len(kind_token("a.b")) > 2


def test_words_are_divided_by_any_space_and_looked_for_once() -> None:
    assert read_words("  水道　料金\n水道\tスイドウ ", NONE) == (Word("水道"), Word("料金"), Word("すいどう"))


@pytest.mark.parametrize("typed", ["", "   ", "・・", "\u200b", "\x00", "\ud800"])
def test_what_leaves_no_key_is_no_word(typed: str) -> None:
    assert read_words(typed, NONE) == ()


def test_no_character_is_an_operator() -> None:
    assert [word.key for word in read_words('"水道" OR NEAR(a b) -c*', NONE)] == [
        '"水道"', "or", "near(a", "b)", "-c*",
    ]  # fmt: skip


def test_very_long_words_are_looked_for_in_pieces_that_cover_them() -> None:
    key = "".join(chr(0x4E00 + number % 7_000) for number in range(1_234))
    words = [word.key for word in read_words(key, NONE)]
    assert all(len(word) == LONGEST_WORD and word in search_key(key) for word in words)
    assert search_key(key).startswith("".join(words[:-1])) and search_key(key).endswith(words[-1])
    assert len(read_words("水" * 10_000 + "道" * 500_000, NONE)) <= MOST_WORDS
    assert len(read_words(" ".join(map(str, range(5_000))), NONE)) == MOST_WORDS


TABLE = Thesaurus.of(
    [
        Synonyms(("ごみ", "ゴミ", "廃棄物")),
        Synonyms(("引っ越し", "引越し"), ("転入", "転出", "転居")),
        Synonyms(("税",), ("町税",)),
    ]
)


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("ゴミ", {"廃棄物"}),
        ("廃棄物", {"ごみ"}),
        ("引越し", {"引つ越し", "転入", "転出", "転居"}),
        ("転入", {"引つ越し", "引越し"}),
        ("ゴミ収集", {"廃棄物収集"}),
        ("課税", set()),
        ("町税", {"税"}),
        ("水道", set()),
    ],
)
def test_synonyms_widen_a_word(typed: str, others: set[str]) -> None:
    assert set(read_words(typed, TABLE)[0].synonyms) == others


def test_marks_stand_in_the_text_as_it_was_written() -> None:
    fragments = marked("山﨑さんの ｺﾞ ﾐ（㍿ゴミ）", ["ごみ", "崎"])
    assert [one.text for one in fragments if one.is_hit] == ["﨑", "ｺﾞ ﾐ", "ゴミ"]
    assert "".join(one.text for one in fragments) == "山﨑さんの ｺﾞ ﾐ（㍿ゴミ）"
    assert [one.text for one in marked("㍿水道", ["会社水"]) if one.is_hit] == ["㍿水"]


def test_an_excerpt_shows_where_most_hits_are() -> None:
    text = "水道の話。" + "あ" * 300 + "水道料金\nと 水道使用料。" + "い" * 300
    shown = excerpt(text, ["水道"], shown=60)
    written = "".join(one.text for one in shown)
    assert "水道料金 と 水道使用料" in written
    assert written.startswith("…") and written.endswith("…") and len(written) == 62
    assert [one.text for one in shown if one.is_hit] == ["水道", "水道"]
    assert [one.is_hit for one in excerpt(text, ["電気"], shown=60)] == [False, False]


@given(ANY, st.lists(ANY, max_size=3), st.integers(10, 40))
@settings(max_examples=300)
def test_marking_changes_no_text_and_marks_every_hit(text: str, typed: list[str], shown: int) -> None:
    keys = [key for key in map(search_key, typed) if key]
    whole = marked(text, keys)
    assert "".join(one.text for one in whole) == text
    assert any(one.is_hit for one in whole) == any(key in search_key(text) for key in keys)
    flat = " ".join(text.split())
    part = "".join(one.text for one in excerpt(text, keys, shown=shown))
    assert part.removeprefix("…").removesuffix("…") in flat or part in flat
    assert any(one.is_hit for one in excerpt(text, keys, shown=shown)) == any(key in search_key(flat) for key in keys)


def test_a_title_weighs_more_than_any_body() -> None:
    assert Weight.TITLE.of_synonym > 100_000 * Weight.BODY.of_own_word
    assert Weight.TITLE.of_own_word > Weight.TITLE.of_synonym >= Weight.KEYWORD.of_own_word > Weight.KEYWORD.of_synonym
    assert unicodedata.unidata_version
