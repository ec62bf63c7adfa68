"""The person reads the town's letter: electronically only if they wished it, and the first opening is its arrival."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from yakuba.kernel.access.api import system_person
from yakuba.kernel.cases.services import notice_came_back, put_on_paper
from yakuba.kernel.identity.tests.people import a_resident_account, sign_in
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import FixedClock
from yakuba.residents.procedures.tests.own import decide_and_send, let_in, send


def address(case, notice) -> str:
    return f"/my/cases/{case.public_id}/notices/{notice.public_id}/"


def test_without_an_account_the_letter_opens_after_number_and_password(client, counter) -> None:
    case, password = send(client, counter, accepts_enotice="yes")
    notice = decide_and_send(counter, case)
    browser = let_in(case, password)
    before = browser.get(f"/my/cases/{case.public_id}/").content.decode()
    assert address(case, notice) in before and "まだ開いていません" in before
    first = browser.post(address(case, notice))
    assert first["Content-Type"] == "application/pdf" and first.content.startswith(b"%PDF")
    assert first["Content-Disposition"].startswith("attachment") and first["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in first["Cache-Control"] and "sandbox" in first["Content-Security-Policy"]
    notice.refresh_from_db()
    arrived = notice.arrived_at
    assert arrived is not None
    assert browser.post(address(case, notice)).content == first.content
    notice.refresh_from_db()
    assert notice.arrived_at == arrived, "the arrival is the first opening"
    assert "何度でも開けます" in browser.get(f"/my/cases/{case.public_id}/").content.decode()


def test_the_owner_of_the_account_opens_it_too(counter) -> None:
    client, account = Client(), a_resident_account("hanako@example.jp", name="見本 花子")
    sign_in(client, account)
    case, password = send(client, counter, accepts_enotice="yes")
    assert password == ""
    notice = decide_and_send(counter, case)
    assert client.post(address(case, notice)).content.startswith(b"%PDF")
    stranger = Client()
    sign_in(stranger, a_resident_account("jiro@example.jp"))
    assert stranger.post(address(case, notice)).status_code == 404


def test_somebody_signed_in_opens_a_case_they_sent_without_their_account(client, counter) -> None:
    case, password = send(client, counter, accepts_enotice="yes")
    notice = decide_and_send(counter, case)
    browser = Client()
    sign_in(browser, a_resident_account("hanako@example.jp"))
    browser.post("/my/lookup/", {"number": case.number, "password": password})
    assert browser.post(address(case, notice)).content.startswith(b"%PDF")


def test_a_link_that_is_merely_followed_opens_nothing(client, counter) -> None:
    case, _ = send(client, counter, accepts_enotice="yes")
    notice = decide_and_send(counter, case)
    assert client.get(address(case, notice)).status_code == 405
    notice.refresh_from_db()
    assert notice.arrived_at is None
    assert Client().post(address(case, notice)).status_code == 404


def test_who_wished_paper_reads_that_it_comes_by_post(client, counter) -> None:
    case, _ = send(client, counter)
    notice = decide_and_send(counter, case)
    page = client.get(f"/my/cases/{case.public_id}/").content.decode()
    assert "に郵便で送りました" in page and address(case, notice) not in page
    answer = client.post(address(case, notice), follow=True)
    assert "紙の通知書をお送りします" in answer.content.decode()
    notice_came_back(by=counter.clerk(on=town_clock().today()), notice=notice, reason="あて所なし", clock=town_clock())
    assert "町に戻ってきました" in client.get(f"/my/cases/{case.public_id}/").content.decode()


def test_what_nobody_opened_in_time_goes_by_post_and_opens_no_more(client, counter) -> None:
    case, _ = send(client, counter, accepts_enotice="yes")
    notice = decide_and_send(counter, case)
    later = FixedClock(town_clock().today() + timedelta(days=60))
    put_on_paper(by=system_person("jobs"), notice=notice, clock=later)
    page = client.get(f"/my/cases/{case.public_id}/").content.decode()
    assert "ここで開ける期間が過ぎた" in page and address(case, notice) not in page
    assert client.post(address(case, notice)).status_code == 302
    notice.refresh_from_db()
    assert notice.arrived_at is None


def test_a_letter_the_office_still_makes_is_not_shown(client, counter) -> None:
    from yakuba.kernel.cases.tests.deciding import decided, lettered

    case, _ = send(client, counter, accepts_enotice="yes")
    notice = lettered(counter, decided(counter, case, clock=town_clock()), clock=town_clock())
    assert address(case, notice) not in client.get(f"/my/cases/{case.public_id}/").content.decode()
    assert client.post(address(case, notice)).status_code == 302
    notice.refresh_from_db()
    assert notice.arrived_at is None


@pytest.mark.parametrize("language", ["ja-easy", "en"])
def test_letters_are_explained_in_three_languages(client, counter, language) -> None:
    case, _ = send(client, counter, accepts_enotice="yes")
    decide_and_send(counter, case)
    client.cookies["yakuba_language"] = language
    page = client.get(f"/my/cases/{case.public_id}/").content.decode()
    assert "まだ開いていません" not in page
