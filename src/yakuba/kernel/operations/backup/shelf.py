"""Where backups stand (保管棚): the folder with archives, what is known of each, and the drills made with them.

Everything about a backup lies beside it as a small file without personal data, not in the database: after a disaster
the folder is all there is, and a restored database would know nothing of the backups made since.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from yakuba.kernel.operations.backup.rules import Attempt, Reason, Retention, kept, read_archive_name
from yakuba.kernel.operations.databases import Facts
from yakuba.kernel.values.api import Refusal

UNFINISHED = ".unfinished-"
_ATTEMPTS = "backup-attempts.jsonl"
_REMEMBERED_ATTEMPTS = 200
_CHUNK = 1024 * 1024


class ShelfRefused(Refusal):
    """The folder for backups cannot be used."""


@dataclass(frozen=True)
class Label:
    """What stands beside an archive: enough to find the right one, nothing about anybody.

    ``size`` and ``sha256`` of the encrypted file, ``plain_size`` of what is inside (bytes), ``files`` its number.
    """

    version: str
    size: int
    sha256: str
    plain_size: int
    files: int
    seconds: float
    recipients: tuple[str, ...]
    facts: Facts

    @classmethod
    def read(cls, place: Path) -> Label | None:
        """``None`` when there is no readable label; the archive may be whole nevertheless."""
        try:
            written = json.loads(place.read_text(encoding="utf-8"))
            return cls(
                version=str(written["version"]),
                size=int(written["size"]),
                sha256=str(written["sha256"]),
                plain_size=int(written["plain_size"]),
                files=int(written["files"]),
                seconds=float(written["seconds"]),
                recipients=tuple(str(one) for one in written["recipients"]),
                facts=Facts.from_dict(written["facts"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "recipients": list(self.recipients), "facts": self.facts.as_dict()}


@dataclass(frozen=True)
class Drill:
    """One restore drill: when, whether everything was there again, and if not, why."""

    at: datetime
    was_good: bool
    what: str
    seconds: float


@dataclass(frozen=True)
class Shelved:
    """One backup on the shelf."""

    place: Path
    made_at: datetime
    reason: Reason
    size: int
    label: Label | None
    drills: tuple[Drill, ...]

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def last_drill(self) -> Drill | None:
        return self.drills[-1] if self.drills else None

    @property
    def last_good_drill(self) -> Drill | None:
        return next((one for one in reversed(self.drills) if one.was_good), None)


@dataclass(frozen=True)
class Shelf:
    """The folder of backups."""

    folder: Path

    def all(self) -> list[Shelved]:
        """Every backup, newest first. Raises ``ShelfRefused`` when the folder is out of reach."""
        try:
            places = [place for place in self.folder.iterdir() if place.is_file()] if self.folder.exists() else []
        except OSError as failure:
            raise ShelfRefused(
                f"バックアップの置き場所 {self.folder} を読めません（{failure.strerror}）。",
                hint="共有フォルダーがつながっているか、権限があるかを確かめてください。",
            ) from None
        found = []
        for place in places:
            named = read_archive_name(place.name)
            if named:
                with contextlib.suppress(FileNotFoundError):  # pruned meanwhile
                    found.append(
                        Shelved(
                            place=place,
                            made_at=named[0],
                            reason=named[1],
                            size=place.stat().st_size,
                            label=Label.read(label_of(place)),
                            drills=tuple(read_drills(place)),
                        )
                    )
        return sorted(found, key=lambda one: one.made_at, reverse=True)

    def newest(self) -> Shelved | None:
        return next(iter(self.all()), None)

    def last_good_drill(self) -> Drill | None:
        drills = [one.last_good_drill for one in self.all() if one.last_good_drill]
        return max(drills, key=lambda one: one.at, default=None)

    def ready(self) -> None:
        """Make the folder and clear away what a killed backup left. Only the holder of the lock may call this."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for stray in self.folder.glob(f"{UNFINISHED}*"):
                stray.unlink()
        except OSError as failure:
            raise ShelfRefused(
                f"バックアップの置き場所 {self.folder} に書けません（{failure.strerror}）。",
                hint="共有フォルダーがつながっているか、権限があるかを確かめてください。",
            ) from None

    def prune(self, *, now: datetime, retention: Retention) -> list[str]:
        """Remove what the rule no longer keeps; returns the names. The backup with the last good drill stays too."""
        everything = self.all()
        staying = kept([one.made_at for one in everything], now=now, retention=retention)
        drilled = next((one for one in everything if one.last_good_drill), None)
        gone = []
        for one in everything:
            if one.made_at not in staying and one is not drilled:
                for place in (one.place, label_of(one.place), drills_of(one.place)):
                    place.unlink(missing_ok=True)
                gone.append(one.name)
        return gone


def label_of(archive: Path) -> Path:
    return archive.with_suffix(".json")


def drills_of(archive: Path) -> Path:
    return archive.with_suffix(".drills.jsonl")


def read_drills(archive: Path) -> Iterator[Drill]:
    """The drills made with an archive, oldest first; unreadable lines are passed over."""
    for written in _lines(drills_of(archive)):
        with contextlib.suppress(KeyError, TypeError, ValueError):
            yield Drill(
                at=datetime.fromisoformat(written["at"]),
                was_good=written["was_good"] is True,
                what=str(written["what"])[:400],
                seconds=float(written["seconds"]),
            )


def keep_drill(archive: Path, drill: Drill) -> None:
    """Write a drill down beside its archive."""
    _append(drills_of(archive), {**asdict(drill), "at": drill.at.isoformat()})


def sha256_of(place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


# --- attempts and the lock: in the home, because the shelf may be a share that is out of reach -----------------------


def keep_attempt(home: Path, *, started_at: datetime, ended_well: bool | None, why: str = "") -> None:
    """Note that the nightly backup started (``ended_well`` is ``None``) or how it ended."""
    place = home / "run" / _ATTEMPTS
    _append(place, {"started_at": started_at.isoformat(), "ended_well": ended_well, "why": why[:400]})
    lines = place.read_text(encoding="utf-8").splitlines(keepends=True)
    if len(lines) > _REMEMBERED_ATTEMPTS:
        shorter = place.with_suffix(".new")
        shorter.write_text("".join(lines[-_REMEMBERED_ATTEMPTS // 2 :]), encoding="utf-8")
        shorter.replace(place)


def attempts(home: Path) -> list[tuple[Attempt, str]]:
    """The remembered attempts, oldest first, each with the reason of its failure."""
    found: dict[datetime, tuple[Attempt, str]] = {}
    for written in _lines(home / "run" / _ATTEMPTS):
        with contextlib.suppress(KeyError, TypeError, ValueError):
            started_at = datetime.fromisoformat(written["started_at"])
            ended_well = written["ended_well"] if isinstance(written["ended_well"], bool) else None
            found[started_at] = (Attempt(started_at, ended_well), str(written.get("why", "")))
    return [found[moment] for moment in sorted(found)]


@contextlib.contextmanager
def only_backup(home: Path) -> Iterator[Path]:
    """Hold the right to make a backup of this home; yields an empty working folder that is gone afterwards.

    Raises ``ShelfRefused`` while another one runs. What a killed backup left in the working folder is cleared first:
    copies of the database in clear must not stay.
    """
    run = home / "run"
    run.mkdir(parents=True, exist_ok=True)
    working = run / "backup"
    with (run / "backup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ShelfRefused(
                "バックアップはいま別に実行中です。", hint="終わるまで待ってから、もう一度実行してください。"
            ) from None
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir(mode=0o700)
        try:
            yield working
        finally:
            shutil.rmtree(working, ignore_errors=True)


def _append(place: Path, written: Mapping[str, Any]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(json.dumps(written, ensure_ascii=False) + "\n")


def _lines(place: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        with contextlib.suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict):
                yield found
