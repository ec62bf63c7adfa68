"""Tables whose rows are only ever added: the database itself refuses changes."""

from __future__ import annotations

from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation

_SQLITE = """
CREATE TRIGGER "{table}_no_{word}" BEFORE {act} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table}: rows are only ever added'); END
"""
# REPLACE deletes the row in its way without asking the triggers of DELETE (unless recursive_triggers is on, which a
# connection decides for itself). So a row that would be in its way is looked for before.
_SQLITE_REPLACE = """
CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" WHEN {in_the_way}
BEGIN SELECT RAISE(ABORT, '{table}: rows are only ever added, this one exists'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION yakuba_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: rows are only ever added', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER "{table}_no_{word}" BEFORE {act} ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION yakuba_append_only()
"""


class Protection(Operation):
    """Makes or drops the triggers of one table. Asks for no models, so that Django need not build all of them for it."""

    reduces_to_sql = False
    reversible = True

    def __init__(self, table: str, *, is_again: bool = False) -> None:
        self.table = table
        self.is_again = is_again

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table], {"is_again": self.is_again})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of a model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            _protect(schema_editor.connection, self.table)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not self.is_again and router.allow_migrate(schema_editor.connection.alias, app_label):
            with schema_editor.connection.cursor() as cursor:
                _drop(cursor, schema_editor.connection.vendor, self.table)

    def describe(self) -> str:
        return f"rows of {self.table} are only ever added"


def append_only(table: str) -> Protection:
    """Migration operation: from now on rows of ``table`` can only be added, on both databases.

    Refused are UPDATE and DELETE, TRUNCATE on PostgreSQL and on SQLite an INSERT OR REPLACE that would take the place
    of a row. A migration that rebuilds the table on SQLite (altering a column) or gives it another unique key must end
    with ``append_only_again``.
    """
    return Protection(table)


def append_only_again(table: str) -> Protection:
    """Migration operation: make the protection of an append-only table anew, as `append_only` makes it today."""
    return Protection(table, is_again=True)


def expected_triggers(connection: Any, table: str) -> dict[str, str]:
    """The triggers that protect ``table`` on this database, by name, with the statement that makes each."""
    if connection.vendor == "postgresql":
        made = {
            act.lower(): _POSTGRESQL.format(table=table, act=act, word=act.lower())
            for act in ("UPDATE", "DELETE", "TRUNCATE")
        }
    else:
        made = {act.lower(): _SQLITE.format(table=table, act=act, word=act.lower()) for act in ("UPDATE", "DELETE")}
        made["replace"] = _SQLITE_REPLACE.format(table=table, in_the_way=_in_the_way(connection, table))
    return {f"{table}_no_{word}": statement.strip() for word, statement in made.items()}


def _protect(connection: Any, table: str) -> None:
    statements = expected_triggers(connection, table)
    with connection.cursor() as cursor:
        _drop(cursor, connection.vendor, table)
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for statement in statements.values():
            cursor.execute(statement)


def _drop(cursor: Any, vendor: str, table: str) -> None:
    on = f' ON "{table}"' if vendor == "postgresql" else ""
    for word in ("update", "delete", "truncate", "replace"):
        cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{word}"{on}')


def _in_the_way(connection: Any, table: str) -> str:
    """The condition that a row stands in the way of NEW, by the primary key or any unique index of the table.

    Names come from the schema itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(f'PRAGMA table_info("{table}")')
        columns = {row[1]: row[5] for row in cursor.fetchall()}
        cursor.execute(f'PRAGMA index_list("{table}")')
        unique = [(row[1], bool(row[4])) for row in cursor.fetchall() if row[2] and row[3] != "pk"]
        keys = [(sorted(filter(columns.get, columns), key=lambda one: columns[one]), "")]
        for index, is_partial in unique:
            cursor.execute(f'PRAGMA index_info("{index}")')
            keys.append(([row[2] for row in cursor.fetchall()], _condition_of(cursor, index) if is_partial else ""))
    new = ", ".join(f'NEW."{column}" AS "{column}"' for column in columns)
    conditions = []
    for key, condition in keys:
        if None in key:
            raise NotImplementedError(f"{table}: a unique index over an expression cannot be watched")
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
        if condition:  # the key counts for some rows only: the old one and NEW must both be among them
            same += f" AND ({condition}) AND EXISTS (SELECT 1 FROM (SELECT {new}) WHERE {condition})"  # noqa: S608
        conditions.append(f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})')  # noqa: S608
    return " OR ".join(conditions)


def _condition_of(cursor: Any, index: str) -> str:
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [index])
    return str(cursor.fetchone()[0]).partition(" WHERE ")[2]
