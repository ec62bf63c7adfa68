"""How surely it is known who acts in this session: what was shown, when, and for which account it counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from yakuba.kernel.access.api import PersonKind
from yakuba.kernel.identity.card_facts import facts_kept, forget_facts, keep_facts
from yakuba.kernel.identity.digital_auth.base import Certified, IdentityProvider
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.rules.certified_facts import CertifiedFacts
from yakuba.kernel.identity.rules.identity_level import LEVEL_LASTS, IdentityLevel, IdentityProof, still_counts
from yakuba.kernel.identity.sealing import Unsealable, seal, unseal
from yakuba.kernel.identity.session_state import state_of

_CARD, _MAIL = "yakuba.card_proof", "yakuba.mail_proof"


def level_of(request: HttpRequest) -> IdentityLevel:
    """The identity level of whoever sends this request; ``proof_of`` tells when and how it was shown."""
    return proof_of(request).level


def proof_of(request: HttpRequest) -> IdentityProof:
    """The highest level that counts now, with the moment it was shown.

    A proof by card counts an hour, and only for the account (or the visitor without one) it was given as: somebody
    else who signs in at the same browser does not inherit it.
    """
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    card = _card_proof(request)
    if card is not None:
        proven_at = datetime.fromtimestamp(card["at"], UTC)
        if still_counts(proven_at=proven_at, now=now, lasts=LEVEL_LASTS):
            return IdentityProof(
                IdentityLevel.PUBLIC_AUTH, proven_at, "card", str(card["provider"]), bool(card["is_sample"])
            )
        forget_card(request)
    state = state_of(request)
    if _account_id(request) and state is not None:
        return IdentityProof(IdentityLevel.ACCOUNT, datetime.fromtimestamp(state.began, UTC), "session")
    mail = _mail_proof(request)
    if mail is not None:
        proven_at = datetime.fromtimestamp(mail["at"], UTC)
        if still_counts(proven_at=proven_at, now=now, lasts=LEVEL_LASTS):
            return IdentityProof(IdentityLevel.MAIL, proven_at, "mail")
    return IdentityProof()


def certified_facts(request: HttpRequest) -> CertifiedFacts | None:
    """Name, address, date of birth and gender from the card, for half an hour after it was shown, to fill in a form.

    Whatever is taken from here has the source ``card``. Nothing else of the house keeps it.
    """
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    facts = facts_kept(request, now=now)
    return facts if facts is not None and _card_proof(request) is not None else None


def subject_shown(request: HttpRequest) -> tuple[str, str] | None:
    """Issuer and subject (PPID) of the card shown in this session, while it counts."""
    proof = proof_of(request)
    card = _card_proof(request) if proof.level is IdentityLevel.PUBLIC_AUTH else None
    return (str(card["issuer"]), str(card["subject"])) if card is not None else None


def raise_level(
    request: HttpRequest, certified: Certified, *, account: Account | None, provider: IdentityProvider
) -> None:
    """The card was shown: the session reaches the highest level for ``account``, or for a visitor without one."""
    proven_at: datetime = request.clock.now()  # type: ignore[attr-defined]
    proof = {
        "account": account.public_id if account is not None else "",
        "issuer": certified.issuer,
        "subject": certified.subject,
        "provider": provider.kind,
        "at": proven_at.timestamp(),
        "is_sample": provider.is_sample,
    }
    request.session[_CARD] = seal(json.dumps(proof))
    keep_facts(request, certified.facts, proven_at=proven_at)


def forget_card(request: HttpRequest) -> None:
    """The card counts no longer in this session, and what it said is thrown away."""
    request.session.pop(_CARD, None)
    forget_facts(request)


def remember_mail_proof(request: HttpRequest, mail: str) -> None:
    """Somebody without an account has just typed the code that was sent to ``mail``."""
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    request.session[_MAIL] = seal(json.dumps({"mail": mail.lower(), "at": now.timestamp()}))


def proven_mail(request: HttpRequest) -> str:
    """The mail address somebody without an account reads, while that counts; else empty."""
    mail = _mail_proof(request)
    if mail is None or proof_of(request).level < IdentityLevel.MAIL:
        return ""
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    shown = datetime.fromtimestamp(mail["at"], UTC)
    return str(mail["mail"]) if still_counts(proven_at=shown, now=now, lasts=LEVEL_LASTS) else ""


def _card_proof(request: HttpRequest) -> dict[str, Any] | None:
    proof = _opened(request, _CARD, {"account", "issuer", "subject", "provider", "at", "is_sample"})
    return proof if proof is not None and proof["account"] == _account_id(request) else None


def _mail_proof(request: HttpRequest) -> dict[str, Any] | None:
    return _opened(request, _MAIL, {"mail", "at"})


def _account_id(request: HttpRequest) -> str:
    """The resident's account of this request; empty for visitors and whenever the session opens nothing any more."""
    person = request.person  # type: ignore[attr-defined]
    return str(person.id) if person.kind is PersonKind.RESIDENT else ""


def _opened(request: HttpRequest, name: str, keys: set[str]) -> dict[str, Any] | None:
    sealed = request.session.get(name)
    if not isinstance(sealed, str):
        return None
    try:
        found = json.loads(unseal(sealed))
    except (Unsealable, ValueError):
        return None
    return found if isinstance(found, dict) and keys <= set(found) else None
