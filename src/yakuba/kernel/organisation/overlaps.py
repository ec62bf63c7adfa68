"""The database itself refuses overlapping periods: two main postings, the same posting twice, two first deputies.

PostgreSQL has exclusion constraints (ranges of one number stand for equality, so no extension is needed); SQLite gets
triggers. A migration that rebuilds one of these tables on SQLite (a new column with a default does) drops its triggers
and has to run ``refuse_overlaps`` again; a test of this app notices.
"""

from __future__ import annotations

from typing import Any

RULES = (
    # table, name, equal columns, condition on the row
    ("organisation_posting", "organisation_one_main_posting", ("staff_id",), "is_main"),
    ("organisation_posting", "organisation_posting_no_twice", ("staff_id", "section_id", "post_id"), ""),
    ("organisation_deputy", "organisation_one_deputy_per_order", ("staff_id", "order"), ""),
)


def _sqlite_trigger(table: str, name: str, columns: tuple[str, ...], condition: str, act: str) -> str:
    same = " AND ".join(f'other."{column}" = NEW."{column}"' for column in columns)
    when = f"WHEN NEW.{condition}" if condition else ""
    other_counts = f"AND other.{condition}" if condition else ""
    return f"""
    CREATE TRIGGER "{name}_{act.lower()}" BEFORE {act} ON "{table}" {when}
    BEGIN
      SELECT RAISE(ABORT, '{name}') WHERE EXISTS (
        SELECT 1 FROM "{table}" AS other
        WHERE {same} {other_counts} AND other.id IS NOT NEW.id
          AND (other.ends_on IS NULL OR other.ends_on > NEW.starts_on)
          AND (NEW.ends_on IS NULL OR other.starts_on < NEW.ends_on));
    END"""  # noqa: S608  made of the constants above only


def refuse_overlaps(apps: Any, schema_editor: Any) -> None:
    """Migration step: from now on the database refuses overlaps; what was there is replaced."""
    allow_overlaps(apps, schema_editor)
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for table, name, columns, condition in RULES:
            if connection.vendor == "postgresql":
                equal = ", ".join(
                    f'int8range("{column}"::int8, "{column}"::int8, \'[]\') WITH &&' for column in columns
                )
                where = f" WHERE ({condition})" if condition else ""
                cursor.execute(
                    f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" EXCLUDE USING gist '
                    f"({equal}, daterange(starts_on, ends_on) WITH &&){where}"
                )
            else:
                for act in ("INSERT", "UPDATE"):
                    cursor.execute(_sqlite_trigger(table, name, columns, condition, act))


def allow_overlaps(apps: Any, schema_editor: Any) -> None:
    """Migration step back."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for table, name, _, _ in RULES:
            if connection.vendor == "postgresql":
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
            else:
                for act in ("insert", "update"):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}_{act}"')
