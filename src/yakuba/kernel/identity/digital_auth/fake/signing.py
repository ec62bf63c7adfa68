"""Signature certificates of cards that belong to nobody, issued by an authority nobody knows."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from yakuba.kernel.identity.digital_auth.fake.cards import SampleCard

_YEARS = timedelta(days=5 * 365)


class SigningCards:
    """Keys and certificates, made when a card signs for the first time and forgotten with the process.

    ``revoked`` are the serial numbers its authority has revoked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._authority: tuple[rsa.RSAPrivateKey, x509.Certificate] | None = None
        self._cards: dict[str, tuple[rsa.RSAPrivateKey, x509.Certificate]] = {}
        self.revoked: set[int] = set()

    def sign(self, card: SampleCard, digest: bytes, *, now: datetime) -> tuple[bytes, bytes]:
        """The card's RSA signature over a SHA-256 digest, and its certificate (DER)."""
        key, certificate = self._card(card, now)
        signature = key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        return signature, certificate.public_bytes(Encoding.DER)

    def authority(self, now: datetime) -> x509.Certificate:
        """The certificate of the authority that issued all of them."""
        with self._lock:
            return self._issuer(now)[1]

    def _issuer(self, now: datetime) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        if self._authority is None:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            name = _name("Sample Signature CA", "見本の認証局")
            certificate = _builder(name, name, key.public_key(), now, is_authority=True).sign(key, hashes.SHA256())
            self._authority = key, certificate
        return self._authority

    def _card(self, card: SampleCard, now: datetime) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        with self._lock:
            if card.key not in self._cards:
                issuing, authority = self._issuer(now)
                key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
                name = _name(card.name, "見本")
                builder = _builder(name, authority.subject, key.public_key(), now, is_authority=False)
                self._cards[card.key] = key, builder.sign(issuing, hashes.SHA256())
            return self._cards[card.key]


def _name(common: str, unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, now: datetime, *, is_authority: bool
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
    )
