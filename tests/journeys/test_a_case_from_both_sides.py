"""A resident without an account applies with papers; the town asks for a correction, decides, and the letter is read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page

from tests.harness.browser import DESKTOP, PHONE, axe
from tests.journeys.filling_in import fill_in, form_of, look, press, seat, speak
from yakuba.kernel.access.api import system_person
from yakuba.kernel.approval.api import deciders_on, requests_on
from yakuba.kernel.cases.api import Case
from yakuba.kernel.cases.models import Notice
from yakuba.kernel.cases.services import print_notice
from yakuba.kernel.identity.models import Account
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import ref_of
from yakuba.residents.procedures.tests.townspeople import town_at_work

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORM, PROCEDURE = "disaster-certificate", "damage-certificate"
NARROW = (320, 640)


def confirm_mail(page: Page) -> None:
    """Show that a mail address is one's own."""
    page.goto(f"/my/apply/{PROCEDURE}/")
    press(page, 'a.button--primary[href$="/mail/"]')
    page.locator('[name="mail"]').fill("hanako@example.jp")
    press(page, 'form button[type="submit"].button--primary')
    code = re.search(r"\d{6}", str(mail.outbox[-1].body))
    assert code
    page.locator('[name="code"]').fill(code[0])
    press(page, 'form button[type="submit"].button--primary')


def apply(page: Page, looked_at: set[str] | None) -> tuple[Case, str]:
    """Fill in and send; the case, and the password of its receipt."""
    confirm_mail(page)
    press(page, 'form button[type="submit"].button--primary')
    definition, answers = form_of(FORM)
    fill_in(page, definition, answers, looked_at=looked_at)
    if looked_at is not None:
        look(page, looked_at)
    page.locator('[name="accepts_enotice"]').check(force=True)
    press(page, 'main form button[type="submit"].button--primary')
    assert "/receipt/" in page.url, page.locator("main").inner_text()
    if looked_at is not None:
        look(page, looked_at)
    number, password = page.locator("main strong.number").all_inner_texts()
    return Case.objects.get(number=number), password


def look_up(page: Page, case: Case, password: str) -> None:
    page.goto("/my/lookup/")
    page.locator('[name="number"]').fill(case.number)
    page.locator('[name="password"]').fill(password)
    press(page, 'main form button[type="submit"].button--primary')
    assert page.url.endswith(f"/my/cases/{case.public_id}/")


def ask_correction(clerk: Page, case: Case) -> None:
    clerk.goto(f"/office/cases/{case.public_id}/correct/")
    clerk.locator('input[name="path"][value="description"]').check(force=True)
    clerk.locator('textarea[name="comment:description"]').fill("割れた窓の数も書いてください。")
    press(clerk, 'form.split button[type="submit"].button--primary')
    case.refresh_from_db()
    assert case.state == "correcting", clerk.locator("main").inner_text()[:1500]


def correct(page: Page, looked_at: set[str] | None) -> None:
    press(page, 'a.button--primary[href$="/correct/"]')
    assert (
        "割れた窓の数も書いてください" in page.locator("main").inner_text()
    )  # what the clerk wrote stays as it was written
    if looked_at is not None:
        look(page, looked_at)
    page.locator('textarea[name="description"]').fill("屋根の瓦が20枚ほど飛び、2階の窓が3枚割れた。")
    press(page, 'button[name="action"][value="send"]:not([aria-hidden])')


def decide(clerk: Page, head: Page, case: Case) -> None:
    """The clerk proposes, the head decides, the clerk makes the letter and sends it."""
    clerk.goto(f"/office/cases/{case.public_id}/propose/")
    clerk.locator('[name$="outcome"][value="approved"]').check(force=True)
    with clerk.expect_navigation():
        clerk.locator("main form").get_by_role("button", name="決裁を求める").click()
    case.refresh_from_db()
    assert case.state == "deciding", clerk.locator("main").inner_text()[:1500]
    request = requests_on(ref_of(case))[0]
    maybe = [one.staff for one in deciders_on(request, on=town_clock().today())]
    account = next(one for pk in maybe if (one := Account.objects.filter(staff_id=pk).first()) is not None)
    seat(head, account)
    head.goto(f"/office/decisions/{request.public_id}/")
    with head.expect_navigation():
        head.get_by_role("button", name="承認する").click()
    clerk.goto(f"/office/cases/{case.public_id}/")
    with clerk.expect_navigation():
        clerk.locator("main form").get_by_role("button", name="通知書を作る").first.click()
    notice = Notice.objects.get(case=case)
    print_notice(by=system_person("jobs"), notice=notice, clock=town_clock())  # the worker's part
    clerk.goto(f"/office/cases/{case.public_id}/")
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="電子で送る").click()
    axe(clerk)


def seat_clerk(page: Page, case: Case) -> None:
    person = town_at_work()._clerk(case.section)
    assert person is not None
    seat(page, Account.objects.get(public_id=person.id))


def both_sides(browse: Callable[..., Page], page: Page, looked_at: set[str] | None) -> Case:
    clerk, head = browse(size=DESKTOP), browse(size=DESKTOP)
    case, password = apply(page, looked_at)
    assert case.applicant_account == "" and case.accepts_enotice
    seat_clerk(clerk, case)
    ask_correction(clerk, case)
    look_up(page, case, password)
    correct(page, looked_at)
    case.refresh_from_db()
    assert case.state == "examining"
    decide(clerk, head, case)
    look_up(page, case, password)
    if looked_at is not None:
        look(page, looked_at)
    with page.expect_download() as download:
        page.locator('form[action*="/notices/"] button').click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF")
    notice = Notice.objects.get(case=case)
    assert notice.arrived_at is not None
    return case


@pytest.mark.timeout(180)
def test_from_the_telephone_to_the_letter(open_sample_town: None, browse: Callable[..., Page]) -> None:
    looked_at: set[str] = set()
    page = browse(size=PHONE)
    case = both_sides(browse, page, looked_at)
    page.goto(f"/my/cases/{case.public_id}/")
    with page.expect_navigation():
        page.locator('button[name="score"][value="5"]').click()
    assert "ありがとうございました" in page.locator("body").inner_text()
    assert len(looked_at) >= 8


@pytest.mark.prove
@pytest.mark.timeout(150)
@pytest.mark.parametrize("language", ["en", "ja-easy"])
def test_the_same_without_javascript_in_other_languages(
    open_sample_town: None, browse: Callable[..., Page], language: str
) -> None:
    page = browse(size=NARROW, javascript=False)
    speak(page, language)
    both_sides(browse, page, None)
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "ja")


@pytest.mark.prove
@pytest.mark.timeout(150)
@pytest.mark.parametrize("language", ["en", "ja-easy"])
def test_its_pages_pass_axe_in_other_languages_on_a_narrow_screen(
    open_sample_town: None, browse: Callable[..., Page], language: str
) -> None:
    page = browse(size=NARROW)
    speak(page, language)
    looked_at: set[str] = set()
    both_sides(browse, page, looked_at)
    assert len(looked_at) >= 8
    page.goto("/my/cases/")
    heading = page.locator("h1").first.inner_text()
    assert language != "en" or not re.search(r"[ぁ-ヿ]", heading)
