"""Residents answer a survey and sign up for an event on a telephone; the clerk sees who waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import DESKTOP, PHONE, axe
from tests.journeys.filling_in import press, seat, speak
from yakuba.kernel.identity.models import Persona
from yakuba.office.appbuilder.models import App

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def open_door(page: Page, title: str) -> None:
    """From the list of doors to the form of one."""
    page.goto("/join/")
    page.get_by_role("link", name=title).first.click()
    axe(page)
    press(page, "main a.button--primary")


@pytest.mark.timeout(300)
def test_a_survey_is_answered_in_english_without_a_name(open_sample_town: None, browse: Callable[..., Page]) -> None:
    records = App.objects.get(title__startswith="図書室アンケート").records
    before = records.count()
    page = browse(size=PHONE)
    page.goto("/join/")
    speak(page, "en")
    open_door(page, "Survey of the library room")
    page.locator('main form input[type="radio"]').first.check(force=True)
    axe(page)
    press(page, 'main button[name="action"][value="send"]')
    expect(page.locator("main h1")).not_to_contain_text("回答")
    assert records.count() == before + 1
    answer = records.order_by("-number")[0]
    assert answer.made_by_name.startswith("入口"), "the door stands beside an anonymous answer, nobody else"


@pytest.mark.timeout(300)
def test_a_place_on_the_waiting_list_is_taken_looked_up_and_given_back(
    open_sample_town: None, browse: Callable[..., Page]
) -> None:
    app = App.objects.get(title__startswith="料理教室")
    page = browse(size=PHONE, expect_in_console=["422"])
    open_door(page, "親子料理教室")
    press(page, 'main button[name="action"][value="check"]')
    expect(page.locator("main")).to_contain_text("保護者の氏名")  # nothing written: said at its question
    page.locator('[name="name"]').fill("見本 新子")
    page.locator('[name="phone"]').fill("0242-00-0000")
    page.locator('[name="grade"][value="g34"]').check(force=True)
    press(page, 'main button[name="action"][value="check"]')
    axe(page)
    press(page, 'main button[name="action"][value="send"]')
    expect(page.locator("main")).to_contain_text("空き")
    axe(page)
    code = page.locator("main strong.break").inner_text().strip()
    record = app.records.order_by("-number")[0]
    assert record.values["name"] == "見本 新子"

    clerk = browse(size=DESKTOP)
    seat(clerk, Persona.objects.get(label="担当者").account)
    clerk.goto(app.get_absolute_url())
    expect(clerk.locator("main")).to_contain_text("見本 新子")

    later = browse(size=PHONE)
    later.goto("/my/join/lookup/")
    later.locator('[name="code"]').fill(code)
    press(later, 'main form button[type="submit"]')
    expect(later.locator("main")).to_contain_text("見本 新子")
    press(later, 'main a[href$="/cancel/"]')
    press(later, "main form button.button--danger")
    expect(later.locator("main")).to_contain_text("取")
    axe(later)
    record.refresh_from_db()
    assert record.values["state"] == "out"
