"""How Django asks for accounts. Passwords are checked in ``passwords.py``; this only loads the account of a session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from yakuba.kernel.identity.models import Account


class AccountBackend(BaseBackend):
    """Loads accounts with their staff row in one query; authenticates nobody by itself."""

    def get_user(self, user_id: Any) -> Account | None:
        return Account.objects.select_related("staff").filter(pk=user_id).first()
