"""Residents register and sign in by themselves: by a code sent to their mail, by password, by passkey."""

import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, EventKind
from yakuba.kernel.identity.jobs import forget_old
from yakuba.kernel.identity.models import Account, AccountKind, SignIn
from yakuba.kernel.identity.tests.people import (
    a_persona,
    a_resident_account,
    a_staff_account,
    make_sample_installation,
    sign_in,
)

pytestmark = pytest.mark.django_db
PASSWORD = "tsukimi-dango-12"
HANAKO = "hanako@example.jp"


def code_in_mail() -> str:
    return re.search(r"^\s*(\d{6})\s*$", mail.outbox[-1].body, re.M).group(1)


def is_inside(client: Client) -> bool:
    return client.get("/my/account/").status_code == 200


def verified(account: Account) -> Account:
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


@pytest.mark.database
def test_a_mail_address_is_all_it_takes_to_register(client: Client) -> None:
    answer = client.post("/my/register", {"email": "Hanako@Example.jp", "next": "/my/account/password"})
    assert answer["Location"].startswith("/my/register/code")
    assert not is_inside(client), "nothing opens before the address is verified"
    assert mail.outbox[-1].to == [HANAKO] and "会津坂下町" in mail.outbox[-1].subject
    answer = client.post("/my/register/code", {"action": "verify", "code": code_in_mail()})
    assert answer.status_code == 302 and is_inside(client)
    account = Account.objects.get()
    assert (account.kind, account.email, account.has_usable_password()) == (AccountKind.RESIDENT, HANAKO, False)
    assert AuditEvent.objects.get(verb="identity.register_resident").actor == account.public_id
    assert SignIn.objects.get().method == "code"
    assert "yakuba_office" not in client.cookies and client.cookies["yakuba_session"]["path"] == "/"


def test_a_registered_resident_comes_in_with_a_code_from_the_mail(client: Client) -> None:
    verified(a_resident_account(HANAKO))
    answer = client.post("/my/sign-in", {"email": HANAKO, "next": "/my/account/mail"})
    assert answer["Location"].startswith("/my/sign-in/code?next=")
    assert client.post("/my/sign-in/code", {"action": "verify", "code": "000000"}).status_code == 422
    answer = client.post(
        "/my/sign-in/code", {"action": "verify", "code": f" {code_in_mail()} ", "next": "/my/account/mail"}
    )
    assert answer["Location"] == "/my/account/mail" and is_inside(client)
    assert AuditEvent.objects.filter(kind=EventKind.REFUSAL, verb="identity.sign_in").count() == 1


def test_three_wrong_codes_end_the_attempt(client: Client) -> None:
    verified(a_resident_account(HANAKO))
    client.post("/my/sign-in", {"email": HANAKO})
    code = code_in_mail()
    for _ in range(3):
        client.post("/my/sign-in/code", {"action": "verify", "code": "000000"})
    client.post("/my/sign-in/code", {"action": "verify", "code": code})
    assert not is_inside(client)


def test_a_code_is_sent_again_on_wish(client: Client) -> None:
    verified(a_resident_account(HANAKO))
    client.post("/my/sign-in", {"email": HANAKO})
    first = code_in_mail()
    client.post("/my/sign-in/code", {"action": "resend"})
    assert len(mail.outbox) == 2
    client.post("/my/sign-in/code", {"action": "verify", "code": code_in_mail()})
    assert is_inside(client) and first


def test_nobody_learns_whether_an_address_is_registered(client: Client) -> None:
    verified(a_resident_account(HANAKO))
    known, unknown = Client(), Client()
    pages = []
    for one, address in ((known, HANAKO), (unknown, "nobody0@example.jp")):
        first = one.post("/my/sign-in", {"email": address})
        page = one.get(first["Location"]).content.decode().replace(address, "")
        pages.append((first.status_code, first["Location"], re.sub(r'value="[^"]*"', "", page)))
    assert pages[0] == pages[1]
    assert "登録がありません" in mail.outbox[-1].subject
    again = Client().post("/my/register", {"email": HANAKO})
    assert again.status_code == 302
    assert "もう登録されています" in mail.outbox[-1].subject
    assert Account.objects.count() == 1


def test_mail_boxes_are_not_filled_by_strangers(client: Client) -> None:
    verified(a_resident_account(HANAKO))
    for _ in range(4):
        assert Client().post("/my/sign-in", {"email": HANAKO}).status_code == 302
    answer = client.post("/my/sign-in", {"email": HANAKO})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    page = answer.content.decode()
    assert "分待ってから" in page and f'value="{HANAKO}"' in page
    assert len(mail.outbox) == 4


def test_a_password_is_a_choice_for_later(client: Client) -> None:
    verified(a_resident_account(HANAKO, password=PASSWORD))
    wrong = client.post("/my/sign-in/password", {"login": HANAKO, "password": "wrong"})
    assert wrong.status_code == 422 and "メールアドレスかパスワードが違います" in wrong.content.decode()
    assert client.post("/my/sign-in/password", {"login": HANAKO, "password": PASSWORD}).status_code == 302
    assert is_inside(client) and SignIn.objects.get().method == "password"
    assert AuditEvent.objects.filter(kind=EventKind.REFUSAL, verb="identity.sign_in").count() == 1


def test_guessing_a_password_ends_after_five(client: Client) -> None:
    verified(a_resident_account(HANAKO, password=PASSWORD))
    for _ in range(5):
        assert client.post("/my/sign-in/password", {"login": HANAKO, "password": "wrong"}).status_code == 422
    answer = client.post("/my/sign-in/password", {"login": HANAKO, "password": PASSWORD})
    assert answer.status_code == 429 and f'value="{HANAKO}"' in answer.content.decode()


def test_staff_do_not_come_in_by_the_residents_door(client: Client) -> None:
    staff = a_staff_account("1001", password=PASSWORD)
    EmailAddress.objects.create(user=staff, email="staff@example.jp", verified=True, primary=True)
    client.post("/my/sign-in/password", {"login": "staff@example.jp", "password": PASSWORD})
    assert not is_inside(client)
    client.post("/my/sign-in", {"email": "staff@example.jp"})
    client.post("/my/sign-in/code", {"action": "verify", "code": code_in_mail()})
    assert not is_inside(client) and not SignIn.objects.exists()
    assert client.get("/office/account/").status_code == 302


def test_a_locked_resident_stays_outside_and_learns_whom_to_ask(client: Client) -> None:
    account = verified(a_resident_account(HANAKO, password=PASSWORD))
    with unaudited_writes("test"):
        Account.objects.filter(pk=account.pk).update(locked_on=timezone.localdate())
    answer = client.post("/my/sign-in/password", {"login": HANAKO, "password": PASSWORD})
    assert "役場へお問い合わせください" in client.get(answer["Location"]).content.decode()
    assert not SignIn.objects.exists()


def test_a_session_of_an_account_locked_meanwhile_is_not_led_round_in_circles(client: Client) -> None:
    account = a_resident_account(HANAKO)
    sign_in(client, account)
    with unaudited_writes("test"):
        Account.objects.filter(pk=account.pk).update(locked_on=timezone.localdate())
    assert client.get("/my/account/", follow=True).status_code == 200
    assert client.get("/my/sign-in").status_code == 200


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_house(client: Client, onward: str) -> None:
    verified(a_resident_account(HANAKO, password=PASSWORD))
    answer = client.post("/my/sign-in/password", {"login": HANAKO, "password": PASSWORD, "next": onward})
    assert "evil" not in answer["Location"] and "javascript" not in answer["Location"]
    other = Client()
    client.post("/my/sign-out")
    code_page = other.post("/my/sign-in", {"email": HANAKO, "next": onward})
    assert "evil" not in code_page["Location"]
    answer = other.post("/my/sign-in/code", {"action": "verify", "code": code_in_mail(), "next": onward})
    assert "evil" not in answer["Location"] and is_inside(other)


def test_a_mail_server_that_is_silent_is_no_fault_of_the_reader(client: Client, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    verified(a_resident_account(HANAKO))
    answer = client.post("/my/sign-in", {"email": HANAKO})
    assert answer.status_code == 503
    assert "メールを送れませんでした" in answer.content.decode() and HANAKO in answer.content.decode()


@pytest.mark.parametrize("path", ["/my/sign-in", "/my/register", "/my/register/passkey"])
@pytest.mark.parametrize(
    "address", ["", "hanako", "a@b", "x" * 400 + "@example.jp", "a\x00@example.jp", "a@example.jp\nBcc: b@c.jp"]
)
def test_what_is_no_mail_address_is_refused_in_plain_words(client: Client, path: str, address: str) -> None:
    answer = client.post(path, {"email": address})
    assert answer.status_code in (422, 429)
    assert not mail.outbox and not Account.objects.exists()


# One's own account


def test_the_ways_in_are_changed_only_after_showing_who_one_is(client: Client) -> None:
    account = verified(a_resident_account(HANAKO, password=PASSWORD))
    sign_in(client, account, confirmed=time.time() - 3600)
    for path in ("mail", "password", "passkeys/add", "passkeys/add/options", "close"):
        assert client.get(f"/my/account/{path}")["Location"].startswith("/my/account/confirm"), path
    assert client.post("/my/account/confirm", {"password": "wrong"}).status_code == 422
    answer = client.post("/my/account/confirm", {"password": PASSWORD, "next": "/my/account/mail"})
    assert answer["Location"] == "/my/account/mail"
    assert client.get("/my/account/mail").status_code == 200


def test_somebody_without_password_and_passkey_shows_it_by_signing_in_again(client: Client) -> None:
    account = verified(a_resident_account(HANAKO))
    sign_in(client, account, method="code", confirmed=time.time() - 3600)
    answer = client.post("/my/account/confirm", {"act": "mail", "next": "/my/account/password"})
    assert answer["Location"] == "/my/sign-in?next=%2Fmy%2Faccount%2Fpassword"
    assert not is_inside(client)


def test_changing_the_mail_address_takes_a_code_sent_to_the_new_one(client: Client) -> None:
    account = verified(a_resident_account(HANAKO))
    sign_in(client, account, confirmed=time.time())
    answer = client.post("/my/account/mail", {"action_add": "1", "email": "new@example.jp"})
    assert answer.status_code == 302 and mail.outbox[-1].to == ["new@example.jp"]
    account.refresh_from_db()
    assert account.email == HANAKO
    client.post(answer["Location"], {"action": "verify", "code": code_in_mail()})
    account.refresh_from_db()
    assert account.email == "new@example.jp"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.jp", True)]
    assert AuditEvent.objects.filter(verb="identity.mail_changed").exists()


def test_a_new_password_ends_every_other_session(client: Client) -> None:
    account = verified(a_resident_account(HANAKO, password=PASSWORD))
    elsewhere = Client()
    sign_in(elsewhere, account)
    sign_in(client, account, confirmed=time.time())
    new = "kogarashi-to-yuki"
    assert client.post("/my/account/password", {"new": "short", "again": "short"}).status_code == 422
    assert client.post("/my/account/password", {"new": new, "again": new}).status_code == 302
    assert is_inside(client) and not is_inside(elsewhere)
    account.refresh_from_db()
    assert account.check_password(new)
    assert client.post("/my/account/sessions/end", {"sign_in": SignIn.objects.filter(ended_at=None).get().public_id})
    assert not is_inside(client), "the session can still be ended by its entry"


def test_another_residents_passkeys_and_sessions_do_not_exist(client: Client) -> None:
    other = verified(a_resident_account("taro@example.jp"))
    factor = Authenticator.objects.create(
        user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "x", "credential": {}}
    )
    entry = sign_in(Client(), other)
    sign_in(client, a_resident_account(HANAKO), confirmed=time.time())
    assert client.post(f"/my/account/passkeys/{factor.pk}/remove").status_code == 404
    assert client.post("/my/account/sessions/end", {"sign_in": entry.public_id}).status_code == 404
    assert Authenticator.objects.exists()


def test_giving_the_account_up_leaves_nothing_that_opens_it(client: Client) -> None:
    account = verified(a_resident_account(HANAKO, password=PASSWORD))
    sign_in(client, account, confirmed=time.time())
    answer = client.post("/my/account/close")
    assert "利用登録をやめました" in answer.content.decode()
    account.refresh_from_db()
    assert (account.is_active, account.email, account.display_name) == (False, "", "")
    assert not is_inside(client)
    again = Client()
    again.post("/my/sign-in/password", {"login": HANAKO, "password": PASSWORD})
    assert not is_inside(again)
    fresh = Client()
    fresh.post("/my/register", {"email": HANAKO})
    fresh.post("/my/register/code", {"action": "verify", "code": code_in_mail()})
    assert is_inside(fresh), "and one may register again"


def test_a_registration_nobody_finished_is_forgotten_after_two_days() -> None:
    waiting = Client()
    waiting.post("/my/register", {"email": HANAKO})
    verified(a_resident_account("taro@example.jp"))
    persona = a_resident_account("persona@example.jp")
    a_persona(persona, "町民")
    with unaudited_writes("test"):
        Account.objects.update(created_at=timezone.now() - timedelta(days=3))
    forget_old()
    assert set(Account.objects.values_list("email", flat=True)) == {"taro@example.jp", "persona@example.jp"}


@pytest.mark.parametrize(
    "credential", ["", "x", "[]", "{}", '{"response": 5}', '{"id":"AA","rawId":"AA","response":{"userHandle":"zzzzzzzzzzzzzzzz"}}', "[" * 5000]
)  # fmt: skip
def test_whatever_a_browser_makes_up_is_no_passkey(client: Client, credential: str) -> None:
    client.get("/my/sign-in/passkey", headers={"Accept": "application/json"})
    answer = client.post("/my/sign-in/passkey", {"credential": credential})
    assert answer["Location"] == "/my/sign-in"
    assert not is_inside(client)


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize("path", ["/my/sign-in", "/my/sign-in/password", "/my/register"])
def test_the_doors_speak_three_languages(client: Client, path: str, language: str) -> None:
    client.cookies["yakuba_language"] = language
    page = client.get(path).content.decode()
    words = {"ja": "メールアドレス", "ja-easy": "メールアドレス", "en": "Email address"}
    assert words[language] in page
    if language == "en":
        assert not re.findall(
            r"[ぁ-ん]{2,}", re.sub(r"<nav.*?</nav>|<footer.*?</footer>|<header.*?</header>", "", page, flags=re.S)
        )


def test_the_sample_town_offers_its_resident(client: Client) -> None:
    make_sample_installation()
    a_persona(a_resident_account("persona@example.jp", name="五十嵐 さくら"), "町民")
    page = client.get("/my/sign-in").content.decode()
    assert "だれとして入りますか" in page and "五十嵐 さくら" in page
