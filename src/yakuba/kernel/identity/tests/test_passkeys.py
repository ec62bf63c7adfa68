"""What a passkey is worth: both factors if it verified its person, otherwise the second one only."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.models import Account, SignIn
from yakuba.kernel.identity.tests.keys import SoftKey
from yakuba.kernel.identity.tests.people import a_resident_account, a_staff_account, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "tsukimi-dango-12"


@pytest.fixture(autouse=True)
def _production(settings) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def account() -> Account:
    return a_staff_account("1001", password=PASSWORD)


@pytest.fixture
def plain(account: Account) -> SoftKey:
    """A plain FIDO key: whoever holds it can use it."""
    return SoftKey(account, verifies=False).register()


@pytest.fixture
def passkey(account: Account) -> SoftKey:
    return SoftKey(account, verifies=True).register()


def sign_in_completely(client: Client, key: SoftKey, **more: str) -> None:
    client.post("/office/sign-in", {"number": "1001", "password": PASSWORD, **more})
    answer = client.post("/office/sign-in/check", {"credential": key.answer(client, "/office/sign-in/check/passkey")})
    assert answer.status_code == 302 and is_inside(client)


def options_of(account: Account) -> str:
    return f"/office/lock/open/passkey?who={account.public_id}"


def unlock(client: Client, account: Account, key: SoftKey):
    credential = key.answer(client, options_of(account))
    return client.post("/office/lock/open", {"who": account.public_id, "credential": credential})


def is_inside(client: Client) -> bool:
    return client.get("/office/account/").status_code == 200


def test_a_passkey_alone_signs_in(client: Client, account: Account, passkey: SoftKey) -> None:
    credential = passkey.answer(client, "/office/sign-in/passkey")
    client.post("/office/sign-in/passkey", {"credential": credential})
    assert is_inside(client) and SignIn.objects.get().method == "passkey"


def test_a_plain_key_alone_signs_nobody_in(client: Client, account: Account, plain: SoftKey) -> None:
    credential = plain.answer(client, "/office/sign-in/passkey")
    client.post("/office/sign-in/passkey", {"credential": credential})
    assert not is_inside(client) and not SignIn.objects.exists()


def test_a_question_that_asked_for_less_is_not_taken_for_a_sign_in(
    client: Client, account: Account, plain: SoftKey
) -> None:
    client.post("/office/sign-in", {"number": "1001", "password": PASSWORD})
    credential = plain.answer(client, "/office/sign-in/check/passkey")
    client.post("/office/sign-in/passkey", {"credential": credential})
    assert not is_inside(client) and not SignIn.objects.exists()


def test_a_plain_key_alone_opens_no_session_on_a_device_it_knows(
    client: Client, account: Account, plain: SoftKey
) -> None:
    sign_in_completely(client, plain, is_shared="on")
    client.post("/office/sign-out")
    assert unlock(client, account, plain).status_code == 422
    assert not is_inside(client)


def test_a_plain_key_alone_does_not_open_a_locked_screen(client: Client, account: Account, plain: SoftKey) -> None:
    sign_in_completely(client, plain)
    client.post("/office/lock")
    assert "パスキーで戻る" not in client.get("/office/lock").content.decode(), "not offered either"
    answer = unlock(client, account, plain)
    assert answer.status_code == 422 and "パスワード" in answer.content.decode()
    assert not is_inside(client)
    client.post("/office/lock/open", {"who": account.public_id, "password": PASSWORD})
    assert is_inside(client)


def test_after_the_password_a_plain_key_is_the_second_factor_on_a_device_it_knows(
    client: Client, account: Account, plain: SoftKey
) -> None:
    sign_in_completely(client, plain, is_shared="on")
    client.post("/office/sign-out")
    answer = client.post("/office/lock/open", {"who": account.public_id, "password": PASSWORD})
    assert answer["Location"] == "/office/sign-in/check" and not is_inside(client)
    credential = plain.answer(client, "/office/sign-in/check/passkey")
    client.post("/office/sign-in/check", {"credential": credential})
    assert is_inside(client)


def test_a_passkey_opens_a_locked_screen_and_a_known_device(client: Client, account: Account, passkey: SoftKey) -> None:
    sign_in_completely(client, passkey, is_shared="on")
    client.post("/office/lock")
    assert "パスキーで戻る" in client.get("/office/lock").content.decode()
    assert unlock(client, account, passkey).status_code == 302 and is_inside(client)
    client.post("/office/sign-out")
    page = client.get(f"/office/lock?who={account.public_id}").content.decode()
    assert "パスキーで入る" in page
    assert unlock(client, account, passkey).status_code == 302 and is_inside(client)
    assert SignIn.objects.order_by("-pk").first().method == "passkey"


def test_a_passkey_that_did_not_verify_this_time_is_worth_no_more_than_a_plain_key(
    client: Client, account: Account, passkey: SoftKey
) -> None:
    sign_in_completely(client, passkey)
    client.post("/office/lock")
    passkey.verifies = False
    assert unlock(client, account, passkey).status_code == 422 and not is_inside(client)


def test_a_plain_key_left_in_the_machine_does_not_confirm_who_sits_there(
    client: Client, account: Account, plain: SoftKey
) -> None:
    sign_in(client, account, confirmed=time.time() - 3600)
    credential = plain.answer(client, "/office/account/confirm/passkey")
    assert client.post("/office/account/confirm", {"credential": credential}).status_code == 422
    assert client.get("/office/account/set-up").status_code == 302
    assert client.post("/office/account/confirm", {"password": PASSWORD}).status_code == 302


def test_a_passkey_confirms_who_sits_there(client: Client, account: Account, passkey: SoftKey) -> None:
    sign_in(client, account, confirmed=time.time() - 3600)
    credential = passkey.answer(client, "/office/account/confirm/passkey")
    assert client.post("/office/account/confirm", {"credential": credential}).status_code == 302
    assert client.get("/office/account/set-up").status_code == 200


@pytest.mark.parametrize("verifies", [True, False])
def test_a_resident_confirms_and_enters_with_a_key_that_verified_only(client: Client, verifies: bool) -> None:
    resident = a_resident_account("taro@example.jp")
    with unaudited_writes("test"):
        EmailAddress.objects.create(user=resident, email=resident.email, verified=True, primary=True)
    key = SoftKey(resident, verifies=verifies).register()
    sign_in(client, resident, confirmed=time.time() - 3600)
    credential = key.answer(client, "/my/account/confirm/passkey")
    answer = client.post("/my/account/confirm", {"credential": credential})
    assert answer.status_code == (302 if verifies else 422)
    visitor = Client()
    credential = key.answer(visitor, "/my/sign-in/passkey")
    visitor.post("/my/sign-in/passkey", {"credential": credential})
    assert (visitor.get("/my/account/").status_code == 200) is verifies
