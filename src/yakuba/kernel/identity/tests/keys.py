"""Keys for tests that need no browser: a FIDO key in software that verifies its person, or does not."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.services.second_factor import WebAuthn

ORIGIN = "https://testserver"
_FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One key registered for one account; ``verifies``: it asks for PIN or finger, as a passkey does."""

    def __init__(self, account: Account, *, verifies: bool) -> None:
        self.account = account
        self.verifies = verifies
        self._secret = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(16)
        self._counter = 0

    def register(self) -> SoftKey:
        """Keep this key as a factor of its account."""
        public = ES256.from_cryptography_key(self._secret.public_key())
        made = AttestedCredentialData.create(bytes(16), self._id, public)
        client_data = self._client_data("webauthn.create", "AA")
        attested = AttestationObject.create("none", self._told(_FLAG.AT, made), {})
        credential = {
            **self._named(),
            "response": {"clientDataJSON": websafe_encode(client_data), "attestationObject": websafe_encode(attested)},
        }
        with unaudited_writes("test"):
            WebAuthn.add(self.account, "テストのキー", credential)
        return self

    def answer(self, client: Client, options: str) -> str:
        """The credential a browser sends after asking ``options`` for the question."""
        asked = client.get(options, headers={"Accept": "application/json"}).json()
        question = asked.get("request_options", asked)["publicKey"]
        client_data = self._client_data("webauthn.get", question["challenge"])
        told = self._told(_FLAG(0))
        signature = self._secret.sign(bytes(told) + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(told),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(self.account).encode()),
        }
        return json.dumps({**self._named(), "response": response})

    def _named(self) -> dict[str, Any]:
        return {
            "id": websafe_encode(self._id),
            "rawId": websafe_encode(self._id),
            "type": "public-key",
            "clientExtensionResults": {},
        }

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}).encode()

    def _told(self, more: AuthenticatorData.FLAG, made: bytes = b"") -> AuthenticatorData:
        self._counter += 1
        flags = _FLAG.UP | more | (_FLAG.UV if self.verifies else _FLAG(0))
        return AuthenticatorData.create(sha256(b"testserver").digest(), flags, self._counter, made)
