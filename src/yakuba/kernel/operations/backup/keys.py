"""The keys of backups: who can open one, and who made it.

An archive is encrypted in the age format for one or more *recipients* (public keys). Only they stay on the machine;
the *identity* (復元の鍵, the secret half) is made once and is meant to be carried away. age says nothing about who
made an archive, and a recipient is no secret, so each archive is signed as well: the identity file names the signer's
public key, and a forged archive does not open as ours.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yakuba.kernel.values.api import TOKYO, Refusal

RECIPIENTS = "backup-recipients.txt"
IDENTITY = "backup-identity.txt"
SIGNING = "backup-signing.key"
_SIGNER = "# signer: ed25519:"


class KeyRefused(Refusal):
    """A key file is missing or cannot be used."""


@dataclass(frozen=True)
class PublicKeys:
    """What one may know of an installation's backup keys: recipients (``age1…``) and the signer (base64)."""

    recipients: tuple[str, ...]
    signer: str


@dataclass(frozen=True)
class Identities:
    """Secret keys read from an identity file, and the signers named there (base64)."""

    secrets: tuple[pyrage.x25519.Identity, ...]
    signers: tuple[str, ...]


def identity_file(home: Path) -> Path:
    """Where the identity lies until it is carried away."""
    return home / "secrets" / IDENTITY


def public_keys(home: Path) -> PublicKeys | None:
    """The public keys of this installation; ``None`` before the first backup. Raises ``KeyRefused``."""
    place = home / "secrets" / RECIPIENTS
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    recipients = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            _recipient(line.strip(), place=place, line=number)
    if not recipients:
        raise KeyRefused(
            f"{place} に公開鍵が一つもありません。", hint="yakuba backup-key --renew で作り直してください。"
        )
    return PublicKeys(recipients, _public_half(_signing_key(home)))


def parsed(recipients: tuple[str, ...]) -> list[pyrage.x25519.Recipient]:
    return [pyrage.x25519.Recipient.from_str(one) for one in recipients]


def make_keys(home: Path, *, now: datetime) -> PublicKeys:
    """Make a new pair. Raises ``KeyRefused`` while an earlier identity still lies in its place.

    Recipients a town added itself (a second line in the file) stay recipients.
    """
    place = identity_file(home)
    if place.exists():
        raise KeyRefused(
            f"復元の鍵がすでに {place} にあります。",
            hint="前の鍵で作ったバックアップを開くのに要ります。別の場所に移してから、もう一度実行してください。",
        )
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    signer = _public_half(_signing_key(home))
    written_at = f"{now.astimezone(TOKYO):%Y-%m-%d %H:%M}"
    write_secret(
        place,
        "# 役場の復元の鍵。これがないとバックアップを開けません。この機械とは別の場所に保管してください。\n"
        f"# created: {written_at}\n"
        f"# public key: {recipient}\n"
        f"{_SIGNER}{signer}\n"
        f"{identity}\n",
    )
    own = home / "secrets" / RECIPIENTS
    added = _added_by_the_town(own)
    write_secret(own, f"# バックアップを開ける公開鍵（1行に1つ）\n# made by yakuba: {recipient}\n{recipient}\n{added}")
    return PublicKeys((recipient, *added.split()), signer)


def read_identities(place: Path) -> Identities:
    """Read an identity file as this product or the ``age`` tool wrote it. Raises ``KeyRefused``."""
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise KeyRefused(
            f"復元の鍵 {place} がありません。",
            hint="保管してある鍵のファイルを --identity で指定してください。",
        ) from None
    except (OSError, UnicodeDecodeError):
        raise KeyRefused(f"復元の鍵 {place} を読めません。", hint="ファイルと権限を確かめてください。") from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found.append(pyrage.x25519.Identity.from_str(line.strip()))
        except pyrage.IdentityError:
            raise KeyRefused(
                f"{place} の{number}行目は復元の鍵ではありません。",
                hint="AGE-SECRET-KEY-1 で始まる行が、途中で切れずに入っているか確かめてください。",
            ) from None
    if not found:
        raise KeyRefused(f"{place} に復元の鍵がありません。", hint="AGE-SECRET-KEY-1 で始まる行が必要です。")
    signers = tuple(line.removeprefix(_SIGNER).strip() for line in lines if line.startswith(_SIGNER))
    return Identities(tuple(found), signers)


def sign(home: Path, content: bytes) -> str:
    """Ed25519 signature of this installation, base64."""
    return base64.b64encode(_signing_key(home).sign(content)).decode()


def is_signed(content: bytes, signature: str, *, by: tuple[str, ...]) -> bool:
    """Whether one of the signers ``by`` (base64 public keys) signed ``content``."""
    for signer in by:
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signer, validate=True))
            key.verify(base64.b64decode(signature, validate=True), content)
        except (InvalidSignature, ValueError, binascii.Error):
            continue
        return True
    return False


def write_secret(place: Path, content: str) -> None:
    """Write a file only we may read, whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = place.with_name(f".{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)


def _recipient(written: str, *, place: Path, line: int) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(written)
    except pyrage.RecipientError:
        raise KeyRefused(
            f"{place} の{line}行目は公開鍵ではありません。", hint="age1 で始まる公開鍵を1行に1つ書いてください。"
        ) from None


def _added_by_the_town(place: Path) -> str:
    """Lines of the recipients file that are not the pair made last time."""
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ""
    ours = {line.removeprefix("# made by yakuba:").strip() for line in lines if line.startswith("# made by yakuba:")}
    return "".join(f"{line}\n" for line in lines if line.strip() and not line.startswith("#") and line not in ours)


def _signing_key(home: Path) -> Ed25519PrivateKey:
    place = home / "secrets" / SIGNING
    if not place.exists():
        write_secret(place, Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(place.read_text(encoding="utf-8").strip()))
    except ValueError:
        raise KeyRefused(
            f"{place} が壊れています。",
            hint="バックアップから戻すか、このファイルを消してから yakuba backup-key --renew で新しい鍵を作ってください。",
        ) from None


def _public_half(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()
