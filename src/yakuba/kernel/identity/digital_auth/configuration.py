"""The settings of デジタル認証アプリ, from ``YAKUBA_DIGITAL_AUTH_*``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from yakuba.kernel.identity.digital_auth.base import ProviderFault

#: What may be set; anything else that begins like it is a slip of the pen and is said so.
KNOWN = frozenset(
    {
        "URL", "ISSUER", "CLIENT_ID", "REDIRECT_URI", "KEY_FILE", "OPENING_KEY_FILE", "ACR_VALUES", "CA_FILE", "PROXY",
    }
)  # fmt: skip
_NEEDED = ("URL", "ISSUER", "CLIENT_ID", "REDIRECT_URI")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REALM = "/realms/main/protocol/openid-connect"


@dataclass(frozen=True)
class Endpoints:
    """Where the provider answers. ``authorisation`` is for the person's browser, the rest for us."""

    authorisation: str
    token: str
    userinfo: str
    keys: str
    signatures: str

    @classmethod
    def below(cls, base: str) -> Endpoints:
        """The endpoints below the provider's base address, e.g. ``https://auth-and-sign.go.jp/api``."""
        return cls(
            authorisation=f"{base}{_REALM}/auth",
            token=f"{base}{_REALM}/token",
            userinfo=f"{base}{_REALM}/userinfo",
            keys=f"{base}{_REALM}/certs",
            signatures=f"{base}/sign-transactions",
        )


@dataclass(frozen=True)
class Configuration:
    """Who we are at the provider, and whom we believe."""

    base: str
    issuer: str
    client_id: str
    redirect_uri: str
    key_file: Path
    opening_key_file: Path | None = None
    acr_values: str = ""
    ca_file: str = ""
    proxy: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    @classmethod
    def from_settings(cls, written: Mapping[str, str], *, is_production: bool, callback: str) -> Configuration:
        """The settings as written. ``callback`` is the path people come back to. Raises ``ProviderFault``."""
        unknown = sorted(set(written) - KNOWN)
        if unknown:
            raise ProviderFault(f"知らない設定があります：{'、'.join(f'YAKUBA_DIGITAL_AUTH_{one}' for one in unknown)}")
        for name in _NEEDED:
            if not written.get(name):
                raise ProviderFault(f"YAKUBA_DIGITAL_AUTH_{name} がありません")
        _address(written["URL"], "URL", is_production=is_production)
        back = _address(written["REDIRECT_URI"], "REDIRECT_URI", is_production=is_production)
        if back.path != callback:
            raise ProviderFault(f"YAKUBA_DIGITAL_AUTH_REDIRECT_URI は「{callback}」で終わるアドレスにしてください")
        _address(written["ISSUER"], "ISSUER", is_production=is_production)
        if not re.fullmatch(r"[0-9A-Za-z]{1,255}", written["CLIENT_ID"]):
            raise ProviderFault("YAKUBA_DIGITAL_AUTH_CLIENT_ID は英数字で書いてください")
        if not re.fullmatch(r"[A-Za-z0-9._: -]{0,100}", written.get("ACR_VALUES", "")):
            raise ProviderFault("YAKUBA_DIGITAL_AUTH_ACR_VALUES を読めません（例：aal3 crl）")
        return cls(
            base=written["URL"].rstrip("/"),
            issuer=written["ISSUER"],
            client_id=written["CLIENT_ID"],
            redirect_uri=written["REDIRECT_URI"],
            key_file=Path(written["KEY_FILE"]),
            opening_key_file=Path(written["OPENING_KEY_FILE"]) if written.get("OPENING_KEY_FILE") else None,
            acr_values=written.get("ACR_VALUES", "").strip(),
            ca_file=_existing(written.get("CA_FILE", "")),
            proxy=_proxy(written.get("PROXY", "")),
        )


def is_set(written: Mapping[str, str]) -> bool:
    """Whether the town set anything of its own; the key file has a place by default and tells nothing."""
    return bool(set(written) - {"KEY_FILE"})


def _address(text: str, name: str, *, is_production: bool) -> SplitResult:
    """An address with TLS; without it only on this machine and never in production."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    is_here = parts.scheme == "http" and host in _LOOPBACK and not is_production
    plain = host and not parts.query and not parts.fragment and not parts.username and "@" not in parts.netloc
    if not plain or not (parts.scheme == "https" or is_here) or len(text) > 255:
        raise ProviderFault(f"YAKUBA_DIGITAL_AUTH_{name} は https:// で始まるアドレスにしてください")
    return parts


def _proxy(text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_right = (
            parts.scheme == "http" and bool(parts.hostname) and (parts.port or 80) > 0 and "@" not in parts.netloc
        )
    except ValueError:
        is_right = False
    if not is_right:
        raise ProviderFault("YAKUBA_DIGITAL_AUTH_PROXY は http://名前:ポート の形で書いてください")
    return text


def _existing(path: str) -> str:
    if path and not Path(path).is_file():
        raise ProviderFault("YAKUBA_DIGITAL_AUTH_CA_FILE のファイルがありません")
    return path
