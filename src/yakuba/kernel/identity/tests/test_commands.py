"""``yakuba account``."""

import re

import pytest
from click.testing import CliRunner
from django.test import Client

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.cli import account as command
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_staff_account
from yakuba.kernel.values.api import Refusal

pytestmark = pytest.mark.django_db


def run(*arguments: str):
    return CliRunner().invoke(command, arguments)


def test_the_first_account_of_an_empty_town_hall_is_opened_from_the_machine() -> None:
    account = a_staff_account("1001")
    with unaudited_writes("test"):
        account.delete()
    shown = run("open", "1001")
    assert shown.exit_code == 0
    password = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", shown.output).group()
    entered = Client().post("/office/sign-in", {"number": "1001", "password": password})
    assert entered["Location"] == "/office/sign-in/password"


def test_a_reset_gives_a_new_password_and_a_lock_ends_it() -> None:
    a_staff_account("1001", password="tsukimi-dango-12")
    assert run("reset", "1001", "--clear-factors").exit_code == 0
    assert Account.objects.get().must_change_password
    assert run("lock", "1001", "--reason", "紛失").exit_code == 0
    assert Account.objects.get().locked_reason == "紛失"
    assert run("unlock", "1001").exit_code == 0
    assert Account.objects.get().locked_on is None


def test_in_an_emergency_a_password_of_this_system_stands_in_for_the_directory_until_it_is_back(settings) -> None:
    settings.YAKUBA_DIRECTORY = {"kind": "ldap", "server": "ldaps://dc1.example.lg.jp", "base": "dc=example"}
    account = a_staff_account("1001")
    refused = run("reset", "1001")
    assert isinstance(refused.exception, Refusal) and "LDAP" in refused.exception.message
    assert "--instead-of-directory" in refused.exception.hint
    cleared = run("reset", "1001", "--clear-factors")
    assert cleared.exit_code == 0 and "認証基盤の側でも" in cleared.output
    shown = run("reset", "1001", "--instead-of-directory")
    assert shown.exit_code == 0 and "yakuba account to-directory 1001" in shown.output
    password = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", shown.output).group()
    person = Client()
    entered = person.post("/office/sign-in", {"number": "1001", "password": password})
    assert entered["Location"] == "/office/sign-in/password"
    assert run("to-directory", "1001").exit_code == 0
    account.refresh_from_db()
    assert not account.has_usable_password() and not account.must_change_password
    new = {"new": "kogarashi-to-yuki", "again": "kogarashi-to-yuki"}
    assert person.post("/office/sign-in/password", new)["Location"] == "/office/sign-in"


def test_nobody_is_sent_to_a_directory_there_is_not() -> None:
    account = a_staff_account("1001", password="tsukimi-dango-12")
    assert isinstance(run("to-directory", "1001").exception, Refusal)
    account.refresh_from_db()
    assert account.has_usable_password()


@pytest.mark.parametrize("words", [("open", "9999"), ("reset", "9999"), ("lock", "9999", "--reason", "x")])
def test_a_number_nobody_has_is_refused_with_the_next_step(words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert isinstance(answer.exception, Refusal) and answer.exception.hint
