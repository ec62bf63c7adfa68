"""What the town sets to prove identities by デジタル認証アプリ."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_PREFIX = "YAKUBA_DIGITAL_AUTH_"


def digital_auth_settings(environ: Mapping[str, str], *, secrets: Path) -> dict[str, str]:
    """``YAKUBA_DIGITAL_AUTH_*`` without the prefix; whether they can be used is judged where they are used.

    ``URL``, ``ISSUER``, ``CLIENT_ID`` and ``REDIRECT_URI`` are needed; ``KEY_FILE`` is ``secrets/digital-auth.jwk``
    unless said otherwise; ``OPENING_KEY_FILE`` (signatures), ``ACR_VALUES``, ``CA_FILE`` and ``PROXY`` may be left out.
    """
    written = {
        name.removeprefix(_PREFIX): value.strip()
        for name, value in environ.items()
        if name.startswith(_PREFIX) and value.strip()
    }
    return {"KEY_FILE": str(secrets / "digital-auth.jwk"), **written}
