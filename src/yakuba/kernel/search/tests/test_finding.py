"""Everything that is there is found, nothing else, the best first, and never beyond the gate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.operations.models import ErrorEntry
from yakuba.kernel.search.api import PartOf, Weight, excerpts, marked_html, matching, searchable, words_of
from yakuba.kernel.search.models import Passage, SynonymGroup
from yakuba.kernel.search.registry import ReadPart, digest_of_texts
from yakuba.kernel.search.rules.cutting import LONGEST_WORD
from yakuba.kernel.search.rules.keys import search_key
from yakuba.kernel.search.services import begin_anew, index_waiting
from yakuba.kernel.search.tests.shelf import SYSTEM, Shelf, shelf_in_index

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PIECES = st.sampled_from(
    [
        *"水料高髙崎﨑ー-~〜々佐\n　aB1１.\"'*():^%_\\・。㍿𠮷\x00が",
        "水道",
        "料金",
        "ごみ",
        "ゴミ",
        "ｺﾞﾐ",
        "引っ越し",
        "AND",
        "OR",
        "カ\u3099",
    ]
)
TEXT = st.lists(PIECES, max_size=14).map("".join)
PAGES = st.lists(TEXT, max_size=3)


def found(typed: str, queryset: object = None) -> set[int]:
    rows = ErrorEntry.objects.all() if queryset is None else queryset
    return set(matching(rows, typed).values_list("pk", flat=True))


def ranked(typed: str) -> list[int]:
    return list(matching(ErrorEntry.objects.all(), typed).order_by("-search_rank", "pk").values_list("pk", flat=True))


@contextmanager
def undone() -> Iterator[None]:
    """One example: what it stored is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestRecall:
    @given(
        texts=st.lists(st.tuples(TEXT, TEXT, PAGES), min_size=1, max_size=4),
        asked=st.lists(
            st.lists(TEXT.filter(lambda one: one.strip("\x00")), min_size=1, max_size=2), min_size=1, max_size=6
        ),
        waits=st.booleans(),
    )
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_what_is_found_is_exactly_what_contains_every_word(
        self, shelf: Shelf, texts: list[tuple[str, str, list[str]]], asked: list[list[str]], waits: bool
    ) -> None:
        """On both databases the answer is the truth: the word's key stands in the key of one of the texts."""
        with undone(), shelf_in_index() as own:
            things = [own.add(title, *pages, keywords=keywords) for title, keywords, pages in texts]
            if waits:
                begin_anew(by=SYSTEM)
            typed = [*asked, *([piece] for title, _, pages in texts for piece in self.substrings(title, pages))]
            for words in typed:
                parts = [piece for word in words for piece in word.split()]
                if any(words_of(piece)[0].synonyms for piece in parts if words_of(piece)):
                    continue  # of those more is found
                assert found(" ".join(words)) & {one.pk for one in things} == own.truth(*parts), words

    def substrings(self, title: str, pages: list[str]) -> Iterator[str]:
        key = search_key("".join(pages)) or search_key(title)
        yield from (key[place : place + size] for size in (1, 2, 4) for place in range(0, len(key), 7))

    def test_every_one_and_two_characters_of_a_text_find_it(self, shelf: Shelf) -> None:
        text = "令和８年度 会津坂下町の上下水道料金（2か月分・消費税10％込み）は、髙﨑様・渡邉様へ「納入通知書」でお知らせします。"
        thing, _ = shelf.add("通知", text), shelf.add("別の記録", "なにもない")
        key = search_key(text)
        for size in (1, 2, 3, 7):
            for place in range(len(key) - size):
                assert thing.pk in found(key[place : place + size])

    def test_widths_kana_and_old_characters_are_found_alike(self, shelf: Shelf) -> None:
        thing = shelf.add("髙﨑 ﾀｶｻｷ 1〜3丁目 マイナンバーカード")
        for typed in ("高崎", "タカサキ", "たかさき", "１～３", "まいなんばー", "ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ", "髙崎"):
            assert found(typed) == {thing.pk}, typed

    def test_all_words_must_match_wherever_they_stand(self, shelf: Shelf) -> None:
        both = shelf.add("水道料金", "口座の変更")
        shelf.add("水道料金", "窓口")
        shelf.add("電気", "口座の変更")
        assert found("水道　口座") == {both.pk} == found("口座 水道 変 更")

    def test_a_word_across_a_page_break_is_found_and_words_on_different_pages(self, shelf: Shelf) -> None:
        pages = ["は" * 3_000 + "下水", "道の" + "に" * 3_000, "料金表"]
        thing = shelf.add("長い文書", *pages)
        assert Passage.objects.filter(object_id=thing.pk).count() > 5
        assert found("下水道の") == found("下水道 料金表") == found("は" * LONGEST_WORD) == {thing.pk}
        assert found("道の下水") == set()

    def test_nothing_typed_narrows_nothing(self, shelf: Shelf) -> None:
        things = {shelf.add("一").pk, shelf.add("二").pk}
        for typed in ("", "  ", "・・", "\x00", "\u200b"):
            rows = matching(shelf.all(), typed)
            assert set(rows.values_list("pk", flat=True)) == things
            assert {one.search_rank for one in rows} == {0}

    @pytest.mark.parametrize(
        "typed",
        [
            '"', '""', "'", "水道' OR '1'='1", 'body : "水"', "kind:*", "水*", "^水", "NEAR(水 道)", "水 AND", "OR", "NOT 水", "(((", "{a}",
            "-水", "+", "\\", "%", "_", "水\x00道", "\x00", "水" * 10_000, " ".join(map(chr, range(0x4E00, 0x4E40))), "水 " * 5_000, "漢字" * 60_000, "!\"#$%&'()=~|`{+*}<>?_",
            "\ud800", "\U0010ffff", "'; DROP TABLE search_passage; --", "%s %(a)s", "{0}", "$1", "🏠", "ｶﾞ" * 200, "e\u0301" * 300, "\u202e水",
        ],
    )  # fmt: skip
    def test_nothing_anybody_types_is_an_error(self, shelf: Shelf, typed: str) -> None:
        shelf.add("水道", "下水道の料金 'a' \"b\"")
        rows = matching(shelf.all(), typed).order_by("-search_rank", "pk")
        assert rows.count() == len(list(rows))
        excerpts(list(shelf.all()), typed)
        marked_html("水道", typed)

    @given(st.text(max_size=40))
    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_text_may_be_asked_for_and_is_found_in_itself(self, shelf: Shelf, typed: str) -> None:
        with undone(), shelf_in_index() as own:
            thing, other = own.add(typed), own.add("x")
            hits = found(typed) & {thing.pk, other.pk}
            assert thing.pk in hits
            for word in words_of(typed):
                assert (other.pk in hits) <= (word.key in "x" or bool(word.synonyms))


class TestRank:
    def test_titles_come_before_keywords_before_bodies_and_more_hits_before_fewer(self, shelf: Shelf) -> None:
        body_once = shelf.add("い", "水道")
        body_twice = shelf.add("ろ", "水道と水道")
        keyword = shelf.add("は", keywords="水道")
        title = shelf.add("水道の使用")
        title_and_body = shelf.add("水道の休止", "水道")
        assert ranked("水道") == [one.pk for one in (title_and_body, title, keyword, body_twice, body_once)]

    def test_a_thousand_hits_in_a_body_do_not_reach_a_title(self, shelf: Shelf) -> None:
        body = shelf.add("い", "水" * 5_000)
        title = shelf.add("水")
        assert ranked("水") == [title.pk, body.pk]

    def test_a_hit_in_the_overlap_of_two_passages_counts_once(self, shelf: Shelf) -> None:
        one = shelf.add("い", "水道" * 3_000)
        rows = {row.pk: row.search_rank for row in matching(shelf.all(), "道")}
        assert rows[one.pk] == 3_000 * Weight.BODY.of_own_word

    def test_equal_ranks_keep_the_order_of_the_rows(self, shelf: Shelf) -> None:
        things = [shelf.add("水道の使用開始").pk for _ in range(12)]
        assert ranked("水道") == things == ranked("水道")

    def test_the_word_that_was_typed_comes_before_its_synonyms(self, shelf: Shelf) -> None:
        other, typed, body = shelf.add("廃棄物の処理"), shelf.add("ごみの出し方"), shelf.add("掲示", "ごみ")
        assert ranked("ごみ") == [typed.pk, other.pk, body.pk]
        assert ranked("廃棄物") == [other.pk, typed.pk, body.pk]

    def test_a_rank_tells_nothing_of_other_things(self, shelf: Shelf) -> None:
        one = shelf.add("水道", "水道と下水")
        alone = matching(shelf.all(), "水道").get(pk=one.pk).search_rank
        for number in range(20):
            shelf.add(f"水道{number}", "水道 " * 50)
        assert matching(shelf.all(), "水道").get(pk=one.pk).search_rank == alone


class TestGate:
    def test_rows_counts_and_order_stay_within_the_gate(self, shelf: Shelf) -> None:
        mine, foreign = shelf.add("水道の申請"), shelf.add("水道 水道 水道")
        gate = shelf.all().exclude(pk=foreign.pk)
        rows = matching(gate, "水道").order_by("-search_rank", "pk")
        assert [one.pk for one in rows] == [mine.pk]
        assert rows.count() == 1 and rows.exists()
        assert not matching(shelf.all().none(), "水道").exists()
        assert matching(gate, "水道").filter(pk=foreign.pk).count() == 0

    def test_restricted_texts_are_found_only_where_they_are_asked_for(self, shelf: Shelf) -> None:
        thing = shelf.add("申請", "本文", note="避難先は若松市")
        assert found("若松市") == set()
        assert set(matching(shelf.all(), "若松市", parts=["note"]).values_list("pk", flat=True)) == {thing.pk}
        assert not matching(shelf.all(), "申請", parts=["note"]).exists()
        assert matching(shelf.all(), "申請 若松", parts=["title", "note"]).get().search_rank > 0
        assert not matching(shelf.all(), "申請", parts=[]).exists()
        assert excerpts([thing], "若松市") == {}
        assert "<mark>若松市</mark>" in excerpts([thing], "若松市", parts=["note"])[thing.pk].html
        plain = matching(shelf.all(), "申請").get().search_rank
        shelf.write(thing, "申請", "本文", note="申請 申請")
        assert matching(shelf.all(), "申請").get().search_rank == plain, "a rank tells nothing of restricted texts"

    def test_a_part_nobody_declared_is_a_fault(self, shelf: Shelf) -> None:
        with pytest.raises(LookupError, match="has no part 'nots'"):
            matching(shelf.all(), "水", parts=["nots"])

    def test_a_matching_queryset_can_be_narrowed_sorted_paged_and_counted_on(self, shelf: Shelf) -> None:
        things = [shelf.add(f"水道 {number}", "料金" * number) for number in range(7)]
        rows = matching(shelf.all(), "水道").filter(pk__gt=things[1].pk).order_by("-search_rank", "-pk")
        assert [one.pk for one in rows[1:3]] == [things[5].pk, things[4].pk]
        assert rows.values("exception").distinct().count() == 1
        assert matching(matching(shelf.all(), "水道").order_by("pk"), "料金").count() == 6
        assert rows.filter(search_rank__gt=0).count() == 5


class TestSynonyms:
    def test_everyday_words_find_what_the_office_writes(self, shelf: Shelf) -> None:
        waste, card, moving_out = shelf.add("一般廃棄物処理"), shelf.add("個人番号カードの申請"), shelf.add("転出届")
        assert found("ゴミ") == {waste.pk}
        assert found("マイナカード") == {card.pk} == found("ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ")
        assert found("引っ越し") == {moving_out.pk} == found("引越し")
        assert found("転入") == set(), "a narrower word does not find its neighbours"
        assert found("ゴミ 処理") == {waste.pk} and found("ゴミ 転出") == set()
        assert found("ごみ処理") == {waste.pk}, "the part of a compound is replaced"


class TestExcerpts:
    def test_an_excerpt_shows_the_page_and_marks_what_was_typed(self, shelf: Shelf) -> None:
        thing = shelf.add("水道の手続き", "はじめに", "２ページ目の<b>ﾀｶｻｷ</b>さんの上水道")
        shown = excerpts([thing], "たかさき 水道")[thing.pk]
        assert (shown.part, shown.page) == ("本文", 2)
        assert shown.html == "２ページ目の&lt;b&gt;<mark>ﾀｶｻｷ</mark>&lt;/b&gt;さんの上<mark>水道</mark>"
        only_title = excerpts([thing], "手続き")[thing.pk]
        assert (only_title.part, only_title.page, only_title.html) == ("題名", 0, "水道の<mark>手続き</mark>")
        assert excerpts([thing], "電気") == {} == excerpts([thing], "") == excerpts([], "水道")

    def test_a_hit_deep_in_a_long_text_is_shown(self, shelf: Shelf) -> None:
        thing = shelf.add("議事録", "あいう、" * 5_000 + "町長「道路の除雪を急ぐ」" + "えおか。" * 3_000)
        html = excerpts([thing], "除雪")[thing.pk].html
        assert "町長「道路の<mark>除雪</mark>を急ぐ」" in html and len(html) < 200

    def test_a_text_that_changed_without_the_index_shows_no_old_text(self, shelf: Shelf) -> None:
        thing = shelf.add("題", "秘密の言葉")
        shelf.pages[thing.pk] = ("別の文",)
        assert excerpts([thing], "秘密")[thing.pk].html == "別の文"
        shelf.pages[thing.pk] = ()
        assert excerpts([thing], "秘密") == {}

    def test_titles_are_marked_and_escaped(self, shelf: Shelf) -> None:
        assert marked_html("<水道> & ゴミ", "水道 ごみ") == "&lt;<mark>水道</mark>&gt; &amp; <mark>ゴミ</mark>"


class TestDeclaring:
    def test_sensitive_and_secret_fields_never_go_into_an_index(self) -> None:
        from django.apps import apps

        from yakuba.kernel.things.api import DataClass

        secret = [
            (model, name)
            for model in apps.get_models()
            for name, kind in getattr(getattr(model, "personal", None), "fields", {}).items()
            if kind in (DataClass.SECRET, DataClass.SENSITIVE)
        ]
        assert secret
        for model, name in secret:
            with pytest.raises((ValueError, TypeError)):
                searchable(model, parts=[PartOf("text", "本文", name)])

    def test_a_declaration_that_cannot_work_is_refused(self) -> None:
        with pytest.raises(ValueError, match="has no titel"):
            searchable(ErrorEntry, parts=[PartOf("title", "題名", "titel")])
        with pytest.raises(ValueError, match="names of their own"):
            searchable(ErrorEntry, parts=[])
        with pytest.raises(LookupError, match=r"declare it in the app's search\.py"):
            matching(SynonymGroup.objects.all(), "水")

    def test_a_digest_tells_texts_apart(self, shelf: Shelf) -> None:
        part = shelf.parts()[0]
        digests = {
            digest_of_texts([ReadPart(part, sections)]) for sections in ((), ("",), ("a", "b"), ("ab",), ("a\x00b",))
        }
        assert len(digests) == 5


def test_indexing_what_waits_changes_no_answer(shelf: Shelf) -> None:
    things = [shelf.add(f"水道{number}", "料金 " * number) for number in range(60)]
    before = ranked("料金")
    begin_anew(by=SYSTEM)
    assert ranked("料金") == before
    assert index_waiting(by=SYSTEM) == 40
    assert ranked("料金") == before and found("水道59") == {things[59].pk}
    while index_waiting(by=SYSTEM):
        pass
    assert ranked("料金") == before
