"""Sealing sensitive fields before they reach the database, and recognising them without opening them.

Keys lie in ``secrets/personal.key`` of the installation, the newest first. Digests are made with the oldest key, so that
a new key does not make known rows unrecognisable.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unsealable(ValueError):
    """The sealed text was made with a key this installation does not have."""


def seal(content: dict[str, Any]) -> str:
    """JSON content as sealed text."""
    return _box().encrypt(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """The content again, whichever of our keys sealed it. Raises ``Unsealable``."""
    try:
        found: dict[str, Any] = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken as fault:
        raise Unsealable("sealed with an unknown key: restore secrets/personal.key of this installation") from fault
    return found


def digest_of_token(token: str) -> str:
    """A keyed digest by which a row is found again and from which nothing can be read: 40 hexadecimal digits."""
    key = hashlib.sha256(b"people tokens" + settings.YAKUBA_PERSONAL_KEYS[-1]).digest()
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()[:40]


def _box() -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key).digest())) for key in settings.YAKUBA_PERSONAL_KEYS]
    )
