"""The archive itself: an age-encrypted, gzip-compressed tar, written and read as a stream.

Order inside: ``format.json`` (what this is, for an early refusal), the members, ``manifest.json`` (size and SHA-256 of
every member, rows per table, head of the audit chain), ``manifest.sig``. The manifest stands last because it is known
last; an archive without it was cut off.

A member larger than `PART` whose size is not known beforehand (a database dump) is cut into numbered parts, so that
nothing ever has to fit into memory or to be put on the disk in clear.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyrage

from yakuba.kernel.operations.backup.keys import Identities
from yakuba.kernel.values.api import Refusal

FORMAT = 1
PART = 8 * 1024 * 1024
_CHUNK = 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_LONGEST_PAPER = 256 * 1024 * 1024
"""Bytes a JSON member may have: a hostile archive must not fill the memory."""


_UNREADABLE = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, UnicodeError, json.JSONDecodeError)
"""What the standard library raises on content that is not what it should be."""


class ArchiveRefused(Refusal):
    """An archive that cannot be used."""


class WrongKey(ArchiveRefused):
    """None of the keys opens the archive."""


class Damaged(ArchiveRefused):
    """Cut off, changed, or no archive at all."""


class NotOurs(ArchiveRefused):
    """Encrypted for us, but not signed by the installation the identity belongs to."""


@dataclass(frozen=True)
class Written:
    """Size in bytes and SHA-256 of a member."""

    size: int
    sha256: str


class _Hashing(io.RawIOBase):
    """Counts and hashes what is read from or written to a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        return self._seen(self._stream.read(size))

    def write(self, content: Any) -> int:
        self._stream.write(content)
        self._seen(bytes(content))
        return len(content)

    def flush(self) -> None:
        self._stream.flush()

    def _seen(self, content: bytes) -> bytes:
        self._digest.update(content)
        self.size += len(content)
        return content

    @property
    def written(self) -> Written:
        return Written(self.size, self._digest.hexdigest())


class ArchiveWriter:
    """Adds members to an archive; `members` says what was added so far."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, Written] = {}

    def add_text(self, name: str, content: str) -> None:
        encoded = content.encode()
        self._add(name, io.BytesIO(encoded), len(encoded))

    def add_file(self, name: str, place: Path) -> None:
        """Add a file as it is now. Raises ``OSError`` when it shrinks meanwhile; what is appended is left out."""
        with place.open("rb") as file:
            self._add(name, file, os.fstat(file.fileno()).st_size)

    def add_stream(self, name: str, stream: IO[bytes]) -> None:
        """Add a stream of unknown length as ``name/00000001``, ``name/00000002`` …"""
        number = 0
        while part := _read_full(stream, PART):
            number += 1
            self._add(f"{name}/{number:08}", io.BytesIO(part), len(part))

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        if not is_inside(name):
            raise ValueError(f"not a member name: {name!r}")
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        hashing = _Hashing(content)
        self._tar.addfile(entry, cast("IO[bytes]", hashing))
        self.members[name] = hashing.written


@contextmanager
def written_archive(
    target: IO[bytes], *, recipients: list[pyrage.x25519.Recipient]
) -> Iterator[tuple[ArchiveWriter, _Hashing]]:
    """Write an archive into ``target``; also yields the counter of the encrypted bytes, final after the block.

    A failure inside the block or of the encryption (disk full) is raised; ``target`` is then worth nothing.
    """
    counted = _Hashing(target)
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def encrypt() -> None:
        try:
            with os.fdopen(reading, "rb") as source:
                pyrage.encrypt_io(source, cast("IO[bytes]", counted), recipients)
        except BaseException as failure:  # noqa: BLE001 — raised again in the thread that asked
            failures.append(failure)

    thread = threading.Thread(target=encrypt, name="encrypt")
    thread.start()
    try:
        with (
            os.fdopen(writing, "wb") as pipe,
            gzip.GzipFile(fileobj=pipe, mode="wb", compresslevel=4, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT, bufsize=_CHUNK) as tar,
        ):
            yield ArchiveWriter(tar), counted
    except BrokenPipeError:
        thread.join()
        if failures:
            raise OSError(f"the archive cannot be written: {failures[0]}") from failures[0]
        raise
    finally:
        thread.join()
    if failures:
        raise OSError(f"the archive cannot be written: {failures[0]}") from failures[0]


@dataclass(frozen=True)
class Member:
    """One member being read; `content` is good until the next one is asked for."""

    name: str
    size: int
    content: IO[bytes]

    def text(self) -> str:
        if self.size > _LONGEST_PAPER:
            raise _damaged()
        return self.content.read().decode()


@contextmanager
def opened_archive(source: Path, *, identities: Identities) -> Iterator[Iterator[Member]]:
    """Read the members of an archive in their order.

    Every byte handed out was authenticated by its 64 KiB block; that nothing is missing is certain only when the
    iterator has ended without an error. Raises ``WrongKey`` or ``Damaged``.
    """
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def decrypt() -> None:
        try:
            with os.fdopen(writing, "wb") as target, source.open("rb") as file:
                pyrage.decrypt_io(file, target, list(identities.secrets))
        except BaseException as failure:  # noqa: BLE001 — told to the thread that asked
            failures.append(failure)

    thread = threading.Thread(target=decrypt, name="decrypt")
    thread.start()
    fault: BaseException | None = None
    try:
        with os.fdopen(reading, "rb") as pipe:
            yield _members(pipe)
    except _UNREADABLE as caught:
        fault = caught
    finally:
        thread.join()
    explained = _explained(failures) or (_damaged() if fault else None)
    if explained:
        raise explained from fault


def _members(pipe: IO[bytes]) -> Iterator[Member]:
    with gzip.GzipFile(fileobj=pipe, mode="rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for entry in tar:
            if not entry.isfile() or not is_inside(entry.name):
                raise ArchiveRefused(
                    f"バックアップの中に受け付けない項目があります（{entry.name[:60]}）。",
                    hint="役場が作ったバックアップではありません。別のファイルを選んでください。",
                )
            content = tar.extractfile(entry)
            if content is None:
                raise _damaged()
            yield Member(entry.name, entry.size, content)
        while packed.read(_CHUNK):  # to the very end, so that a missing last block is noticed
            pass
    while pipe.read(_CHUNK):
        pass


def _explained(failures: list[BaseException]) -> BaseException | None:
    """The refusal behind a failure of the decrypting thread."""
    if not failures:
        return None
    failure = failures[0]
    if isinstance(failure, BrokenPipeError):  # we stopped reading
        return None
    if isinstance(failure, pyrage.DecryptError):
        if "matching keys" in str(failure):
            return WrongKey(
                "この鍵ではバックアップを開けません。",
                hint="このバックアップを作ったときの復元の鍵を --identity で指定してください。"
                "鍵が正しいのに開けないときは、ファイルの先頭が壊れています。",
            )
        return _damaged()
    if isinstance(failure, OSError) and failure.errno is None:  # pyrage: a block fails its authentication
        return _damaged()
    return failure


def _damaged() -> Damaged:
    return Damaged(
        "バックアップが壊れています。途中で切れているか、あとから書き換えられています。",
        hint="別の場所に控えてある同じバックアップか、一つ前のバックアップを使ってください。",
    )


def _read_full(stream: IO[bytes], size: int) -> bytes:
    """Up to ``size`` bytes; fewer only at the end of the stream."""
    pieces, missing = [], size
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def is_inside(name: str) -> bool:
    """Whether a member's name stays inside the folder it is unpacked into."""
    parts = name.split("/")
    return len(name) <= 1000 and not _CONTROL.search(name) and not any(part in ("", ".", "..") for part in parts)


def as_json(content: Any) -> str:
    """Stable JSON in ASCII: names of files need not be valid Unicode."""
    return json.dumps(content, sort_keys=True, indent=1)
