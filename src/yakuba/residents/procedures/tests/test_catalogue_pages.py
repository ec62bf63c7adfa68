"""Residents find procedures, read them in their language and are guided; no page needs JavaScript or an account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.queries.delivery import life_events
from yakuba.kernel.catalogue.queries.guide import guides
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.tests.arranged import CLOCK, SECRETARY, TODAY, brought_in, town_hall
from yakuba.kernel.values.api import FiscalYear

pytestmark = pytest.mark.django_db

SOME = (
    "dog-registration", "dog-change", "bulky-waste", "moving-in", "moving-out", "seal-certificate", "residence-certificate",
    "birth-registration", "death-registration", "household-change", "funeral-benefit", "opinion",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    import yakuba.kernel.identity.middleware as identity

    monkeypatch.setattr(identity, "town_clock", lambda: CLOCK)


@pytest.fixture
def town(db: None) -> None:
    town_hall()
    for key in SOME:
        brought_in(key)


@pytest.fixture
def dog_online(town: None) -> None:
    services.open_channel(
        by=SECRETARY, procedure=Procedure.objects.get(key="dog-registration"), kind=ChannelKind.PREFECTURE,
        target="https://example.lg.jp/dog", decision="8坂第1号", live_since=TODAY, clock=CLOCK,
    )  # fmt: skip


def page(client: Client, address: str, status: int = 200, language: str = "ja") -> str:
    client.cookies["yakuba_language"] = language
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_everyday_words_find_the_procedure(client: Client, town: None) -> None:
    assert "粗大ごみの収集申込" in page(client, "/procedures/?q=ゴミ")
    assert "死亡届" in page(client, "/procedures/?q=葬式")
    assert "見つかりませんでした" in page(client, "/procedures/?q=宇宙旅行")


def test_a_whole_phrase_finds_it_too(client: Client, town: None) -> None:
    assert "転出届" in page(client, "/procedures/?q=引っ越しの手続きをしたい")


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "' OR 1=1 --", "\x00%", "あ" * 5000, '"%_\\', "　　"])
def test_hostile_searches_are_just_words(client: Client, town: None, words: str) -> None:
    answer = client.get("/procedures/", {"q": words})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_only_what_is_online_when_asked_for(client: Client, dog_online: None) -> None:
    found = page(client, "/procedures/?q=犬&online=1")
    assert "犬の登録申請" in found
    assert "犬の登録事項の変更" not in found
    assert "犬の登録申請" in page(client, "/procedures/online/")


def test_a_procedure_that_is_not_online_says_so_and_names_the_counter(client: Client, town: None) -> None:
    told = page(client, "/procedures/seal-certificate/")
    assert "まだオンラインではできません" in told
    assert "戸籍窓口班" in told
    assert "8:30〜17:15" in told
    assert "オンラインで始める" not in told


def test_an_online_procedure_has_a_button_that_leads_there(client: Client, dog_online: None) -> None:
    told = page(client, "/procedures/dog-registration/")
    assert 'href="https://example.lg.jp/dog"' in told
    assert "町の外のサイト" in told
    assert "まだオンラインではできません" not in told


def test_what_the_town_has_not_confirmed_is_marked(client: Client, town: None) -> None:
    told = page(client, "/procedures/dog-registration/")
    assert "3,000円" in told
    assert "金額は目安です" in told
    assert "まだ確かめていないこと" in told
    assert "未確認" in page(client, "/procedures/opinion/")  # no legal ground is known


def test_confirmed_facts_lose_the_mark(client: Client, town: None) -> None:
    dog = Procedure.objects.get(key="dog-registration")
    evidence = {fact: {"certain": True, "source": "町手数料条例"} for fact in ("fee", "who", "when", "documents")}
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"evidence": evidence}, note="", clock=CLOCK
    )
    told = page(client, "/procedures/dog-registration/")
    assert "金額は目安です" not in told


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "必要なもの"), ("ja-easy", "いる もの"), ("en", "What to bring")],
)
def test_pages_speak_three_languages(client: Client, town: None, language: str, words: str) -> None:
    assert words in page(client, "/procedures/residence-certificate/", language=language)


def test_english_pages_hold_no_japanese_but_names_and_laws(client: Client, dog_online: None) -> None:
    for address in ("/procedures/", "/procedures/dog-registration/", "/procedures/guide/", "/procedures/guide/moving/"):
        told = page(client, address, language="en")
        told = re.sub(r'<(\w+)[^>]*lang="ja"[^>]*>.*?</\1>', "", told, flags=re.S)
        main = told[told.index("<main") : told.index("</main>")]
        assert not re.search(r"[ぁ-んァ-ヶ]", main), re.findall(r".{20}[ぁ-んァ-ヶ]+.{20}", main)[:3]


def test_short_addresses_lead_to_the_procedure(client: Client, town: None) -> None:
    assert client.get("/p/72")["Location"] == "/procedures/dog-registration/"
    assert client.get("/p/9999").status_code == 404


def test_what_is_taken_off_the_public_pages_is_gone_everywhere(client: Client, town: None) -> None:
    dog = Procedure.objects.get(key="dog-registration")
    services.show_procedure(by=SECRETARY, procedure=dog, is_shown=False, clock=CLOCK)
    page(client, "/procedures/dog-registration/", status=404)
    assert client.get("/p/72").status_code == 404
    assert "犬の登録申請" not in page(client, "/procedures/list/")
    assert "犬の登録申請" not in page(client, "/procedures/?q=犬")


def test_every_life_event_has_its_page(client: Client, town: None) -> None:
    events = {event for one in Procedure.objects.all() for event in one.content.events}
    for event in life_events():
        page(client, f"/procedures/events/{event.key}/", status=200 if event.key in events else 404)
    page(client, "/procedures/events/nowhere/", status=404)


# ------------------------------------------------------------------ guide


def test_the_guide_asks_first_and_then_lists_what_applies(client: Client, town: None) -> None:
    assert "どの引越しですか" in page(client, "/procedures/guide/moving/")
    told = page(
        client,
        "/procedures/guide/moving/?direction=into&moved_on=2026-11-20&insurance=company&things=dog"
        "&seen=moved_on&seen=family&seen=things",
    )
    assert "転入届・転居届" in told
    assert "令和8年12月4日" in told
    assert "転出届" not in told[told.index("<main") :]
    assert "持ち物のまとめ" in told
    assert "戸籍窓口班" in told
    assert "運転免許証" in told


def test_a_question_without_an_answer_is_asked_again_and_the_others_are_kept(client: Client, town: None) -> None:
    told = page(
        client,
        "/procedures/guide/moving/?insurance=company&seen=direction&seen=insurance&seen=family&seen=things&seen=moved_on",
    )
    assert "一つ選んでください" in told
    assert 'name="insurance" value="company"' in told


def test_a_passed_last_day_says_what_to_do(client: Client, town: None) -> None:
    told = page(
        client,
        "/procedures/guide/bereavement/?died_on=2026-10-01&insurance=company&was=head&seen=died_on&seen=was",
    )
    assert "期限を過ぎています" in told
    assert "すぐに窓口へ" in told


def test_answers_stand_in_the_address_only(client: Client, town: None) -> None:
    from yakuba.kernel.audit.models import AuditEvent

    before = AuditEvent.objects.count()
    page(client, "/procedures/guide/bereavement/?died_on=2026-11-20&insurance=national&seen=was")
    assert AuditEvent.objects.count() == before
    assert "sessionid" not in client.cookies


def test_a_link_in_the_answers_asks_one_question_again(client: Client, town: None) -> None:
    told = page(
        client, "/procedures/guide/moving/?direction=out&insurance=company&seen=moved_on&seen=family&seen=things"
    )
    again = re.search(r'href="(\?[^"]*)">変える', told)
    assert again is not None
    assert "direction=" not in again.group(1)


def test_the_list_prints_on_paper_of_its_own(client: Client, town: None) -> None:
    told = page(
        client,
        "/procedures/guide/moving/?direction=out&insurance=company&seen=moved_on&seen=family&seen=things&print=1",
    )
    assert 'class="paper"' in told


@pytest.mark.parametrize("event", sorted(guides()))
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_guide_opens_in_every_language(client: Client, town: None, event: str, language: str) -> None:
    page(client, f"/procedures/guide/{event}/", language=language)


@pytest.mark.parametrize(
    "query",
    ["direction=%00", "moved_on=9999-99-99", "seen=" + "&seen=".join("x" * 100 for _ in range(200)), "a" * 3000],
)
def test_hostile_answers_are_no_answers(client: Client, town: None, query: str) -> None:
    assert client.get(f"/procedures/guide/moving/?{query}").status_code in (200, 400)


# ------------------------------------------------------------------ yearly figures


def test_published_figures_stand_on_the_page_and_in_the_file(client: Client, town: None) -> None:
    for key, count in (("moving-out", 1200), ("dog-registration", 3)):
        services.enter_yearly_count(
            by=SECRETARY, procedure=Procedure.objects.get(key=key), year=FiscalYear(2025), kind=ChannelKind.COUNTER,
            count=count, source="台帳", seen_edition=0, clock=CLOCK,
        )  # fmt: skip
    assert "まだ公表していません" in page(client, "/procedures/figures/")
    page(client, "/procedures/figures/2025/", status=404)
    services.publish_year(by=SECRETARY, year=FiscalYear(2025), note="", clock=CLOCK)
    told = page(client, "/procedures/figures/2025/")
    assert "1,200" in told
    assert "5件未満" in told
    file = client.get("/procedures/figures/2025.csv").content.decode("utf-8-sig")
    assert "転出届,1200,0,0.0" in file
    assert "犬の登録申請,5件未満" in file


@pytest.fixture(autouse=True)
def _language() -> Iterator[Any]:
    yield
    translation.deactivate()
