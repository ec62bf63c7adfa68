"""The rules of deciding: one hash per content, who decides, numbers, remedies."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.approval.rules.canonical import canonical, digest, texts_in
from yakuba.kernel.approval.rules.document_numbers import (
    check_day,
    propose_symbols,
    tidy_symbol,
    written_number,
)
from yakuba.kernel.approval.rules.remedies import ActKind, Periods, Remedy, remedy_for, remedy_text
from yakuba.kernel.approval.rules.states import TRANSITIONS, Capacity, Decider, Outcome, RequestState, words_of_decision
from yakuba.kernel.approval.rules.who_decides import House, sections_under, who_may_decide
from yakuba.kernel.values.api import FiscalYear, Refusal, Text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


# ── one text, one hash


def test_the_text_of_a_content_is_the_same_whatever_the_order_of_its_keys():
    assert canonical({"b": 1, "a": ["髙橋", None, True]}) == '{"a":["髙橋",null,true],"b":1}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_the_hash_of_a_known_content_never_changes():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert (
        digest({"手続": "犬の登録", "手数料": 3000})
        == "1f5b2ad1119800eece93e0862dcedf33089426bd387ef6901645c4162b505484"
    )


@given(JSON)
def test_a_content_read_back_has_the_same_hash(content):
    assert digest(json.loads(canonical(content))) == digest(content)


@given(JSON, JSON)
def test_different_contents_have_different_hashes(one, other):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (digest(one) == digest(other)) == same


@pytest.mark.parametrize("content", [1.5, {"金額": 0.1}, {1: "a"}, {"日": date(2026, 4, 1)}, [b"x"], {"集": {"a"}}])
def test_what_json_does_not_say_alike_everywhere_is_refused(content):
    with pytest.raises(TypeError):
        canonical(content)


def test_half_a_letter_endless_depth_and_huge_texts_are_refused():
    with pytest.raises(ValueError, match="surrogate"):
        canonical({"名": "\ud83d"})
    deep: object = "底"
    for _ in range(60):
        deep = [deep]
    with pytest.raises(ValueError, match="levels"):
        canonical(deep)
    with pytest.raises(ValueError, match="bytes"):
        canonical("あ" * 700_000)


def test_every_text_of_a_content_is_found():
    assert texts_in({"a": ["x", {"b": "y"}], "c": 1}) == {"x", "y"}


# ── states


def test_a_request_is_decided_once_and_never_again():
    assert set(TRANSITIONS.allowed(RequestState.WAITING)) == set(RequestState) - {RequestState.WAITING}
    assert TRANSITIONS.final == set(RequestState) - {RequestState.WAITING}


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.RETURNED])
def test_a_refusal_and_a_return_need_words_an_approval_does_not(outcome):
    with pytest.raises(Refusal) as refused:
        words_of_decision(outcome, " \n")
    assert refused.value.field == "comment"
    assert words_of_decision(Outcome.APPROVED, "  ") == ""


# ── who decides: 1 課, 2 班 below it, 9 the mayor's section; 10 head of 1, 20 head of 2, 90 the mayor

HOUSE = House(
    parent_of={1: None, 2: 1, 3: 1, 9: None},
    stands_for={1: [1], 2: [2], 3: [1], 9: [9], 7: [2]},
    heads={1: [10], 9: [90]},
    authority_heads={100: [90]},
    deputies={10: [11, 12], 90: [91]},
)


def deciders(**changed):
    said = {"decider": Decider.SECTION_HEAD, "section": 2, "authority": 100, "drafters": {5}, "house": HOUSE}
    return who_may_decide(**{**said, **changed})


def test_the_head_of_the_nearest_section_decides_then_the_deputies_in_order():
    assert [(one.staff, one.capacity, one.order) for one in deciders()] == [
        (10, Capacity.OWN, 0),
        (11, Capacity.DEPUTY, 1),
        (12, Capacity.DEPUTY, 2),
    ]


def test_a_request_of_a_section_that_ended_goes_to_the_head_of_its_successor():
    assert deciders(section=7)[0].staff == 10


def test_a_section_closed_without_successor_leaves_its_requests_to_the_section_above():
    house = House(parent_of={1: None, 4: 1}, stands_for={1: [1], 4: []}, heads={1: [10]})
    assert (
        who_may_decide(decider=Decider.SECTION_HEAD, section=4, authority=0, drafters=set(), house=house)[0].staff == 10
    )


def test_closed_sections_that_stand_above_each_other_end_at_the_authority():
    house = House(parent_of={4: 5, 5: 4}, stands_for={4: [], 5: []}, authority_heads={1: [90]})
    found = who_may_decide(decider=Decider.SECTION_HEAD, section=4, authority=1, drafters=set(), house=house)
    assert [one.staff for one in found] == [90]


def test_a_head_who_drafted_is_passed_over_and_so_are_the_deputies():
    assert [one.staff for one in deciders(drafters={10})] == [90, 91]


def test_a_drafter_is_no_deputy_of_the_one_who_decides():
    assert [one.staff for one in deciders(drafters={11})] == [10, 12]


def test_the_deputy_of_the_mayor_decides_what_the_mayor_drafted():
    found = deciders(decider=Decider.AUTHORITY_HEAD, drafters={90})
    assert [(one.staff, one.capacity) for one in found] == [(91, Capacity.DEPUTY)]


def test_an_authority_without_a_head_has_nobody_to_decide():
    assert deciders(decider=Decider.AUTHORITY_HEAD, authority=200) == ()
    assert [one.staff for one in deciders(authority=200)] == [10, 11, 12]


people = st.integers(1, 6)
houses = st.builds(
    House,
    parent_of=st.dictionaries(st.integers(1, 5), st.none() | st.integers(1, 5), max_size=5),
    stands_for=st.dictionaries(st.integers(1, 5), st.lists(st.integers(1, 5), max_size=2), max_size=5),
    heads=st.dictionaries(st.integers(1, 5), st.lists(people, max_size=2), max_size=5),
    authority_heads=st.dictionaries(st.integers(1, 2), st.lists(people, max_size=1), max_size=2),
    deputies=st.dictionaries(people, st.lists(people, max_size=3, unique=True), max_size=4),
)


@given(houses, st.sampled_from(Decider), st.integers(1, 5), st.integers(1, 2), st.frozensets(people, max_size=2))
def test_in_no_house_does_anybody_decide_an_own_draft(house, decider, section, authority, drafters):
    found = who_may_decide(decider=decider, section=section, authority=authority, drafters=drafters, house=house)
    assert not {one.staff for one in found} & drafters
    assert len({one.staff for one in found}) == len(found)
    assert [one for one in found if one.capacity is Capacity.OWN] == [
        one for one in found[:1] if one.capacity is Capacity.OWN
    ]
    again = who_may_decide(decider=decider, section=section, authority=authority, drafters=drafters, house=house)
    assert again == found


@given(houses, st.frozensets(st.integers(1, 5), max_size=3))
def test_what_is_under_sections_ends_even_in_a_house_that_turns_in_circles(house, sections):
    assert sections <= sections_under(sections, house)


# ── document numbers


def test_the_number_bears_the_era_year_of_the_fiscal_year():
    said = {"town_symbol": "坂", "section_symbol": "総", "number": 12}
    assert written_number(year=FiscalYear.of(date(2027, 3, 31)), **said) == "8坂総第12号"
    assert written_number(year=FiscalYear.of(date(2027, 4, 1)), **said) == "9坂総第12号"


@pytest.mark.parametrize(("typed", "stored"), [("総", "総"), (" 農委 ", "農委"), ("ＤＸ", "DX"), ("こども", "こども")])
def test_symbols_are_kanji_kana_or_capitals(typed, stored):
    assert tidy_symbol(typed) == stored


@pytest.mark.parametrize("typed", ["", " ", "総1", "第", "総務企画財政", "<b>", "a", "総 務", "𠮷" * 3 + "第"])
def test_other_symbols_are_refused(typed):
    with pytest.raises(Refusal):
        tidy_symbol(typed)


def test_proposed_symbols_never_clash():
    assert propose_symbols(["総務課", "総合政策課", "税務課", "きらめき課"], taken=["税"]) == ["総", "合", "務", ""]


@pytest.mark.parametrize(
    ("on", "last_on", "why"),
    [
        (date(2026, 11, 3), None, "未来"),
        (date(2026, 3, 31), None, "もう取れません"),
        (date(2026, 10, 1), date(2026, 10, 2), "すでに出ています"),
    ],
)
def test_numbers_follow_the_days(on, last_on, why):
    with pytest.raises(Refusal, match=why):
        check_day(on=on, today=date(2026, 11, 2), last_on=last_on, symbol="総")
    check_day(on=date(2026, 10, 2), today=date(2026, 11, 2), last_on=date(2026, 10, 2), symbol="総")


# ── remedies

OLD, NEW = date(2016, 4, 1), date(2026, 4, 1)


def entry(authority: str, since: date, reviewer: str) -> Remedy:
    return Remedy(authority, since, Text(reviewer), Text("県知事"), Text("町長"), "法")


def test_the_entry_of_the_authority_wins_over_the_general_one_and_the_latest_over_the_earlier():
    entries = [entry("", OLD, "一般"), entry("", NEW, "一般（新）"), entry("education", OLD, "教育委員会")]
    assert remedy_for("education", on=NEW, remedies=entries).reviewer.ja == "教育委員会"
    assert remedy_for("mayor", on=date(2026, 3, 31), remedies=entries).reviewer.ja == "一般"
    assert remedy_for("mayor", on=NEW, remedies=entries).reviewer.ja == "一般（新）"
    with pytest.raises(LookupError):
        remedy_for("mayor", on=date(2010, 1, 1), remedies=entries)


def test_only_a_disposition_carries_a_notice():
    template = Text("{reviewer}に{review_months}か月", en="{reviewer}: {review_months}")
    said = {"remedy": entry("", OLD, "町長"), "periods": Periods(3, 1, 6, 1), "town": Text("見本町")}
    assert remedy_text(template, kind=ActKind.DISPOSITION, **said).ja == "町長に3か月"
    assert remedy_text(template, kind=ActKind.STATE_DISPOSITION, **said).en == "県知事: 3"
    assert remedy_text(template, kind=ActKind.NOTIFICATION, **said) is None
    assert remedy_text(template, kind=ActKind.OTHER, **said) is None
