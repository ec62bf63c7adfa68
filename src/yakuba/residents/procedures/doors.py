"""Who may start a procedure online: what is asked of the person before the form opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from yakuba.kernel.cases.api import Shown
from yakuba.kernel.catalogue.api import IdentityLevel, Procedure, SignatureRule
from yakuba.kernel.identity.api import IdentityLevel as ShownLevel
from yakuba.kernel.identity.api import proof_of, proven_mail, way_to_prove
from yakuba.residents.procedures.asking import asker

_SHOWN = {
    ShownLevel.NONE: "none",
    ShownLevel.MAIL: "mail",
    ShownLevel.ACCOUNT: "account",
    ShownLevel.PUBLIC_AUTH: "card",
}
_ORDER = ("none", "mail", "account", "card")


@dataclass(frozen=True, slots=True)
class Door:
    """Whether the person at this browser may fill in and send; if not, what is missing.

    ``needs``: "" (nothing), ``mail``, ``account``, ``card``, ``no_card`` (a card is needed, and nothing here can read
    one), ``no_signature``. ``way`` leads to showing the card. ``shown`` is what was shown in this session; ``facts``
    are what forms may know without asking.
    """

    needs: str
    mail: str = ""
    way: str = ""
    shown: Shown = field(default_factory=Shown)
    facts: dict[str, Any] = field(default_factory=dict)
    later_in_person: bool = False
    later_on_paper: bool = False
    must_sign: bool = False

    @property
    def is_open(self) -> bool:
        return not self.needs


def door_for(request: HttpRequest, procedure: Procedure, *, onward: str) -> Door:
    """The door of a procedure for whoever asks now; ``onward`` is where to come back to after showing a card."""
    person = asker(request)
    proof = proof_of(request)
    level = _SHOWN[proof.level]
    way = way_to_prove(onward=onward)
    must_sign = procedure.signature_rule is SignatureRule.ELECTRONIC
    return Door(
        needs=_needs(procedure, level, way, must_sign),
        mail=_own_mail(request),
        way=way,
        shown=Shown(level=level, by=proof.by, at=proof.proven_at),
        facts={
            "channel": "online",
            "is_agent": False,
            "is_signed_in": person.is_signed_in,
            "is_certified": level == "card",
        },
        later_in_person=procedure.identity_level is IdentityLevel.IN_PERSON,
        later_on_paper=procedure.signature_rule is SignatureRule.PAPER,
        must_sign=must_sign,
    )


def _needs(procedure: Procedure, level: str, way: str, must_sign: bool) -> str:
    needed = procedure.identity_level.value
    if needed in _ORDER and _ORDER.index(level) < _ORDER.index(needed):
        return "no_card" if needed == "card" and not way else needed
    if must_sign and not way:
        return "no_signature"
    return ""


def _own_mail(request: HttpRequest) -> str:
    """The mail address this browser has shown to be its own: of the account, or confirmed by a code."""
    person = asker(request)
    return str(getattr(request.user, "email", "")) if person.is_signed_in else proven_mail(request)
