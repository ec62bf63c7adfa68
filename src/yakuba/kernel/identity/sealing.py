"""Sealing secrets before they reach the database: keys lie in a file of the installation, the newest first."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unsealable(ValueError):
    """The sealed text was made with a key this installation does not have."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again, whichever of our keys sealed it. Raises ``Unsealable``."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as fault:
        raise Unsealable("sealed with an unknown key: restore secrets/sign-in.key of this installation") from fault


def _box() -> MultiFernet:
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key).digest())) for key in settings.YAKUBA_SIGN_IN_KEYS]
    )
