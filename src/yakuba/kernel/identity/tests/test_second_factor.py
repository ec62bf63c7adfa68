"""The second factor: asked of whoever has one, and demanded of all staff where real data are."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from yakuba.kernel.audit.models import AuditEvent, EventKind
from yakuba.kernel.identity.models import Account, SignIn
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.second_factors import factors_of
from yakuba.kernel.identity.services.second_factor import add_totp
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
PASSWORD = "tsukimi-dango-12"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def production(settings) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def account() -> Account:
    return a_staff_account("1001", password=PASSWORD)


@pytest.fixture
def with_app(account: Account) -> Account:
    add_totp(by=person_of(account, SystemClock().today()), account=account, secret=SECRET)
    return account


def code_of(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def typed_password(client: Client, **more: str):
    return client.post("/office/sign-in", {"number": "1001", "password": PASSWORD, **more})


def is_inside(client: Client) -> bool:
    return client.get("/office/account/").status_code == 200


def test_in_production_a_password_alone_leads_to_setting_up_and_nowhere_else(
    client: Client, account: Account, production: None
) -> None:
    assert typed_password(client, next="/office/account/password")["Location"] == "/office/account/set-up"
    assert not is_inside(client)
    assert not SignIn.objects.exists()
    for path in ("/office/account/", "/office/account/password", "/office/account/confirm"):
        assert client.get(path)["Location"].startswith("/office/sign-in?next="), path
    assert client.get("/office/account/set-up").status_code == 200
    for path in ("/office/account/sessions/end", "/office/account/password"):
        assert client.post(path, {"sign_in": "others"}).status_code == 403, path


def test_in_production_the_app_is_set_up_on_the_way_in(client: Client, account: Account, production: None) -> None:
    typed_password(client, next="/office/account/password")
    page = client.get("/office/account/set-up/app").content.decode()
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    assert len(secret) == 32
    assert client.post("/office/account/set-up/app", {"code": "000000"}).status_code == 422
    answer = client.post("/office/account/set-up/app", {"code": code_of(secret)})
    assert answer["Location"] == "/office/account/password", "the page asked for first"
    assert is_inside(client)
    assert SignIn.objects.get().second_factor == "totp"


def test_the_printed_list_is_set_up_on_the_way_in_once_it_is_on_paper(
    client: Client, account: Account, production: None
) -> None:
    typed_password(client)
    client.post("/office/account/set-up/list", {"act": "issue"})
    assert not factors_of(account).are_any, "nothing counts before one entry was typed from the paper"
    page = client.get("/office/account/set-up/list/print").content.decode()
    codes = re.findall(r"(\d{4}) (\d{4})", page)
    assert len(codes) == 40
    answer = client.post("/office/account/set-up/list", {"code": " ".join(codes[0])})
    assert answer.status_code == 302 and is_inside(client)
    assert factors_of(account).entries_left == 39
    assert client.get("/office/account/set-up/list/print").status_code == 302, "the codes are shown once"

    another = Client()
    assert typed_password(another)["Location"] == "/office/sign-in/check"
    assert another.post("/office/sign-in/check", {"code": "".join(codes[0])}).status_code == 422, "struck off"
    assert another.post("/office/sign-in/check", {"code": "-".join(codes[1])}).status_code == 302
    assert is_inside(another)


def test_a_new_list_that_was_never_printed_leaves_the_old_one_good(client: Client, account: Account) -> None:
    sign_in(client, account, confirmed=time.time())
    client.post("/office/account/set-up/list", {"act": "issue"})
    first = re.findall(r"(\d{4}) (\d{4})", client.get("/office/account/set-up/list/print").content.decode())
    client.post("/office/account/set-up/list", {"code": "".join(first[0])})
    client.post("/office/account/set-up/list", {"act": "issue"})
    another = Client()
    typed_password(another)
    assert another.post("/office/sign-in/check", {"code": "".join(first[5])}).status_code == 302


def test_whoever_has_a_factor_is_asked_for_it_also_outside_production(client: Client, with_app: Account) -> None:
    assert typed_password(client)["Location"] == "/office/sign-in/check"
    assert not is_inside(client)
    assert client.post("/office/sign-in/check", {"code": "123456"}).status_code == 422
    assert AuditEvent.objects.filter(kind=EventKind.REFUSAL, verb="identity.sign_in").exists()
    assert client.post("/office/sign-in/check", {"code": code_of(SECRET)}).status_code == 302
    assert is_inside(client)


def test_a_code_works_once_only(with_app: Account) -> None:
    code = code_of(SECRET)
    first, second = Client(), Client()
    typed_password(first)
    typed_password(second)
    assert first.post("/office/sign-in/check", {"code": code}).status_code == 302
    assert second.post("/office/sign-in/check", {"code": code}).status_code == 422


def test_a_code_typed_in_full_width_with_a_blank_is_the_same_code(client: Client, with_app: Account) -> None:
    code = code_of(SECRET)
    typed_password(client)
    full = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert client.post("/office/sign-in/check", {"code": f"{full[:3]} {full[3:]}"}).status_code == 302


def test_guessing_codes_ends_after_six(client: Client, with_app: Account) -> None:
    typed_password(client)
    wrong = [f"{(int(code_of(SECRET)) + 1000 * number + 7) % 1_000_000:06}" for number in range(1, 8)]
    for code in wrong[:6]:
        assert client.post("/office/sign-in/check", {"code": code}).status_code == 422
    answer = client.post("/office/sign-in/check", {"code": code_of(SECRET)})
    assert answer.status_code == 429
    assert "お待ちください" in answer.content.decode()
    assert not is_inside(client)


def test_nobody_reaches_the_check_without_the_password(client: Client, with_app: Account) -> None:
    assert client.get("/office/sign-in/check")["Location"] == "/office/sign-in"
    assert client.post("/office/sign-in/check", {"code": code_of(SECRET)})["Location"] == "/office/sign-in"
    assert client.get("/office/sign-in/check/passkey").status_code == 409
    assert not is_inside(client)


def test_somebody_with_a_factor_cannot_set_up_another_one_instead_of_showing_it(
    client: Client, with_app: Account, production: None
) -> None:
    typed_password(client)
    for path in ("", "/passkey", "/app", "/list", "/list/print"):
        assert client.get(f"/office/account/set-up{path}")["Location"] == "/office/sign-in", path
    client.post("/office/account/set-up/list", {"act": "issue"})
    client.post("/office/account/set-up/app", {"code": code_of(SECRET)})
    assert not is_inside(client)


def test_the_way_in_closes_after_a_quarter_of_an_hour(client: Client, with_app: Account, monkeypatch) -> None:
    from datetime import timedelta

    from yakuba.kernel.identity import middleware

    typed_password(client)

    class Later(SystemClock):
        def now(self):
            return SystemClock().now() + timedelta(minutes=16)

    monkeypatch.setattr(middleware, "town_clock", Later)
    assert client.get("/office/sign-in/check")["Location"] == "/office/sign-in"


def test_secrets_reach_the_database_sealed_only(with_app: Account) -> None:
    stored = str(Authenticator.objects.get().data)
    assert SECRET not in stored


def test_an_older_key_still_opens_what_it_sealed(with_app: Account, settings) -> None:
    settings.YAKUBA_SIGN_IN_KEYS = [b"a fresh key", *settings.YAKUBA_SIGN_IN_KEYS]
    client = Client()
    typed_password(client)
    assert client.post("/office/sign-in/check", {"code": code_of(SECRET)}).status_code == 302


def test_a_one_time_password_has_to_be_replaced_before_anything_else(client: Client) -> None:
    account = a_staff_account("1001", password=PASSWORD, must_change_password=True)
    assert typed_password(client)["Location"] == "/office/sign-in/password"
    assert not is_inside(client)
    answer = client.post("/office/sign-in/password", {"new": PASSWORD, "again": PASSWORD})
    assert "今のパスワードと同じです" in answer.content.decode()
    answer = client.post("/office/sign-in/password", {"new": "tanpopo", "again": "tanpopo"})
    assert answer.status_code == 422, "too short"
    answer = client.post("/office/sign-in/password", {"new": "kogarashi-to-yuki", "again": "kogarashi-to-yuki"})
    assert answer.status_code == 302 and is_inside(client)
    account.refresh_from_db()
    assert account.check_password("kogarashi-to-yuki") and not account.must_change_password


# One's own account


def test_the_ways_in_are_changed_only_by_somebody_who_has_just_shown_who_they_are(
    client: Client, with_app: Account
) -> None:
    sign_in(client, with_app, confirmed=time.time() - 3600)
    factor = Authenticator.objects.get()
    for path in ("set-up", "set-up/passkey", "set-up/passkey/options", "set-up/list", f"factors/{factor.pk}"):
        assert client.get(f"/office/account/{path}")["Location"].startswith("/office/account/confirm"), path
    assert client.post(f"/office/account/factors/{factor.pk}", {"act": "remove"}).status_code == 302
    assert Authenticator.objects.exists()
    assert client.post("/office/account/confirm", {"password": "wrong"}).status_code == 422
    answer = client.post("/office/account/confirm", {"password": PASSWORD, "next": "/office/account/set-up"})
    assert answer["Location"] == "/office/account/set-up"
    assert client.get("/office/account/set-up").status_code == 200


def test_the_last_factor_stays_where_one_is_required(client: Client, with_app: Account, production: None) -> None:
    sign_in(client, with_app, confirmed=time.time())
    factor = Authenticator.objects.get()
    answer = client.post(f"/office/account/factors/{factor.pk}", {"act": "remove"})
    assert answer.status_code == 422 and "最後の一つは消せません" in answer.content.decode()
    assert Authenticator.objects.exists()


def test_another_persons_factor_does_not_exist(client: Client, with_app: Account) -> None:
    sign_in(client, a_staff_account(), confirmed=time.time())
    factor = Authenticator.objects.get()
    assert client.post(f"/office/account/factors/{factor.pk}", {"act": "remove"}).status_code == 404
    assert Authenticator.objects.exists()


def test_changing_the_password_ends_every_other_session(client: Client, account: Account) -> None:
    typed_password(client)
    elsewhere = Client()
    typed_password(elsewhere)
    new = "kogarashi-to-yuki"
    wrong = client.post("/office/account/password", {"old": "wrong", "new": new, "again": new})
    assert wrong.status_code == 422 and "今のパスワードが違います" in wrong.content.decode()
    assert client.post("/office/account/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert is_inside(client)
    assert not is_inside(elsewhere)
    page = client.get("/office/account/").content.decode()
    assert "この画面" in page and page.count("ログアウト<span") == 1


def test_a_forgotten_session_is_ended_from_elsewhere(client: Client, account: Account) -> None:
    typed_password(client)
    elsewhere = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Edg/130"})
    typed_password(elsewhere)
    other = SignIn.objects.order_by("-pk").first()
    assert "Windows・Edge" in client.get("/office/account/").content.decode()
    assert client.post("/office/account/sessions/end", {"sign_in": other.public_id}).status_code == 302
    assert not is_inside(elsewhere) and is_inside(client)
    stranger = Client()
    sign_in(stranger, a_staff_account())
    own = SignIn.objects.filter(account=account, ended_at__isnull=True).get()
    assert stranger.post("/office/account/sessions/end", {"sign_in": own.public_id}).status_code == 404
    assert is_inside(client)


def test_all_other_sessions_end_at_once(client: Client, account: Account) -> None:
    typed_password(client)
    others = [Client(), Client()]
    for other in others:
        typed_password(other)
    client.post("/office/account/sessions/end", {"sign_in": "others"})
    assert is_inside(client) and not any(is_inside(other) for other in others)


@pytest.mark.parametrize(
    "credential",
    ["", "x", "[]", "{}", '{"response": 5}', '{"response": {}}', '{"id": "a", "rawId": "a", "response": {"userHandle": "!!"}}',
     '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"zzzzzzzzzzzzzzzzzzzzzzzzzz"}}',
     "[" * 5000, '{"response": {"userHandle": "' + "A" * 30000 + '"}}'],
)  # fmt: skip
def test_whatever_a_browser_makes_up_is_no_passkey(client: Client, account: Account, credential: str) -> None:
    client.get("/office/sign-in/passkey")
    answer = client.post("/office/sign-in/passkey", {"credential": credential})
    assert answer["Location"] == "/office/sign-in"
    typed_password(client)
    answer = client.post("/office/account/set-up/passkey", {"credential": credential, "name": "x"})
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()
