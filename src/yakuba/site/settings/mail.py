"""How mail leaves the town hall: the relay, its encryption, its account."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_PORTS = {"none": 25, "starttls": 587, "tls": 465}


def mail_settings(environ: Mapping[str, str], *, is_production: bool, kept_in: Path, town: str) -> dict[str, Any]:
    """Django's mail settings from ``YAKUBA_MAIL_*``.

    ``HOST`` names the relay; ``TLS`` is ``none`` (default, for a relay in the same network), ``starttls`` or ``tls``;
    ``PORT`` defaults to 25, 587 or 465; ``USER`` with ``PASSWORD_FILE`` signs in, and only over an encrypted line.
    Without a relay a town under development keeps its mails as files. Raises `ImproperlyConfigured`.
    """
    host = environ.get("YAKUBA_MAIL_HOST", "").strip()
    tls = environ.get("YAKUBA_MAIL_TLS", "none").strip().lower() or "none"
    if tls not in _PORTS:
        raise ImproperlyConfigured("YAKUBA_MAIL_TLS は none・starttls・tls のどれかにしてください。")
    port = environ.get("YAKUBA_MAIL_PORT", "").strip() or str(_PORTS[tls])
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"YAKUBA_MAIL_PORT の「{port}」はポート番号ではありません。")
    user = environ.get("YAKUBA_MAIL_USER", "").strip()
    if user and tls == "none":
        raise ImproperlyConfigured(
            "YAKUBA_MAIL_USER を使うときは、パスワードが平文で流れないように YAKUBA_MAIL_TLS を指定してください。"
        )
    backend = "smtp" if host or is_production else "filebased"
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(port),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "tls",
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": _password(environ.get("YAKUBA_MAIL_PASSWORD_FILE", "")) if user else "",
        "EMAIL_TIMEOUT": 10,
        "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
        "EMAIL_FILE_PATH": kept_in,
        "DEFAULT_FROM_EMAIL": environ.get("YAKUBA_MAIL_FROM", f"{town} <no-reply@{host or 'localhost'}>"),
    }


def _password(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise ImproperlyConfigured(
            f"YAKUBA_MAIL_PASSWORD_FILE（メールのパスワードを書いたファイル）を読めません: {fault.strerror}"
        ) from None
