"""Sessions: known by a digest of their key, and over at the end of a day."""

import importlib
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.models import Account, DeviceUser, SignIn
from yakuba.kernel.identity.queries import open_sign_ins
from yakuba.kernel.identity.session_store import SessionStore, row_key
from yakuba.kernel.identity.tests.people import a_resident_account, a_staff_account, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "tsukimi-dango-12"
HOUR = 3600


@pytest.fixture
def account() -> Account:
    return a_staff_account("1001", password=PASSWORD, name="坂下 花子")


def typed_password(client: Client, **more: str):
    return client.post("/office/sign-in", {"number": "1001", "password": PASSWORD, **more})


def is_inside(client: Client) -> bool:
    return client.get("/office/account/").status_code == 200


# The key


@pytest.mark.database
def test_no_session_key_stands_in_the_database(client: Client, account: Account) -> None:
    typed_password(client)
    key = client.cookies["yakuba_office"].value
    stored = str(list(Session.objects.values())) + str(list(SignIn.objects.values()))
    assert key not in stored
    assert SignIn.objects.get().session_digest == Session.objects.get().session_key == row_key(key)
    assert is_inside(client)


def test_what_stands_in_the_database_opens_nothing(client: Client, account: Account) -> None:
    typed_password(client)
    thief = Client()
    thief.cookies["yakuba_office"] = Session.objects.get().session_key
    assert not is_inside(thief) and is_inside(client)


def test_the_digest_depends_on_a_key_outside_the_database(settings) -> None:
    before = row_key("a" * 32)
    settings.SECRET_KEY = "another"
    assert row_key("a" * 32) != before and len(before) == 40


def test_a_session_is_stored_found_renewed_and_deleted() -> None:
    store = SessionStore()
    store["a"] = 1
    store.save()
    key = store.session_key
    assert SessionStore(key)["a"] == 1 and store.exists(key)
    store.cycle_key()
    assert store.session_key != key and not store.exists(key) and SessionStore(store.session_key)["a"] == 1
    store["a"] = 2
    store.save()
    assert Session.objects.count() == 1 and SessionStore(store.session_key)["a"] == 2
    with unaudited_writes("test"):
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert SessionStore(store.session_key).get("a") is None
    store.flush()
    assert not Session.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "\x00" * 40, "../../etc/passwd", "a" * 6000, "' OR 1=1 --"])
def test_a_made_up_key_is_nobodys(client: Client, account: Account, key: str) -> None:
    assert SessionStore(key).load() == {}


def test_sessions_from_before_are_over_and_their_keys_are_gone(client: Client, account: Account) -> None:
    sign_in(client, account)
    ended = sign_in(Client(), account)
    with unaudited_writes("test"):
        SignIn.objects.filter(pk=ended.pk).update(ended_at=timezone.now(), end="elsewhere", session_digest="k" * 32)
    digests = importlib.import_module("yakuba.kernel.identity.migrations.0003_session_digests")
    with unaudited_writes("test"):
        digests.end_sessions_in_clear(apps, SimpleNamespace(connection=connection))
    assert not Session.objects.exists() and not is_inside(client)
    assert sorted(SignIn.objects.values_list("end", flat=True)) == ["elsewhere", "over"]
    assert all(one.session_digest == f"ended-{one.public_id}" for one in SignIn.objects.all())


# The end of a day


def test_an_office_session_in_use_all_day_is_over_after_twelve_hours(client: Client, account: Account) -> None:
    sign_in(client, account, began=time.time() - 11.9 * HOUR)
    assert is_inside(client) and len(open_sign_ins(account)) == 1
    late = Client()
    sign_in(late, account, began=time.time() - 12.1 * HOUR, used=time.time())
    assert late.get("/office/account/")["Location"].startswith("/office/lock")
    assert late.get("/office/lock/alive").status_code == 302
    assert len(open_sign_ins(account)) == 1, "nor is it listed as open"


def test_what_is_left_of_it_opens_by_a_complete_sign_in_only(client: Client, account: Account, settings) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    sign_in(client, account, began=time.time() - 12.1 * HOUR)
    assert "12時間" in client.get("/office/lock").content.decode()
    who = {"who": account.public_id}
    assert client.post("/office/lock/open", {**who, "code": "123456"}).status_code == 422
    as_json = {"headers": {"Accept": "application/json"}}
    answer = client.post("/office/lock/open", {**who, "password": PASSWORD}, **as_json)
    assert answer.status_code == 409 and "12時間" in answer.json()["error"]
    answer = client.post("/office/lock/open", {**who, "password": PASSWORD})
    assert answer["Location"] == "/office/account/set-up", "as at the door"
    assert not is_inside(client)


def test_what_was_typed_over_the_end_of_the_session_is_offered_after_signing_in(
    client: Client, account: Account
) -> None:
    sign_in(client, account, began=time.time() - 12.1 * HOUR)
    typed = {"old": "x", "note": "三時間かけて書いた文"}
    assert client.post("/office/account/password", typed)["Location"] == "/office/lock?kept=1"
    answer = client.post("/office/lock/open", {"who": account.public_id, "password": PASSWORD})
    assert answer["Location"] == "/office/lock/resume"
    assert "三時間かけて書いた文" in client.get("/office/lock/resume").content.decode()
    assert list(SignIn.objects.order_by("pk").values_list("end", flat=True)) == ["over", ""]


def test_what_was_typed_is_not_carried_into_another_persons_session(client: Client, account: Account) -> None:
    a_staff_account("1002", password=PASSWORD)
    sign_in(client, account, began=time.time() - 12.1 * HOUR)
    client.post("/office/account/password", {"note": "ひみつ"})
    answer = client.post("/office/sign-in", {"number": "1002", "password": PASSWORD})
    assert answer["Location"] == "/office/"
    assert "yakuba.kept_form" not in client.session


def test_a_pin_goes_on_with_the_day_it_belongs_to(client: Client, account: Account) -> None:
    typed_password(client, is_shared="on")
    client.post("/office/sign-out")
    with unaudited_writes("test"):
        DeviceUser.objects.update(
            pin=make_password("481957"), fully_signed_in_at=timezone.now() - timedelta(hours=11.99)
        )
    client.post("/office/lock/open", {"who": account.public_id, "pin": "481957"})
    assert is_inside(client)
    store = SessionStore(client.cookies["yakuba_office"].value)
    assert store["yakuba.sign_in"]["began"] == pytest.approx(time.time() - 11.99 * HOUR, abs=60)


def test_a_residents_session_is_over_after_a_day(client: Client) -> None:
    resident = a_resident_account()
    sign_in(client, resident, began=time.time() - 23.9 * HOUR)
    assert client.get("/my/account/").status_code == 200
    late = Client()
    sign_in(late, resident, began=time.time() - 24.1 * HOUR, used=time.time())
    assert late.get("/my/account/")["Location"].startswith("/my/sign-in")
    assert late.get("/my/sign-in").status_code == 200, "not led round in circles"
