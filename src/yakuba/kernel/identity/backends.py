"""How Django asks for accounts. Passwords of staff are checked in ``passwords.py``."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password

from yakuba.kernel.identity.models import Account, AccountKind


class AccountBackend(BaseBackend):
    """Loads accounts with their staff row in one query; authenticates nobody by itself."""

    def get_user(self, user_id: Any) -> Account | None:
        return Account.objects.select_related("staff").filter(pk=user_id).first()


class ResidentBackend(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """Checks mail address and password of residents, and of nobody else."""

    def _check_password(self, user: Any, password: str) -> Account | None:
        if not isinstance(user, Account) or user.kind != AccountKind.RESIDENT or len(password) > 256:
            return None
        self._did_check_password = True
        return user if check_password(password, user.password) else None

    def get_user(self, user_id: Any) -> Account | None:
        return None  # ``AccountBackend`` loads accounts
