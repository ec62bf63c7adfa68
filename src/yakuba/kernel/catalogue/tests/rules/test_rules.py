"""Merging, missing facts, the yearly table, finding by everyday words, cells of the sheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yakuba.kernel.catalogue.queries.delivery import delivered_catalogue
from yakuba.kernel.catalogue.rules import sheet_cells as cells
from yakuba.kernel.catalogue.rules.content import ContentRefused, is_web_address, read_content
from yakuba.kernel.catalogue.rules.find import ranked
from yakuba.kernel.catalogue.rules.kinds import ChannelKind, Fact
from yakuba.kernel.catalogue.rules.merge import differences, merge
from yakuba.kernel.catalogue.rules.missing import Lack, missing_for_online, missing_in
from yakuba.kernel.catalogue.rules.yearly_table import yearly_table
from yakuba.kernel.catalogue.tests.arranged import content
from yakuba.kernel.values.api import Refusal

# ------------------------------------------------------------------ merging


def test_what_the_town_left_alone_follows_the_delivery() -> None:
    old, new = content().to_dict(), content(standard_days=9).to_dict()
    merged = merge(delivered_before=old, ours=old, delivered=new)
    assert (merged.values["standard_days"], merged.taken, merged.kept) == (9, ("standard_days",), ())


def test_what_the_town_changed_stays_and_is_named() -> None:
    old = content().to_dict()
    ours, new = content(standard_days=5).to_dict(), content(standard_days=9, retention_years=10).to_dict()
    merged = merge(delivered_before=old, ours=ours, delivered=new)
    assert (merged.values["standard_days"], merged.values["retention_years"]) == (5, 10)
    assert (merged.taken, merged.kept) == (("retention_years",), ("standard_days",))


def test_the_same_change_on_both_sides_is_no_difference() -> None:
    old, both = content().to_dict(), content(standard_days=9).to_dict()
    assert merge(delivered_before=old, ours=both, delivered=both).kept == ()


def test_differences_are_told_in_words() -> None:
    (one,) = differences(content(), content(title={"ja": "犬の登録", "en": "Dog"}))
    assert (one.label, "犬の登録申請" in one.ours, "【英語】Dog" in one.theirs) == ("手続名", True, True)


# ------------------------------------------------------------------ missing facts


def test_absent_facts_come_before_unconfirmed_ones() -> None:
    lacks = missing_in(content(fee=None, standard_days=None, grounds=None))
    absent = [one.fact for one in lacks if one.lack is Lack.ABSENT]
    assert absent == [Fact.FEE, Fact.STANDARD_DAYS, Fact.GROUND]
    assert [one.lack for one in lacks] == sorted((one.lack for one in lacks), key=lambda one: one is Lack.UNCONFIRMED)


def test_a_notice_needs_neither_criteria_nor_standard_days() -> None:
    """届出 is complete on arrival (行政手続法第37条); nothing is examined."""
    facts = {one.fact for one in missing_in(content("moving-out"))}
    assert facts.isdisjoint({Fact.CRITERIA, Fact.STANDARD_DAYS})


def test_confirmed_facts_leave_the_list() -> None:
    everything = {fact.value: {"certain": True, "source": "町の条例集"} for fact in Fact}
    assert missing_in(content(evidence=everything)) == ()


def test_going_online_needs_its_own_ground() -> None:
    assert missing_for_online(content()) == ()
    assert any("オンラインで行うことの根拠" in one for one in missing_for_online(content("bulky-waste")))
    assert any("窓口" in one for one in missing_for_online(content("seal-certificate")))


# ------------------------------------------------------------------ descriptions


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"title": {"en": "Dog"}}, "日本語"),
        ({"title": 3}, "言語ごとの文"),
        ({"standard_days": -1}, "0以上"),
        ({"standard_days": "早め"}, "整数"),
        ({"kind": "permit"}, "どれか"),
        ({"events": []}, "一つ以上"),
        ({"grounds": [{"law": "道路法", "url": "javascript:alert(1)"}]}, "https://"),
        ({"grounds": [{"law": ""}]}, "空です"),
        ({"fee": {"is_free": True, "items": [{"name": "x", "yen": 1}]}}, "無料なのに"),
        ({"fee": {"items": [{"name": "x", "yen": 300, "most": 200}]}}, "大きくありません"),
        ({"documents": [{"name": "一行目\n二行目"}]}, "改行"),
        ({"about": "あ" * 2000}, "長すぎます"),
        ({"about": "制御\x00文字"}, "使えない文字"),
        ({"who_knows": 1}, "知らない項目"),
    ],
)
def test_wrong_descriptions_are_refused_at_their_key(changed: dict[str, object], reason: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        read_content(content().to_dict() | changed)
    assert any(reason in str(fault) for fault in refused.value.faults), refused.value.faults


def test_a_description_survives_storing() -> None:
    for one in delivered_catalogue().procedures:
        assert read_content(one.content.to_dict()) == one.content


@pytest.mark.parametrize(
    ("address", "is_sound"),
    [
        ("https://example.lg.jp/a?b=c#d", True),
        ("http://example.lg.jp", True),
        ("https://example.lg.jp:8443/x", True),
        ("https://name:word@example.lg.jp/", False),
        ("javascript:alert(1)", False),
        ("https://example.lg.jp/a b", False),
        ('https://example.lg.jp/"x', False),
        ("//example.lg.jp", False),
        ("https://\u202eexample.lg.jp", False),
        ("", False),
    ],
)
def test_only_plain_web_addresses_are_sound(address: str, is_sound: bool) -> None:
    assert is_web_address(address) is is_sound


# ------------------------------------------------------------------ the yearly table

A, B, C = ("a", 1, "甲"), ("b", 2, "乙"), ("c", 3, "丙")
POST, COUNTER, FORM = ChannelKind.POST, ChannelKind.COUNTER, ChannelKind.YAKUBA_FORM


def test_sources_add_up_by_procedure_and_the_share_is_online_of_all() -> None:
    by_hand, system = {("a", COUNTER): 70, ("a", POST): 5}, {("a", FORM): 24, ("a", COUNTER): 1}
    table = yearly_table(2026, [A], by_hand, system)
    (row,) = table.rows
    assert (row.total, row.online, row.share) == (100, 24, Decimal("24.0"))
    assert (table.total, table.online, table.share) == (100, 24, Decimal("24.0"))


def test_uncounted_procedures_are_named_and_zero_is_zero() -> None:
    table = yearly_table(2026, [A, B], {("b", COUNTER): 0})
    assert table.uncounted == ("甲",)
    assert (table.rows[0].total, table.rows[0].share) == (0, None)


def test_shares_are_rounded_half_up() -> None:
    assert yearly_table(2026, [A], {("a", FORM): 1, ("a", COUNTER): 7}).rows[0].share == Decimal("12.5")
    assert yearly_table(2026, [A], {("a", FORM): 2, ("a", COUNTER): 1}).rows[0].share == Decimal("66.7")


@pytest.mark.parametrize(("count", "is_hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_few_cases_are_hidden_but_stay_in_the_sum(count: int, is_hidden: bool) -> None:
    table = yearly_table(2026, [A, B], {("a", COUNTER): count, ("b", COUNTER): 10}, hide_below=5)
    assert table.rows[0].is_hidden is is_hidden
    assert table.total == 10 + count


# ------------------------------------------------------------------ everyday words


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("ゴミ", "bulky-waste"),
        ("ごみ", "bulky-waste"),
        ("引っ越し", "moving-in"),
        ("ひっこし", "moving-out"),
        ("赤ちゃん", "birth-registration"),
        ("マイナカード", "my-number-card"),
        ("戸籍謄本", "family-register"),
        ("ハンコ", "seal-registration"),
        ("犬", "dog-registration"),
        ("介護", "care-need-new"),
        ("葬式", "funeral-benefit"),
        ("保育園に入りたい", "nursery-place"),
        ("児童手当 転入", "child-allowance-claim"),
        ("国保", "health-insurance-join"),
        ("学童", "after-school-club"),
        ("dog", "dog-registration"),
        ("ＲＥＳＩＤＥＮＣＥ", "residence-certificate"),
    ],
)
def test_everyday_words_find_the_procedure_among_the_first_five(words: str, key: str) -> None:
    rows = sorted(delivered_catalogue().procedures, key=lambda one: one.content.number)
    found = ranked(rows, words, lambda one: one.content)
    assert key in [one.content.key for one in found[:5]]


def test_every_word_must_be_found() -> None:
    assert ranked(delivered_catalogue().procedures, "犬 戸籍", lambda one: one.content) == []
    assert ranked(delivered_catalogue().procedures, "存在しないことば", lambda one: one.content) == []


# ------------------------------------------------------------------ cells of the sheet


def test_lists_in_cells_come_back_as_they_were() -> None:
    for one in delivered_catalogue().procedures:
        values = one.content.to_dict()
        row = dict(zip(cells.COLUMNS, cells.cells_of(values, edition=1), strict=True))
        assert cells.documents_from(str(row[cells.DOCUMENTS])) == values.get("documents", [])
        assert cells.fees_from(str(row[cells.FEES])) == values.get("fee", {}).get("items", [])
        written = [
            ground if "about" in ground else {"about": "procedure", **ground} for ground in values.get("grounds", [])
        ]
        assert cells.grounds_from(str(row[cells.GROUNDS])) == written


@pytest.mark.parametrize(
    ("read", "text", "reason"),
    [
        (cells.fees_from, "登録｜｜｜三千円", "金額として読めません"),
        (cells.grounds_from, "法律｜道路法", "根拠の種類"),
        (cells.documents_from, "a｜b｜c｜d｜e｜f｜g｜h", "区切りが多すぎます"),
    ],
)
def test_cells_that_cannot_be_read_say_how_to_write_them(read: object, text: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason) as refused:
        read(text)  # type: ignore[operator]
    assert refused.value.hint
