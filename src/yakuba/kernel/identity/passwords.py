"""Checking a password, in the same time whether the name exists or not."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password

from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.queries import account_of_sign_in_name

#: Longer input is refused before any hashing: nobody types it and it costs us time.
LONGEST_PASSWORD = 256


def account_with_password(typed_name: str, password: str, kind: AccountKind) -> Account | None:
    """The account if the password is right, else ``None``; says nothing about whether the account may be used."""
    account = account_of_sign_in_name(typed_name, kind)
    if len(password) > LONGEST_PASSWORD:
        return None
    if account is None or not account.has_usable_password():
        make_password(password)
        return None
    return account if check_password(password, account.password) else None
