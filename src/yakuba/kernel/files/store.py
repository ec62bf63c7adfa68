"""Contents by their digest, on disk: `YAKUBA_HOME/files/ab/cd/<sha256>`.

A content is written once, flushed to the disk before it gets its name, and never changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yakuba.kernel.values.api import SystemClock

_DIGEST = re.compile(r"[0-9a-f]{64}")


class ContentChanged(Exception):
    """A stored content no longer has the digest it is stored under."""


class ContentStore:
    """The folder of contents. Several processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep a content and return its digest; a content that is already there only gets a fresh date."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        with self._lock(fcntl.LOCK_SH):
            try:
                os.utime(path)
            except FileNotFoundError:
                self._write(path, content)
        return digest

    def get(self, digest: str) -> bytes:
        """The content of a digest. Raises `FileNotFoundError`, and `ContentChanged` if the bytes are others."""
        content = self.path(digest).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise ContentChanged(digest)
        return content

    def size(self, digest: str) -> int | None:
        """The size in bytes, `None` if the content is not there."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            return None

    def digests(self) -> Iterator[str]:
        """Every digest in the store, in order."""
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def unfinished(self) -> Iterator[Path]:
        """Files that a crash left behind before they got their name."""
        yield from sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/.*.part"))

    def remove_if_older(self, path_or_digest: str | Path, seconds: float) -> bool:
        """Remove a content nobody has put for so long; says whether it was removed.

        A content that is being stored right now has a fresh date, so it survives.
        """
        path = path_or_digest if isinstance(path_or_digest, Path) else self.path(path_or_digest)
        with self._lock(fcntl.LOCK_EX):
            try:
                if SystemClock().now().timestamp() - path.stat().st_mtime < seconds:
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
        return True

    def path(self, digest: str) -> Path:
        """Where a digest lies. Raises `ValueError` for anything that is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a digest: {digest[:80]!r}")
        return self.root / digest[:2] / digest[2:4] / digest

    def _write(self, path: Path, content: bytes) -> None:
        self._make_folder(path.parent)
        part = path.with_name(f".{path.name[:16]}.{os.getpid()}.{secrets.token_hex(4)}.part")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for one in reversed(missing):
            one.mkdir(mode=0o700, exist_ok=True)
            _flush_folder(one.parent)  # a folder a power cut forgets takes its files with it

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        self._make_folder(self.root)
        descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
