"""The double itself: an OpenID provider that refuses whatever the real one is known, or has to be feared, to refuse.

It knows nothing of Django or sockets: requests come in as values, answers go out as values. Where the real limits are
not known (how long an assertion may live), it takes the stricter guess.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey

from yakuba.kernel.identity.digital_auth.configuration import Endpoints
from yakuba.kernel.identity.digital_auth.fake.cards import SampleCard
from yakuba.kernel.identity.digital_auth.fake.signing import SigningCards
from yakuba.kernel.identity.digital_auth.fake.store import Store
from yakuba.kernel.identity.digital_auth.keys import public_part
from yakuba.kernel.identity.digital_auth.tokens import ASSERTION_TYPE
from yakuba.kernel.identity.digital_auth.transport import Answer
from yakuba.kernel.identity.rules.authorisation import code_challenge
from yakuba.kernel.identity.rules.id_token import half_hash
from yakuba.kernel.values.api import Clock

_SCOPES = frozenset({"openid", "name", "address", "birthdate", "gender", "sign"})
_ACR = frozenset({"aal3", "crl"})
_PLAIN = re.compile(r"[\x20-\x7e]{1,255}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_DIGEST_LENGTH = 32
#: Seconds: a code, an access token, a signature transaction, the memory for what may not come twice.
_CODE, _TOKEN, _TRANSACTION, _REMEMBERED = 60, 300, 900, 3600
#: Seconds an assertion may live, and seconds clocks may differ.
_LONGEST_ASSERTION, _SKEW = 60, 5


@dataclass(frozen=True)
class RegisteredClient:
    """A client as it was registered: its public keys and the addresses people may be sent back to."""

    client_id: str
    redirect_uris: tuple[str, ...]
    signing: ECKey
    enveloping: ECKey | RSAKey | None = None


class Refused(Exception):
    """The double says no: the error of the standard, and why in words for whoever reads the test."""

    def __init__(self, error: str, why: str, *, status: int = 400) -> None:
        super().__init__(f"{error}: {why}")
        self.error, self.why, self.status = error, why, status


@dataclass(frozen=True)
class Asked:
    """An authorisation request found in order."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scopes: tuple[str, ...]
    transaction: str = ""


@dataclass
class StrictProvider:
    """The double. ``base`` is its address, ``signing`` its key for ID tokens, ``secret`` makes its pairwise subjects."""

    base: str
    issuer: str
    signing: ECKey
    secret: bytes
    clients: tuple[RegisteredClient, ...]
    cards: tuple[SampleCard, ...]
    store: Store
    clock: Clock
    signing_cards: SigningCards = field(default_factory=SigningCards)

    @property
    def endpoints(self) -> Endpoints:
        return Endpoints.below(self.base)

    # What the person's browser asks.

    def authorisation(self, asked: Iterable[tuple[str, str]]) -> Asked:
        """Look at an authorisation request. Raises ``Refused``."""
        pairs = list(asked)
        given = dict(pairs)
        if len(given) != len(pairs):
            raise Refused("invalid_request", "a parameter stands there twice")
        client = self._client(given.get("client_id", ""))
        if given.get("redirect_uri") not in client.redirect_uris:
            raise Refused("invalid_request", "redirect_uri is not registered")
        if given.get("response_type") != "code":
            raise Refused("unsupported_response_type", "only codes are given")
        scopes = tuple(given.get("scope", "").split(" "))
        if "openid" not in scopes or not set(scopes) <= _SCOPES:
            raise Refused("invalid_scope", "openid and known scopes")
        for name in ("state", "nonce"):
            if not _PLAIN.fullmatch(given.get(name, "")):
                raise Refused("invalid_request", f"{name} is missing")
        if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
            raise Refused("invalid_request", "PKCE with S256 is required")
        if not set(given.get("acr_values", "").split()) <= _ACR:
            raise Refused("invalid_request", "acr_values")
        transaction = self._transaction_asked(given, client, scopes)
        for name in ("state", "nonce"):
            if self.store.look(f"{name} {client.client_id} {given[name]}") is not None:
                raise Refused("invalid_request", f"{name} was used before")
        return Asked(
            client.client_id,
            given["redirect_uri"],
            given["state"],
            given["nonce"],
            given["code_challenge"],
            scopes,
            transaction,
        )

    def answer_with(self, asked: Asked, card: SampleCard | None) -> str:
        """Where the browser goes back to: with a code for the holder of ``card``, or without when they gave up.

        State and nonce are spent with it. Raises ``Refused`` when they were before.
        """
        for name, value in (("state", asked.state), ("nonce", asked.nonce)):
            if not self.store.claim(f"{name} {asked.client_id} {value}", _REMEMBERED):
                raise Refused("invalid_request", f"{name} was used before")
        told = {"state": asked.state}
        if card is None:
            told |= {"error": "access_denied", "error_description": "User cancelled"}
        else:
            if asked.transaction:
                self._sign(asked.transaction, card)
            code = secrets.token_urlsafe(32)
            self.store.put(
                f"code {code}",
                {**asked.__dict__, "scopes": list(asked.scopes), "card": card.key, "until": self._now() + _CODE},
                _CODE,
            )
            told |= {"code": code, "session_state": str(uuid.uuid4())}
        mark = "&" if urlsplit(asked.redirect_uri).query else "?"
        return f"{asked.redirect_uri}{mark}{urlencode(told)}"

    # What the client asks.

    def answer(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request of a client, as the real one answers over HTTP."""
        heads = {name.lower(): value for name, value in headers.items()}
        path, ends = urlsplit(address).path, self.endpoints
        try:
            if (method, path) == ("GET", urlsplit(ends.keys).path):
                return _json(self.key_set())
            if (method, path) == ("POST", urlsplit(ends.token).path):
                return _json(self.token(_form(heads, body)))
            if (method, path) == ("GET", urlsplit(ends.userinfo).path):
                return _json(self.userinfo(heads.get("authorization", "")))
            signatures = urlsplit(ends.signatures).path
            if (method, path) == ("POST", signatures):
                return _json(self.open_transaction(heads, body), 201)
            if method == "GET" and path.startswith(f"{signatures}/") and path.endswith("/result"):
                transaction = path.removeprefix(f"{signatures}/").removesuffix("/result")
                return _json(self.result(heads.get("authorization", ""), transaction))
        except Refused as refused:
            return _json({"error": refused.error, "error_description": refused.why}, refused.status)
        return _json({"error": "invalid_request", "error_description": "no such address"}, 404)

    def key_set(self) -> dict[str, Any]:
        """The public keys (JWKS)."""
        return {"keys": [public_part(self.signing, use="sig")]}

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Tokens for a code, or for the client itself. Raises ``Refused``."""
        client = self._authenticated(form)
        grant = form.get("grant_type", "")
        if grant == "client_credentials":
            if form.get("scope") != "sign":
                raise Refused("invalid_scope", "a client by itself may only sign")
            return self._granted(client, {"scopes": ["sign"], "card": ""})
        if grant != "authorization_code":
            raise Refused("unsupported_grant_type", "codes and client credentials only")
        code = form.get("code", "")
        kept = self.store.take(f"code {code}")
        if kept is None:
            self._withdraw(code)
            raise Refused("invalid_grant", "the code is unknown, over or was used before")
        if self._now() > kept["until"]:
            raise Refused("invalid_grant", "the code is over")
        if kept["client_id"] != client.client_id or kept["redirect_uri"] != form.get("redirect_uri"):
            raise Refused("invalid_grant", "the code was given to somebody else")
        verifier = form.get("code_verifier", "")
        if not _VERIFIER.fullmatch(verifier) or code_challenge(verifier) != kept["challenge"]:
            raise Refused("invalid_grant", "wrong verifier")
        granted = self._granted(client, kept)
        self.store.put(f"granted {code}", {"token": granted["access_token"]}, _REMEMBERED)
        granted["id_token"] = self.id_token(self.id_claims(client, kept, granted["access_token"]))
        return granted

    def id_claims(self, client: RegisteredClient, kept: Mapping[str, Any], access_token: str) -> dict[str, Any]:
        """What an ID token says."""
        now = int(self._now())
        return {
            "iss": self.issuer,
            "sub": self.subject(client.client_id, kept["card"]),
            "aud": client.client_id,
            "azp": client.client_id,
            "iat": now,
            "auth_time": now,
            "exp": now + _TOKEN,
            "nonce": kept["nonce"],
            "at_hash": half_hash(access_token),
        }

    def id_token(self, claims: Mapping[str, Any]) -> str:
        """An ID token, signed ES256."""
        header = {"alg": "ES256", "typ": "JWT", "kid": str(self.signing.kid)}
        return jws.serialize_compact(header, json.dumps(claims), self.signing, algorithms=["ES256"])

    def userinfo(self, authorisation: str) -> dict[str, Any]:
        """The facts for the scopes granted. Raises ``Refused``."""
        kept = self._bearer(authorisation)
        card = self._card(kept["card"])
        if card is None:
            raise Refused("insufficient_scope", "no person behind this token", status=403)
        return {"sub": self.subject(kept["client"], card.key), **card.facts(frozenset(kept["scopes"]))}

    def open_transaction(self, heads: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Announce a digest to be signed. Raises ``Refused``."""
        kept = self._bearer(heads.get("authorization", ""))
        client = self._client(kept["client"])
        if kept["card"] or kept["scopes"] != ["sign"]:
            raise Refused("insufficient_scope", "client credentials with the scope sign", status=403)
        if client.enveloping is None:
            raise Refused("invalid_request", "no key to make an envelope for")
        try:
            digest = base64.b64decode(json.loads(body)["digest"], validate=True)
        except (ValueError, KeyError, TypeError) as fault:
            raise Refused("invalid_request", "digest") from fault
        if len(digest) != _DIGEST_LENGTH:
            raise Refused("invalid_request", "a SHA-256 has 32 bytes")
        transaction = str(uuid.uuid4())
        self.store.put(
            f"transaction {transaction}",
            {"client": client.client_id, "digest": digest.hex(), "until": self._now() + _TRANSACTION},
            _TRANSACTION,
        )
        return {"sign_transaction_id": transaction}

    def result(self, authorisation: str, transaction: str) -> dict[str, Any]:
        """The signature in its envelope, to the client it is for. Raises ``Refused``."""
        bearer = self._bearer(authorisation)
        kept = self.store.look(f"transaction {transaction}")
        if kept is None or kept["client"] != bearer["client"] or bearer.get("transaction") != transaction:
            raise Refused("invalid_request", "no such transaction", status=404)
        if "signature" not in kept:
            raise Refused("invalid_request", "not signed yet")
        client = self._client(kept["client"])
        if client.enveloping is None:
            raise Refused("invalid_request", "no key to make an envelope for")
        content = json.dumps({"signature": kept["signature"], "certificate": kept["certificate"]})
        algorithm = public_part(client.enveloping, use="enc")["alg"]
        header = {"alg": algorithm, "enc": "A256GCM"}
        envelope = jwe.encrypt_compact(header, content, client.enveloping, algorithms=[algorithm, "A256GCM"])
        return {"sign_certificate_jwe": envelope}

    def subject(self, client_id: str, card: str) -> str:
        """The pairwise subject: another one for every client."""
        return hmac.new(self.secret, f"{client_id} {card}".encode(), hashlib.sha256).hexdigest()

    # What it checks.

    def _authenticated(self, form: Mapping[str, str]) -> RegisteredClient:
        """The client behind an assertion (RFC 7523). Raises ``Refused``."""
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_secret" in form:
            raise Refused("invalid_client", "private_key_jwt only", status=401)
        client = self._client(form.get("client_id", ""), status=401)
        claims = self._claims_of_assertion(form.get("client_assertion", ""), client)
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            raise Refused("invalid_client", "iss and sub are the client", status=401)
        if claims.get("aud") not in (self.endpoints.token, [self.endpoints.token]):
            raise Refused("invalid_client", "wrong audience", status=401)
        self._check_life(claims)
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 0 < len(jti) <= 255:
            raise Refused("invalid_client", "no jti", status=401)
        if not self.store.claim(f"jti {client.client_id} {jti}", _REMEMBERED):
            raise Refused("invalid_client", "the assertion was used before", status=401)
        return client

    def _claims_of_assertion(self, assertion: str, client: RegisteredClient) -> dict[str, Any]:
        key: Key = client.signing
        try:
            header = jws.extract_compact(assertion.encode("ascii")).headers()
            if header.get("alg") != "ES256" or header.get("kid", client.signing.kid) != client.signing.kid:
                raise Refused("invalid_client", "ES256 with the registered key", status=401)
            claims = json.loads(jws.deserialize_compact(assertion.encode("ascii"), key, algorithms=["ES256"]).payload)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise Refused("invalid_client", "the assertion's signature", status=401) from fault
        if not isinstance(claims, dict):
            raise Refused("invalid_client", "no claims", status=401)
        return claims

    def _check_life(self, claims: Mapping[str, Any]) -> None:
        now, expires, issued = self._now(), claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int) or isinstance(expires, bool):
            raise Refused("invalid_client", "no exp", status=401)
        if expires <= now - _SKEW:
            raise Refused("invalid_client", "the assertion is over", status=401)
        if expires > now + _LONGEST_ASSERTION + _SKEW:
            raise Refused("invalid_client", "the assertion lives too long", status=401)
        if issued is not None and (not isinstance(issued, int) or issued > now + _SKEW):
            raise Refused("invalid_client", "issued in the future", status=401)

    def _transaction_asked(self, given: Mapping[str, str], client: RegisteredClient, scopes: tuple[str, ...]) -> str:
        transaction = given.get("sign_transaction_id", "")
        if ("sign" in scopes) != bool(transaction):
            raise Refused("invalid_request", "the scope sign and a transaction go together")
        if transaction:
            kept = self.store.look(f"transaction {transaction}")
            if kept is None or kept["client"] != client.client_id or self._now() > kept["until"]:
                raise Refused("invalid_request", "no such transaction")
        return transaction

    def _sign(self, transaction: str, card: SampleCard) -> None:
        kept = self.store.look(f"transaction {transaction}")
        if kept is None or "signature" in kept:
            raise Refused("invalid_request", "the transaction is over")
        signature, certificate = self.signing_cards.sign(card, bytes.fromhex(kept["digest"]), now=self.clock.now())
        signed = {
            "signature": base64.b64encode(signature).decode(),
            "certificate": base64.b64encode(certificate).decode(),
        }
        self.store.put(f"transaction {transaction}", {**kept, **signed}, _TRANSACTION)

    def _granted(self, client: RegisteredClient, kept: Mapping[str, Any]) -> dict[str, Any]:
        token = secrets.token_urlsafe(32)
        bearer = {
            "client": client.client_id,
            "card": kept["card"],
            "scopes": list(kept["scopes"]),
            "transaction": kept.get("transaction", ""),
            "until": self._now() + _TOKEN,
        }
        self.store.put(f"token {token}", bearer, _TOKEN)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": _TOKEN,
            "scope": " ".join(kept["scopes"]),
        }

    def _withdraw(self, code: str) -> None:
        """A code that comes twice was stolen by one of the two: what it brought is worth nothing any more."""
        granted = self.store.take(f"granted {code}")
        if granted is not None:
            self.store.take(f"token {granted['token']}")

    def _bearer(self, authorisation: str) -> dict[str, Any]:
        scheme, _, token = authorisation.partition(" ")
        kept = self.store.look(f"token {token}") if scheme.lower() == "bearer" and token else None
        if kept is None or self._now() > kept["until"]:
            raise Refused("invalid_token", "unknown or over", status=401)
        return kept

    def _client(self, client_id: str, *, status: int = 400) -> RegisteredClient:
        found = next((one for one in self.clients if one.client_id == client_id), None)
        if found is None:
            raise Refused("invalid_client" if status == 401 else "unauthorized_client", "unknown client", status=status)
        return found

    def _card(self, key: str) -> SampleCard | None:
        return next((one for one in self.cards if one.key == key), None)

    def _now(self) -> float:
        return self.clock.now().timestamp()


def _form(heads: Mapping[str, str], body: bytes) -> dict[str, str]:
    if heads.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise Refused("invalid_request", "a form is asked for")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=30)
    except ValueError as fault:
        raise Refused("invalid_request", "no form") from fault
    if len(dict(pairs)) != len(pairs):
        raise Refused("invalid_request", "a parameter stands there twice")
    return dict(pairs)


def _json(content: Mapping[str, Any], status: int = 200) -> Answer:
    return Answer(status, "application/json", json.dumps(content, ensure_ascii=False).encode())
