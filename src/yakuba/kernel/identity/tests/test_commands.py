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


@pytest.mark.parametrize("words", [("open", "9999"), ("reset", "9999"), ("lock", "9999", "--reason", "x")])
def test_a_number_nobody_has_is_refused_with_the_next_step(words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert isinstance(answer.exception, Refusal) and answer.exception.hint
