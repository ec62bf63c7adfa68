"""Bringing a town hall back from an archive, into a new place only."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.migrations.loader import MigrationLoader

from yakuba.kernel.audit.api import read_heads
from yakuba.kernel.operations.backup.archive import ArchiveRefused
from yakuba.kernel.operations.backup.keys import Identities
from yakuba.kernel.operations.databases import (
    DATABASE_FILE,
    DatabaseRefused,
    Facts,
    PostgreSQL,
    sqlite_facts,
    sqlite_faults,
)
from yakuba.kernel.operations.in_home import run_yakuba
from yakuba.kernel.operations.progress import Progress
from yakuba.kernel.operations.restore.unpack import DUMP_FILE, Unpacked, unpack
from yakuba.kernel.values.api import Refusal

_MADE_BY_LOOKING = frozenset({"logs", "run", "secrets", "static", "worker", "cache.sqlite3"})
"""What the program leaves in a home by being started at all; without a database it holds nothing of a town."""


class RestoreRefused(Refusal):
    """A town hall cannot be brought back as asked."""


@dataclass(frozen=True)
class Restored:
    """What was brought back and proved.

    ``rows``: counted in all tables and equal to the manifest; ``links``: links of the audit chain verified;
    ``unsealed``: events the snapshot held that were not sealed yet; ``was_upgraded``: the archive was of an earlier
    version and was brought to this one.
    """

    home: Path
    version: str
    made_at: str
    town: str
    kind: str
    files: int
    rows: int
    links: int
    unsealed: int
    is_signed: bool
    was_upgraded: bool


def restore(
    archive: Path,
    *,
    to: Path,
    identities: Identities,
    progress: Progress,
    database: PostgreSQL | None = None,
    heads: Path | None = None,
) -> Restored:
    """Bring ``archive`` back as the home ``to``; a PostgreSQL archive also needs an empty ``database``.

    Nothing appears under ``to`` before everything is proved: members against the manifest, the database by its own
    check, rows per table, the audit chain, and the ``heads`` kept elsewhere. Raises ``Refusal``; then nothing is left.
    """
    to = to.absolute()
    _is_free(to)
    if database is not None and database.tables():
        raise RestoreRefused(
            f"データベース {database.name} は空ではありません。",
            hint="新しいデータベースを作り（createdb）、その場所を --database で指定してください。",
        )
    with _unfinished_home(to) as home:
        unpacked = unpack(archive, into=home, identities=identities, progress=progress)
        _is_known(unpacked.facts)
        progress.step("データベースを戻して数えています")
        try:
            found = _load(home, unpacked.facts, database)
            restored = _prove(home, unpacked, found, database=database, heads=heads, progress=progress)
        except BaseException:
            if database is not None:
                database.empty()
            raise
        if to.exists():
            shutil.rmtree(to)
        home.rename(to)
    progress.finished()
    return Restored(**{**restored, "home": to})


def _is_free(to: Path) -> None:
    if to.is_symlink() or (to.exists() and not to.is_dir()):
        raise RestoreRefused(f"{to} はフォルダーではありません。", hint="新しいフォルダーの名前を指定してください。")
    if not to.parent.is_dir():
        raise RestoreRefused(f"{to.parent} がありません。", hint="先にフォルダーを作るか、別の場所を指定してください。")
    if to.is_dir() and not {place.name for place in to.iterdir()} <= _MADE_BY_LOOKING:
        raise RestoreRefused(
            f"{to} は空ではありません。いまあるデータに上書きはしません。",
            hint="新しいフォルダーを --to で指定し、確かめてから YAKUBA_HOME をそこに向けてください。",
        )


@contextmanager
def _unfinished_home(to: Path) -> Iterator[Path]:
    """A folder beside ``to`` that becomes it by a rename, or vanishes."""
    home = Path(tempfile.mkdtemp(prefix=f".{to.name}.unfinished-", dir=to.parent))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _is_known(facts: Facts) -> None:
    """Refuse a database of a version this program does not know yet."""
    unknown = sorted(set(facts.migrations) - _known_migrations())
    if unknown:
        raise ArchiveRefused(
            f"このバックアップは、このプログラムより新しい版で作られました（{unknown[0]} ほか {len(unknown)} 件が未知）。",
            hint="同じか、より新しい版のプログラムを入れてから戻してください。",
        )


def _known_migrations() -> set[str]:
    """``app.name`` of every migration this program carries."""
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations or {}}


def _load(home: Path, expected: Facts, database: PostgreSQL | None) -> Facts:
    """Put the database in its place and count it."""
    if expected.kind == "sqlite":
        if database is not None:
            raise RestoreRefused(
                "このバックアップのデータベースは SQLite です。",
                hint="--database を付けずに戻し、そのあと yakuba move-database で PostgreSQL に移してください。",
            )
        faults = sqlite_faults(home / DATABASE_FILE)
        if faults:
            raise RestoreRefused(
                f"戻したデータベースの検査で異常が見つかりました（{faults[0]}）。",
                hint="一つ前のバックアップを使ってください。",
            )
        return sqlite_facts(home / DATABASE_FILE)
    if database is None:
        raise RestoreRefused(
            "このバックアップのデータベースは PostgreSQL です。",
            hint="空のデータベースを作り、その場所を --database postgresql://… で指定してください。",
        )
    database.load(home / DUMP_FILE)
    (home / DUMP_FILE).unlink()
    return database.facts()


def _prove(
    home: Path,
    unpacked: Unpacked,
    found: Facts,
    *,
    database: PostgreSQL | None,
    heads: Path | None,
    progress: Progress,
) -> dict[str, Any]:
    expected = unpacked.facts
    differences = expected.difference(found)
    if differences:
        raise RestoreRefused(
            f"戻した件数が目録と一致しません（{'、'.join(differences[:3])}）。",
            hint="一つ前のバックアップを使ってください。",
        )
    url = database.url() if database else ""
    is_older = bool(_known_migrations() - set(expected.migrations))
    if is_older:
        progress.step("この版の形に直しています")
        done = run_yakuba("init", "--quiet", home=home, database=url)
        if done.code:
            raise RestoreRefused(
                f"前の版のデータをこの版の形に直せません（{done.last_words}）。",
                hint=f"版 {unpacked.version} のプログラムで戻してください。",
            )
    progress.step("監査記録の連鎖を確かめています")
    report = _verified_chain(home, url, expected=expected, heads=heads)
    return {
        "version": unpacked.version,
        "made_at": unpacked.made_at,
        "town": unpacked.town,
        "kind": expected.kind,
        "files": unpacked.members,
        "rows": sum(found.tables.values()),
        "links": report["checked"],
        "unsealed": report["unsealed"],
        "is_signed": unpacked.is_signed,
        "was_upgraded": is_older,
    }


def _verified_chain(home: Path, url: str, *, expected: Facts, heads: Path | None) -> dict[str, Any]:
    """Let the restored town hall verify its own chain, with its own key, against the heads kept in the archive and
    those kept elsewhere. Later heads than the snapshot's are no fault of an older backup.
    """
    with tempfile.TemporaryDirectory() as kept:
        known = {**read_heads(home / "audit-heads"), **(read_heads(heads) if heads else {})}
        lines = [
            json.dumps({"position": position, "value": value})
            for position, value in sorted(known.items())
            if position <= expected.head_position
        ]
        (Path(kept) / "heads.jsonl").write_text("\n".join(lines), encoding="utf-8")
        done = run_yakuba("audit", "verify", "--json", "--heads", kept, home=home, database=url)
    try:
        report = done.answer
        faults = report["faults"]
    except (ValueError, KeyError, TypeError):
        raise RestoreRefused(
            f"戻したデータで監査記録を確かめられません（{done.last_words}）。",
            hint="一つ前のバックアップを使ってください。",
        ) from None
    if faults:
        raise RestoreRefused(
            f"監査記録の改ざんが見つかりました（{faults[0]['position']}番：{faults[0]['reason']}）。",
            hint="バックアップの前に書き換えられています。より前のバックアップを確かめ、情報システム担当に知らせてください。",
        )
    return dict(report)


@contextmanager
def scratch_database(server: PostgreSQL) -> Iterator[PostgreSQL]:
    """An empty database beside ``server`` for a drill, dropped afterwards. Raises ``DatabaseRefused``."""
    import psycopg

    name = f"yakuba_drill_{os.getpid()}"
    with server.connect(autocommit=True) as connection:
        try:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        except psycopg.errors.InsufficientPrivilege:
            raise DatabaseRefused(
                "訓練用のデータベースを作る権限がありません。",
                hint="空のデータベースを管理者に作ってもらい、--database で指定してください。",
            ) from None
        try:
            yield server.beside(name)
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
