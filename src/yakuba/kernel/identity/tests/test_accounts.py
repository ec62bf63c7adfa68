"""Accounts of the staff: opened, reset, locked; and ended with the service."""

import re
import time
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from yakuba.kernel.access.api import Role, system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.jobs import end_sessions_of_locked_accounts, forget_old
from yakuba.kernel.identity.models import Account, DeviceUser, SignIn
from yakuba.kernel.identity.persons import is_usable, person_of
from yakuba.kernel.identity.services.lock_account import lock_account_of_staff, unlock_account_of_staff
from yakuba.kernel.identity.services.second_factor import add_totp
from yakuba.kernel.identity.tests.keys import SoftKey
from yakuba.kernel.identity.tests.people import a_resident_account, a_staff_account, sign_in
from yakuba.kernel.organisation.events import StaffLeft, StaffStayed
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
PASSWORD = "tsukimi-dango-12"


@pytest.fixture
def keeper(client: Client) -> Account:
    """Somebody of information systems, sitting at ``client``."""
    account = a_staff_account("9001", name="渡部 健", roles=(Role.IT,))
    sign_in(client, account, confirmed=time.time())
    return account


@pytest.fixture
def newcomer() -> Staff:
    account = a_staff_account("1001", name="坂下 花子")
    with unaudited_writes("test"):
        account.delete()
    return Staff.objects.get(number="1001")


def page_of(staff: Staff) -> str:
    return f"/office/accounts/{staff.public_id}"


@pytest.mark.database
def test_a_newcomer_gets_a_password_that_has_to_be_changed_at_once(
    client: Client, keeper: Account, newcomer: Staff
) -> None:
    assert "坂下 花子" in client.get("/office/accounts/?state=none").content.decode()
    answer = client.post(page_of(newcomer), {"act": "open"})
    slip = client.get(answer["Location"]).content.decode()
    password = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", slip).group()
    assert client.get(answer["Location"]).status_code == 302, "the slip is shown once"
    person = Client()
    entered = person.post("/office/sign-in", {"number": "1001", "password": password})
    assert entered["Location"] == "/office/sign-in/password"
    stored = str(list(AuditEvent.objects.values())) + str(list(Account.objects.values()))
    assert password not in stored


def test_nobody_gets_two_accounts(client: Client, keeper: Account, newcomer: Staff) -> None:
    client.post(page_of(newcomer), {"act": "open"})
    assert client.post(page_of(newcomer), {"act": "open"}).status_code == 422
    assert Account.objects.filter(staff=newcomer).count() == 1


def test_resetting_ends_the_sessions_of_a_stolen_password(client: Client, keeper: Account) -> None:
    account = a_staff_account("1001", password=PASSWORD)
    thief = Client()
    thief.post("/office/sign-in", {"number": "1001", "password": PASSWORD})
    client.post(page_of(account.staff), {"act": "reset"})
    assert thief.get("/office/account/").status_code == 302
    assert thief.post("/office/sign-in", {"number": "1001", "password": PASSWORD}).status_code == 422


def test_lost_factors_are_taken_away_with_all_sessions(client: Client, keeper: Account) -> None:
    account = a_staff_account("1001", password=PASSWORD)
    add_totp(by=person_of(account, SystemClock().today()), account=account, secret="JBSWY3DPEHPK3PXP")
    client.post(page_of(account.staff), {"act": "clear"})
    assert not Authenticator.objects.exists()


def one_time_password_on(client: Client, slip: str) -> str:
    return re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", client.get(slip).content.decode()).group()


def test_after_clearing_the_known_password_opens_nothing_and_the_way_in_leads_to_setting_up(
    client: Client, keeper: Account, settings
) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    account = a_staff_account("1001", password=PASSWORD)
    SoftKey(account, verifies=True).register()
    answer = client.post(page_of(account.staff), {"act": "clear"})
    password = one_time_password_on(client, answer["Location"])
    thief = Client()
    assert thief.post("/office/sign-in", {"number": "1001", "password": PASSWORD}).status_code == 422
    person = Client()
    entered = person.post("/office/sign-in", {"number": "1001", "password": password})
    assert entered["Location"] == "/office/sign-in/password"
    new = {"new": "kogarashi-to-yuki", "again": "kogarashi-to-yuki"}
    assert person.post("/office/sign-in/password", new)["Location"] == "/office/account/set-up"
    assert person.get("/office/account/")["Location"].startswith("/office/sign-in")
    assert not SignIn.objects.filter(account=account).exists()


def test_clearing_closes_every_way_back_on_known_devices(client: Client, keeper: Account, settings) -> None:
    account = a_staff_account("1001", password=PASSWORD)
    person = Client()
    person.post("/office/sign-in", {"number": "1001", "password": PASSWORD, "is_shared": "on"})
    with unaudited_writes("test"):
        DeviceUser.objects.update(pin=make_password("481957"))
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    client.post(page_of(account.staff), {"act": "clear"})
    assert person.post("/office/lock/open", {"who": account.public_id, "pin": "481957"}).status_code == 422
    assert not DeviceUser.objects.get(account=account).is_recent(timezone.now())
    assert person.get("/office/account/").status_code == 302


def test_somebody_half_way_in_with_the_old_password_is_turned_away_by_a_new_one(
    client: Client, keeper: Account, settings
) -> None:
    settings.YAKUBA_SECOND_FACTOR_REQUIRED = True
    account = a_staff_account("1001", password=PASSWORD)
    thief = Client()
    thief.post("/office/sign-in", {"number": "1001", "password": PASSWORD})
    client.post(page_of(account.staff), {"act": "reset"})
    new = {"new": "kogarashi-to-yuki", "again": "kogarashi-to-yuki"}
    assert thief.post("/office/sign-in/password", new)["Location"] == "/office/sign-in"
    account.refresh_from_db()
    assert account.must_change_password and not account.check_password("kogarashi-to-yuki")


def test_a_reissued_password_ends_pins_and_codes_of_known_devices(client: Client, keeper: Account) -> None:
    account = a_staff_account("1001", password=PASSWORD)
    person = Client()
    person.post("/office/sign-in", {"number": "1001", "password": PASSWORD, "is_shared": "on"})
    with unaudited_writes("test"):
        DeviceUser.objects.update(pin=make_password("481957"))
    client.post(page_of(account.staff), {"act": "reset"})
    user = DeviceUser.objects.get(account=account)
    assert not user.pin and not user.is_recent(timezone.now())
    assert person.post("/office/lock/open", {"who": account.public_id, "pin": "481957"}).status_code == 422


def test_a_pin_is_no_way_round_a_password_that_has_to_be_changed(client: Client) -> None:
    account = a_staff_account("1001", password=PASSWORD)
    client.post("/office/sign-in", {"number": "1001", "password": PASSWORD, "is_shared": "on"})
    client.post("/office/sign-out")
    with unaudited_writes("test"):
        DeviceUser.objects.update(pin=make_password("481957"))
        Account.objects.update(must_change_password=True)
    answer = client.post("/office/lock/open", {"who": account.public_id, "pin": "481957"})
    assert answer["Location"].startswith("/office/sign-in?other=1")
    assert client.get("/office/sign-in/password")["Location"] == "/office/sign-in", "nor does it change the password"
    assert client.get("/office/account/").status_code == 302


def test_a_passkey_leads_to_changing_a_reissued_password_first(client: Client, keeper: Account) -> None:
    account = a_staff_account("1001", password=PASSWORD)
    key = SoftKey(account, verifies=True).register()
    client.post(page_of(account.staff), {"act": "reset"})
    person = Client()
    answer = person.post("/office/sign-in/passkey", {"credential": key.answer(person, "/office/sign-in/passkey")})
    assert answer["Location"] == "/office/sign-in/password"
    assert person.get("/office/account/").status_code == 302
    new = {"new": "kogarashi-to-yuki", "again": "kogarashi-to-yuki"}
    assert person.post("/office/sign-in/password", new).status_code == 302
    assert person.get("/office/account/").status_code == 200


DIRECTORY = {"kind": "ldap", "server": "ldaps://dc1.example.lg.jp", "base": "dc=example"}


def test_a_password_the_directory_keeps_is_not_reissued_here(client: Client, keeper: Account, settings) -> None:
    settings.YAKUBA_DIRECTORY = DIRECTORY
    account = a_staff_account("1001")
    assert "再発行する" not in client.get(page_of(account.staff)).content.decode()
    answer = client.post(page_of(account.staff), {"act": "reset"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "LDAP" in page and "dc1.example.lg.jp" in page
    account.refresh_from_db()
    assert not account.has_usable_password() and not account.must_change_password


def test_clearing_factors_leaves_the_directory_in_charge_of_the_password(
    client: Client, keeper: Account, settings
) -> None:
    settings.YAKUBA_DIRECTORY = DIRECTORY
    account = a_staff_account("1001")
    SoftKey(account, verifies=True).register()
    assert client.post(page_of(account.staff), {"act": "clear"}).status_code == 302
    account.refresh_from_db()
    assert not account.has_usable_password() and not Authenticator.objects.filter(user=account).exists()


@pytest.mark.parametrize("act", ["reset", "clear", "lock", "unlock"])
def test_an_unattended_screen_changes_nobodys_account(client: Client, act: str) -> None:
    sign_in(client, a_staff_account("9001", roles=(Role.IT,)), confirmed=time.time() - 3600)
    account = a_staff_account("1001", password=PASSWORD)
    add_totp(by=person_of(account, SystemClock().today()), account=account, secret="JBSWY3DPEHPK3PXP")
    more = {"from_day": timezone.localdate().isoformat(), "reason": "長期休職"}
    answer = client.post(page_of(account.staff), {"act": act, **more})
    assert answer["Location"].startswith("/office/account/confirm?next=")
    account.refresh_from_db()
    assert account.check_password(PASSWORD) and account.locked_on is None and Authenticator.objects.exists()


def test_what_was_typed_before_the_confirmation_is_sent_after_it(client: Client) -> None:
    keeper = a_staff_account("9001", password=PASSWORD, roles=(Role.IT,))
    sign_in(client, keeper, confirmed=time.time() - 3600)
    account = a_staff_account("1001", password=PASSWORD)
    typed = {"act": "lock", "from_day": timezone.localdate().isoformat(), "reason": "長期休職"}
    answer = client.post(page_of(account.staff), typed)
    onward = answer["Location"].partition("next=")[2].replace("%2F", "/")
    answer = client.post("/office/account/confirm", {"password": PASSWORD, "next": onward})
    assert answer["Location"] == "/office/lock/resume"
    assert "長期休職" in client.get(answer["Location"]).content.decode()
    answer = client.post(answer["Location"], {"yakuba_resume": "send", **typed})
    assert answer.status_code == 307
    client.post(answer["Location"], typed)
    account.refresh_from_db()
    assert account.locked_reason == "長期休職"


@pytest.mark.parametrize("act", ["reset", "clear"])
def test_nobody_goes_round_the_last_factor_by_the_page_of_accounts(client: Client, keeper: Account, act: str) -> None:
    SoftKey(keeper, verifies=True).register()
    answer = client.post(page_of(keeper.staff), {"act": act})
    assert answer.status_code == 422 and "自分の" in answer.content.decode()
    assert Authenticator.objects.filter(user=keeper).exists()
    assert "再発行する" not in client.get(page_of(keeper.staff)).content.decode()


def test_locking_takes_effect_on_the_next_click(client: Client, keeper: Account) -> None:
    account = a_staff_account("1001")
    person = Client()
    sign_in(person, account)
    assert person.get("/office/account/").status_code == 200
    today = timezone.localdate().isoformat()
    assert client.post(page_of(account.staff), {"act": "lock", "from_day": today, "reason": ""}).status_code == 422
    client.post(page_of(account.staff), {"act": "lock", "from_day": today, "reason": "長期休職"})
    assert person.get("/office/account/").status_code == 302
    assert "長期休職" in client.get(page_of(account.staff)).content.decode()
    client.post(page_of(account.staff), {"act": "unlock"})
    account.refresh_from_db()
    assert is_usable(account, timezone.localdate())


def test_nobody_locks_oneself_out(client: Client, keeper: Account) -> None:
    today = timezone.localdate().isoformat()
    answer = client.post(page_of(keeper.staff), {"act": "lock", "from_day": today, "reason": "x"})
    assert answer.status_code == 422 and "自分のアカウントは停止できません" in answer.content.decode()


@pytest.mark.parametrize("role", [None, Role.SECRETARIAT, Role.SECTION_HEAD, Role.MAYOR])
def test_accounts_are_for_personnel_and_information_systems(client: Client, newcomer: Staff, role: Role | None) -> None:
    sign_in(client, a_staff_account(roles=(role,) if role else ()))
    assert client.get("/office/accounts/").status_code == 403
    assert client.get(page_of(newcomer)).status_code == 403
    assert client.post(page_of(newcomer), {"act": "open"}).status_code == 403
    assert not Account.objects.filter(staff=newcomer).exists()


def test_the_auditor_reads_and_the_reading_is_logged(client: Client, newcomer: Staff) -> None:
    a_staff_account("1002")
    sign_in(client, a_staff_account(roles=(Role.AUDITOR,)))
    assert client.get("/office/accounts/").status_code == 200
    assert AuditEvent.objects.filter(verb="identity.account_list", kind="view").exists()
    assert client.post(page_of(newcomer), {"act": "open"}).status_code == 403
    assert not Account.objects.filter(staff=newcomer).exists()


def test_the_list_is_found_by_reading_and_leaves_as_a_file(client: Client, keeper: Account) -> None:
    assert client.get("/office/accounts/?q=9001&state=open&factor=no").status_code == 200
    answer = client.get("/office/accounts/?export=csv")
    assert (
        "9001" in b"".join(answer).decode("utf-8-sig")
        if answer.streaming
        else "9001" in answer.content.decode("utf-8-sig")
    )


def test_a_leaver_is_locked_from_the_first_day_out_of_service() -> None:
    account = a_staff_account("1001")
    last = timezone.localdate() + timedelta(days=3)
    with unaudited_writes("test"):
        lock_account_of_staff(StaffLeft(staff_id=account.staff_id, leaves_on=last.isoformat()))
    account.refresh_from_db()
    assert is_usable(account, last - timedelta(days=1)) and not is_usable(account, last)
    with unaudited_writes("test"):
        unlock_account_of_staff(StaffStayed(staff_id=account.staff_id, leaves_on=""))
    account.refresh_from_db()
    assert is_usable(account, last)


def test_somebody_already_gone_loses_the_open_session_at_once() -> None:
    account = a_staff_account("1001")
    person = Client()
    sign_in(person, account)
    with unaudited_writes("test"):
        lock_account_of_staff(StaffLeft(staff_id=account.staff_id, leaves_on=timezone.localdate().isoformat()))
    assert SignIn.objects.get().end == "locked"
    assert person.get("/office/account/").status_code == 302


def test_a_lock_made_by_hand_outlives_a_renewed_term() -> None:
    account = a_staff_account("1001", locked_on=date(2025, 1, 1), locked_reason="調査中")
    with unaudited_writes("test"):
        unlock_account_of_staff(StaffStayed(staff_id=account.staff_id, leaves_on=""))
    account.refresh_from_db()
    assert not is_usable(account, timezone.localdate())


def test_staff_without_an_account_may_leave() -> None:
    with unaudited_writes("test"):
        lock_account_of_staff(StaffLeft(staff_id=4711, leaves_on="2026-04-01"))


def test_at_midnight_the_sessions_of_leavers_are_thrown_away() -> None:
    account = a_staff_account("1001")
    sign_in(Client(), account)
    stays = a_staff_account("1002")
    sign_in(Client(), stays)
    with unaudited_writes("test"):
        Account.objects.filter(pk=account.pk).update(locked_on=timezone.localdate())
    end_sessions_of_locked_accounts()
    assert SignIn.objects.get(account=account).ended_at is not None
    assert SignIn.objects.get(account=stays).ended_at is None


def test_sign_ins_are_forgotten_after_their_time() -> None:
    account = a_staff_account("1001")
    old, new = sign_in(Client(), account), sign_in(Client(), account)
    with unaudited_writes("test"):
        SignIn.objects.filter(pk=old.pk).update(started_at=timezone.now() - timedelta(days=401))
    forget_old()
    assert list(SignIn.objects.all()) == [new]


def test_a_staff_account_cannot_hold_a_mail_address() -> None:
    from django.db import IntegrityError, transaction

    account = a_staff_account("1001")
    with unaudited_writes("test"), pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(email="hanako@example.jp")
    a_resident_account("taro@example.jp")


def test_devices_are_named_by_information_systems(client: Client, keeper: Account) -> None:
    a_staff_account("1001", password=PASSWORD)
    Client().post("/office/sign-in", {"number": "1001", "password": PASSWORD, "is_shared": "on"})
    from yakuba.kernel.identity.models import Device

    device = Device.objects.get()
    assert client.get("/office/devices/").status_code == 200
    assert "1001" in client.get(f"/office/devices/{device.public_id}").content.decode()
    client.post(f"/office/devices/{device.public_id}", {"name": "町民課 窓口1", "is_shared": ""})
    device.refresh_from_db()
    assert (device.name, device.is_shared) == ("町民課 窓口1", False)


def test_the_system_locks_accounts_in_its_own_name() -> None:
    account = a_staff_account("1001")
    with unaudited_writes("test"):
        lock_account_of_staff(StaffLeft(staff_id=account.staff_id, leaves_on="2026-04-01"))
    assert AuditEvent.objects.get(verb="identity.follow_service").actor == system_person("organisation").id


def test_the_organisation_is_heard_in_its_own_transaction() -> None:
    from yakuba.kernel.events.api import subscriptions_to

    for event in (StaffLeft, StaffStayed):
        assert [one.is_together for one in subscriptions_to(event) if "identity" in one.subscriber_name] == [True]
