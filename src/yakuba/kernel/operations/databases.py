"""The database as operations see it: a SQLite file, or PostgreSQL spoken to in the words of its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from yakuba.kernel.values.api import Refusal

DATABASE_FILE = "yakuba.sqlite3"
"""Name of the SQLite database in ``YAKUBA_HOME``."""

SQLITE_HEADER = b"SQLite format 3\x00"
_PAGES_A_STEP = 2_000
_ENVIRONMENT = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
Query = Callable[[str], Sequence[Sequence[Any]]]


class DatabaseRefused(Refusal):
    """The database, or a tool for it, cannot be used as asked."""


@dataclass(frozen=True)
class Facts:
    """What a consistent view of a database contains.

    ``tables``: rows per table; ``migrations``: ``app.name`` of every one applied; the newest link of the audit chain
    (position 0 and an empty value before the first).
    """

    kind: str
    tables: Mapping[str, int]
    migrations: tuple[str, ...]
    head_position: int
    head_value: str

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "migrations": list(self.migrations)}

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Facts:
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything that is no such record."""
        return cls(
            kind=str(written["kind"]),
            tables={str(name): int(rows) for name, rows in dict(written["tables"]).items()},
            migrations=tuple(str(one) for one in written["migrations"]),
            head_position=int(written["head_position"]),
            head_value=str(written["head_value"]),
        )

    def difference(self, other: Facts) -> list[str]:
        """In words, where ``other`` (found) differs from this (expected); an empty list when it does not."""
        found = []
        for name in sorted({*self.tables, *other.tables}):
            expected, counted = self.tables.get(name), other.tables.get(name)
            if expected != counted:
                found.append(f"{name}：{_rows(expected)}のはずが{_rows(counted)}")
        if (self.head_position, self.head_value) != (other.head_position, other.head_value):
            found.append(f"監査記録の連鎖：{self.head_position}番のはずが{other.head_position}番")
        return found


def _rows(count: int | None) -> str:
    return "表なし" if count is None else f"{count:,}件"


def quoted(name: str) -> str:
    """A table's or column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


# --- SQLite ---------------------------------------------------------------------------------------------------------


def is_sqlite(place: Path) -> bool:
    """Whether a file is a SQLite database, by its first bytes."""
    try:
        with place.open("rb") as file:
            return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER
    except OSError:
        return False


def copy_sqlite(source: Path, target: Path, *, moved: Callable[[int, int], object] | None = None) -> None:
    """Copy a database that is being written to, as it was at one moment. ``moved`` hears (pages copied, pages).

    SQLite starts an online backup again whenever somebody else writes, so under load it would never end. With a read
    transaction open on the copying connection it keeps to that snapshot, and in WAL mode holds nobody up.
    """
    with closing(sqlite3.connect(source, isolation_level=None, timeout=20)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()  # a snapshot begins with the first read
        with closing(sqlite3.connect(target, isolation_level=None)) as writing:
            reading.backup(
                writing,
                pages=_PAGES_A_STEP,
                progress=(lambda _, left, all_: moved(all_ - left, all_)) if moved else None,
                sleep=0.001,
            )
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def sqlite_facts(place: Path) -> Facts:
    """Count a SQLite database."""
    with closing(sqlite3.connect(place, isolation_level=None, timeout=20)) as connection:
        connection.execute("BEGIN")
        return _facts("sqlite", lambda sql: connection.execute(sql).fetchall(), _SQLITE_TABLES)


def sqlite_faults(place: Path) -> list[str]:
    """What SQLite itself finds wrong: broken pages, rows that point at nothing."""
    with closing(sqlite3.connect(place, isolation_level=None, timeout=20)) as connection:
        try:
            answers = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
            loose = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
        except sqlite3.DatabaseError as failure:
            return [str(failure)]
    faults = [] if answers == ["ok"] else answers
    return faults + [f"{table} の {row} が {parent} のない行を指しています" for table, row, parent, _ in loose]


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostgreSQL:
    """A database on a server, as libpq parameters (``host``, ``port``, ``user``, ``password``, ``dbname``, …)."""

    parameters: Mapping[str, str]

    @classmethod
    def from_url(cls, url: str) -> PostgreSQL:
        """Read ``postgresql://user:password@host:port/name?sslmode=…``. Raises ``DatabaseRefused``."""
        if not url.startswith(("postgresql://", "postgres://")):
            raise DatabaseRefused(
                "データベースの場所は postgresql:// で始めてください。",
                hint="例：postgresql://yakuba@db.example.lg.jp/yakuba",
            )
        try:
            found = conninfo_to_dict(url)
        except psycopg.Error:
            raise DatabaseRefused(
                "データベースの場所（postgresql://…）を読めません。",
                hint="利用者名やパスワードの記号（@ : / など）は %40 のように書いてください。",
            ) from None
        parameters = {name: str(value) for name, value in found.items() if value not in (None, "")}
        for port in parameters.get("port", "5432").split(","):
            if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
                raise DatabaseRefused(
                    "データベースの場所のポート番号を読めません。",
                    hint="1 から 65535 までの数字で書いてください（ふつうは 5432）。",
                )
        return cls(parameters)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> PostgreSQL:
        """From a Django database setting."""
        names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        found = {name: str(settings[key]) for name, key in names.items() if settings.get(key)}
        options = {name: str(value) for name, value in settings.get("OPTIONS", {}).items() if name in _ENVIRONMENT}
        return cls({**options, **found})

    @property
    def name(self) -> str:
        return self.parameters.get("dbname", "")

    def environment(self) -> dict[str, str]:
        """For the server's own programs: nothing of it shows in the list of processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG") or name == "PGPASSFILE"}
        return kept | {_ENVIRONMENT[name]: value for name, value in self.parameters.items() if name in _ENVIRONMENT}

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
        """Raises ``DatabaseRefused`` when the server does not answer or refuses."""
        try:
            return psycopg.connect(autocommit=autocommit, **dict(self.parameters))  # type: ignore[arg-type]
        except psycopg.OperationalError as failure:
            raise DatabaseRefused(
                f"PostgreSQL のデータベース {self.name} につながりません（{_first_line(failure)}）。",
                hint="サーバーが動いているか、名前・利用者・パスワードが正しいかを確かめてください。",
            ) from None

    def tables(self) -> list[str]:
        with self.connect() as connection:
            return [row[0] for row in connection.execute(_POSTGRESQL_TABLES).fetchall()]

    def facts(self) -> Facts:
        with self.connect() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return _facts("postgresql", lambda sql: connection.execute(sql).fetchall(), _POSTGRESQL_TABLES)

    def others_connected(self) -> int:
        """How many other connections this database has."""
        with self.connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def dumped(self) -> Iterator[tuple[Facts, IO[bytes]]]:
        """``pg_dump`` of one snapshot, and the facts of the same snapshot. Raises ``DatabaseRefused`` if it fails."""
        program = _program("pg_dump")
        with self.connect() as connection, tempfile.TemporaryFile() as said:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            facts = _facts("postgresql", lambda sql: connection.execute(sql).fetchall(), _POSTGRESQL_TABLES)
            command = [
                program,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={row[0] if row else ''}",
            ]
            dump = subprocess.Popen(  # noqa: S603 — a fixed program, its arguments are ours
                command, env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
            )
            try:
                assert dump.stdout is not None  # noqa: S101 — asked for above
                with dump.stdout:
                    yield facts, dump.stdout
                _succeeded("pg_dump", dump.wait(), said)
            finally:
                if dump.poll() is None:
                    dump.kill()
                    dump.wait()

    def load(self, dump: Path) -> None:
        """Load a dump into this empty database, whole or not at all."""
        with tempfile.TemporaryFile() as said:
            command = [_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner"]
            done = subprocess.run(  # noqa: S603
                [*command, "--no-privileges", f"--dbname={self.name}", str(dump)],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
            )
            _succeeded("pg_restore", done.returncode, said)

    def empty(self) -> None:
        """Drop every table, view, sequence and function of ours, so that a dump can be loaded."""
        with self.connect() as connection:
            for kind, found in _DROPPED.items():
                for (name,) in connection.execute(found).fetchall():
                    connection.execute(f"DROP {kind} IF EXISTS {name} CASCADE")

    def beside(self, name: str) -> PostgreSQL:
        """Another database on the same server."""
        return PostgreSQL({**self.parameters, "dbname": name})

    def url(self) -> str:
        """As ``DATABASE_URL`` (carries the password)."""
        from urllib.parse import quote, urlencode

        user = quote(self.parameters.get("user", ""), safe="")
        secret = f":{quote(self.parameters['password'], safe='')}" if "password" in self.parameters else ""
        known = ("user", "password", "dbname")
        rest = urlencode({name: value for name, value in self.parameters.items() if name not in known})
        return f"postgresql://{user}{secret}@/{quote(self.name, safe='')}{'?' + rest if rest else ''}"


_SQLITE_TABLES = r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'"
_POSTGRESQL_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
_DROPPED = {
    "TABLE": "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()",
    "VIEW": "SELECT quote_ident(viewname) FROM pg_views WHERE schemaname = current_schema()",
    "SEQUENCE": "SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = current_schema()",
    "FUNCTION": "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace"
    " AND p.prokind = 'f' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
}


def _facts(kind: str, query: Query, tables: str) -> Facts:
    names = [str(row[0]) for row in query(tables)]
    counts = {name: int(query(f"SELECT count(*) FROM {quoted(name)}")[0][0]) for name in names}  # noqa: S608
    migrations: Sequence[Sequence[Any]] = []
    heads: Sequence[Sequence[Any]] = []
    if "django_migrations" in counts:
        migrations = query("SELECT app, name FROM django_migrations ORDER BY app, name")
    if "audit_auditlink" in counts:
        heads = query("SELECT position, value FROM audit_auditlink ORDER BY position DESC LIMIT 1")
    position, value = heads[0] if heads else (0, "")
    return Facts(
        kind=kind,
        tables=dict(sorted(counts.items())),
        migrations=tuple(f"{app}.{name}" for app, name in migrations),
        head_position=int(position),
        head_value=str(value),
    )


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DatabaseRefused(
            f"{name} がありません。", hint="サーバーと同じ版以上の postgresql-client を入れてください。"
        )
    return found


def _succeeded(program: str, code: int, said: IO[bytes]) -> None:
    if code == 0:
        return
    said.seek(0)
    words = said.read(2000).decode(errors="replace").strip().splitlines()
    hint = "サーバーの版に合う postgresql-client が入っているか、権限があるかを確かめてください。"
    raise DatabaseRefused(
        f"{program} が失敗しました（{words[0][:300] if words else f'終了コード {code}'}）。", hint=hint
    )


def _first_line(failure: Exception) -> str:
    return str(failure).strip().splitlines()[0][:200] if str(failure).strip() else type(failure).__name__
