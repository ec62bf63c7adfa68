"""Signing in, in a real browser: passkeys of a virtual authenticator, a phone, an office screen, a locked screen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import CDPSession, Page, expect

from tests.harness.browser import DESKTOP, PHONE, axe, shot
from yakuba.kernel.access.api import Role
from yakuba.kernel.identity.models import SignIn
from yakuba.kernel.identity.tests.people import a_persona, a_resident_account, a_staff_account, make_sample_installation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "tsukimi-dango-12"


def give_authenticator(page: Page, *, verifies: bool = True) -> CDPSession:
    """A passkey device inside the browser that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal" if verifies else "usb",
        "hasResidentKey": verifies,
        "hasUserVerification": verifies,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def type_password(page: Page, number: str, *, shared: bool = False) -> None:
    page.goto("/office/sign-in?other=1")
    page.get_by_label("職員番号").fill(number)
    page.get_by_label("パスワード").fill(PASSWORD)
    if shared:
        page.get_by_label(re.compile("この端末は共用")).check()
    page.get_by_role("button", name="ログイン", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/office/account/")
    page.locator("form[action='/office/sign-out'] button").first.click()
    page.wait_for_url("**/office/sign-in")


@pytest.mark.smoke
def test_in_production_a_newcomer_makes_a_passkey_and_needs_no_password_next_time(desktop: Page, settings: Any) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    account = a_staff_account("1001", password=PASSWORD)
    give_authenticator(desktop)
    type_password(desktop, "1001")
    desktop.wait_for_url("**/office/account/set-up")
    axe(desktop)
    shot(desktop, "identity-set-up")
    desktop.get_by_role("link", name=re.compile("^パスキー")).click()
    desktop.get_by_role("button", name="登録する").click()
    desktop.wait_for_url("**/office/")
    sign_out(desktop)
    desktop.get_by_role("button", name="パスキーでログイン").click()
    desktop.wait_for_url("**/office/")
    last = SignIn.objects.filter(account=account).order_by("-pk").first()
    assert last is not None and (last.method, last.second_factor) == ("passkey", "passkey")


def test_a_plain_fido_key_is_a_second_factor_beside_the_password(browse: Callable[..., Page], settings: Any) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    a_staff_account("1001", password=PASSWORD)
    page = browse(size=DESKTOP)
    give_authenticator(page, verifies=False)
    type_password(page, "1001")
    page.wait_for_url("**/set-up")
    page.get_by_role("link", name=re.compile("^FIDOキー")).click()
    page.get_by_role("button", name="登録する").click()
    page.wait_for_url("**/office/")
    sign_out(page)
    type_password(page, "1001")
    page.wait_for_url("**/office/sign-in/check")
    axe(page)
    page.get_by_role("button", name="パスキー・FIDOキーで確認する").click()
    page.wait_for_url("**/office/")


def test_a_resident_registers_on_a_phone_and_comes_back_with_the_passkey(phone: Page) -> None:
    give_authenticator(phone)
    phone.goto("/my/register")
    axe(phone)
    phone.get_by_label("メールアドレス").fill("hanako@example.jp")
    phone.get_by_role("button", name="パスキーも作って登録する").click()
    phone.wait_for_url("**/my/register/code*")
    axe(phone)
    code = re.search(r"^\s*(\d{6})\s*$", mail.outbox[-1].body, re.M)
    assert code is not None
    phone.get_by_label("確認番号").fill(code.group(1))
    phone.get_by_role("button", name="進む").click()
    phone.wait_for_url("**/passkey/make")
    phone.get_by_role("button", name="パスキーを作る").click()
    phone.wait_for_url("**/my/")
    phone.goto("/my/account/")
    axe(phone)
    shot(phone, "identity-resident-account-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    phone.locator("form[action='/my/sign-out'] button").first.click()
    phone.goto("/my/sign-in")
    axe(phone)
    phone.get_by_role("button", name="パスキーで入る").click()
    phone.wait_for_url("**/my/")


def test_a_resident_signs_in_without_javascript(browse: Callable[..., Page]) -> None:
    a_resident_account("taro@example.jp", name="町民 太郎")
    page = browse(size=PHONE, javascript=False)
    page.goto("/my/sign-in")
    page.get_by_label("メールアドレス").fill("taro@example.jp")
    page.get_by_role("button", name="番号を送る").click()
    code = re.search(r"^\s*(\d{6})\s*$", mail.outbox[-1].body, re.M)
    assert code is not None
    page.get_by_label("確認番号").fill(code.group(1))
    page.get_by_role("button", name="進む").click()
    expect(page.get_by_text("町民 太郎")).to_be_visible()


def test_what_is_typed_stays_while_the_screen_is_locked(desktop: Page, settings: Any) -> None:
    a_staff_account("1001", password=PASSWORD, roles=(Role.IT,))
    type_password(desktop, "1001", shared=True)
    desktop.wait_for_url("**/office/")
    settings.YAKUBA_IDLE_MINUTES_SHARED = 0.05
    desktop.goto("/office/accounts/")
    typed = desktop.locator("#listing-q")
    typed.fill("三時間かけて書いた文")
    locked = desktop.get_by_role("heading", name="画面をロックしています")
    expect(locked).to_be_visible(timeout=8000)
    axe(desktop)
    shot(desktop, "identity-locked")
    settings.YAKUBA_IDLE_MINUTES_SHARED = 5
    desktop.locator("#lock-secret").fill(PASSWORD)
    desktop.get_by_role("button", name="戻る").click()
    expect(locked).to_be_hidden()
    expect(typed).to_have_value("三時間かけて書いた文")


def test_what_is_typed_stays_when_the_screen_is_locked_by_hand(browse: Callable[..., Page]) -> None:
    a_staff_account("1001", password=PASSWORD, roles=(Role.IT,))
    page = browse(size=DESKTOP)
    type_password(page, "1001")
    page.wait_for_url("**/office/")
    page.goto("/office/accounts/")
    typed = page.locator("#listing-q")
    typed.fill("三時間かけて書いた文")
    page.get_by_role("button", name="画面をロック").click()
    locked = page.get_by_role("heading", name="画面をロックしています")
    expect(locked).to_be_visible()
    axe(page)
    shot(page, "identity-locked-by-hand")
    page.keyboard.press("Escape")
    expect(locked).to_be_visible()
    page.locator("#lock-secret").fill(PASSWORD)
    page.get_by_role("button", name="戻る").click()
    expect(locked).to_be_hidden()
    expect(typed).to_have_value("三時間かけて書いた文")


def test_a_lock_that_did_not_reach_the_server_is_tried_until_it_does(browse: Callable[..., Page]) -> None:
    a_staff_account("1001", password=PASSWORD, roles=(Role.IT,))
    page = browse(size=DESKTOP)
    type_password(page, "1001")
    page.wait_for_url("**/office/")
    page.evaluate(
        """() => {
          const there = window.fetch;
          window.fetch = (...asked) => {
            window.fetch = there;
            return Promise.reject(new TypeError("no line"));
          };
        }"""
    )
    page.get_by_role("button", name="画面をロック").click()
    with page.expect_response("**/office/lock") as answer:
        expect(page.get_by_role("heading", name="画面をロックしています")).to_be_visible()
    assert answer.value.status == 200


def test_without_javascript_the_lock_leads_to_its_own_page(browse: Callable[..., Page]) -> None:
    a_staff_account("1001", password=PASSWORD)
    page = browse(size=DESKTOP, javascript=False)
    type_password(page, "1001")
    page.wait_for_url("**/office/")
    page.get_by_role("button", name="画面をロック").click()
    page.wait_for_url("**/office/lock*")
    expect(page.get_by_role("heading", name="画面をロックしています")).to_be_visible()


def test_two_people_take_turns_at_a_counter_screen(browse: Callable[..., Page]) -> None:
    a_staff_account("1001", password=PASSWORD, name="坂下 花子")
    a_staff_account("1002", password=PASSWORD, name="星 真由美")
    page = browse(size=DESKTOP)
    type_password(page, "1001", shared=True)
    page.wait_for_url("**/office/")
    page.goto("/office/account/pin")
    page.get_by_label("新しい暗証番号", exact=False).first.fill("481957")
    page.get_by_label("新しい暗証番号（もう一度）").fill("481957")
    page.get_by_role("button", name="この番号にする").click()
    page.get_by_role("button", name="画面をロック").click()
    page.get_by_role("link", name="ほかの方法・ほかの人").click()
    page.wait_for_url(re.compile(r"/office/lock\?"))
    page.get_by_role("link", name="一覧にない人でログインする").click()
    type_password(page, "1002")
    page.wait_for_url("**/office/")
    page.get_by_role("button", name="画面をロック").click()
    page.get_by_role("link", name="ほかの方法・ほかの人").click()
    page.wait_for_url(re.compile(r"/office/lock\?"))
    axe(page)
    page.get_by_role("link", name=re.compile("坂下 花子")).click()
    page.get_by_label("この端末の暗証番号").fill("481957")
    page.get_by_role("button", name="入る", exact=True).click()
    page.wait_for_url("**/office/")
    expect(page.locator(".office-bar__name")).to_have_text("坂下 花子")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_first_screen_of_the_sample_town_asks_who_one_is(
    browse: Callable[..., Page], size: tuple[int, int]
) -> None:
    make_sample_installation()
    a_persona(a_staff_account("1001", name="星 真由美"), "事務局", order=1)
    a_persona(a_staff_account("1002", name="鈴木 一郎"), "所属長", order=2)
    a_persona(a_resident_account(name="五十嵐 さくら"), "町民", order=3)
    page = browse(size=size)
    page.goto("/office/sign-in")
    axe(page)
    shot(page, f"identity-personas-{size[0]}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("button", name=re.compile("事務局")).click()
    page.wait_for_url("**/office/")


def test_the_pages_of_ones_own_account_are_for_everybody(desktop: Page) -> None:
    a_staff_account("1001", password=PASSWORD, roles=(Role.IT,))
    type_password(desktop, "1001", shared=True)
    desktop.wait_for_url("**/office/")
    for path in (
        "account/", "account/password", "account/pin", "account/set-up", "account/set-up/passkey", "account/set-up/app",
        "account/set-up/list", "accounts/", "devices/",
    ):  # fmt: skip
        desktop.goto(f"/office/{path}")
        axe(desktop)
    desktop.goto("/office/accounts/")
    desktop.get_by_role("link", name="1001").click()
    axe(desktop)
