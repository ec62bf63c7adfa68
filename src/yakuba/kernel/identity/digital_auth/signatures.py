"""Judging an electronic signature: whether it fits the document, and whether its certificate may be relied on.

A town must not accept a certificate on its chain and dates alone: whether it was revoked (失効) can only be asked by a
署名検証者. So the question goes to a ``RevocationChecker``, and where none is configured the answer is no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from yakuba.kernel.identity.digital_auth.base import SignedDigest
from yakuba.kernel.identity.models import SignatureOutcome


class CertificateState(StrEnum):
    """What a checker says of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    UNTRUSTED = "untrusted"
    NOT_CHECKABLE = "not_checkable"


class RevocationChecker(Protocol):
    """Whoever can say whether a signature certificate (署名用電子証明書) is genuine and not revoked.

    ``name`` stands in the evidence. ``judge`` looks at the chain up to 公的個人認証サービス's authority and at
    revocation; it may ask the outside, is called outside transactions, and never raises: what it cannot find out is
    ``NOT_CHECKABLE``.
    """

    name: str

    def judge(self, certificate: bytes, *, at: datetime) -> CertificateState: ...


class NoChecker:
    """Nobody can be asked: so nothing is accepted."""

    name = ""

    def judge(self, certificate: bytes, *, at: datetime) -> CertificateState:
        return CertificateState.NOT_CHECKABLE


def checker_in_force() -> RevocationChecker:
    """Who is asked. There is no adapter to a verification service yet, so nobody is."""
    return NoChecker()


@dataclass(frozen=True)
class Judgement:
    """How a signature was judged; ``reason`` in a word for machines, empty when it was accepted."""

    outcome: SignatureOutcome
    reason: str = ""
    checker: str = ""


def judge(signed: SignedDigest, digest: bytes, *, checker: RevocationChecker) -> Judgement:
    """Judge a signature over the SHA-256 ``digest`` of a document."""
    try:
        certificate = x509.load_der_x509_certificate(signed.certificate)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return Judgement(SignatureOutcome.REFUSED, "certificate")
    if not _fits(key, signed.signature, digest):
        return Judgement(SignatureOutcome.REFUSED, "signature")
    if not certificate.not_valid_before_utc <= signed.received_at <= certificate.not_valid_after_utc:
        return Judgement(SignatureOutcome.REFUSED, "dates")
    state = checker.judge(signed.certificate, at=signed.received_at)
    if state is CertificateState.GOOD:
        return Judgement(SignatureOutcome.ACCEPTED, "", checker.name)
    if state is CertificateState.NOT_CHECKABLE:
        return Judgement(SignatureOutcome.NOT_CHECKABLE, "revocation", checker.name)
    return Judgement(SignatureOutcome.REFUSED, state.value, checker.name)


def _fits(key: object, signature: bytes, digest: bytes) -> bool:
    """Whether the signature is this key's over this digest: RSA PKCS#1 v1.5 as cards make it, or ECDSA."""
    try:
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048:
            key.verify(signature, digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True
