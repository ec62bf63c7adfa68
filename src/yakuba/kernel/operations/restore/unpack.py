"""Taking an archive apart, believing nothing it says before it is proved."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yakuba.kernel.operations.backup import keys
from yakuba.kernel.operations.backup.archive import (
    FORMAT,
    ArchiveRefused,
    Damaged,
    Member,
    NotOurs,
    WrongKey,
    opened_archive,
)
from yakuba.kernel.operations.backup.make import DATABASE, DUMP
from yakuba.kernel.operations.backup.shelf import Label, label_of, sha256_of
from yakuba.kernel.operations.databases import DATABASE_FILE, Facts
from yakuba.kernel.operations.progress import Progress

DUMP_FILE = ".postgresql.dump"
"""Where the parts of a PostgreSQL dump are put together again, in the unpacked home."""

RESTORED = "restored"
"""Folder of the new home with what lay outside the old one: the town's profile as shipped, the environment."""

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Unpacked:
    """What an archive turned out to be; ``is_signed`` says that the identity file's signer vouches for it."""

    version: str
    made_at: str
    town: str
    facts: Facts
    members: int
    is_signed: bool


def unpack(archive: Path, *, into: Path, identities: keys.Identities, progress: Progress) -> Unpacked:
    """Unpack ``archive`` into the empty folder ``into`` and prove it whole.

    Every member's size and SHA-256 is compared with the manifest, and the manifest's signature with the signer the
    identity file names. Raises ``ArchiveRefused``; ``into`` is then worth nothing.
    """
    try:
        return _unpack(archive, into=into, identities=identities, progress=progress)
    except WrongKey:
        label = Label.read(label_of(archive))
        if label and label.sha256 != sha256_of(archive):  # not the key is wrong but the header it would open
            raise Damaged(
                "バックアップの先頭が壊れているか、書き換えられています（作ったときの要約値と一致しません）。",
                hint="別の場所に控えてある同じバックアップか、一つ前のバックアップを使ってください。",
            ) from None
        raise
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ArchiveRefused(
                f"{into.parent} の空きが足りません。", hint="容量を空けるか、別の場所を指定してください。"
            ) from None
        raise


def _unpack(archive: Path, *, into: Path, identities: keys.Identities, progress: Progress) -> Unpacked:
    progress.step("バックアップを開いています")
    label = Label.read(label_of(archive))
    expected = label.plain_size if label else archive.stat().st_size * 4
    found: dict[str, list[Any]] = {}
    papers: dict[str, str] = {}
    done = 0
    with opened_archive(archive, identities=identities) as members:
        for member in members:
            if not papers and member.name != "format.json":
                raise _not_a_backup()
            if member.name in found or member.name in papers:
                raise _not_a_backup()
            if member.name in ("format.json", "manifest.json", "manifest.sig"):
                papers[member.name] = member.text()
                if member.name == "format.json":
                    _understood(papers["format.json"])
                    found[member.name] = _paper(papers["format.json"])
            else:
                found[member.name] = _write(member, into / _place_of(member.name), first=_is_first(member.name))
                done += member.size
                progress.moved(min(done, expected), expected)
    return _proved(papers, found, identities)


def _proved(papers: dict[str, str], found: dict[str, list[Any]], identities: keys.Identities) -> Unpacked:
    manifest = papers.get("manifest.json")
    if manifest is None or "manifest.sig" not in papers:
        raise Damaged(
            "バックアップが途中で切れています（目録がありません）。", hint="一つ前のバックアップを使ってください。"
        )
    is_signed = keys.is_signed(manifest.encode(), papers["manifest.sig"], by=identities.signers)
    if identities.signers and not is_signed:
        raise NotOurs(
            "このバックアップには、この役場の署名がありません。だれかが作って置いたものかもしれません。",
            hint="使わないでください。署名の鍵を替えたことがあるなら、その前の復元の鍵を --identity で指定してください。",
        )
    try:
        said = json.loads(manifest)
        members = {str(name): [int(size), str(digest)] for name, (size, digest) in said["members"].items()}
        facts = Facts.from_dict(said["facts"])
        unpacked = Unpacked(
            version=str(said["version"]),
            made_at=str(said["made_at"]),
            town=str(said["town"]),
            facts=facts,
            members=len(members),
            is_signed=is_signed,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _not_a_backup() from None
    for name in sorted({*members, *found}):
        if members.get(name) != found.get(name):
            raise Damaged(
                f"バックアップの中身が目録と一致しません（{name}）。",
                hint="一つ前のバックアップを使ってください。",
            )
    return unpacked


def _understood(paper: str) -> None:
    said = json.loads(paper)
    if not isinstance(said, dict) or said.get("product") != "yakuba" or not isinstance(said.get("format"), int):
        raise _not_a_backup()
    if said["format"] > FORMAT:
        raise ArchiveRefused(
            f"このバックアップは新しい版（{said.get('version')}）の形です。",
            hint="その版以上のプログラムを入れてから戻してください。",
        )


def _place_of(name: str) -> str:
    """Where a member goes in the new home."""
    folder, _, rest = name.partition("/")
    if name == DATABASE:
        return DATABASE_FILE
    if name.startswith(f"{DUMP}/"):
        return DUMP_FILE
    if folder == "home" and rest:
        return rest
    if folder == "audit-heads" and rest:
        return f"audit-heads/{rest}"
    if folder == "about" and rest:
        return f"{RESTORED}/{rest}"
    raise _not_a_backup()


def _is_first(name: str) -> bool:
    return not name.startswith(f"{DUMP}/") or name == f"{DUMP}/{1:08}"


def _write(member: Member, place: Path, *, first: bool) -> list[Any]:
    """Write a member to a new file; a later part of a dump goes behind the earlier ones."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    how = os.O_WRONLY | os.O_NOFOLLOW | (os.O_CREAT | os.O_EXCL if first else os.O_APPEND)
    digest, size = hashlib.sha256(), 0
    try:
        descriptor = os.open(place, how, 0o600)
    except (FileExistsError, FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise _not_a_backup() from None
    with os.fdopen(descriptor, "wb") as file:
        while chunk := member.content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return [size, digest.hexdigest()]


def _paper(text: str) -> list[Any]:
    encoded = text.encode()
    return [len(encoded), hashlib.sha256(encoded).hexdigest()]


def _not_a_backup() -> ArchiveRefused:
    return ArchiveRefused(
        "これは役場のバックアップではありません。", hint="yakuba- で始まり .age で終わるファイルを選んでください。"
    )
