"""The history of records is only ever added to, until its record is erased at the end of its time (保存期間の満了).

Stricter than nothing and looser than `kernel.audit.append_only`: personal data must be able to go. The database itself
refuses every UPDATE, every INSERT in the place of a row, and every DELETE while the record is not marked as erased.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

_TABLE = "appbuilder_recordhistory"
_SAID = f"{_TABLE}: rows are only ever added until the record is erased"
_STANDING = 'SELECT 1 FROM "appbuilder_record" WHERE "id" = OLD."record_id" AND "erased_on" IS NULL'
_TAKEN = (
    f'SELECT 1 FROM "{_TABLE}" WHERE "id" = NEW."id" OR "public_id" = NEW."public_id" '  # noqa: S608  names of ours
    'OR ("record_id" = NEW."record_id" AND "version" = NEW."version")'
)
_SQLITE = {
    "kept_update": f"BEFORE UPDATE ON \"{_TABLE}\" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    "kept_delete": f"BEFORE DELETE ON \"{_TABLE}\" WHEN EXISTS ({_STANDING}) BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    "kept_replace": f"BEFORE INSERT ON \"{_TABLE}\" WHEN EXISTS ({_TAKEN}) BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
}
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION appbuilder_history_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF NOT EXISTS ({_STANDING}) THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION '{_SAID}';
END $$
"""
_POSTGRESQL = {
    "kept_update": f'BEFORE UPDATE ON "{_TABLE}" FOR EACH ROW EXECUTE FUNCTION appbuilder_history_kept()',
    "kept_delete": f'BEFORE DELETE ON "{_TABLE}" FOR EACH ROW EXECUTE FUNCTION appbuilder_history_kept()',
    "kept_truncate": f'BEFORE TRUNCATE ON "{_TABLE}" FOR EACH STATEMENT EXECUTE FUNCTION appbuilder_history_kept()',
}


class KeepHistory(Operation):
    """Migration operation: put this guard in the place of the one that was there. To be repeated after a rebuild."""

    reduces_to_sql = False
    reversible = True

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return ("KeepHistory", [], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of a model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        vendor = schema_editor.connection.vendor
        with schema_editor.connection.cursor() as cursor:
            _drop(cursor, vendor)
            if vendor == "postgresql":
                cursor.execute(_POSTGRESQL_FUNCTION)
            for word, made in (_POSTGRESQL if vendor == "postgresql" else _SQLITE).items():
                cursor.execute(f'CREATE TRIGGER "{_TABLE}_{word}" {made}')

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            _drop(cursor, schema_editor.connection.vendor)

    def describe(self) -> str:
        return "history of records is only ever added, until its record is erased"


def _drop(cursor: Any, vendor: str) -> None:
    on = f' ON "{_TABLE}"' if vendor == "postgresql" else ""
    words = ("no_update", "no_delete", "no_truncate", "no_replace", *_SQLITE, *_POSTGRESQL)
    for word in dict.fromkeys(words):
        cursor.execute(f'DROP TRIGGER IF EXISTS "{_TABLE}_{word}"{on}')
