"""What engines see of a request of a test client, at its time or some minutes later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.identity.api import (
    CertifiedFacts,
    IdentityLevel,
    IdentityProof,
    certified_facts,
    level_of,
    proof_of,
    proven_mail,
)
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.session_state import stored_state
from yakuba.kernel.identity.session_store import SessionStore
from yakuba.kernel.values.api import FixedClock


@dataclass(frozen=True)
class Seen:
    """What ``identity.api`` says of a request."""

    level: IdentityLevel
    proof: IdentityProof
    facts: CertifiedFacts | None
    mail: str


def session_of(client: Client) -> SessionStore:
    """The resident's session of a test client."""
    morsel = client.cookies.get("yakuba_session")
    return SessionStore(morsel.value if morsel is not None else None)


def a_request(client: Client, *, minutes: float = 0) -> Any:
    """A request with the client's session and person, so many minutes from now."""
    request: Any = HttpRequest()
    request.clock = FixedClock(timezone.now() + timedelta(minutes=minutes))
    request.session = session_of(client)
    state = stored_state(dict(request.session.items()))
    account = Account.objects.filter(sign_ins__public_id=state.sign_in).first() if state is not None else None
    request.user = account
    request.person = person_of(account, request.clock.today()) if account is not None else VISITOR
    return request


def asked_by(client: Client, *, minutes: float = 0) -> Seen:
    request = a_request(client, minutes=minutes)
    return Seen(level_of(request), proof_of(request), certified_facts(request), proven_mail(request))
