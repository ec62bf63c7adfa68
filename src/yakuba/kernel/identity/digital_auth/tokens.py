"""Tokens: the assertion that shows who we are, the ID token that is believed only when signed, the envelope of a
signature. Sources: RFC 7515 to 7519, RFC 7521 and 7523 (private_key_jwt).
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from yakuba.kernel.identity.digital_auth.base import ProviderLied
from yakuba.kernel.identity.digital_auth.keys import KeyRing, kid_of

#: Seconds an assertion lives: long enough for one request and slightly wrong clocks.
ASSERTION_SECONDS = 30
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_TOKEN = 20_000
_LONGEST_ENVELOPE = 120_000
_FAULTS = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


def client_assertion(key: ECKey, *, client_id: str, audience: str, now: float) -> str:
    """A fresh assertion for the token endpoint ``audience``; its ``jti`` is never used again."""
    issued = int(now)
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
    }
    header = {"alg": "ES256", "typ": "JWT", "kid": kid_of(key)}
    return jws.serialize_compact(header, json.dumps(claims), key, algorithms=["ES256"])


def claims_of_id_token(token: Any, ring: KeyRing) -> dict[str, Any]:
    """The claims of an ID token whose ES256 signature is the provider's. Raises ``ProviderLied``.

    The algorithm is ours to choose, never the token's, and keys come from the ring only, whatever the header offers.
    """
    if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
        raise ProviderLied("id token")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except _FAULTS as fault:
        raise ProviderLied("id token") from fault
    if header.get("alg") != "ES256":
        raise ProviderLied("alg")
    if "crit" in header or "b64" in header:
        raise ProviderLied("crit")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise ProviderLied("kid")
    key = ring.key_of(kid)
    try:
        payload = jws.deserialize_compact(token.encode("ascii"), key, algorithms=["ES256"]).payload
        claims = json.loads(payload)
    except _FAULTS as fault:
        raise ProviderLied("signature") from fault
    if not isinstance(claims, dict):
        raise ProviderLied("claims")
    return claims


def opened_envelope(envelope: Any, key: ECKey | RSAKey) -> bytes:
    """The content of a JWE that only we can open. Raises ``ProviderLied``.

    Compressed content is refused: a small envelope could unfold without end.
    """
    if not isinstance(envelope, str) or not 0 < len(envelope) <= _LONGEST_ENVELOPE:
        raise ProviderLied("envelope")
    algorithm = "RSA-OAEP-256" if isinstance(key, RSAKey) else "ECDH-ES+A256KW"
    try:
        header = json.loads(_decoded(envelope.partition(".")[0]))
        if "zip" in header or header.get("alg") != algorithm or header.get("enc") not in ("A256GCM", "A128GCM"):
            raise ProviderLied("envelope")
        opened = jwe.decrypt_compact(envelope, key, algorithms=[algorithm, "A256GCM", "A128GCM"]).plaintext
    except _FAULTS as fault:
        raise ProviderLied("envelope") from fault
    if not opened:
        raise ProviderLied("envelope")
    return opened


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
