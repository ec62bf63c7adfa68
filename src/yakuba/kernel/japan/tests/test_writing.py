import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.japan.api import fold, to_hiragana, to_katakana, to_reading, unencodable
from yakuba.kernel.japan.folding import variant_of, variants
from yakuba.kernel.japan.kana import enlarge_small_kana, join_prolonged_sound, to_full_width_kana


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("山嵜", "山崎"),
        ("大澤", "大沢"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("渡邉\U000e0101", "渡辺"),
        ("渡邉\U000e010f", "渡邊"),
        ("齋藤", "斉藤"),
        ("齊藤", "斎藤"),
        ("𠮷田", "吉田"),
        ("濵田", "浜田"),
        ("德永", "徳永"),
        ("廣瀨", "広瀬"),
        ("冨永", "富永"),
        ("嶋田", "島田"),
        ("五十嵐　隆", "五十嵐隆"),  # a compatibility ideograph
        ("辻\ufe00", "辻"),
        ("葛\U000e0100飾", "葛飾"),
        ("佐々木", "佐佐木"),
        ("ﾀｶﾊｼ", "たかはし"),
        ("タカハシ", "たかはし"),
        ("ショウジ", "しようじ"),
        ("フクシマケン", "ﾌｸｼﾏｹﾝ"),
        ("アイヅ", "あいず"),
        ("姥ヶ下", "姥ケ下"),
        ("ビ－ル", "ビール"),
        ("ビ-ル", "びーる"),
        ("１２３４－５", "1234-5"),
        ("1ー2", "1-2"),
        ("Ａｂｃ", "ABC"),
        ("山田　太郎", "山田太郎"),
        ("ジョン・スミス", "ジョンスミス"),
        ("ｼﾞｮﾝ･ｽﾐｽ", "ジョン スミス"),
        ("㈱坂下", "(株)坂下"),
        ("が", "か\u3099"),
        ("か゛", "が"),
        ("a\u200bb", "ab"),
    ],
)
def test_both_ways_of_writing_have_one_key(stored, typed):
    assert fold(stored) == fold(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山田", "山本"),
        ("坂下", "阪下"),
        ("はし", "はじ"),
        ("おの", "おおの"),
        ("ひろ", "ひーろ"),
        ("12", "1-2"),
        ("崎玉", "埼玉"),
    ],
)
def test_different_names_keep_different_keys(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_a_key_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


japanese = st.text(
    st.sampled_from("髙高﨑邉邊斎々ー－-―・ 　がか゛゜\u3099\u309aｶﾞｼｮヶケぢヴゐ𠮷A１①㈱\U000e0101\ufe00\u200bß")
)


@given(japanese, japanese)
def test_keys_are_stable_and_hold_nothing_that_is_dropped(first, second):
    key = fold(first + second)
    assert fold(key) == key
    assert not set(key) & set("　 ・\u200b\U000e0101\ufe00")
    assert not any(ord(character) in variants() for character in key)


@given(japanese)
def test_spaces_and_selectors_never_matter(text):
    assert fold("　".join(text)) == fold("".join(text)) or any(mark in text for mark in "゛゜\u3099\u309aﾞー－-―々")
    assert fold(text + "\U000e0103") == fold(text)


def test_a_long_hostile_text_is_read_quickly():
    assert fold("木" + "々" * 50_000) == "木" * 50_001
    assert fold("あ" + "-" * 50_000) == "あ" + "ー" * 50_000
    assert fold("1" + "ー" * 50_000) == "1" + "-" * 50_000
    assert to_reading("ア" * 50_000 + "x") is None


def test_the_table_of_variants_is_sound():
    table = variants()
    assert len(table) > 400
    for variant, common in table.items():
        assert common not in table, f"{chr(common)} stands on both sides"
        assert unicodedata.normalize("NFKC", chr(variant)) == chr(variant), (
            f"{chr(variant)} is united by Unicode already"
        )
        chr(common).encode("cp932")
    assert variant_of("髙") == "高"
    assert variant_of("高") is None


def test_each_variant_stands_once_in_the_file():
    from importlib.resources import files

    lines = files("yakuba.kernel.japan").joinpath("variants.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    written = [character for common, others in rows for character in (common, *others)]
    assert len(written) == len(set(written))


def test_kana_changes_script_and_width():
    assert to_hiragana("カタカナ ｶﾞｷﾞ ABC 漢字") == "かたかな がぎ ABC 漢字"
    assert to_katakana("ひらがな ｶﾞ 漢字") == "ヒラガナ ガ 漢字"
    assert to_full_width_kana("ﾋﾞｰﾙ 123 abc") == "ビール 123 abc"
    assert enlarge_small_kana("ショウガッコウ") == "シヨウガツコウ"
    assert join_prolonged_sound("ビ-ル 1-2 エ−ル") == "ビール 1-2 エール"


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3094)))
def test_hiragana_survives_the_way_through_katakana(text):
    assert to_hiragana(to_katakana(text)) == text


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("やまだ たろう", "ヤマダ タロウ"),
        (" ﾔﾏﾀﾞ　ﾀﾛｳ ", "ヤマダ　タロウ"),
        ("ジョ-ジ・スミス", "ジョージ・スミス"),
        ("ヴァン", "ヴァン"),
        ("山田", None),
        ("yamada", None),
        ("", None),
        ("・", None),
        ("ヤマダ1", None),
    ],
)
def test_a_reading_is_katakana_or_nothing(typed, reading):
    assert to_reading(typed) == reading


def test_what_fits_cp932_is_not_listed():
    assert unencodable("髙橋 﨑 ①㈱ｶﾞ 〜−～－ ♯ 令和8年") == ()
    assert unencodable("") == ()


@pytest.mark.parametrize(
    ("text", "position", "character", "code", "suggestion"),
    [
        ("𠮷田", 0, "𠮷", "U+20BB7", "吉"),
        ("渡邉\U000e0101", 1, "邉\U000e0101", "U+9089 U+E0101", "邉"),
        ("辻\ufe00", 0, "辻\ufe00", "U+8FBB U+FE00", "辻"),
        ("か\u3099", 0, "か\u3099", "U+304B U+3099", "が"),
        ("Nguyễn", 4, "ễ", "U+1EC5", None),
        ("5—6", 1, "—", "U+2014", "―"),
        ("100¥", 3, "¥", "U+00A5", "￥"),
        ("a\u00a0b", 1, "\u00a0", "U+00A0", " "),
        ("濵\ue000", 1, "\ue000", "U+E000", None),
        ("あ👍🏻", 1, "👍", "U+1F44D", None),
    ],
)
def test_a_character_that_does_not_fit_is_listed_with_place_and_suggestion(text, position, character, code, suggestion):
    found = unencodable(text)[0]
    assert (found.position, found.character, found.code, found.suggestion) == (position, character, code, suggestion)


@given(st.text())
def test_a_text_without_findings_can_be_written_and_findings_are_exact(text):
    found = unencodable(text)
    if not found:
        text.encode("cp932")
    for entry in found:
        assert text[entry.position :].startswith(entry.character)
        if entry.suggestion:
            assert entry.suggestion.encode("cp932")
            assert unencodable(entry.suggestion) == ()
