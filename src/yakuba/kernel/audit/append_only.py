"""Tables whose rows are only ever added: the database itself refuses changes."""

from __future__ import annotations

from django.db.migrations.operations.special import RunPython

_SQLITE = """
CREATE TRIGGER "{table}_no_{word}" BEFORE {act} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table}: rows are only ever added'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION yakuba_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%: rows are only ever added', TG_TABLE_NAME; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER "{table}_no_{word}" BEFORE {act} ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION yakuba_append_only()
"""


def append_only(table: str) -> RunPython:
    """Migration operation: from now on rows of ``table`` can be neither updated nor deleted, on both databases."""

    def protect(apps: object, schema_editor: object) -> None:
        connection = schema_editor.connection  # type: ignore[attr-defined]
        template = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_POSTGRESQL_FUNCTION)
            for act, word in (("UPDATE", "update"), ("DELETE", "delete")):
                cursor.execute(template.format(table=table, act=act, word=word))

    def unprotect(apps: object, schema_editor: object) -> None:
        connection = schema_editor.connection  # type: ignore[attr-defined]
        on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            for word in ("update", "delete"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{word}"{on}')

    return RunPython(protect, unprotect)
