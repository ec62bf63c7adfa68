"""Signing in to the office by 職員番号 and password."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, EventKind
from yakuba.kernel.identity.models import Account, SignIn
from yakuba.kernel.identity.tests.people import a_persona, a_resident_account, a_staff_account, make_sample_installation
from yakuba.kernel.parameters.api import forget_installation
from yakuba.kernel.parameters.models import Installation

pytestmark = pytest.mark.django_db
PASSWORD = "tsukimi-dango-12"


@pytest.fixture
def account() -> Account:
    return a_staff_account("1001", password=PASSWORD)


def send(client: Client, number: str = "1001", password: str = PASSWORD, **more: str):
    return client.post("/office/sign-in", {"number": number, "password": password, **more})


@pytest.mark.database
def test_number_and_password_open_the_office(client: Client, account: Account) -> None:
    answer = send(client)
    assert answer.status_code == 302
    assert client.cookies["yakuba_office"]["path"] == "/office/"
    assert SignIn.objects.get(account=account).method == "password"
    event = AuditEvent.objects.get(verb="identity.sign_in", kind=EventKind.WRITE)
    assert event.actor == account.public_id
    assert client.get("/office/sign-in").status_code == 302, "whoever is inside is led on"


def test_a_number_typed_in_full_width_digits_is_the_same_number(client: Client, account: Account) -> None:
    assert send(client, number="　１００１ ").status_code == 302


@pytest.mark.parametrize(
    ("number", "password"),
    [("1001", "wrong"), ("9999", PASSWORD), ("", PASSWORD), ("1001", ""), ("1001\x00", PASSWORD), ("1001", "x" * 5000)],
)
def test_a_wrong_number_and_a_wrong_password_are_refused_alike(
    client: Client, account: Account, number: str, password: str
) -> None:
    answer = send(client, number=number, password=password)
    assert answer.status_code == 422
    assert "yakuba_office" not in client.cookies
    if number and password and len(password) < 100 and "\x00" not in number:
        assert "職員番号またはパスワードが違います。" in answer.content.decode()
        assert AuditEvent.objects.filter(verb="identity.sign_in", kind=EventKind.REFUSAL).count() == 1


def test_the_typed_number_stays_and_the_password_does_not(client: Client, account: Account) -> None:
    page = send(client, password="himitsu-no-aikotoba").content.decode()
    assert 'value="1001"' in page
    assert "himitsu" not in page


def test_the_log_never_holds_what_was_typed(client: Client, account: Account) -> None:
    send(client, number="naisho-bango", password="himitsu")
    stored = str(list(AuditEvent.objects.values()))
    assert "naisho-bango" not in stored and "himitsu" not in stored


def test_after_five_failures_the_page_says_how_long_to_wait(client: Client, account: Account) -> None:
    for _ in range(5):
        assert send(client, password="wrong").status_code == 422
    answer = send(client)
    assert answer.status_code == 429
    assert "あと5分お待ちください" in answer.content.decode()
    assert 'value="1001"' in answer.content.decode()
    assert 240 < int(answer["Retry-After"]) <= 300
    assert send(client, number="1002").status_code == 422, "another number is not held up"


def refusals() -> int:
    return AuditEvent.objects.filter(verb="identity.sign_in", kind=EventKind.REFUSAL).count()


def test_a_stranger_cannot_make_the_log_grow(client: Client, account: Account) -> None:
    for _ in range(5):
        send(client, password="wrong")
    assert refusals() == 5
    for _ in range(10):
        assert send(client, password="wrong").status_code == 429
    assert refusals() == 6, "that it went over the limit is recorded once"
    another = Client(REMOTE_ADDR="198.51.100.9")
    for number in range(20):
        another.post("/office/sign-in", {"number": f"90{number:02}", "password": "x"})
    for _ in range(10):
        another.post("/office/sign-in", {"number": "9000", "password": "x"})
    assert refusals() == 6 + 20 + 4 + 1


def test_whoever_sits_at_a_device_of_the_town_hall_cannot_make_the_log_grow(client: Client, account: Account) -> None:
    send(client, is_shared="on")
    client.post("/office/sign-out")
    for _ in range(80):
        client.post("/office/lock/open", {"who": account.public_id, "pin": "770011"})
    assert refusals() == 61, "sixty, and that there were more"
    for _ in range(10):
        client.post("/office/lock/open", {"who": account.public_id, "password": "wrong"})
    assert refusals() == 61
    assert Client(REMOTE_ADDR="198.51.100.9").post(
        "/office/sign-in", {"number": "1001", "password": "wrong"}
    ).status_code in (422, 429)
    assert refusals() == 62, "another source is recorded as ever"


def test_a_forged_forwarded_header_does_not_escape_the_counting(client: Client, account: Account) -> None:
    for hop in range(5):
        client.post(
            "/office/sign-in", {"number": "1001", "password": "x"}, headers={"X-Forwarded-For": f"198.51.100.{hop}"}
        )
    answer = client.post(
        "/office/sign-in", {"number": "1001", "password": PASSWORD}, headers={"X-Forwarded-For": "198.51.100.77"}
    )
    assert answer.status_code == 429


def test_a_locked_account_stays_outside_and_learns_whom_to_ask(client: Client) -> None:
    a_staff_account("1001", password=PASSWORD, locked_on=timezone.localdate())
    answer = send(client)
    assert answer.status_code == 422
    assert "人事担当または情報システム担当へ連絡" in answer.content.decode()
    assert not SignIn.objects.exists()


def test_somebody_who_left_is_out_from_midnight_on(client: Client) -> None:
    account = a_staff_account("1001", password=PASSWORD, leaves_on=timezone.localdate() + timedelta(days=1))
    assert send(client).status_code == 302
    from yakuba.kernel.identity.persons import person_of

    assert person_of(account, timezone.localdate()).is_signed_in
    assert not person_of(account, timezone.localdate() + timedelta(days=1)).is_signed_in
    assert not person_of(account, date(2019, 1, 1)).is_signed_in, "nor before the first day"


def test_a_resident_does_not_come_in_through_the_office_door(client: Client) -> None:
    a_resident_account("taro@example.jp", password=PASSWORD)
    assert send(client, number="taro@example.jp").status_code == 422


def test_the_office_session_is_not_sent_to_public_pages_and_opens_nothing_there(
    client: Client, account: Account
) -> None:
    send(client)
    key = client.cookies["yakuba_office"].value
    stranger = Client()
    stranger.cookies["yakuba_session"] = key
    answer = stranger.get("/my/sign-in")
    assert answer.status_code == 200
    assert "坂下 花子" not in answer.content.decode()


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_house(client: Client, account: Account, onward: str) -> None:
    answer = send(client, next=onward)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/office/")


def test_the_page_asked_for_first_is_reached(client: Client, account: Account) -> None:
    assert send(client, next="/office/plan?year=8")["Location"] == "/office/plan?year=8"


def test_a_fresh_session_key_is_given_at_sign_in(client: Client, account: Account) -> None:
    client.cookies["yakuba_office"] = "a" * 32
    send(client)
    assert client.cookies["yakuba_office"].value != "a" * 32


def test_signing_out_ends_the_stored_session(client: Client, account: Account) -> None:
    from django.contrib.sessions.models import Session

    from yakuba.kernel.identity.session_store import row_key

    send(client)
    key = client.cookies["yakuba_office"].value
    assert client.post("/office/sign-out").status_code == 302
    assert not Session.objects.filter(session_key=row_key(key)).exists()
    entry = SignIn.objects.get(account=account)
    assert (entry.end, entry.ended_at is not None) == ("signed_out", True)


def test_sign_in_asks_for_the_csrf_token(account: Account) -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 403


# The sample town


def test_a_real_town_has_no_personas_whatever_stands_in_the_table(client: Client, account: Account) -> None:
    a_persona(account, "事務局")
    page = client.get("/office/sign-in").content.decode()
    assert "だれとして" not in page and "事務局" not in page
    assert client.post("/office/sign-in/as", {"persona": account.public_id}).status_code == 404
    resident = a_resident_account()
    a_persona(resident, "町民")
    assert client.post("/my/sign-in/as", {"persona": resident.public_id}).status_code == 404


def test_one_click_makes_a_visitor_of_the_sample_town_somebody(client: Client, account: Account) -> None:
    make_sample_installation()
    a_persona(account, "事務局")
    assert "だれとして入りますか" in client.get("/office/sign-in").content.decode()
    assert client.post("/office/sign-in/as", {"persona": account.public_id}).status_code == 302
    assert SignIn.objects.get().method == "persona"
    assert client.get("/office/sign-in/as").status_code == 405, "a link alone signs nobody in"


def test_an_account_that_is_no_persona_is_not_open_to_visitors(client: Client, account: Account) -> None:
    make_sample_installation()
    assert client.post("/office/sign-in/as", {"persona": account.public_id}).status_code == 404


def test_a_resident_of_the_sample_town_enters_the_resident_face_only(client: Client) -> None:
    make_sample_installation()
    resident = a_resident_account()
    a_persona(resident, "町民")
    assert client.post("/office/sign-in/as", {"persona": resident.public_id}).status_code == 404
    assert client.post("/my/sign-in/as", {"persona": resident.public_id}).status_code == 302
    assert client.cookies["yakuba_session"]["path"] == "/"
    assert "yakuba_office" not in client.cookies


def test_a_session_of_a_persona_ends_with_the_sample_town(client: Client, account: Account, settings) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    make_sample_installation()
    a_persona(account, "事務局")
    client.post("/office/sign-in/as", {"persona": account.public_id})
    assert client.get("/office/account/").status_code == 200, "the sample town asks nobody for a second factor"
    with unaudited_writes("test"):
        Installation.objects.all().update(is_sample=False)
    forget_installation()
    assert client.get("/office/account/").status_code == 302


def test_production_asks_for_a_second_factor_by_default() -> None:
    import subprocess
    import sys

    code = "from yakuba.site.settings import sign_in; print(sign_in.YAKUBA_SECOND_FACTOR_REQUIRED)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env={"YAKUBA_MODE": "production", "PYTHONPATH": "src", "YAKUBA_HOME": str(settings.YAKUBA_HOME)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "True"
