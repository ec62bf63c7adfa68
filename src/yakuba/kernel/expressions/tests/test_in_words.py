"""A rule reads as a sentence, to clerks and to residents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from yakuba.kernel.expressions.api import Named, RuleFault, ValueType, in_words
from yakuba.kernel.expressions.tests.test_bounds import json_values, rules

NAMES = {
    "house": Named("住まい", {"own": "持ち家", "rent": "借家"}),
    "people": Named("人数", type=ValueType.NUMBER),
    "cost": Named("費用", type=ValueType.YEN),
    "birth": Named("生年月日", type=ValueType.DATE),
    "agrees": Named("同意", type=ValueType.YES_NO),
    "phone": Named("電話番号"),
    "mail": Named("メール"),
    "wishes": Named("希望", {"visit": "訪問"}, ValueType.CHOICES),
    "children": Named("子ども", type=ValueType.ROWS),
    "children.age": Named("年齢", type=ValueType.NUMBER),
    "children.fee": Named("利用料", type=ValueType.YEN),
}

own = {"==": [{"var": "house"}, "own"]}
many = {">=": [{"var": "people"}, 2]}
agreed = {"var": "agrees"}
visit = {"contains": [{"var": "wishes"}, "visit"]}
no_phone = {"is_empty": {"var": "phone"}}

SENTENCES: list[tuple[Any, str]] = [
    ({"and": [own, many]}, "「住まい」が「持ち家」で、かつ「人数」が2以上のとき"),
    ({"or": [own, many]}, "「住まい」が「持ち家」か、または「人数」が2以上のとき"),
    (
        {"and": [own, {"or": [many, visit]}, agreed]},
        "「住まい」が「持ち家」で、かつ（「人数」が2以上、または「希望」に「訪問」が含まれる）のどちらかで、"
        "かつ「同意」が「はい」のとき",
    ),
    (
        {"or": [{"and": [agreed, {"<": [{"var": "cost"}, 100000]}]}, own]},
        "（「同意」が「はい」、かつ「費用」が100,000円未満）の両方か、または「住まい」が「持ち家」のとき",
    ),
    ({"!": {"and": [own, many]}}, "「住まい」が「持ち家」でないか、または「人数」が2以上でないとき"),
    ({"!": {"!": own}}, "「住まい」が「持ち家」のとき"),
    ({"!=": [{"var": "house"}, "own"]}, "「住まい」が「持ち家」以外のとき"),
    ({"in": [{"var": "house"}, ["own", "rent"]]}, "「住まい」が「持ち家」か「借家」のとき"),
    ({"!": {"in": [{"var": "house"}, ["own", "rent"]]}}, "「住まい」が「持ち家」でも「借家」でもないとき"),
    ({"<": [2, {"var": "people"}]}, "「人数」が2を超えるとき"),
    ({"<=": [1, {"var": "people"}, 10]}, "「人数」が1以上10以下のとき"),
    ({"<": [0, {"var": "people"}, 10]}, "「人数」が0を超え、10未満のとき"),
    ({"<=": ["2026-04-01", {"var": "birth"}, "2027-03-31"]}, "「生年月日」が令和8年4月1日から令和9年3月31日までのとき"),
    ({"<": [{"var": "birth"}, "1870-01-01"]}, "「生年月日」が1870年1月1日より前のとき"),
    ({">=": [{"age": {"var": "birth"}}, 18]}, "「生年月日」による満年齢が18歳以上のとき"),
    ({"<=": [{"var": "birth"}, {"add_years": [{"today": []}, -18]}]}, "「生年月日」が今日の18年前以前のとき"),
    ({"==": [{"fiscal_year": {"var": "birth"}}, 2026]}, "「生年月日」の属する年度が2026年度のとき"),
    (
        {"and": [{"!": no_phone}, {"is_empty": {"var": "mail"}}, {"!": visit}]},
        "「電話番号」が入力されていて、かつ「メール」が未入力で、かつ「希望」に「訪問」が含まれないとき",
    ),
    ({"==": [{"var": "phone"}, None]}, "「電話番号」が未入力のとき"),
    ({"missing": ["phone", "mail"]}, "「電話番号」「メール」のどれかが未入力のとき"),
    ({"missing_some": [1, ["phone", "mail"]]}, "「電話番号」「メール」のどれも未入力のとき"),
    ({"some": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]}, "「子ども」に、「年齢」が3未満のものがあるとき"),
    ({"none": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]}, "「子ども」に、「年齢」が3未満のものがないとき"),
    ({"all": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]}, "「子ども」のすべてで「年齢」が3未満のとき"),
    (
        {"!": {"all": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]}},
        "「子ども」に、「年齢」が3未満でないものがあるか、または「子ども」が一つもないとき",
    ),
    ({">": [{"sum": [{"var": "children"}, "fee"]}, 5000]}, "「子ども」の「利用料」の合計が5,000円を超えるとき"),
    ({"if": [agreed, {">": [{"var": "people"}, 1]}, False]}, "「同意」が「はい」で、かつ「人数」が1を超えるとき"),
    ({"==": [agreed, False]}, "「同意」が「いいえ」のとき"),
    (True, "いつも"),
    ({"and": [True, {"or": [False, True]}]}, "いつも"),
    ({"and": [own, False]}, "どのような場合も当てはまらない"),
    ({"==": [{"var": "その他の欄"}, "あ\nい" + "う" * 50]}, "「その他の欄」が「あ い" + "う" * 37 + "…」のとき"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "sentence"), SENTENCES)
def test_conditions_read_as_japanese_sentences(rule: Any, sentence: str) -> None:
    assert in_words(rule, names=NAMES) == sentence


@pytest.mark.parametrize(
    ("rule", "easy", "english"),
    [
        (
            {"and": [own, many]},
            "「住まい」が 「持ち家」で、そして 「人数」が 2か、それより 大きい とき",
            "when “住まい” is “持ち家” and “人数” is 2 or more",
        ),
        ({"!": many}, "「人数」が （2か、それより 大きい）では ない とき", "when “人数” is not 2 or more"),
        (
            {"or": [no_phone, {"and": [visit, agreed]}]},
            "「電話番号」が まだ 書いて いないか、または （「希望」に 「訪問」が 入って いる、そして 「同意」が 「はい」）の 両方の とき",
            "when “電話番号” is not answered or (“希望” includes “訪問” and “同意” is “Yes”)",
        ),
        (
            {">=": [{"age": [{"var": "birth"}, "2026-04-01"]}, 18]},
            "2026年4月1日の ときの、「生年月日」で わかる 年れいが 18歳か、それより 大きい とき",
            "when the age by “生年月日” on 1 April 2026 is 18 or more",
        ),
        (
            {"none": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]},
            "「子ども」に、「年齢」が 3より 小さい ものが ない とき",
            "when in no row of “子ども”, “年齢” is less than 3",
        ),
        ({"missing_some": [1, ["phone", "mail"]]}, "「電話番号」「メール」の どれも まだ 書いて いない とき",
         "when none of “電話番号” and “メール” is answered"),
        (False, "どんな ときも 合わない", "never"),
    ],
)  # fmt: skip
def test_residents_read_them_in_easy_japanese_and_english(rule: Any, easy: str, english: str) -> None:
    assert in_words(rule, names=NAMES, language="ja-easy") == easy
    assert in_words(rule, names=NAMES, language="en") == english
    assert in_words(rule, names=NAMES, language="vi") == english


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            {"min": [{"round_down": [{"/": [{"var": "cost"}, 2]}, 1000]}, 200000]},
            "「費用」を2で割った数（1,000円未満切捨て）と200,000円の小さいほう",
        ),
        ({"+": [{"var": "cost"}, {"*": [{"var": "people"}, 500]}]}, "「費用」と（「人数」に500を掛けた数）の合計"),
        ({"if": [agreed, {"+": [{"var": "cost"}, 1000]}, 0]},
         "「同意」が「はい」のときは「費用」と1,000円の合計、そうでなければ0円"),
        ({"add_days": [{"today": []}, 14]}, "今日の14日後"),
        ({"count": {"filter": [{"var": "children"}, {"<": [{"var": "age"}, 3]}]}},
         "「子ども」のうち「年齢」が3未満のものの件数"),
        ({"cat": [{"var": "phone"}, "様"]}, "「電話番号」と「様」をつないだ文字"),
        (many, "「人数」が2以上かどうか"),
        ({"var": ["phone", "なし"]}, "「電話番号」（なければ「なし」）"),
        (3000, "3,000"),
    ],
)  # fmt: skip
def test_calculations_are_told_as_values(rule: Any, words: str) -> None:
    assert in_words(rule, names=NAMES, as_value=True) == words


@given(json_values | rules)
def test_every_rule_has_words_in_every_language_or_is_refused(rule: Any) -> None:
    for language in ("ja", "ja-easy", "en"):
        for as_value in (False, True):
            try:
                words = in_words(rule, names=NAMES, language=language, as_value=as_value)
            except RuleFault:
                continue
            assert words.strip()
            assert "None" not in words or "None" in repr(rule)
