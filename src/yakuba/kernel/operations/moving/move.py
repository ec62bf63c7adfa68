"""``yakuba move-database``: from SQLite to PostgreSQL, all or nothing, equality proved before it counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection as own_connection

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.operations.backup.choices import shelf
from yakuba.kernel.operations.backup.make import make_backup
from yakuba.kernel.operations.backup.rules import Reason
from yakuba.kernel.operations.backup.services import backup_ref
from yakuba.kernel.operations.closed import town_closed
from yakuba.kernel.operations.databases import PostgreSQL, quoted, sqlite_facts, sqlite_faults
from yakuba.kernel.operations.in_home import run_yakuba
from yakuba.kernel.operations.moving import target
from yakuba.kernel.operations.moving.rules import Column, TableDigest, Unfit, fit
from yakuba.kernel.operations.progress import Progress
from yakuba.kernel.operations.upgrade.run import plan_upgrade
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import TOKYO, Clock, Refusal

_SHOWN_FAULTS = 20
_READ_AT_ONCE = 2000


class MoveRefused(Refusal):
    """The database is not moved; the town hall goes on with SQLite as before."""


@dataclass(frozen=True)
class Moved:
    """What was moved: rows per table, equal on both sides, and where the SQLite file lies now."""

    tables: Mapping[str, int]
    backup: str
    kept_as: str
    links: int


@verb("operations.move_database", label="データベースを移す")
def record_move(*, by: Person, backup: Ref) -> None:
    """Note in the audit log, before it is moved, that the database goes to another server."""


def move_database(*, url: str, clock: Clock, progress: Progress) -> Moved:
    """Move this installation's SQLite database to the empty PostgreSQL database at ``url``.

    The town hall is closed meanwhile and an encrypted backup made first. Every row is read, checked against what
    PostgreSQL takes, copied, read back and compared, in one transaction of the target: whatever goes wrong, the
    target holds nothing and may be used again. The SQLite file is renamed at the end, so that nobody works on in it.
    Raises ``Refusal``.
    """
    home = Path(settings.YAKUBA_HOME)
    if own_connection.vendor != "sqlite":
        raise MoveRefused(
            "この役場のデータベースは、すでに PostgreSQL です。", hint="DATABASE_URL を確かめてください。"
        )
    source = Path(str(settings.DATABASES["default"]["NAME"]))
    database = PostgreSQL.from_url(url)
    own_connection.close()
    with town_closed(home):
        _look_first(source)
        target.make_ready(database)
        made = make_backup(reason=Reason.MOVE, folder=shelf().folder, clock=clock, progress=progress)
        record_move(by=system_person("move"), backup=backup_ref(made.name))
        own_connection.close()
        _seal(home)
        progress.step("移す先に表を作っています")
        done = run_yakuba("init", "--quiet", home=home, database=url)
        if done.code:
            raise MoveRefused(f"移す先に表を作れません（{done.last_words}）。", hint="権限を確かめてください。")
        with closing(sqlite3.connect(source, isolation_level=None, timeout=20)) as reading:
            reading.execute("PRAGMA foreign_keys = OFF")
            reading.execute("BEGIN IMMEDIATE")  # nobody writes any more, whoever it may be
            counts = _copy(reading, database, progress)
            reading.execute("COMMIT")
        links = _prove_chain(home, url, progress)
        target.put_into_service(database)
        kept_as = _retire(source, clock)
    progress.finished()
    return Moved(counts, made.name, kept_as, links)


def _look_first(source: Path) -> None:
    faults = sqlite_faults(source)
    if faults:
        raise MoveRefused(
            f"SQLite のデータベースに異常があります（{faults[0]}）。",
            hint="yakuba restore --verify で直前のバックアップを確かめてください。",
        )
    if plan_upgrade(sqlite_facts(source)).migrations:
        raise MoveRefused("データベースが最新の形ではありません。", hint="先に yakuba upgrade を実行してください。")


def _seal(home: Path) -> None:
    """Seal what is open, so that the whole log is under the chain when it leaves."""
    done = run_yakuba("keeper", "--once", home=home)
    if done.code:
        raise MoveRefused(f"監査記録を封印できません（{done.last_words}）。", hint="yakuba doctor を実行してください。")


def _copy(reading: sqlite3.Connection, database: PostgreSQL, progress: Progress) -> dict[str, int]:
    """Check, copy and compare all tables in one transaction of the target; returns the rows of each."""
    with database.connect() as connection:
        tables = target.columns_of(connection)
        sources = _sources(reading, tables)
        progress.step("すべての記録を確かめています")
        expected = _check(reading, tables, sources, progress)
        whole = sum(one.rows for one in expected.values())
        progress.step("記録を移しています")
        done = 0
        try:
            with target.loading(connection, tables):
                for table, columns in tables.items():
                    target.load(connection, table, columns, _fitted(reading, table, columns))
                    done += expected[table].rows
                    progress.moved(done, whole)
        except psycopg.errors.IntegrityError as failure:
            raise MoveRefused(
                f"{failure.diag.table_name} の記録が PostgreSQL の決まりに合いません（{failure.diag.constraint_name}）。",
                hint="SQLite のまま使い続けられます。この知らせを添えて情報システム担当に相談してください。",
            ) from None
        target.set_counters(connection, used=_numbers_given(reading))
        progress.step("移した記録を一件ずつ比べています")
        done = 0
        for table, columns in tables.items():
            found = TableDigest()
            for row in target.read(connection, table, columns):
                found.add(row)
            if found != expected[table]:
                raise MoveRefused(
                    f"{table} の記録が移す前と一致しません（{expected[table].rows:,} 件と {found.rows:,} 件）。",
                    hint="何も移していません。もう一度実行しても同じなら、情報システム担当に相談してください。",
                )
            done += found.rows
            progress.moved(done, whole)
    return {table: one.rows for table, one in expected.items()}


def _sources(reading: sqlite3.Connection, tables: Mapping[str, Sequence[Column]]) -> set[str]:
    """The tables of the source; raises ``MoveRefused`` if both sides are not made alike."""
    sources = {
        str(row[0])
        for row in reading.execute(
            r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'"
        )
    }
    sources -= _made_from_others(reading)
    odd = sorted(sources ^ set(tables))
    for table, columns in tables.items():
        if table in sources:
            own = {row[1] for row in reading.execute(f"PRAGMA table_xinfo({quoted(table)})") if row[6] == 0}
            odd += [f"{table}.{name}" for name in sorted(own ^ {column.name for column in columns})]
    if odd:
        raise MoveRefused(
            f"移す元と先の表が一致しません（{'、'.join(odd[:5])}）。",
            hint="同じ版のプログラムで作った表どうしでなければ移せません。",
        )
    return sources


def _made_from_others(reading: sqlite3.Connection) -> set[str]:
    """Virtual tables (the search index) and the tables they keep themselves: the target makes its own anew."""
    virtual = [
        str(row[0])
        for row in reading.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'").fetchall()
    ]
    shadows = {f"{name}_{part}" for name in virtual for part in ("data", "idx", "content", "docsize", "config")}
    return {*virtual, *shadows}


def _check(
    reading: sqlite3.Connection, tables: Mapping[str, Sequence[Column]], sources: set[str], progress: Progress
) -> dict[str, TableDigest]:
    """Read every row once, before anything is written; raises ``MoveRefused`` naming every row that does not fit."""
    faults: list[str] = []
    expected: dict[str, TableDigest] = {}
    for number, (table, columns) in enumerate(tables.items(), 1):
        expected[table] = TableDigest()
        for key, row in _rows(reading, table, columns):
            fitted = []
            for value, column in zip(row, columns, strict=True):
                try:
                    fitted.append(fit(value, column))
                except Unfit as reason:
                    faults.append(f"{table} の {key} 番の {column.name}：{reason}")
            if len(fitted) == len(columns):
                expected[table].add(fitted)
        progress.moved(number, len(tables))
    if faults:
        more = f"\n  ほか {len(faults) - _SHOWN_FAULTS} 件" if len(faults) > _SHOWN_FAULTS else ""
        listed = "\n  ".join(faults[:_SHOWN_FAULTS])
        raise MoveRefused(
            f"PostgreSQL に入らない記録が {len(faults)} 件あります。\n  {listed}{more}",
            hint="画面でその記録を直してから、もう一度実行してください。",
        )
    return expected


def _fitted(reading: sqlite3.Connection, table: str, columns: Sequence[Column]) -> Iterator[list[Any]]:
    for _, row in _rows(reading, table, columns):
        yield [fit(value, column) for value, column in zip(row, columns, strict=True)]


def _rows(reading: sqlite3.Connection, table: str, columns: Sequence[Column]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row number and values of every row."""
    names = ", ".join(quoted(column.name) for column in columns)
    cursor = reading.execute(f"SELECT rowid, {names} FROM {quoted(table)}")  # noqa: S608 — names of our own tables
    while block := cursor.fetchmany(_READ_AT_ONCE):
        for row in block:
            yield row[0], row[1:]


def _numbers_given(reading: sqlite3.Connection) -> dict[str, int]:
    """The largest row number SQLite ever gave in each table."""
    return {str(name): int(number) for name, number in reading.execute("SELECT name, seq FROM sqlite_sequence")}


def _prove_chain(home: Path, url: str, progress: Progress) -> int:
    """Verify the audit chain in the target; returns its length. The mark still stands, so a refusal costs nothing."""
    progress.step("監査記録の連鎖を確かめています")
    done = run_yakuba("audit", "verify", "--json", home=home, database=url)
    try:
        report = done.answer
        faults, links = report["faults"], int(report["checked"])
    except (ValueError, KeyError, TypeError):
        raise MoveRefused(f"移した監査記録を確かめられません（{done.last_words}）。") from None
    if faults:
        raise MoveRefused(
            f"監査記録の連鎖が合いません（{faults[0]['position']}番：{faults[0]['reason']}）。",
            hint="移す前から書き換えられています。yakuba audit verify で確かめてください。",
        )
    return links


def _retire(source: Path, clock: Clock) -> str:
    """Fold the write-ahead log into the SQLite file and rename it, so that it is never opened by mistake."""
    with closing(sqlite3.connect(source, isolation_level=None, timeout=20)) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        last.execute("PRAGMA journal_mode = DELETE")
    kept = source.with_name(f"{source.name}.moved-{clock.now().astimezone(TOKYO):%Y%m%d-%H%M%S}")
    source.rename(kept)
    kept.chmod(0o600)
    return str(kept)
