"""Electronic signatures by card: received, kept with the document's hash, and worth nothing unless revocation was checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.test import Client
from django.utils import timezone

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, EventKind
from yakuba.kernel.identity.api import IdentityLevel, SignatureLevel, signature_level_of, signatures_of, way_to_sign
from yakuba.kernel.identity.digital_auth.base import SignedDigest
from yakuba.kernel.identity.digital_auth.fake.signing import SigningCards
from yakuba.kernel.identity.digital_auth.sample import sample_double
from yakuba.kernel.identity.digital_auth.signatures import (
    CertificateState,
    NoChecker,
    RevocationChecker,
    checker_in_force,
    judge,
)
from yakuba.kernel.identity.digital_auth.tests.pair import CARDS, TARO
from yakuba.kernel.identity.models import Account, SignatureEvidence, SignatureOutcome
from yakuba.kernel.identity.sealing import unseal
from yakuba.kernel.identity.tests.asking import a_request, asked_by
from yakuba.kernel.identity.tests.people import a_resident_account, make_sample_installation, sign_in
from yakuba.kernel.identity.tests.test_showing_the_card import linked, show
from yakuba.kernel.identity.views.resident_card import sign
from yakuba.kernel.things.api import Ref

DOCUMENT = "住民票の写しの交付を申請します。".encode()
DIGEST = hashlib.sha256(DOCUMENT).digest()
NOW = datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC)
ABOUT = Ref("cases.case", "abc123")


class SampleChecker:
    """Knows the double's authority and what it revoked; how a verification service answers."""

    name = "試験用の検証"

    def __init__(self, cards: SigningCards) -> None:
        self._cards = cards

    def judge(self, certificate: bytes, *, at: datetime) -> CertificateState:
        found = x509.load_der_x509_certificate(certificate)
        try:
            found.verify_directly_issued_by(self._cards.authority(at))
        except (InvalidSignature, ValueError, TypeError):
            return CertificateState.UNTRUSTED
        return CertificateState.REVOKED if found.serial_number in self._cards.revoked else CertificateState.GOOD


@pytest.fixture(scope="module")
def cards() -> SigningCards:
    return SigningCards()


def a_signature(cards: SigningCards, **changes: Any) -> SignedDigest:
    signature, certificate = cards.sign(TARO, DIGEST, now=NOW)
    return replace(SignedDigest("https://issuer.example.jp", "ppid", signature, certificate, NOW), **changes)


# Judging.


def test_without_somebody_to_ask_nothing_is_accepted(cards: SigningCards) -> None:
    found = judge(a_signature(cards), DIGEST, checker=checker_in_force())
    assert (found.outcome, found.reason, found.checker) == (SignatureOutcome.NOT_CHECKABLE, "revocation", "")
    assert isinstance(checker_in_force(), NoChecker)


def test_a_good_signature_of_a_good_certificate_is_accepted(cards: SigningCards) -> None:
    checker: RevocationChecker = SampleChecker(cards)
    found = judge(a_signature(cards), DIGEST, checker=checker)
    assert (found.outcome, found.reason, found.checker) == (SignatureOutcome.ACCEPTED, "", "試験用の検証")


@pytest.mark.parametrize(
    ("changes", "digest", "reason"),
    [
        ({}, hashlib.sha256(DOCUMENT + b" ").digest(), "signature"),
        ({"signature": b"x" * 256}, DIGEST, "signature"),
        ({"signature": b""}, DIGEST, "signature"),
        ({"certificate": b"no certificate"}, DIGEST, "certificate"),
        ({"certificate": b""}, DIGEST, "certificate"),
        ({"received_at": NOW + timedelta(days=6 * 365)}, DIGEST, "dates"),
        ({"received_at": NOW - timedelta(days=3)}, DIGEST, "dates"),
    ],
)
def test_a_signature_that_does_not_fit(cards: SigningCards, changes: Any, digest: bytes, reason: str) -> None:
    found = judge(a_signature(cards, **changes), digest, checker=SampleChecker(cards))
    assert (found.outcome, found.reason) == (SignatureOutcome.REFUSED, reason)


def test_a_revoked_certificate_and_one_of_another_authority(cards: SigningCards) -> None:
    signed = a_signature(cards)
    serial = x509.load_der_x509_certificate(signed.certificate).serial_number
    cards.revoked.add(serial)
    assert judge(signed, DIGEST, checker=SampleChecker(cards)).reason == "revoked"
    cards.revoked.discard(serial)
    stranger = SigningCards()
    assert judge(a_signature(stranger), DIGEST, checker=SampleChecker(cards)).reason == "untrusted"


def _own_certificate(key: Any) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=1))
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_keys_of_other_kinds(cards: SigningCards) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    signature = curve.sign(DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))
    changed = a_signature(cards, signature=signature, certificate=_own_certificate(curve))
    assert judge(changed, DIGEST, checker=NoChecker()).reason == "revocation", "an elliptic curve fits too"
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    changed = a_signature(cards, certificate=_own_certificate(small))
    assert judge(changed, DIGEST, checker=NoChecker()).reason == "signature", "short keys do not"


# The way through the pages.


@pytest.fixture
def town(db: None) -> None:
    make_sample_installation()


def begin(client: Client, document: bytes = DOCUMENT) -> str:
    """What an engine does: ask for the page on which the document is signed."""
    request = a_request(client)
    address = way_to_sign(request, document=document, title="住民票の写しの申請", about=ABOUT, onward="/my/account/")
    request.session.save()
    client.cookies["yakuba_session"] = request.session.session_key
    return address


@pytest.mark.usefixtures("town")
@pytest.mark.database
def test_a_signature_is_kept_and_said_not_to_count(client: Client) -> None:
    sign_in(client, account := a_resident_account())
    page = client.get(begin(client)).content.decode()
    assert "署名する文書" in page and "住民票の写しの申請" in page
    answer = show(client, purpose="signature", onward="/my/account/")
    told = client.get(answer["Location"]).content.decode()
    assert "電子署名を受け取りましたが、採用していません" in told and "窓口か郵送" in told
    kept = SignatureEvidence.objects.get()
    assert (kept.account, kept.about, kept.document_digest) == (account, str(ABOUT), DIGEST.hex())
    assert (kept.outcome, kept.reason, kept.is_sample) == (SignatureOutcome.NOT_CHECKABLE, "revocation", True)
    assert "見本" not in kept.sealed and set(json.loads(unseal(kept.sealed))) == {
        "signature", "certificate", "certificate_digest",
    }  # fmt: skip
    assert signature_level_of(ABOUT, DOCUMENT) is SignatureLevel.NONE
    assert signatures_of(ABOUT) == [kept]
    assert AuditEvent.objects.get(verb="identity.keep_signature").actor == account.public_id
    assert AuditEvent.objects.filter(kind=EventKind.REFUSAL, verb="identity.not_proven").count() == 1


@pytest.mark.usefixtures("town")
def test_where_revocation_can_be_checked_the_signature_counts_for_these_very_bytes(
    client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sign, "checker_in_force", lambda: SampleChecker(sample_double().signing_cards))
    sign_in(client, a_resident_account())
    begin(client)
    assert show(client, purpose="signature", onward="/my/account/")["Location"] == "/my/account/"
    assert signature_level_of(ABOUT, DOCUMENT) is SignatureLevel.ELECTRONIC_SIGNATURE
    assert signature_level_of(ABOUT, DOCUMENT + b"!") is SignatureLevel.NONE
    assert signature_level_of(Ref("cases.case", "other"), DOCUMENT) is SignatureLevel.NONE


@pytest.mark.usefixtures("town")
def test_signing_is_no_proof_of_identity_and_showing_the_card_no_signature(client: Client) -> None:
    sign_in(client, a_resident_account())
    begin(client)
    show(client, purpose="signature", onward="/my/account/")
    assert asked_by(client).level is IdentityLevel.ACCOUNT
    show(client, purpose="level")
    assert asked_by(client).level is IdentityLevel.PUBLIC_AUTH
    assert signature_level_of(ABOUT, DOCUMENT) is SignatureLevel.NONE


@pytest.mark.usefixtures("town")
def test_somebody_elses_card_does_not_sign_for_the_account(client: Client) -> None:
    linked(mine := a_resident_account(), "hanako")
    sign_in(client, mine)
    begin(client)
    answer = show(client, "taro", purpose="signature", onward="/my/account/")
    assert "別の方のカード" in client.get(answer["Location"]).content.decode()
    assert not SignatureEvidence.objects.exists()


@pytest.mark.usefixtures("town")
def test_the_card_that_signs_is_the_card_that_was_shown(client: Client) -> None:
    sign_in(client, a_resident_account())
    show(client, "hanako", purpose="level")
    begin(client)
    answer = show(client, "taro", purpose="signature", onward="/my/account/")
    assert "別の方のカード" in client.get(answer["Location"]).content.decode()
    assert not SignatureEvidence.objects.exists()


@pytest.mark.usefixtures("town")
def test_a_card_of_another_account_does_not_sign(client: Client) -> None:
    linked(a_resident_account(), "taro")
    sign_in(client, a_resident_account())
    begin(client)
    answer = show(client, "taro", purpose="signature", onward="/my/account/")
    assert "別の利用登録" in client.get(answer["Location"]).content.decode()


@pytest.mark.usefixtures("town")
def test_without_a_document_there_is_nothing_to_sign(client: Client) -> None:
    page = client.get("/my/digital-auth/?purpose=signature").content.decode()
    assert "署名する文書がありません" in page
    answer = client.post("/my/digital-auth/?purpose=signature")
    assert "時間がたったか" in client.get(answer["Location"]).content.decode()


@pytest.mark.usefixtures("town")
def test_an_account_given_up_leaves_the_evidence(client: Client) -> None:
    sign_in(client, account := a_resident_account(), confirmed=timezone.now().timestamp())
    begin(client)
    show(client, purpose="signature", onward="/my/account/")
    client.post("/my/account/close")
    assert SignatureEvidence.objects.get().account == account
    with unaudited_writes("test"):
        Account.objects.all().delete()
    assert SignatureEvidence.objects.get().account is None


def test_the_double_has_cards_of_nobody() -> None:
    assert len({card.key for card in CARDS}) == len(CARDS) == 4
