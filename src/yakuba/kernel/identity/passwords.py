"""Checking a password: our own or the directory's, in the same time whether the name exists or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import check_password, make_password

from yakuba.kernel.access.api import system_person
from yakuba.kernel.identity.directory.base import DirectoryFault, DirectoryUnavailable
from yakuba.kernel.identity.directory.registry import directory_in_force, has_directory
from yakuba.kernel.identity.models import Account, AccountKind, SignInMethod
from yakuba.kernel.identity.queries import account_of_sign_in_name
from yakuba.kernel.identity.rules.steps import folded_sign_in_name
from yakuba.kernel.identity.services.open_account import open_account
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock, Refusal

#: Longer input is refused before any hashing: nobody types it and it costs us time.
LONGEST_PASSWORD = 256


@dataclass(frozen=True)
class Proven:
    """An account whose password was right, and who said so."""

    account: Account
    method: SignInMethod


def staff_with_password(typed_number: str, password: str, clock: Clock) -> Proven | None:
    """The staff account if number and password are right; says nothing about whether it may be used.

    An account with a password of its own is checked here; one without is checked by the directory, where there is
    one. Staff the directory knows get their account at the first sign-in. Raises ``DirectoryUnavailable``.
    """
    account = account_of_sign_in_name(typed_number, AccountKind.STAFF)
    if len(password) > LONGEST_PASSWORD:
        return None
    if account is not None and account.has_usable_password():
        return Proven(account, SignInMethod.PASSWORD) if check_password(password, account.password) else None
    try:
        directory = directory_in_force()
    except DirectoryFault as fault:
        raise DirectoryUnavailable from fault  # the doctor names the fault
    if directory is None:
        make_password(password)
        return None
    verified = directory.verify(folded_sign_in_name(typed_number), password)
    if verified is None:
        return None
    account = account or _first_sign_in(verified.number, clock)
    return Proven(account, SignInMethod.DIRECTORY) if account else None


def has_typed_password(account: Account) -> bool:
    """Whether this person has a password to type: one of ours, or one the directory knows."""
    return account.has_usable_password() or has_directory()


def is_password_elsewhere(account: Account) -> bool:
    """Whether the directory keeps this person's password, so that there is none here to be reissued."""
    return not account.has_usable_password() and has_directory()


def _first_sign_in(number: str, clock: Clock) -> Account | None:
    staff = Staff.objects.filter(number=number).first()
    if staff is None or not _is_in_service(staff, clock.today()):
        return None
    try:
        return open_account(by=system_person("directory"), staff=staff, hashed=None, clock=clock)
    except Refusal:
        return None


def _is_in_service(staff: Staff, today: date) -> bool:
    return staff.joined_on <= today and (staff.leaves_on is None or staff.leaves_on > today)
