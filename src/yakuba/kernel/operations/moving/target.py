"""The PostgreSQL side of a move: made ready, filled, counted, put into service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from yakuba.kernel.operations.databases import DatabaseRefused, PostgreSQL
from yakuba.kernel.operations.moving.rules import Column, Json

MARK = "yakuba_move"
"""A table that stands in the target while a move is not finished; with it the target may be emptied and begun anew."""

MADE_BY_POSTGRESQL_ALONE = frozenset({MARK, "yakuba_cache"})
_READ_AT_ONCE = 2000
Connection = psycopg.Connection[tuple[Any, ...]]


def make_ready(database: PostgreSQL) -> None:
    """Leave the target empty but for the mark. Raises ``DatabaseRefused`` when it holds anything that is not ours.

    What an earlier, unfinished move left is dropped.
    """
    tables = database.tables()
    if MARK in tables:
        database.empty()
    elif tables:
        raise DatabaseRefused(
            f"移す先のデータベース {database.name} は空ではありません（表が {len(tables)} 個）。",
            hint="新しいデータベースを作り（createdb）、その場所を指定してください。",
        )
    with database.connect() as connection:
        connection.execute(sql.SQL("CREATE TABLE {} (begun_at timestamptz DEFAULT now())").format(sql.Identifier(MARK)))


def put_into_service(database: PostgreSQL) -> None:
    """Take the mark away and let the server learn the sizes of its tables."""
    with database.connect() as connection:
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(MARK)))
    with database.connect(autocommit=True) as connection:
        connection.execute("ANALYZE")


def columns_of(connection: Connection) -> dict[str, list[Column]]:
    """Tables with the columns that are stored (not computed by the server), in their order."""
    found: dict[str, list[Column]] = {}
    for table, name, kind, length, scale, nullable in connection.execute(
        "SELECT c.table_name, c.column_name, c.data_type, c.character_maximum_length, c.numeric_scale,"
        " c.is_nullable = 'YES' FROM information_schema.columns c JOIN information_schema.tables t"
        " ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'"
        " WHERE c.table_schema = current_schema() AND c.is_generated = 'NEVER' ORDER BY 1, c.ordinal_position"
    ).fetchall():
        scaled = scale if kind == "numeric" else None
        found.setdefault(table, []).append(Column(name, kind, length, scaled, nullable))
    return {table: columns for table, columns in found.items() if table not in MADE_BY_POSTGRESQL_ALONE}


@contextmanager
def loading(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Switch our own triggers off and empty the tables; afterwards check every deferred constraint and switch them on.

    All of it belongs to the caller's transaction, so a failure leaves the tables and triggers as they were.
    """
    names = [sql.Identifier(table) for table in tables]
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
    yield
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def load(connection: Connection, table: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a table."""
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row([Jsonb(one.content) if isinstance(one, Json) else one for one in row])


def read(connection: Connection, table: str, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """Every row of a table as stored, a block at a time."""
    is_json = [column.kind == "jsonb" for column in columns]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    with connection.cursor(name="moved") as cursor:
        cursor.itersize = _READ_AT_ONCE
        cursor.execute(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table)))
        for row in cursor:
            yield [Json(one) if json and one is not None else one for one, json in zip(row, is_json, strict=True)]


def set_counters(connection: Connection, *, used: Mapping[str, int]) -> None:
    """Let every numbering go on behind the largest number ever given, also to rows that are gone since."""
    for table, column, sequence in connection.execute(
        "SELECT table_name, column_name,"
        " pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns"
        " WHERE table_schema = current_schema()"
        " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    ).fetchall():
        row = connection.execute(
            sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column), sql.Identifier(table))
        ).fetchone()
        largest = max(used.get(table, 0), int(row[0]) if row and row[0] is not None else 0)
        if largest:
            connection.execute("SELECT setval(%s, %s)", [sequence, largest])
