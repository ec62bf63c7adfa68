"""The contract of an identity provider (本人確認の提供者): what the house asks it, and what it answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from yakuba.kernel.identity.rules.certified_facts import CertifiedFacts
from yakuba.kernel.values.api import Refusal


class ProviderFault(ValueError):
    """The settings of the provider cannot be used; the text names setting and reason in Japanese."""


class NotProven(Refusal):
    """Nobody's identity was shown. ``reason`` says why in a word for machines, never with anything a person typed."""

    kind: ClassVar[str]
    words: ClassVar[str]
    todo: ClassVar[str]

    def __init__(self, reason: str) -> None:
        super().__init__(self.words, hint=self.todo)
        self.reason = reason


class ProviderUnavailable(NotProven):
    """The provider gives no answer, or none in time."""

    kind = "unavailable"
    words = "デジタル認証アプリのサービスにつながらないため、本人確認ができません。"
    todo = "しばらくしてから、もう一度お試しください。ほかの方法でも入れます。"


class ProviderDeclined(NotProven):
    """The provider says no: the person gave up, the code is used up, our client may not ask."""

    kind = "declined"
    words = "デジタル認証アプリでの本人確認が、完了しませんでした。"
    todo = "もう一度、はじめからお試しください。"


class ProviderLied(NotProven):
    """The provider's answer cannot be trusted: wrong signature, for somebody else, not what was asked."""

    kind = "untrusted"
    words = "デジタル認証アプリからの応答を確かめられなかったため、本人確認ができません。"
    todo = "もう一度お試しください。続くときは、役場へお知らせください。"


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Attempt:
    """One question to the provider: what ties its answer to this browser (state), to this question (nonce) and to us
    (the proof key's verifier). ``sign_transaction`` names the signature it is about, if it is about one.
    """

    state: str = field(default_factory=_random)
    nonce: str = field(default_factory=_random)
    verifier: str = field(default_factory=_random)
    sign_transaction: str = ""


@dataclass(frozen=True)
class Certified:
    """Somebody whose card was checked: the pairwise subject (PPID) at this issuer, and what the card says."""

    issuer: str
    subject: str
    facts: CertifiedFacts
    proven_at: datetime


@dataclass(frozen=True)
class SignedDigest:
    """A signature as it came: over which SHA-256, by whom (PPID), with which certificate (DER). Not yet judged."""

    issuer: str
    subject: str
    signature: bytes
    certificate: bytes
    received_at: datetime


@dataclass(frozen=True)
class ProviderCheck:
    """How the provider stands; ``words`` says what was seen, ``todo`` what to do next. Japanese, for the doctor.

    ``worries`` are remarks that stop nothing, such as a key file others may read.
    """

    is_configured: bool
    works: bool
    words: str
    todo: str = ""
    worries: tuple[str, ...] = ()


class IdentityProvider(Protocol):
    """An adapter to one provider. Every method that asks something of the outside is called outside transactions."""

    kind: ClassVar[str]

    @property
    def issuer(self) -> str:
        """Whose word it is; subjects are unique per issuer."""
        ...

    @property
    def is_sample(self) -> bool:
        """Whether this is the sample town's double, whose word proves nothing."""
        ...

    @property
    def can_sign(self) -> bool:
        """Whether signatures can be asked for: we hold the key that opens them."""
        ...

    def address(self, attempt: Attempt) -> str:
        """Where to send the person's browser."""
        ...

    def prove(self, *, code: str, attempt: Attempt) -> Certified:
        """Who came back with ``code``. Raises ``NotProven``."""
        ...

    def open_signature(self, digest: bytes) -> str:
        """Announce that a SHA-256 digest shall be signed; the transaction's id. Raises ``NotProven``."""
        ...

    def fetch_signature(self, *, code: str, attempt: Attempt) -> SignedDigest:
        """The signature of ``attempt.sign_transaction``. Raises ``NotProven``."""
        ...

    def check(self) -> ProviderCheck:
        """Look whether the provider answers; never raises."""
        ...
