"""Which second factors an account has."""

from __future__ import annotations

from yakuba.kernel.identity.models import Account


def has_second_factor(account: Account) -> bool:
    """Whether the account has a passkey, an authenticator app or a printed list with entries left."""
    return False
