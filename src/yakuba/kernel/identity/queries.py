"""Reads of accounts, personas and sessions."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from yakuba.kernel.identity.models import Account, AccountKind, Persona
from yakuba.kernel.identity.rules.steps import folded_sign_in_name
from yakuba.kernel.parameters.api import is_sample_town


def personas(kind: AccountKind | None = None) -> Sequence[Persona]:
    """Whom a visitor of the sample town may be; nobody in a real town, whatever stands in the table."""
    if not is_sample_town():
        return ()
    found = Persona.objects.select_related("account", "account__staff")
    return tuple(found.filter(account__kind=kind) if kind else found)


def account_of_sign_in_name(typed: str, kind: AccountKind) -> Account | None:
    """The account of a typed 職員番号 (staff) or mail address (residents)."""
    name = folded_sign_in_name(typed)
    if not name or "\x00" in name:
        return None
    exactly = Q(sign_in_name__iexact=name) if kind == AccountKind.RESIDENT else Q(sign_in_name=name)
    return Account.objects.select_related("staff").filter(exactly, kind=kind).first()
