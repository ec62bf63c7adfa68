"""What is asked of an identity provider: state, nonce and the proof key of RFC 7636 (PKCE)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

#: The four facts of the card are asked one by one.
FACTS_SCOPE = "openid name address birthdate gender"
SIGNATURE_SCOPE = "openid sign"

_CODE = re.compile(r"[\x21-\x7e]{1,2000}")
#: Errors of RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6, for the log; others are "other".
_ERRORS = frozenset(
    {
        "access_denied", "invalid_request", "invalid_scope", "server_error", "temporarily_unavailable",
        "unauthorized_client", "unsupported_response_type", "login_required", "consent_required",
        "interaction_required", "account_selection_required", "invalid_client", "invalid_grant",
        "unsupported_grant_type", "invalid_token", "insufficient_scope",
    }
)  # fmt: skip


def code_challenge(verifier: str) -> str:
    """The S256 challenge of a verifier: base64url of its SHA-256, without padding (RFC 7636 section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def authorisation_parameters(
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    nonce: str,
    verifier: str,
    acr_values: str = "",
    sign_transaction: str = "",
) -> Mapping[str, str]:
    """The parameters of an authorisation request: always a code, never a token in the address bar."""
    asked = {
        "response_type": "code",
        "scope": SIGNATURE_SCOPE if sign_transaction else FACTS_SCOPE,
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "nonce": nonce,
        "code_challenge": code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    if acr_values:
        asked["acr_values"] = acr_values
    if sign_transaction:
        asked["sign_transaction_id"] = sign_transaction
    return asked


def is_code(text: str) -> bool:
    """Whether this can be an authorisation code: visible ASCII of bearable length."""
    return _CODE.fullmatch(text) is not None


def known_error(text: str) -> str:
    """An error code of the standards as it is, anything else as ``other``: what strangers send reaches no log."""
    return text if text in _ERRORS else "other"
