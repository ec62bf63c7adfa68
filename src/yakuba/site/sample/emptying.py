"""Taking the tables of this installation away: thrown away, or set aside as a copy."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connections, transaction

from yakuba.kernel.values.api import Refusal

#: Made by ``createcachetable``; Django does not count it among the tables of models.
_CACHE_TABLE = "yakuba_cache"
_IN_USE = "ほかのプログラムがデータベースを使っています。"
_CLOSE_THEM = (
    "動いている役場（yakuba run）と、データベースを開いているほかのプログラムを止めてから、もう一度実行してください。"
)


def ensure_alone() -> None:
    """Raise ``Refusal`` while any other program has the database open. Changes nothing."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        _released_sqlite_file()
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        if cursor.fetchone()[0]:
            raise Refusal(_IN_USE, hint=_CLOSE_THEM)


def throw_away_tables() -> None:
    """Remove every table of ours; the next ``migrate`` makes them anew."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        database = _released_sqlite_file()
        database.unlink(missing_ok=True)
        return
    names = ", ".join(connection.ops.quote_name(name) for name in _our_tables())
    if names:
        _in_one_go(f"DROP TABLE {names} CASCADE")


def set_tables_aside(*, folder: Path, schema: str) -> str:
    """Move every table of ours away and say where to: the SQLite file to ``folder``, or into ``schema``.

    Both are all or nothing. Raises ``Refusal`` when somebody else uses the database or the schema may not be made.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        database = _released_sqlite_file()
        database.rename(folder / database.name)
        return str(folder / database.name)
    quoted = connection.ops.quote_name(schema)
    moves = [f"ALTER TABLE {connection.ops.quote_name(name)} SET SCHEMA {quoted}" for name in _our_tables()]
    try:
        _in_one_go(f"CREATE SCHEMA {quoted}", *moves)
    except ProgrammingError as fault:
        raise Refusal(
            f"データベースに控えの場所（スキーマ {schema}）を作れません。",
            hint="データベースの管理者に CREATE 権限をもらうか、控えを残さない --no-copy を付けてください。",
        ) from fault
    return f"データベースのスキーマ {schema}"


def _released_sqlite_file() -> Path:
    """The database as one file that nobody has open: leaving WAL asks for, and proves, that we are alone."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close()
    file = Path(str(connection.settings_dict["NAME"]))
    if not file.exists():
        return file
    alone = sqlite3.connect(file, timeout=3, isolation_level=None)
    try:
        mode = alone.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as fault:
        raise Refusal(_IN_USE, hint=_CLOSE_THEM) from fault
    finally:
        alone.close()
    if mode != "delete":
        raise Refusal(_IN_USE, hint=_CLOSE_THEM)
    return file


def _our_tables() -> list[str]:
    introspection = connections[DEFAULT_DB_ALIAS].introspection
    existing = set(introspection.table_names())
    ours = {*introspection.django_table_names(), "django_migrations", _CACHE_TABLE}
    return sorted(ours & existing)


def _in_one_go(*statements: str) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic(), connection.cursor() as cursor:
        try:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            for statement in statements:
                cursor.execute(statement)
        except OperationalError as fault:
            raise Refusal(_IN_USE, hint=_CLOSE_THEM) from fault
