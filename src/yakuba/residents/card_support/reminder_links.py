"""The link of a reminder: works without signing in, for exactly one entry, as long as the entry is there."""

from __future__ import annotations

import hmac

from django.core.signing import Signer

from yakuba.residents.card_support.models import Reminder

_SALT = "card_support.reminder"


def token_of(reminder: Reminder) -> str:
    """``<public id>-<signature>``: nothing is stored, and nobody makes one without the town's key."""
    return f"{reminder.public_id}-{_signature(reminder.public_id)}"


def reminder_of(token: str) -> Reminder | None:
    """The entry a link leads to; ``None`` for a wrong link or an entry that was stopped."""
    public_id, _, signature = token.partition("-")
    if not hmac.compare_digest(signature.encode(), _signature(public_id).encode()):
        return None
    return Reminder.objects.filter(public_id=public_id).first()


def _signature(public_id: str) -> str:
    return Signer(salt=_SALT).signature(public_id).replace("=", "")[:43]
