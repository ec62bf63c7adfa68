"""How surely it is known who somebody is (本人確認の水準), and whether they signed: two different questions.

Authentication is no signature: a 住民票 asked for online needs an electronic signature (電子署名) by ministerial
ordinance, however surely the person was identified (Tokyo District Court, 2022-12-08). So both have a scale of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class IdentityLevel(IntEnum):
    """How surely it is known who acts; a higher level includes what the lower ones show."""

    NONE = 0
    #: Somebody who reads a mail address, without an account.
    MAIL = 1
    #: Somebody signed in to an account they registered themselves.
    ACCOUNT = 2
    #: Shown by My Number Card and its secret number (公的個人認証による本人確認).
    PUBLIC_AUTH = 3

    @property
    def key(self) -> str:
        """The name in data files: ``none``, ``mail``, ``account``, ``public_auth``."""
        return self.name.lower()

    @property
    def label(self) -> str:
        return _LEVELS[self]


class SignatureLevel(IntEnum):
    """Whether a document is signed by its sender (電子署名)."""

    NONE = 0
    ELECTRONIC_SIGNATURE = 1

    @property
    def key(self) -> str:
        """The name in data files: ``none``, ``electronic_signature``."""
        return self.name.lower()

    @property
    def label(self) -> str:
        return _SIGNATURES[self]


_LEVELS = {
    IdentityLevel.NONE: "本人確認なし",
    IdentityLevel.MAIL: "メールアドレスの確認",
    IdentityLevel.ACCOUNT: "利用登録によるログイン",
    IdentityLevel.PUBLIC_AUTH: "公的個人認証による本人確認",
}
_SIGNATURES = {SignatureLevel.NONE: "電子署名なし", SignatureLevel.ELECTRONIC_SIGNATURE: "電子署名あり"}

#: So long a proof by card counts after it was given; then the card is shown again.
LEVEL_LASTS = timedelta(minutes=60)
#: So long name, address, date of birth and gender from the card are kept for filling in a form.
FACTS_LAST = timedelta(minutes=30)


@dataclass(frozen=True)
class IdentityProof:
    """The level reached, when it was shown (aware), by what (``card``, ``session``, ``mail``), by whose word.

    ``is_sample`` marks a proof by the sample town's card, which proves nothing about anybody.
    """

    level: IdentityLevel = IdentityLevel.NONE
    proven_at: datetime | None = None
    by: str = ""
    provider: str = ""
    is_sample: bool = False


def still_counts(*, proven_at: datetime, now: datetime, lasts: timedelta) -> bool:
    """Whether something shown at ``proven_at`` counts at ``now``; never before it was shown."""
    return timedelta(0) <= now - proven_at <= lasts
