"""Locked screens, and several people at one device."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import path
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity import urls as identity_urls
from yakuba.kernel.identity.models import Account, Device, DeviceUser, SignIn
from yakuba.kernel.identity.rules.kept_form import MOST_CHARACTERS, fields_to_keep
from yakuba.kernel.identity.rules.pin import fault_of_pin, is_pin_open
from yakuba.kernel.identity.tests.people import a_persona, a_staff_account, make_sample_installation, sign_in

PASSWORD = "tsukimi-dango-12"
PIN = "481957"


# The rules


@pytest.mark.parametrize(
    ("pin", "is_fine"),
    [("481957", True), ("48195720", True), ("48195", False), ("481957201", False), ("111111", False),
     ("121212", False), ("123456", False), ("987654", False), ("890123", False), ("48195a", False), ("", False)],
)  # fmt: skip
def test_a_pin_nobody_guesses_at_once(pin: str, is_fine: bool) -> None:
    assert (fault_of_pin(pin) == "") is is_fine


@pytest.mark.parametrize(
    ("has_pin", "failures", "hours", "is_open"),
    [(True, 0, 1, True), (True, 4, 12, True), (True, 5, 1, False), (True, 0, 12.1, False), (False, 0, 1, False), (True, 0, -1, False)],
)  # fmt: skip
def test_a_pin_lasts_a_working_day_and_five_slips(has_pin: bool, failures: int, hours: float, is_open: bool) -> None:
    now = timezone.now()
    signed_in = now - timedelta(hours=hours)
    assert is_pin_open(has_pin=has_pin, failures=failures, fully_signed_in_at=signed_in, now=now) is is_open


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=200)), max_size=30))
def test_kept_fields_hold_no_password_and_no_token(fields: list[tuple[str, str]]) -> None:
    given_fields = [*fields, ("csrfmiddlewaretoken", "t"), ("new_password", "p"), ("pin", "1"), ("note", "x")]
    kept = fields_to_keep(given_fields)
    assert kept is not None and ("note", "x") in kept
    assert not {"csrfmiddlewaretoken", "new_password", "pin"} & {name for name, _ in kept}


def test_more_than_a_form_is_not_kept() -> None:
    assert fields_to_keep([("note", "あ" * (MOST_CHARACTERS + 1))]) is None


# The pages


@pytest.fixture
def account(db: None) -> Account:
    return a_staff_account("1001", password=PASSWORD, name="坂下 花子")


def typed_password(client: Client, number: str = "1001", **more: str):
    return client.post("/office/sign-in", {"number": number, "password": PASSWORD, **more})


def is_inside(client: Client) -> bool:
    return client.get("/office/account/").status_code == 200


def give_pin(account: Account) -> DeviceUser:
    with unaudited_writes("test"):
        DeviceUser.objects.filter(account=account).update(pin=make_password(PIN))
    return DeviceUser.objects.get(account=account)


@pytest.fixture
def notes() -> list[dict[str, str]]:
    """What reached a page that takes a form."""
    return []


@pytest.fixture
def with_form_page(notes: list[dict[str, str]], settings) -> None:
    """A page of the office that takes a form, as any app has them."""
    from django.http import HttpResponse
    from django.urls import clear_url_caches, include

    @page(Face.OFFICE, may=office_seat)
    def take(request):
        if request.method == "POST":
            notes.append(request.POST.dict())
        return HttpResponse("taken")

    import sys
    import types

    module = types.ModuleType("identity_test_urls")
    module.urlpatterns = [path("office/notes", take), path("", include("yakuba.site.urls"))]
    sys.modules["identity_test_urls"] = module
    settings.ROOT_URLCONF = "identity_test_urls"
    clear_url_caches()


def test_a_locked_screen_shows_nothing_and_leads_back_to_the_page(client: Client, account: Account) -> None:
    typed_password(client)
    answer = client.post("/office/lock", {"next": "/office/account/password"})
    assert answer["Location"] == "/office/lock?next=%2Foffice%2Faccount%2Fpassword"
    assert client.get("/office/account/")["Location"].startswith("/office/lock?next=")
    page = client.get("/office/lock?next=/office/account/password").content.decode()
    assert "画面をロックしています" in page and "坂下 花子" in page
    assert client.post("/office/lock/open", {"who": account.public_id, "password": "wrong"}).status_code == 422
    assert not is_inside(client)
    answer = client.post(
        "/office/lock/open",
        {"who": account.public_id, "password": PASSWORD, "next": "/office/account/password"},
    )
    assert answer["Location"] == "/office/account/password" and is_inside(client)
    assert SignIn.objects.count() == 1, "it is still the same session"


def test_a_session_left_alone_locks_itself_sooner_on_a_shared_device(account: Account, settings) -> None:
    own, shared = Client(), Client()
    sign_in(own, account, used=time.time() - 10 * 60)
    sign_in(shared, account, used=time.time() - 10 * 60, is_on_shared_device=True)
    assert is_inside(own)
    assert shared.get("/office/account/")["Location"].startswith("/office/lock")
    settings.YAKUBA_IDLE_MINUTES = 5
    late = Client()
    sign_in(late, account, used=time.time() - 10 * 60)
    assert not is_inside(late)


def test_reading_pages_keeps_the_session_open(client: Client, account: Account) -> None:
    sign_in(client, account, used=time.time() - 4 * 60, is_on_shared_device=True)
    assert client.get("/office/lock/alive").status_code == 200
    from yakuba.kernel.identity.queries import open_sign_ins

    assert time.time() - open_sign_ins(account)[0].last_used.timestamp() < 10


def test_what_is_sent_from_a_locked_screen_waits_for_its_sender(
    client: Client, account: Account, notes: list[dict[str, str]], with_form_page: None
) -> None:
    typed_password(client)
    client.post("/office/lock")
    answer = client.post("/office/notes?year=8", {"note": "三時間かけて書いた文", "password": "x"})
    assert answer["Location"] == "/office/lock?kept=1" and not notes
    assert "預かっています" in client.get("/office/lock?kept=1").content.decode()
    answer = client.post("/office/lock/open", {"who": account.public_id, "password": PASSWORD})
    assert answer["Location"] == "/office/lock/resume"
    page = client.get("/office/lock/resume").content.decode()
    assert "三時間かけて書いた文" in page
    answer = client.post("/office/lock/resume", {"yakuba_resume": "send", "note": "三時間かけて書いた文"})
    assert (answer.status_code, answer["Location"]) == (307, "/office/notes?year=8")
    assert client.get("/office/lock/resume").status_code == 302, "offered once"


def test_what_one_person_sent_is_never_offered_to_another(
    client: Client, account: Account, notes: list[dict[str, str]], with_form_page: None
) -> None:
    other = a_staff_account("1002", password=PASSWORD)
    typed_password(client, "1002", is_shared="on")
    typed_password(client)
    client.post("/office/lock")
    client.post("/office/notes", {"note": "ひみつ"})
    client.post("/office/lock/open", {"who": other.public_id, "password": PASSWORD})
    assert is_inside(client)
    assert client.get("/office/lock/resume").status_code == 302
    assert "ひみつ" not in client.get("/office/account/").content.decode()


def test_a_script_on_the_page_locks_and_opens_without_leaving_it(client: Client, account: Account) -> None:
    typed_password(client)
    as_json = {"headers": {"Accept": "application/json"}}
    assert client.post("/office/lock", **as_json).json() == {"locked": True}
    who = {"who": account.public_id}
    assert (
        client.post("/office/lock/open", {**who, "password": "x"}, **as_json).json()["error"]
        == "パスワードが違います。"
    )
    assert client.post("/office/lock/open", {**who, "password": PASSWORD}, **as_json).json() == {"locked": False}
    assert is_inside(client)


# Several people at one device


def test_people_of_a_shared_device_switch_by_pin(client: Client, account: Account) -> None:
    other = a_staff_account("1002", password=PASSWORD, name="星 真由美")
    typed_password(client, is_shared="on")
    typed_password(client, "1002")
    give_pin(account)
    assert "星 真由美" in client.get("/office/").content.decode()
    client.post("/office/lock")
    page = client.get("/office/lock").content.decode()
    assert "坂下 花子" in page and "星 真由美" in page
    page = client.get(f"/office/lock?who={account.public_id}").content.decode()
    assert "この端末の暗証番号" in page
    assert client.post("/office/lock/open", {"who": account.public_id, "pin": "481950"}).status_code == 422
    assert client.post("/office/lock/open", {"who": account.public_id, "pin": PIN}).status_code == 302
    assert "坂下 花子" in client.get("/office/account/").content.decode()
    assert SignIn.objects.get(account=other).end == "switched"
    assert SignIn.objects.filter(account=account).order_by("-pk").first().method == "pin"


def test_five_wrong_pins_close_the_pin_until_the_next_complete_sign_in(client: Client, account: Account) -> None:
    typed_password(client, is_shared="on")
    give_pin(account)
    client.post("/office/lock")
    for _ in range(5):
        assert client.post("/office/lock/open", {"who": account.public_id, "pin": "770011"}).status_code == 422
    answer = client.post("/office/lock/open", {"who": account.public_id, "pin": PIN})
    assert answer.status_code == 422 and "暗証番号は今は使えません" in answer.content.decode()
    typed_password(client)
    client.post("/office/lock")
    assert client.post("/office/lock/open", {"who": account.public_id, "pin": PIN}).status_code == 302


def test_yesterdays_sign_in_opens_nothing_by_pin_or_code(client: Client, account: Account) -> None:
    typed_password(client, is_shared="on")
    user = give_pin(account)
    with unaudited_writes("test"):
        DeviceUser.objects.filter(pk=user.pk).update(fully_signed_in_at=timezone.now() - timedelta(hours=13))
    client.post("/office/sign-out")
    assert "この端末の暗証番号" not in client.get(f"/office/lock?who={account.public_id}").content.decode()
    assert client.post("/office/lock/open", {"who": account.public_id, "pin": PIN}).status_code == 422
    assert client.post("/office/lock/open", {"who": account.public_id, "code": "123456"}).status_code == 422
    assert not is_inside(client)


def test_a_pin_of_one_device_is_worth_nothing_on_another(client: Client, account: Account) -> None:
    typed_password(client, is_shared="on")
    give_pin(account)
    another = Client()
    typed_password(another, is_shared="on")
    another.post("/office/sign-out")
    assert another.post("/office/lock/open", {"who": account.public_id, "pin": PIN}).status_code == 422


def test_a_password_switch_still_asks_for_the_second_factor(client: Client, account: Account) -> None:
    from yakuba.kernel.identity.persons import person_of
    from yakuba.kernel.identity.services.second_factor import add_totp
    from yakuba.kernel.values.api import SystemClock

    other = a_staff_account("1002", password=PASSWORD)
    typed_password(client, "1002", is_shared="on")
    add_totp(by=person_of(other, SystemClock().today()), account=other, secret="JBSWY3DPEHPK3PXP")
    typed_password(client)
    client.post("/office/lock")
    answer = client.post("/office/lock/open", {"who": other.public_id, "password": PASSWORD})
    assert answer["Location"] == "/office/sign-in/check"
    assert not is_inside(client)


def test_a_device_names_only_people_it_has_seen(client: Client, account: Account) -> None:
    stranger = a_staff_account("1002", password=PASSWORD)
    typed_password(client, is_shared="on")
    client.post("/office/sign-out")
    assert client.get(f"/office/lock?who={stranger.public_id}").status_code == 404
    assert client.post("/office/lock/open", {"who": stranger.public_id, "password": PASSWORD}).status_code == 404
    assert client.get(f"/office/lock/open/passkey?who={stranger.public_id}").status_code == 404


def test_a_browser_that_is_no_device_of_ours_learns_no_names(account: Account) -> None:
    assert Client().get("/office/lock")["Location"] == "/office/sign-in"
    known = Client()
    typed_password(known, is_shared="on")
    device = Device.objects.get()
    forger = Client()
    forger.cookies["yakuba_device"] = TimestampSigner(key="x" * 50, salt="yakuba.device").sign(device.public_id)
    assert forger.get("/office/lock")["Location"] == "/office/sign-in"


def test_a_device_of_ones_own_names_nobody(client: Client, account: Account) -> None:
    other = a_staff_account("1002", password=PASSWORD, name="星 真由美")
    typed_password(client, "1002")
    client.post("/office/sign-out")
    assert client.get("/office/lock")["Location"] == "/office/sign-in"
    assert client.get(f"/office/lock?who={other.public_id}")["Location"] == "/office/sign-in"
    who = {"who": other.public_id, "password": PASSWORD}
    assert client.post("/office/lock/open", who).status_code == 404
    assert client.get(f"/office/lock/open/passkey?who={other.public_id}").status_code == 404
    typed_password(client)
    client.post("/office/lock")
    page = client.get("/office/lock").content.decode()
    assert "坂下 花子" in page and "星 真由美" not in page
    assert client.get(f"/office/lock?who={other.public_id}").status_code == 404


def test_a_device_made_personal_again_names_nobody(client: Client, account: Account) -> None:
    typed_password(client, is_shared="on")
    client.post("/office/sign-out")
    with unaudited_writes("test"):
        Device.objects.update(is_shared=False)
    assert client.get("/office/lock")["Location"] == "/office/sign-in"


def test_a_leaver_is_gone_from_the_device(client: Client, account: Account) -> None:
    typed_password(client, is_shared="on")
    client.post("/office/sign-out")
    with unaudited_writes("test"):
        Account.objects.filter(pk=account.pk).update(locked_on=timezone.localdate())
    assert client.get("/office/lock")["Location"] == "/office/sign-in"
    assert client.post("/office/lock/open", {"who": account.public_id, "password": PASSWORD}).status_code == 404


def test_a_pin_is_set_on_shared_devices_only(client: Client, account: Account) -> None:
    typed_password(client)
    assert client.get("/office/account/pin").status_code == 404
    client.post("/office/account/device/share")
    assert client.get("/office/account/pin").status_code == 200
    assert client.post("/office/account/pin", {"pin": "123456", "again": "123456"}).status_code == 422
    assert client.post("/office/account/pin", {"pin": PIN, "again": PIN}).status_code == 302
    stored = DeviceUser.objects.get().pin
    assert stored and PIN not in stored
    client.post("/office/account/pin", {"act": "remove"})
    assert not DeviceUser.objects.get().pin


def test_a_persona_returns_to_its_locked_screen_with_one_click(client: Client, account: Account) -> None:
    make_sample_installation()
    a_persona(account, "担当者")
    client.post("/office/sign-in/as", {"persona": account.public_id})
    client.post("/office/lock")
    assert "そのまま戻る" in client.get("/office/lock").content.decode()
    assert client.post("/office/lock/open", {"who": account.public_id, "as_before": "1"}).status_code == 302
    assert is_inside(client)


def test_nobody_else_returns_without_showing_anything(client: Client, account: Account) -> None:
    make_sample_installation()
    typed_password(client)
    client.post("/office/lock")
    assert client.post("/office/lock/open", {"who": account.public_id, "as_before": "1"}).status_code == 422


def test_every_page_of_identity_is_declared() -> None:
    from yakuba.kernel.access.api import declaration_of

    assert all(declaration_of(pattern.callback) for pattern in identity_urls.urlpatterns)
