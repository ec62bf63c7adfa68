"""Who may start a procedure online: what is asked of the person before the form opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from yakuba.kernel.catalogue.api import IdentityLevel, Procedure, SignatureRule

CONFIRMED_MAIL = "procedures.confirmed_mail"
MAIL_COUNTS_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Door:
    """Whether the person at this browser may fill in and send; if not, what is missing.

    ``needs``: "" (nothing), ``mail``, ``account``, ``card``, ``in_person``, ``signature``. ``mail`` is an address
    that was shown to be theirs; ``facts`` are what forms may know without asking.
    """

    needs: str
    mail: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return not self.needs


def door_for(request: HttpRequest, procedure: Procedure) -> Door:
    """The door of a procedure for whoever asks now."""
    person = request.person  # type: ignore[attr-defined]
    mail = _own_mail(request)
    facts = {
        "channel": "online",
        "is_agent": False,
        "is_signed_in": person.is_signed_in,
        "is_certified": False,
    }
    return Door(_needs(procedure, is_signed_in=person.is_signed_in, mail=mail), mail, facts)


def _needs(procedure: Procedure, *, is_signed_in: bool, mail: str) -> str:
    level = procedure.identity_level
    if level is IdentityLevel.IN_PERSON:
        return "in_person"
    if procedure.signature_rule is SignatureRule.ELECTRONIC:
        return "signature"
    if level is IdentityLevel.CARD:
        return "card"
    if level is IdentityLevel.ACCOUNT and not is_signed_in:
        return "account"
    if level is IdentityLevel.MAIL and not is_signed_in and not mail:
        return "mail"
    return ""


def _own_mail(request: HttpRequest) -> str:
    """The mail address this browser has shown to be its own: of the account, or confirmed by a code today."""
    person = request.person  # type: ignore[attr-defined]
    if person.is_signed_in:
        return str(getattr(request.user, "email", ""))
    confirmed = request.session.get(CONFIRMED_MAIL)
    if not isinstance(confirmed, dict):
        return ""
    at = datetime.fromisoformat(confirmed["at"])
    return str(confirmed["address"]) if request.clock.now() - at < MAIL_COUNTS_FOR else ""  # type: ignore[attr-defined]
