import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import Refusal, Text

MOVING_IN = Text("転入届", easy="ひっこしてきたときの とどけ", en="Moving in", others=(("vi", "Chuyển đến"),))


@pytest.mark.parametrize(
    ("code", "shown", "language"),
    [
        ("ja", "転入届", "ja"),
        ("ja-easy", "ひっこしてきたときの とどけ", "ja-easy"),
        ("en", "Moving in", "en"),
        ("en-GB", "Moving in", "en"),
        ("vi", "Chuyển đến", "vi"),
        ("vi-VN", "Chuyển đến", "vi"),
        ("fr", "Moving in", "en"),
    ],
)
def test_a_reader_gets_the_text_in_the_nearest_language(code, shown, language):
    assert MOVING_IN.in_language(code) == shown
    assert MOVING_IN.language_for(code) == language


@pytest.mark.parametrize("code", ["ja", "ja-easy", "en", "vi"])
def test_without_translation_a_reader_gets_japanese(code):
    assert Text("転入届").in_language(code) == "転入届"
    assert Text("転入届", en="  ").language_for(code) == "ja"


def test_easy_japanese_never_falls_back_to_english():
    assert Text("転入届", en="Moving in").in_language("ja-easy") == "転入届"


def test_missing_translations_are_named_in_the_order_asked():
    assert Text("転入届", en="Moving in").missing(["ja", "ja-easy", "en", "vi"]) == ("ja-easy", "vi")


def test_equal_texts_are_equal_whatever_the_order_of_their_languages():
    one = Text("a", others=(("vi", "b"), ("zh-Hans", "c")))
    other = Text("a", others=(("zh-Hans", "c"), ("vi", "b"), ("ko", "")))
    assert one == other
    assert hash(one) == hash(other)


def test_a_bare_string_is_the_japanese_text():
    assert Text.from_dict("転入届") == Text("転入届")
    assert str(Text.from_dict({"ja": "転入届", "en": "x"})) == "転入届"


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"en": "x"},
        {"ja": ""},
        {"ja": "　"},
        {"ja": "a", "JA": "b"},
        {"ja": "a", "": "b"},
        {"ja": 5},
        ["a"],
        None,
        "",
    ],
)
def test_a_broken_table_of_texts_is_refused_with_a_hint(broken):
    with pytest.raises(Refusal) as refusal:
        Text.from_dict(broken)
    assert refusal.value.hint


def test_a_language_stands_once():
    with pytest.raises(Refusal):
        Text("a", others=(("vi", "b"), ("vi", "c")))
    with pytest.raises(Refusal):
        Text("a", others=(("en", "b"),))


words = st.text(min_size=1).filter(str.strip)


@given(words, st.text(), st.text(), st.dictionaries(st.sampled_from(["vi", "ko", "zh-Hans", "pt-BR"]), st.text()))
def test_a_text_survives_storing(ja, easy, en, others):
    text = Text.from_dict({"ja": ja, "ja-easy": easy, "en": en} | others)
    assert Text.from_dict(text.to_dict()).to_dict() == text.to_dict()
    assert all(text.in_language(code) for code in ("ja", "ja-easy", "en", "vi", "ko"))
    assert text.missing(["ja"]) == ()
