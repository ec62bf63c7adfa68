"""Keys by which other systems use an app (APIトークン): what they may do, how they are written, how long they live."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection
from enum import StrEnum

MOST_TOKENS, LONGEST_DAYS = 10, 365
_WRITTEN = re.compile(r"yka_([0-9a-z]{16})_([A-Za-z0-9_-]{43})")
PERSON = "token:"
"""How the id of the acting person begins when a token acts."""


class Scope(StrEnum):
    """What a token may do, within what its group may."""

    READ = "read"
    ADD = "add"
    CHANGE = "change"

    @property
    def label(self) -> str:
        return {"read": "読む", "add": "記録を加える", "change": "記録を変える"}[self.value]


def written_token(public_id: str, secret: str) -> str:
    """The token as it is shown once."""
    return f"yka_{public_id}_{secret}"


def read_token(header: str) -> tuple[str, str] | None:
    """Public id and secret in an ``Authorization`` header; None if it is none."""
    kind, _, text = header.partition(" ")
    found = _WRITTEN.fullmatch(text.strip()) if kind.lower() == "bearer" and len(header) < 200 else None
    return (found[1], found[2]) if found else None


def digest_of_secret(secret: str) -> str:
    """What is stored of a secret of 256 random bits; a slow hash would add nothing to these."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_secret(secret: str, digest: str) -> bool:
    """Whether a secret is the one a digest was made of; takes as long for a wrong one."""
    return hmac.compare_digest(digest_of_secret(secret), digest)


def whole(scopes: Collection[str]) -> list[str]:
    """The scopes in order; who may change may read, for a conflict shows what is stored."""
    wanted = set(scopes) | ({Scope.READ.value} if Scope.CHANGE.value in scopes else set())
    return [one.value for one in Scope if one.value in wanted]
