"""The way of a signature over HTTP: announced by us, made by the card, opened by us alone."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from yakuba.kernel.identity.digital_auth.base import Attempt, ProviderDeclined, ProviderLied
from yakuba.kernel.identity.digital_auth.fake.provider import Refused
from yakuba.kernel.identity.digital_auth.keys import public_part
from yakuba.kernel.identity.digital_auth.signatures import NoChecker, judge
from yakuba.kernel.identity.digital_auth.tests.pair import OPENING, Pair, a_key, a_pair, come_back
from yakuba.kernel.identity.digital_auth.tokens import opened_envelope
from yakuba.kernel.identity.digital_auth.transport import Answer

DIGEST = hashlib.sha256(b"document").digest()


def sign(pair: Pair) -> tuple[str, Attempt]:
    """A signature announced and made; the code people come back with."""
    attempt = Attempt(sign_transaction=pair.adapter.open_signature(DIGEST))
    return pair.code_for(attempt), attempt


def test_a_signature_comes_back_in_an_envelope_only_we_can_open(pair: Pair) -> None:
    code, attempt = sign(pair)
    came = pair.adapter.fetch_signature(code=code, attempt=attempt)
    assert came.issuer == pair.double.issuer and came.subject == pair.double.subject(pair.adapter.client_id, "taro")
    assert judge(came, DIGEST, checker=NoChecker()).reason == "revocation", "it fits the document"


def test_somebody_elses_key_does_not_open_it(pair: Pair) -> None:
    code, attempt = sign(pair)
    adapter = replace(pair.adapter, opening=RSAKey.generate_key(2048))
    with pytest.raises(ProviderLied) as no:
        adapter.fetch_signature(code=code, attempt=attempt)
    assert no.value.reason == "envelope"


def test_without_a_key_no_signature_is_asked_for(pair: Pair) -> None:
    adapter = replace(pair.adapter, opening=None)
    assert not adapter.can_sign
    with pytest.raises(ProviderLied):
        adapter.fetch_signature(code="x", attempt=Attempt(sign_transaction="65a04b4e-af8b-45a2-8713-5ec2631bab64"))


def test_only_a_whole_digest_is_announced(pair: Pair) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        pair.adapter.open_signature(b"short")


def test_a_transaction_is_signed_once_and_within_its_time(pair: Pair) -> None:
    attempt = Attempt(sign_transaction=pair.adapter.open_signature(DIGEST))
    pair.code_for(attempt)
    with pytest.raises(Refused, match="is over"):
        pair.code_for(replace(Attempt(), sign_transaction=attempt.sign_transaction))
    late = Attempt(sign_transaction=pair.adapter.open_signature(DIGEST))
    pair.clock.go(901)
    with pytest.raises(Refused, match="no such transaction"):
        pair.code_for(late)


def test_a_result_is_told_to_the_one_who_signed_only(pair: Pair) -> None:
    first, second = sign(pair), sign(pair)
    with pytest.raises(ProviderDeclined):
        pair.adapter.fetch_signature(
            code=first[0], attempt=replace(first[1], sign_transaction=second[1].sign_transaction)
        )


def test_a_token_of_the_client_alone_reads_no_result_and_no_facts(pair: Pair) -> None:
    granted = pair.adapter._token({"grant_type": "client_credentials", "scope": "sign"})
    _, attempt = sign(pair)
    bearer = f"Bearer {granted['access_token']}"
    with pytest.raises(Refused):
        pair.double.result(bearer, attempt.sign_transaction)
    with pytest.raises(Refused, match="no person"):
        pair.double.userinfo(bearer)


def test_a_persons_token_announces_nothing(pair: Pair) -> None:
    attempt = Attempt()
    code = come_back(pair.double, pair.adapter.address(attempt))["code"]
    access_token, _ = pair.adapter._exchange(code, attempt)
    with pytest.raises(Refused, match="client credentials"):
        pair.double.open_transaction({"authorization": f"Bearer {access_token}"}, b"{}")


@pytest.mark.parametrize(
    "told",
    [{}, {"sign_transaction_id": "../../etc"}, {"sign_transaction_id": 7}, {"sign_transaction_id": "x" * 36}],
)
def test_a_transaction_with_a_name_that_is_none(told: dict[str, Any]) -> None:
    def meddle(path: str, answer: Answer) -> Answer:
        return replace(answer, body=json.dumps(told).encode()) if path.endswith("/sign-transactions") else answer

    with a_pair(meddle=meddle) as pair, pytest.raises(ProviderLied) as no:
        pair.adapter.open_signature(DIGEST)
    assert no.value.reason == "transaction"


def _sealed(content: bytes, **header: Any) -> str:
    heads = {"alg": "RSA-OAEP-256", "enc": "A256GCM", **header}
    return jwe.encrypt_compact(heads, content, OPENING, algorithms=[heads["alg"], heads["enc"], "DEF"])


GOOD = json.dumps({"signature": "AA==", "certificate": "AA=="}).encode()


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        (None, "envelope"),
        ("", "envelope"),
        ("a.b.c.d.e", "envelope"),
        ("a" * 200_000, "envelope"),
        (12, "envelope"),
        (_sealed(GOOD, zip="DEF"), "envelope"),
        (_sealed(GOOD, alg="RSA-OAEP"), "envelope"),
        (_sealed(GOOD, enc="A128CBC-HS256"), "envelope"),
        (f"{_sealed(GOOD)[:-4]}AAAA", "envelope"),
        (_sealed(b"no json"), "signature"),
        (_sealed(b"[]"), "signature"),
        (_sealed(b'{"signature": "AA=="}'), "signature"),
        (_sealed(b'{"signature": "?", "certificate": "?"}'), "signature"),
    ],
    ids=range(13),
)
def test_an_envelope_with_something_else_inside(envelope: Any, reason: str) -> None:
    def meddle(path: str, answer: Answer) -> Answer:
        if not path.endswith("/result"):
            return answer
        return replace(answer, body=json.dumps({"sign_certificate_jwe": envelope}).encode())

    with a_pair(meddle=meddle) as pair:
        code, attempt = sign(pair)
        with pytest.raises(ProviderLied) as no:
            pair.adapter.fetch_signature(code=code, attempt=attempt)
    assert no.value.reason == reason


def test_an_elliptic_curve_opens_envelopes_too() -> None:
    key = a_key()
    algorithm = public_part(key, use="enc")["alg"]
    envelope = jwe.encrypt_compact(
        {"alg": algorithm, "enc": "A256GCM"}, b"inside", key, algorithms=[algorithm, "A256GCM"]
    )
    assert opened_envelope(envelope, key) == b"inside"


def test_our_assertion_is_in_no_address(pair: Pair) -> None:
    address = pair.adapter.address(Attempt())
    assert "client_assertion" not in address and base64.b64encode(b"x").decode() not in address
