"""Reads of accounts, personas and sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from yakuba.kernel.identity.models import (
    Account,
    AccountKind,
    Device,
    DeviceUser,
    LinkedIdentity,
    Persona,
    SignatureEvidence,
    SignatureOutcome,
    SignIn,
)
from yakuba.kernel.identity.persons import is_usable
from yakuba.kernel.identity.rules.identity_level import SignatureLevel
from yakuba.kernel.identity.rules.steps import folded_sign_in_name
from yakuba.kernel.identity.session_state import is_over, stored_state
from yakuba.kernel.parameters.api import is_sample_town, town_clock
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock


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


@dataclass(frozen=True)
class OpenSignIn:
    """A session that can still be used, as its owner sees it."""

    sign_in: SignIn
    last_used: datetime
    is_here: bool


def open_sign_ins(account: Account, *, here: str = "") -> list[OpenSignIn]:
    """Sessions of an account that can still be used, the latest use first; ``here`` is the id of the asking one."""
    kept = list(SignIn.objects.filter(account=account, ended_at__isnull=True).select_related("device"))
    stored = {
        session.session_key: session
        for session in Session.objects.filter(
            session_key__in=[one.session_digest for one in kept], expire_date__gt=timezone.now()
        )
    }
    found = []
    for one in kept:
        session = stored.get(one.session_digest)
        state = stored_state(session.get_decoded()) if session else None
        if state is not None and not is_over(state, account, town_clock().now()):
            found.append(OpenSignIn(one, state.last_used, one.public_id == here))
    return sorted(found, key=lambda one: (not one.is_here, -one.last_used.timestamp()))


def sign_in_of(account: Account, public_id: str) -> SignIn | None:
    """A session of this account by its id; another's is not there."""
    return SignIn.objects.filter(account=account, public_id=public_id[:16], ended_at__isnull=True).first()


def people_of_device(device: Device, clock: Clock) -> list[DeviceUser]:
    """Who used a shared device lately and may still be used there, the last one first; at most eight.

    Nobody on a device of one's own: whoever finds it shall not learn whose it is.
    """
    if not device.is_shared:
        return []
    found = DeviceUser.objects.filter(device=device).select_related("account", "account__staff")
    return [one for one in found.order_by("-last_used_at")[:20] if is_usable(one.account, clock.today())][:8]


def device_user(device: Device, account_id: str) -> DeviceUser | None:
    """The person of a shared device by the account's id; strangers to the device are not there."""
    found = DeviceUser.objects.filter(device=device, device__is_shared=True, account__public_id=account_id[:16])
    return found.select_related("account", "account__staff").first()


def linked_identity(issuer: str, subject: str) -> LinkedIdentity | None:
    """Which account the holder of a card has, by the subject alone: never by name or mail address."""
    return LinkedIdentity.objects.select_related("account").filter(issuer=issuer, subject=subject).first()


def identity_of(account: Account, issuer: str) -> LinkedIdentity | None:
    """The card an account is linked with at this issuer."""
    return LinkedIdentity.objects.filter(account=account, issuer=issuer).first()


def signatures_of(about: Ref) -> list[SignatureEvidence]:
    """Signatures received for a thing, the latest first, whatever became of them."""
    return list(SignatureEvidence.objects.filter(about=str(about)).order_by("-received_at", "-pk"))


def signature_level_of(about: Ref, document: bytes) -> SignatureLevel:
    """Whether these very bytes are signed: a signature that was received but not accepted is none."""
    digest = hashlib.sha256(document).hexdigest()
    accepted = SignatureEvidence.objects.filter(
        about=str(about), document_digest=digest, outcome=SignatureOutcome.ACCEPTED
    )
    return SignatureLevel.ELECTRONIC_SIGNATURE if accepted.exists() else SignatureLevel.NONE
