"""Every kind of question reads what people type, refuses what it cannot be, and gives its value back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.kinds import KINDS, kind_of

_NEEDS: dict[str, dict[str, Any]] = {
    "choice": {"options": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}], "has_other": True},
    "choices": {"options": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}], "has_other": True},
    "consent": {"statement": "同意"},
    "signature": {"statement": "署名"},
    "text_block": {"body": "説明"},
    "computed": {"value": 1},
    "fee": {"value": 300},
}


def question(kind: str, **settings: Any) -> Any:
    given = {"type": kind, "key": "q", "label": "質問", **_NEEDS.get(kind, {}), **settings}
    form = read_definition({"key": "aa", "title": "t", "steps": [{"key": "s", "title": "t", "questions": [given]}]})
    return form.question("q")


TYPED = [
    ("short_text", {}, {"": "  さかした  "}, "さかした"),
    ("short_text", {"kana": True}, {"": "ばんげ"}, "バンゲ"),
    ("short_text", {"characters": "digits", "max_length": 4}, {"": "１２３４"}, "1234"),
    ("long_text", {}, {"": "一行\r\n二行"}, "一行\n二行"),
    ("number", {}, {"": "１２"}, 12),
    ("number", {}, {"": "1,200"}, 1200),
    ("number", {"decimals": 1}, {"": "12.50"}, "12.5"),
    ("number", {"decimals": 2}, {"": "100"}, "100"),
    ("yen", {}, {"": "¥12,000"}, 12000),
    ("yen", {}, {"": "12000円"}, 12000),
    ("date", {}, {"": "令和8年4月1日"}, "2026-04-01"),
    ("date", {}, {"": "S40.4.1"}, "1965-04-01"),
    ("time", {}, {"": "午後2時半"}, "14:30"),
    ("time", {}, {"": "9:05"}, "09:05"),
    ("time", {}, {"": "1430"}, "14:30"),
    ("choice", {}, {"": "a"}, "a"),
    ("choices", {}, {"": ("b", "a")}, ["a", "b"]),
    ("yes_no", {}, {"": "no"}, False),
    (
        "name",
        {},
        {"family": "見本", "given": "", "family_kana": "みほん", "given_kana": ""},
        {"family": "見本", "given": "", "family_kana": "ミホン", "given_kana": ""},
    ),
    (
        "address",
        {},
        {"postal_code": "9696547", "place": "福島県会津坂下町", "lot": "1番地", "building": ""},
        {"postal_code": "969-6547", "place": "福島県会津坂下町", "lot": "1番地", "building": ""},
    ),
    ("phone", {}, {"": "０２４２８４１５０３"}, "0242-84-1503"),
    ("mail", {}, {"": "Taro@Example.JP"}, "Taro@example.jp"),
    ("corporate_number", {}, {"": "7000020074217"}, None),
    (
        "place",
        {},
        {"words": "役場の東", "lat": "37.5610", "lon": "139.8210"},
        {"words": "役場の東", "lat": "37.561000", "lon": "139.821000"},
    ),
    ("files", {}, {"": ("abcdefgh12345678",)}, ["abcdefgh12345678"]),
    ("consent", {}, {"": "yes"}, True),
    ("signature", {}, {"": "見本 太郎"}, "見本 太郎"),
]


@pytest.mark.parametrize(("kind", "settings", "raw", "value"), TYPED)
def test_what_people_type_becomes_the_stored_value(kind, settings, raw, value) -> None:
    asked = question(kind, **settings)
    parsed = kind_of(asked).parse(asked, raw)
    if value is None:
        assert [one.code for one in parsed.faults] == ["corporate_number"]
        return
    assert not parsed.faults
    assert parsed.value == value
    again = kind_of(asked).accept(asked, parsed.value, parsed.other)
    assert again.value == value
    assert all(isinstance(kind_of(asked).show(asked, value, language), str) for language in ("ja", "ja-easy", "en"))
    assert len(kind_of(asked).cells(asked, value)) == len(kind_of(asked).columns(asked))
    assert len(kind_of(asked).cells(asked, None)) == len(kind_of(asked).columns(asked))


REFUSED = [
    ("short_text", {}, {"": "a\nb"}, "one_line"),
    ("short_text", {"max_length": 3}, {"": "あいうえ"}, "too_long"),
    ("short_text", {"kana": True}, {"": "漢字"}, "kana"),
    ("short_text", {}, {"": "番号は 123456789018 です"}, "my_number"),
    ("long_text", {}, {"": "a\x00b"}, "control_characters"),
    ("number", {}, {"": "十二"}, "number"),
    ("number", {}, {"": "1.5"}, "whole_number"),
    ("number", {"decimals": 1}, {"": "1.55"}, "decimals"),
    ("number", {"least": 1}, {"": "0"}, "least"),
    ("number", {"most": 9}, {"": "10"}, "most"),
    ("number", {}, {"": "9" * 30}, "number"),
    ("yen", {}, {"": "百円"}, "yen"),
    ("yen", {}, {"": "-1"}, "least"),
    ("date", {}, {"": "令和8年2月30日"}, "date"),
    ("time", {}, {"": "25:00"}, "time"),
    ("time", {"earliest": "09:00", "latest": "17:00"}, {"": "8:59"}, "time_range"),
    ("choice", {}, {"": "c"}, "not_offered"),
    ("choice", {}, {"": "other", "other": " "}, "required_other"),
    ("choices", {"least": 2}, {"": ("a",)}, "fewest"),
    ("choices", {"most": 1}, {"": ("a", "b")}, "at_most"),
    ("yes_no", {}, {"": "maybe"}, "not_offered"),
    ("name", {}, {"family": "", "given": "太郎", "family_kana": "", "given_kana": "タロウ"}, "family_name"),
    ("name", {}, {"family": "見本", "given": "太郎", "family_kana": "ミホン", "given_kana": ""}, "name_kana"),
    ("address", {}, {"postal_code": "12", "place": "町", "lot": "1", "building": ""}, "postal_code"),
    ("address", {}, {"postal_code": "9696547", "place": "", "lot": "1", "building": ""}, "place_name"),
    ("phone", {}, {"": "12"}, "phone"),
    ("mail", {}, {"": "taro@localhost"}, "mail"),
    ("mail", {}, {"": "a@b.jp\nBcc: c@d.jp"}, "mail"),
    ("corporate_number", {}, {"": "1234567890123"}, "corporate_number"),
    ("corporate_number", {}, {"": "123456789018"}, "my_number"),
    ("place", {}, {"words": "", "lat": "37.5", "lon": "139.8"}, "place_words"),
    ("place", {}, {"words": "北極", "lat": "90", "lon": "139.8"}, "point"),
    ("files", {"most": 1}, {"": ("abcdefgh1", "abcdefgh2")}, "files_most"),
    ("files", {}, {"": ("../../etc/passwd",)}, "unreadable"),
    (
        "bank_account",
        {},
        {"bank_name": "銀行", "branch_name": "支店", "kind": "x", "number": "12345678", "holder": "山田"},
        "account_number",
    ),
]


@pytest.mark.parametrize(("kind", "settings", "raw", "code"), REFUSED)
def test_what_cannot_be_is_refused_with_its_own_sentence(kind, settings, raw, code) -> None:
    asked = question(kind, **settings)
    parsed = kind_of(asked).parse(asked, raw)
    assert code in [one.code for one in parsed.faults]
    assert parsed.value is None
    for one in parsed.faults:
        for language in ("ja", "ja-easy", "en"):
            assert "{" not in one.say(language)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(value=_JSON, other=st.text(max_size=10) | st.integers())
def test_no_value_from_outside_breaks_a_kind(kind, value, other) -> None:
    asked = question(kind)
    parsed = kind_of(asked).accept(asked, value, other)
    if parsed.value is not None:
        assert not parsed.faults
        again = kind_of(asked).accept(asked, parsed.value, parsed.other)
        assert (again.value, again.other, again.faults) == (parsed.value, parsed.other, ())


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(st.data())
def test_no_typed_text_breaks_a_kind(kind, data) -> None:
    asked = question(kind)
    raw = {
        part: data.draw(st.text(max_size=60) | st.lists(st.text(max_size=10), max_size=3).map(tuple))
        for part in kind_of(asked).parts(asked)
    }
    parsed = kind_of(asked).parse(asked, raw)
    if parsed.value is not None:
        assert kind_of(asked).accept(asked, parsed.value, parsed.other).value == parsed.value
