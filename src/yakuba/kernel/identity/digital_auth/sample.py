"""「見本の認証」: the sample town's double of デジタル認証アプリ, in this process and for this town alone.

It exists only where the database itself says that it is a sample town (``is_sample_town``). Nothing goes over a network: our
adapter asks the double by function call, and the person's browser is shown a page of ours with cards of nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.urls import reverse

from yakuba.kernel.identity.digital_auth.configuration import Endpoints
from yakuba.kernel.identity.digital_auth.fake.cards import sample_cards
from yakuba.kernel.identity.digital_auth.fake.provider import RegisteredClient, StrictProvider
from yakuba.kernel.identity.digital_auth.fake.store import CacheStore
from yakuba.kernel.identity.digital_auth.keys import ec_key
from yakuba.kernel.identity.digital_auth.transport import Answer
from yakuba.kernel.identity.digital_auth.vendors.digital_agency import DigitalAgency, key_ring
from yakuba.kernel.jobs.api import outside_call
from yakuba.kernel.values.api import SystemClock

_BASE = "https://sample-card.invalid/api"  # RFC 2606: a name that never leads anywhere
_CLIENT = "SAMPLETOWN"
_ORDER = int("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)  # of P-256 (FIPS 186-4)


def sample_provider() -> DigitalAgency:
    """Our adapter, asking the double."""
    return _pair(settings.SECRET_KEY)[0]


def sample_double() -> StrictProvider:
    """The double, for the page that stands for the app."""
    return _pair(settings.SECRET_KEY)[1]


@lru_cache(maxsize=2)
def _pair(secret: str) -> tuple[DigitalAgency, StrictProvider]:
    """Both sides, with keys that follow from this installation's secret: every process has the same."""
    clock = SystemClock()
    ours, theirs, opening = (ec_key(_key(secret, name)) for name in ("client", "provider", "opening"))
    back = reverse("resident-digital-auth-callback")
    double = StrictProvider(
        base=_BASE,
        issuer=f"{_BASE}/realms/main",
        signing=theirs,
        secret=_digest(secret, "subjects"),
        clients=(RegisteredClient(_CLIENT, (back,), ours, opening),),
        cards=sample_cards(prefecture=settings.TOWN.prefecture, town=settings.TOWN.name),
        store=CacheStore(),
        clock=clock,
    )
    below = Endpoints.below(_BASE)
    here = Endpoints(reverse("resident-sample-card"), below.token, below.userinfo, below.keys, below.signatures)
    transport = _InProcess(double)
    adapter = DigitalAgency(
        issuer=double.issuer,
        client_id=_CLIENT,
        redirect_uri=back,
        endpoints=here,
        transport=transport,
        signing=ours,
        clock=clock,
        ring=key_ring(transport, below, clock),
        opening=opening,
        is_sample=True,
    )
    return adapter, double


class _InProcess:
    """Asks the double in this process, under the same rule as the outside: never inside a transaction."""

    def __init__(self, double: StrictProvider) -> None:
        self._double = double

    def send(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        with outside_call("sample authentication"):
            return self._double.answer(method, address, headers or {}, body or b"")


def _digest(secret: str, name: str) -> bytes:
    return hmac.new(secret.encode(), f"yakuba.sample-card {name}".encode(), hashlib.sha256).digest()


def _key(secret: str, name: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(_digest(secret, name) + _digest(secret, f"{name} more"), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())
