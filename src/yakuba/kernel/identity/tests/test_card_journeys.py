"""Showing the card in a real browser: the sample town's, without JavaScript, and a provider on another site."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.harness.browser import PHONE, axe, shot
from yakuba.kernel.access.api import Role
from yakuba.kernel.identity.digital_auth.fake.provider import StrictProvider
from yakuba.kernel.identity.digital_auth.tests.pair import CLIENT, OURS, TARO, HandClock, a_double, served
from yakuba.kernel.identity.models import Account, LinkedIdentity, SignIn
from yakuba.kernel.identity.tests.people import (
    a_persona,
    a_resident_account,
    a_staff_account,
    make_sample_installation,
    sign_in,
)
from yakuba.kernel.identity.tests.test_signing_with_the_card import begin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def show_sample_card(page: Page, name: str) -> None:
    page.get_by_role("button", name="見本のカードを選ぶ").click()
    page.wait_for_url("**/my/sample-card/**")
    page.get_by_role("button", name=name).click()


@pytest.mark.smoke
def test_a_resident_registers_with_a_sample_card_on_a_phone_and_comes_back_with_it(phone: Page) -> None:
    make_sample_installation()
    phone.goto("/my/sign-in")
    phone.get_by_role("link", name="見本のカードで入る").click()
    axe(phone)
    phone.get_by_role("button", name="見本のカードを選ぶ").click()
    phone.wait_for_url("**/my/sample-card/**")
    axe(phone)
    shot(phone, "identity-sample-card")
    phone.get_by_role("button", name="見本　花子").click()
    phone.wait_for_url("**/my/digital-auth/choose")
    axe(phone)
    shot(phone, "identity-card-unknown")
    phone.get_by_label("画面に出す名前").fill("はなこ")
    phone.get_by_role("button", name="登録する", exact=True).click()
    phone.goto("/my/account/")
    expect(phone.get_by_text("見本のカードと結び付いています")).to_be_visible()
    axe(phone)
    phone.locator("form[action='/my/sign-out'] button").first.click()
    phone.goto("/my/sign-in")
    phone.get_by_role("link", name="見本のカードで入る").click()
    show_sample_card(phone, "見本　花子")
    expect(phone.get_by_role("link", name="はなこ さん")).to_be_visible()
    assert Account.objects.count() == 1 and SignIn.objects.filter(method="card").count() == 2


def test_without_javascript_a_resident_links_the_card_with_the_account_they_have(browse: Callable[..., Page]) -> None:
    make_sample_installation()
    account = a_resident_account(name="町民 太郎")
    a_persona(account, "町民")
    page = browse(size=PHONE, javascript=False)
    page.goto("/my/digital-auth/?purpose=level&next=/my/account/")
    show_sample_card(page, "見本　太郎")
    page.get_by_role("link", name="ログインして結び付ける").click()
    page.get_by_role("button", name=re.compile("町民 太郎")).click()
    page.wait_for_url("**/my/digital-auth/choose")
    page.get_by_role("button", name="結び付ける").click()
    page.wait_for_url("**/my/account/")
    expect(page.get_by_text("次からは、カードで入れます")).to_be_visible()
    assert LinkedIdentity.objects.get().account == account
    page.get_by_role("button", name="結び付けをやめる").click()
    expect(page.get_by_text("結び付けをやめました")).to_be_visible()
    assert not LinkedIdentity.objects.exists()


def test_a_browser_goes_to_a_provider_on_another_site_and_back(
    browse: Callable[..., Page], site_url: str, settings: Any, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text(json.dumps(OURS.as_dict(private=True)))
    back = f"{site_url}/my/digital-auth/callback"
    doubles: list[StrictProvider] = []

    def answer(method: str, address: str, headers: dict[str, str], body: bytes) -> Any:
        parts = urlsplit(address)
        if not parts.path.endswith("/auth"):
            return doubles[0].answer(method, address, headers, body)
        asked = doubles[0].authorisation(parse_qsl(parts.query, keep_blank_values=True))

        def onward(handler: Any) -> None:
            handler.send_response(302)
            handler.send_header("Location", doubles[0].answer_with(asked, TARO))
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        return onward

    with served(answer) as base:
        double = a_double(f"{base}/api", HandClock(timezone.now()))
        double.clients = (replace(double.clients[0], redirect_uris=(back,)),)
        doubles.append(double)
        settings.YAKUBA_DIGITAL_AUTH = {
            "URL": double.base, "ISSUER": double.issuer, "CLIENT_ID": CLIENT, "REDIRECT_URI": back, "KEY_FILE": str(key),
        }  # fmt: skip
        page = browse(expect_in_console=["third party"])
        page.goto("/my/digital-auth/?purpose=level&next=/my/account/")
        page.get_by_role("button", name="デジタル認証アプリへ進む").click()
        page.wait_for_url("**/my/digital-auth/choose")
        expect(page.get_by_text(TARO.name)).to_be_visible()


def test_the_office_page_is_accessible(desktop: Page) -> None:
    make_sample_installation()
    a_persona(a_staff_account("1001", roles=(Role.IT,)), "情報システム担当")
    desktop.goto("/office/sign-in?next=/office/digital-auth/")
    desktop.get_by_role("button", name=re.compile("情報システム担当")).click()
    desktop.wait_for_url("**/office/digital-auth/")
    axe(desktop)
    shot(desktop, "identity-office-digital-auth")


def test_a_signature_is_received_and_honestly_said_not_to_count(phone: Page, site_url: str, client: Client) -> None:
    make_sample_installation()
    sign_in(client, a_resident_account())
    address = begin(client)
    phone.context.add_cookies(
        [{"name": "yakuba_session", "value": client.cookies["yakuba_session"].value, "url": site_url}]
    )
    phone.goto(address)
    expect(phone.get_by_text("住民票の写しの申請")).to_be_visible()
    axe(phone)
    shot(phone, "identity-sign-start")
    show_sample_card(phone, "見本　太郎")
    expect(phone.get_by_text("電子署名を受け取りましたが、採用していません")).to_be_visible()
    axe(phone)
    shot(phone, "identity-sign-not-accepted")
