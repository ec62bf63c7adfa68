"""What an ID token must say before it is believed.

Sources: OpenID Connect Core 1.0, section 3.1.3.7 (validation) and 3.1.3.6 (at_hash); RFC 7519 section 4.1.
The signature is checked before (``digital_auth/tokens.py``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Seconds by which the provider's clock may differ from ours.
LEEWAY = 60
#: Seconds an ID token may be old when it reaches us: it comes straight from the token endpoint.
OLDEST = 300
#: Seconds an ID token may be valid at most; whoever issues one for years has lost control of it.
LONGEST = 24 * 60 * 60
_LONGEST_SUBJECT = 255


class TokenFault(ValueError):
    """A token that must not be believed; ``reason`` names the claim, in a word for machines."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Expected:
    """Whose word is expected, for whom, in answer to which question."""

    issuer: str
    client_id: str
    nonce: str


def subject_of(claims: Mapping[str, Any], expected: Expected, *, now: float, access_token: str = "") -> str:
    """The pairwise subject (PPID) an ID token speaks of. ``now`` is seconds since 1970. Raises ``TokenFault``."""
    if claims.get("iss") != expected.issuer:
        raise TokenFault("iss")
    _check_audience(claims, expected.client_id)
    _check_times(claims, now)
    if not _same(claims.get("nonce"), expected.nonce):
        raise TokenFault("nonce")
    if "at_hash" in claims and not _same(claims["at_hash"], half_hash(access_token)):
        raise TokenFault("at_hash")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not is_subject(subject):
        raise TokenFault("sub")
    return subject


def is_subject(text: str) -> bool:
    """Whether this can be a subject: 1 to 255 visible ASCII characters (OpenID Connect Core, section 2)."""
    return 0 < len(text) <= _LONGEST_SUBJECT and all("!" <= character <= "~" for character in text)


def half_hash(access_token: str) -> str:
    """The ``at_hash`` of an access token under ES256: the left half of its SHA-256, base64url without padding."""
    digest = hashlib.sha256(access_token.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """For us and nobody else: a token for several audiences may have passed through the hands of another one."""
    if claims.get("aud") not in (client_id, [client_id]):
        raise TokenFault("aud")
    if "azp" in claims and claims["azp"] != client_id:
        raise TokenFault("azp")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
    if expires + LEEWAY <= now:
        raise TokenFault("exp")
    if issued - LEEWAY > now or issued + OLDEST < now:
        raise TokenFault("iat")
    if expires <= issued or expires - issued > LONGEST:
        raise TokenFault("exp")
    if "nbf" in claims and _seconds(claims, "nbf") - LEEWAY > now:
        raise TokenFault("nbf")


def _seconds(claims: Mapping[str, Any], name: str) -> int:
    """A moment as whole seconds. Fractions, infinities and truth values, which JSON may smuggle in, are none."""
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**40:
        raise TokenFault(name)
    return value


def _same(given: Any, wanted: str) -> bool:
    return isinstance(given, str) and bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())
