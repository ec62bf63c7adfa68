"""One resident's way on a small phone, without JavaScript, looked at by axe; and the clerk who sees them come."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import PHONE, axe, shot
from yakuba.residents.card_support.models import Appointment, Reminder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STICKS_OUT = "document.documentElement.scrollWidth > window.innerWidth + 1"


@pytest.fixture
def desk(transactional_db: None, live_server: Any) -> Any:
    from yakuba.residents.card_support.tests.world import open_desk

    return open_desk()


def looked_at(page: Page, name: str) -> None:
    """No fault for axe at phone width, nothing sticks out at 320 pixels."""
    axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.evaluate(STICKS_OUT), f"{name} sticks out at 320 pixels"
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    shot(page, f"card-{name}")


def test_book_look_up_move_and_cancel_on_a_phone(desk, browse: Callable[..., Page]) -> None:
    first, second = desk.slot(capacity=1), desk.slot(days=6, hour=13)
    page = browse(size=PHONE, expect_in_console=["422"])  # a form that was refused
    page.goto("/card/")
    looked_at(page, "home")
    page.get_by_role("link", name="受け取り（交付）").click()
    looked_at(page, "bring")
    page.get_by_role("link", name="時間を選んで予約する").click()
    looked_at(page, "times")
    page.get_by_role("link", name=re.compile("9:00")).click()
    page.get_by_label("氏名").fill("見本 花子")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_text("入力内容を確認してください")).to_be_visible()
    looked_at(page, "refused")
    assert page.get_by_label("氏名").input_value() == "見本 花子"
    page.get_by_label("フリガナ").fill("みほん はなこ")
    page.get_by_label("電話番号").fill("0242-84-1503")
    page.get_by_role("button", name="内容を確かめる").click()
    looked_at(page, "check")
    desk.book(first)  # somebody else takes the last place while the page is read
    page.get_by_role("button", name="予約する").click()
    looked_at(page, "full")
    assert page.get_by_label("氏名").input_value() == "見本 花子"
    page.get_by_role("radio", name=re.compile("13:00")).check()
    page.get_by_role("button", name="内容を確かめる").click()
    page.get_by_role("button", name="予約する").click()
    expect(page.get_by_role("heading", name="予約しました")).to_be_visible()
    looked_at(page, "receipt")
    made = Appointment.objects.get(slot=second)
    password = page.locator("strong.number").nth(1).inner_text()

    without = browse(size=PHONE, javascript=False)
    without.goto("/my/card/lookup/")
    without.get_by_label("整理番号").fill(made.number.replace("-", ""))
    without.get_by_label("パスワード").fill(password)
    without.get_by_role("button", name="確かめる").click()
    expect(without.get_by_text("予約済み")).to_be_visible()
    third = desk.slot(days=7, hour=10)
    without.get_by_role("link", name="時間を変える").click()
    without.get_by_role("button", name=re.compile("10:00")).click()
    expect(without.get_by_text("予約を変更しました")).to_be_visible()
    made.refresh_from_db()
    assert made.slot_id == third.pk
    without.get_by_role("link", name="予約を取り消す").click()
    without.get_by_role("button", name="予約を取り消す").click()
    expect(without.get_by_text("予約を取り消しました")).to_be_visible()
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_visit_and_reminders_in_easy_japanese_and_english(desk, browse: Callable[..., Page]) -> None:
    page = browse(size=PHONE)
    page.goto("/card/")
    for language in ("ja-easy", "en"):
        page.context.add_cookies([{"name": "yakuba_language", "value": language, "url": page.url}])
        for address in ("/card/", "/card/for/apply/", "/card/times/", "/my/card/visit/group/", "/my/card/reminders/"):
            page.goto(address)
            looked_at(page, f"{language}{address.replace('/', '-')}")
    page.goto("/my/card/reminders/")
    page.get_by_label("The card expires on").fill("2034-05-01")
    page.get_by_label("Mail address").fill("hanako@example.jp")
    page.get_by_role("button", name="Send me the mail to confirm").click()
    expect(page.get_by_role("heading", name="We are sending you a mail")).to_be_visible()
    assert Reminder.objects.get().confirmed_at is None
