"""The first account of an empty town."""

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth.hashers import check_password

from yakuba.kernel.access.api import Role, system_person
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.cli import account as command
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.services.open_first_account import open_first_account
from yakuba.kernel.organisation.api import verbs
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import FixedClock, Refusal

pytestmark = pytest.mark.django_db

CLOCK = FixedClock(date(2026, 11, 23))


def open_first(**given: Any) -> Account:
    chosen = {"number": "1", "name": "山田　花子", "hashed": "!", **given}
    return open_first_account(by=system_person("command"), clock=CLOCK, **chosen)


def test_the_first_person_may_prepare_the_town_and_has_to_change_the_password() -> None:
    opened = open_first()
    person = person_of(opened, CLOCK.today())
    assert person.name == "山田　花子"
    assert person.has(Role.PERSONNEL)
    assert person.has(Role.IT)
    assert not person.has(Role.SECTION_HEAD, Role.MAYOR, Role.AUDITOR)
    assert opened.must_change_password
    assert AuditEvent.objects.filter(verb="identity.open_first_account").exists()


def test_there_is_only_one_first_account() -> None:
    open_first()
    with pytest.raises(Refusal, match="もうある"):
        open_first(number="2", name="鈴木　一郎")
    assert Staff.objects.count() == Account.objects.count() == 1


def test_somebody_already_in_the_list_is_taken_from_there_by_number_and_name() -> None:
    verbs.record_staff(
        by=system_person("test"), number="1", name="鈴木　一郎", employment="regular", joined_on=date(2020, 4, 1)
    )
    with pytest.raises(Refusal, match="鈴木　一郎"):
        open_first()
    assert not Account.objects.exists()
    taken = open_first(name="鈴木　一郎")
    assert taken.staff is not None and taken.staff.joined_on == date(2020, 4, 1)


def test_the_command_shows_a_password_once_that_lets_one_in() -> None:
    ran = CliRunner().invoke(command, ["first", "--number", "０１２", "--name", "山田　花子"])
    assert ran.exit_code == 0, ran.output
    password = ran.output.split("最初のパスワード: ")[1].splitlines()[0]
    stored = Account.objects.get()
    assert stored.sign_in_name == "012", "a number typed in full width is the same number"
    assert check_password(password, stored.password)
    assert password not in str(AuditEvent.objects.values_list())
