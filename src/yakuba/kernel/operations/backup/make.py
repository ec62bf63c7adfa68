"""Making a backup while the town hall is open."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from yakuba.kernel.operations.backup import keys
from yakuba.kernel.operations.backup.archive import FORMAT, ArchiveWriter, as_json, written_archive
from yakuba.kernel.operations.backup.contents import kept_files
from yakuba.kernel.operations.backup.rules import Reason, archive_name
from yakuba.kernel.operations.backup.shelf import UNFINISHED, Label, Shelf, ShelfRefused, Shelved, label_of, only_backup
from yakuba.kernel.operations.databases import DATABASE_FILE, Facts, PostgreSQL, copy_sqlite, is_sqlite, sqlite_facts
from yakuba.kernel.operations.progress import Progress
from yakuba.kernel.values.api import Clock

DATABASE = f"database/{DATABASE_FILE}"
DUMP = "database/postgresql.dump"
"""Member names of the database."""


@dataclass(frozen=True)
class _Plan:
    """What goes into an archive besides the database; ``copied`` are other SQLite databases of the home."""

    files: tuple[Path, ...]
    copied: tuple[Path, ...]
    size: int


def make_backup(*, reason: Reason, folder: Path, clock: Clock, progress: Progress) -> Shelved:
    """Make one encrypted, signed backup of this installation in ``folder`` and return it.

    The database comes first, from one snapshot, and the files after it, so that a file the database knows is never
    missing. The archive gets its name only when it is whole and on the disk. On the first call the pair of keys is
    made. Raises ``Refusal`` for anything a person can put right, ``OSError`` when the disk fails.
    """
    home = Path(settings.YAKUBA_HOME)
    with only_backup(home) as working:
        shelf = Shelf(folder)
        shelf.ready()
        public = keys.public_keys(home) or keys.make_keys(home, now=clock.now())
        made_at, began = clock.now(), time.monotonic()
        target = _free_place(folder, made_at, reason)
        unfinished = folder / f"{UNFINISHED}{target.name}"
        plan = _plan(home, folder)
        _has_room(plan, working=working, folder=folder)
        try:
            with (
                _private(unfinished) as file,
                written_archive(file, recipients=keys.parsed(public.recipients)) as (archive, counted),
            ):
                facts = _write(
                    archive, home=home, working=working, plan=plan, reason=reason, clock=clock, tell=progress
                )
            label = Label(
                version=version("yakuba"),
                size=counted.written.size,
                sha256=counted.written.sha256,
                plain_size=sum(one.size for one in archive.members.values()),
                files=len(archive.members),
                seconds=round(time.monotonic() - began, 1),
                recipients=public.recipients,
                facts=facts,
            )
            label_of(target).write_text(json.dumps(label.as_dict(), indent=1), encoding="utf-8")
            unfinished.replace(target)
            _settle(folder)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            if not target.exists():
                label_of(target).unlink(missing_ok=True)
            raise
        finally:
            progress.finished()
    return next(one for one in shelf.all() if one.place == target)


def _write(
    archive: ArchiveWriter, *, home: Path, working: Path, plan: _Plan, reason: Reason, clock: Clock, tell: Progress
) -> Facts:
    made_at = clock.now().isoformat()
    paper = {"format": FORMAT, "product": "yakuba", "version": version("yakuba"), "made_at": made_at}
    paper |= {"reason": reason.value, "town": settings.TOWN.code, "database": connection.vendor}
    archive.add_text("format.json", as_json(paper))
    heads = Path(settings.YAKUBA_AUDIT_HEADS) / "heads.jsonl"
    if heads.is_file():  # before the database: a head of a link that the snapshot lacks would look like a loss
        archive.add_file("audit-heads/heads.jsonl", heads)
    tell.step("データベースを写しています")
    facts = _add_database(archive, working=working, tell=tell)
    _add_other_databases(archive, home=home, working=working, plan=plan)
    tell.step("ファイルを写しています")
    done = 0
    for place in plan.files:
        archive.add_file(f"home/{place.relative_to(home).as_posix()}", place)
        done += place.stat().st_size
        tell.moved(done, plan.size)
    _add_surroundings(archive, home=home)
    members = {name: [one.size, one.sha256] for name, one in archive.members.items()}
    manifest = as_json({**paper, "facts": facts.as_dict(), "members": members})
    archive.add_text("manifest.json", manifest)
    archive.add_text("manifest.sig", keys.sign(home, manifest.encode()))
    return facts


def _add_database(archive: ArchiveWriter, *, working: Path, tell: Progress) -> Facts:
    if connection.vendor == "postgresql":
        with PostgreSQL.from_settings(connection.settings_dict).dumped() as (facts, dump):
            archive.add_stream(DUMP, dump)
        return facts
    copy = working / DATABASE_FILE
    copy_sqlite(Path(connection.settings_dict["NAME"]), copy, moved=tell.moved)
    facts = sqlite_facts(copy)
    archive.add_file(DATABASE, copy)
    copy.unlink()
    return facts


def _add_other_databases(archive: ArchiveWriter, *, home: Path, working: Path, plan: _Plan) -> None:
    for place in plan.copied:
        copy = working / "other.sqlite3"
        copy_sqlite(place, copy)
        archive.add_file(f"home/{place.relative_to(home).as_posix()}", copy)
        copy.unlink()


def _add_surroundings(archive: ArchiveWriter, *, home: Path) -> None:
    """What lies outside the home and is needed to judge or rebuild it."""
    profile = home / "town.toml"
    if not profile.exists():
        shipped = Path(settings.YAKUBA_DATA) / "towns" / settings.TOWN.code / "town.toml"
        if shipped.is_file():
            archive.add_file("about/town.toml", shipped)
    said = {name: value for name, value in os.environ.items() if name.startswith("YAKUBA_")}
    archive.add_text("about/environment.json", as_json(said))


def _plan(home: Path, folder: Path) -> _Plan:
    without = [folder, Path(settings.YAKUBA_AUDIT_HEADS)]
    if connection.vendor == "sqlite":
        without.append(Path(connection.settings_dict["NAME"]))
    if "cache" in settings.DATABASES:
        without.append(Path(str(settings.DATABASES["cache"]["NAME"])))
    found = list(kept_files(home, without=without))
    copied = tuple(place for place in found if is_sqlite(place))
    files = tuple(place for place in found if place not in set(copied))
    return _Plan(files, copied, sum(place.stat().st_size for place in files))


def _has_room(plan: _Plan, *, working: Path, folder: Path) -> None:
    """Refuse before the work rather than in the middle of it; files hardly shrink, a database does."""
    database = Path(connection.settings_dict["NAME"]).stat().st_size if connection.vendor == "sqlite" else 0
    copies = max([database, *(place.stat().st_size for place in plan.copied)])
    for place, needed in ((working, copies), (folder, plan.size + database // 2)):
        free = shutil.disk_usage(place).free
        if free < needed + 64 * 1024**2:
            raise ShelfRefused(
                f"{place} の空きが足りません（空き {free / 1024**2:,.0f} MB、必要 {needed / 1024**2:,.0f} MB）。",
                hint="不要なファイルを消すか、--to で別の場所を指定してください。",
            )


def _free_place(folder: Path, made_at: datetime, reason: Reason) -> Path:
    """The first free name; two backups within a second are told apart by the next one."""
    while (place := folder / archive_name(made_at, reason)).exists():
        made_at += timedelta(seconds=1)
    return place


@contextmanager
def _private(place: Path) -> Iterator[IO[bytes]]:
    """A new file only we may read, on the disk when the block ends."""
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Make the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
