"""デジタル認証アプリ of the Digital Agency (デジタル庁): OpenID Connect with private_key_jwt, PKCE S256 and ES256.

Sources: developers.digital.go.jp/documents/auth-and-sign (authserver-gov, implement-guideline) as far as seen, OpenID
Connect Core 1.0, RFC 6749, RFC 7523, RFC 7636. What no official text confirmed is listed in ``digital_auth/README.md``.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from joserfc.jwk import ECKey, RSAKey

from yakuba.kernel.identity.digital_auth.base import (
    Attempt,
    Certified,
    NotProven,
    ProviderCheck,
    ProviderDeclined,
    ProviderLied,
    ProviderUnavailable,
    SignedDigest,
)
from yakuba.kernel.identity.digital_auth.configuration import Endpoints
from yakuba.kernel.identity.digital_auth.keys import KeyRing
from yakuba.kernel.identity.digital_auth.tokens import (
    ASSERTION_TYPE,
    claims_of_id_token,
    client_assertion,
    opened_envelope,
)
from yakuba.kernel.identity.digital_auth.transport import Answer, Transport
from yakuba.kernel.identity.rules.authorisation import authorisation_parameters, is_code, known_error
from yakuba.kernel.identity.rules.certified_facts import FactsFault, facts_of
from yakuba.kernel.identity.rules.id_token import Expected, TokenFault, subject_of
from yakuba.kernel.values.api import Clock

_TRANSACTION = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_LONGEST_TOKEN = 20_000
#: Names in the signature service's answers. Not confirmed by an official text: kept here and nowhere else.
_TRANSACTION_NAME = "sign_transaction_id"
_DIGEST_NAME, _ENVELOPE_NAME = "digest", "sign_certificate_jwe"
_SIGNATURE_NAME, _CERTIFICATE_NAME = "signature", "certificate"


@dataclass(frozen=True, eq=False)
class DigitalAgency:
    """Asks デジタル認証アプリ. ``clock`` is the machine's: tokens are dated by it, whatever day the town lives on."""

    kind: ClassVar[str] = "digital_agency"

    issuer: str
    client_id: str
    redirect_uri: str
    endpoints: Endpoints
    transport: Transport
    signing: ECKey
    clock: Clock
    ring: KeyRing
    opening: ECKey | RSAKey | None = None
    acr_values: str = ""
    is_sample: bool = False
    worries: tuple[str, ...] = ()

    @property
    def can_sign(self) -> bool:
        return self.opening is not None

    def address(self, attempt: Attempt) -> str:
        """The authorisation request, for the person's browser."""
        asked = authorisation_parameters(
            client_id=self.client_id,
            redirect_uri=self.redirect_uri,
            state=attempt.state,
            nonce=attempt.nonce,
            verifier=attempt.verifier,
            acr_values=self.acr_values,
            sign_transaction=attempt.sign_transaction,
        )
        return f"{self.endpoints.authorisation}?{urlencode(asked)}"

    def prove(self, *, code: str, attempt: Attempt) -> Certified:
        """Exchange the code, check the ID token, read the facts. Raises ``NotProven``."""
        access_token, subject = self._exchange(code, attempt)
        told = _content(
            self.transport.send("GET", self.endpoints.userinfo, headers={"Authorization": f"Bearer {access_token}"})
        )
        if told.get("sub") != subject:
            raise ProviderLied("userinfo sub")
        try:
            facts = facts_of(told)
        except FactsFault as fault:
            raise ProviderLied(f"facts {fault.reason}") from fault
        return Certified(self.issuer, subject, facts, self.clock.now())

    def open_signature(self, digest: bytes) -> str:
        """Announce a digest to be signed, in our own name (client credentials). Raises ``NotProven``."""
        if len(digest) != 32:
            raise ValueError("a SHA-256 digest has 32 bytes")
        granted = self._token({"grant_type": "client_credentials", "scope": "sign"})
        body = json.dumps({_DIGEST_NAME: base64.b64encode(digest).decode()}).encode()
        told = _content(
            self.transport.send(
                "POST",
                self.endpoints.signatures,
                headers={
                    "Authorization": f"Bearer {_access_token(granted)}",
                    "Content-Type": "application/json",
                },
                body=body,
            )
        )
        transaction = told.get(_TRANSACTION_NAME)
        if not isinstance(transaction, str) or not _TRANSACTION.fullmatch(transaction):
            raise ProviderLied("transaction")
        return transaction

    def fetch_signature(self, *, code: str, attempt: Attempt) -> SignedDigest:
        """Exchange the code, then fetch and open the envelope of the signature. Raises ``NotProven``."""
        if self.opening is None or not _TRANSACTION.fullmatch(attempt.sign_transaction):
            raise ProviderLied("transaction")
        access_token, subject = self._exchange(code, attempt)
        told = _content(
            self.transport.send(
                "GET",
                f"{self.endpoints.signatures}/{attempt.sign_transaction}/result",
                headers={"Authorization": f"Bearer {access_token}"},
            )
        )
        content = opened_envelope(told.get(_ENVELOPE_NAME), self.opening)
        try:
            opened = json.loads(content)
            signature, certificate = (
                base64.b64decode(opened[name], validate=True) for name in (_SIGNATURE_NAME, _CERTIFICATE_NAME)
            )
        except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as fault:
            raise ProviderLied("signature") from fault
        return SignedDigest(self.issuer, subject, signature, certificate, self.clock.now())

    def check(self) -> ProviderCheck:
        """Whether the key set can be fetched and holds a key of use; asks nothing about anybody."""
        try:
            usable = self.ring.look_again()
        except NotProven as fault:
            return ProviderCheck(
                True,
                False,
                f"{self.issuer}：鍵の一覧を取得できません（{fault.reason}）",
                "接続先、プロキシー、証明書、ネットワークの許可を確かめてください",
                self.worries,
            )
        if not usable:
            return ProviderCheck(
                True,
                False,
                f"{self.issuer}：使える鍵（ES256）がありません",
                "接続先と発行者を確かめてください",
                self.worries,
            )
        signing = "署名も受け取れます" if self.can_sign else "署名は未設定です"
        return ProviderCheck(True, True, f"{self.issuer}：応答しています（鍵{usable}個、{signing}）", "", self.worries)

    def _exchange(self, code: str, attempt: Attempt) -> tuple[str, str]:
        """The access token for a code, and the subject its ID token speaks of."""
        if not is_code(code):
            raise ProviderDeclined("code")
        granted = self._token(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": attempt.verifier,
            }
        )
        access_token = _access_token(granted)
        claims = claims_of_id_token(granted.get("id_token"), self.ring)
        expected = Expected(issuer=self.issuer, client_id=self.client_id, nonce=attempt.nonce)
        try:
            subject = subject_of(claims, expected, now=self.clock.now().timestamp(), access_token=access_token)
        except TokenFault as fault:
            raise ProviderLied(f"id token {fault.reason}") from fault
        return access_token, subject

    def _token(self, asked: Mapping[str, str]) -> dict[str, Any]:
        assertion = client_assertion(
            self.signing,
            client_id=self.client_id,
            audience=self.endpoints.token,
            now=self.clock.now().timestamp(),
        )
        form = {
            **asked,
            "client_id": self.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return _content(
            self.transport.send(
                "POST",
                self.endpoints.token,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                body=urlencode(form).encode(),
            )
        )


def key_ring(transport: Transport, endpoints: Endpoints, clock: Clock) -> KeyRing:
    """The keys the provider publishes."""
    return KeyRing(lambda: _content(transport.send("GET", endpoints.keys)), clock)


def _content(answer: Answer) -> dict[str, Any]:
    """The content of a good answer; an error of the standards is a no, a fault of the server is silence."""
    if answer.status >= 500:
        raise ProviderUnavailable(f"status {answer.status}")
    content = answer.content()
    if answer.status not in (200, 201):
        raise ProviderDeclined(known_error(str(content.get("error", ""))))
    return content


def _access_token(granted: Mapping[str, Any]) -> str:
    token, kind = granted.get("access_token"), granted.get("token_type")
    is_token = isinstance(token, str) and 0 < len(token) <= _LONGEST_TOKEN
    if not is_token or not all("!" <= character <= "~" for character in str(token)):
        raise ProviderLied("access token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise ProviderLied("token type")
    return str(token)
