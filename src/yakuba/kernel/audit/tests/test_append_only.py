"""Append-only tables take new rows and nothing else, whatever the statement is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.audit.api import seal_new_events, unaudited_writes, verb
from yakuba.kernel.audit.append_only import append_only, append_only_again, expected_triggers
from yakuba.kernel.audit.models import AuditEvent, AuditLink
from yakuba.kernel.kpi.models import Snapshot
from yakuba.kernel.organisation.models import Authority

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLERK = Person(id="clerk0000000000a", name="見本 花子", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF}))
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@verb("tests.found_office", label="試しに執行機関を作る")
def found_office(*, by: Person, code: str) -> Authority:
    return Authority.objects.create(code=code, name="甲", head_title="長")


def triggers(table: str) -> dict[str, str]:
    """What stands in the database, by name."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            return {name: sql for name, sql in cursor.fetchall() if re.match(rf"{table}_no_", name)}
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table],
        )
        found = cursor.fetchall()
        assert all(enabled == "O" for _, _, enabled in found)
        return {name: definition for name, definition, _ in found}


def protected_tables() -> list[str]:
    """Every table that is append-only, by its triggers."""
    return [
        table
        for table in connection.introspection.table_names()
        if any(name.endswith("_no_update") for name in triggers(table))
    ]


def log(count: int = 3) -> list[int]:
    for number in range(count):
        found_office(by=CLERK, code=f"a{number}")
    assert seal_new_events(now=NOW) == count
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError, match="rows are only ever added"), transaction.atomic(), unaudited_writes("test"):
        yield


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_append_only_table_has_all_its_triggers_as_its_keys_are_today() -> None:
    tables = protected_tables()
    assert {"audit_auditevent", "audit_auditsubject", "audit_auditlink", "kpi_snapshot", "plan_planversion"} <= set(
        tables
    )
    for table in tables:
        wanted = expected_triggers(connection, table)
        assert set(triggers(table)) == set(wanted), table
        if connection.vendor == "sqlite":
            assert {name: sql.split() for name, sql in triggers(table).items()} == {
                name: sql.split() for name, sql in wanted.items()
            }, f"{table}: its keys changed; end that migration with append_only_again"


def test_every_table_that_migrations_declare_is_protected() -> None:
    """SQLite loses triggers when a migration rebuilds a table, so the tables are counted."""
    declared = 0
    for migration in MigrationLoader(None).disk_migrations.values():
        if migration.name == "0002_append_only":
            declared += len(migration.operations)
    assert len(protected_tables()) >= declared >= 14


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", ["TRUNCATE {}", "TRUNCATE {} CASCADE", "TRUNCATE {} RESTART IDENTITY CASCADE"])
def test_truncate_is_refused(statement: str) -> None:
    log()
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # as in another transaction, where no key waits for its check
    with refused():
        execute(statement.format("audit_auditlink"))
    if "CASCADE" in statement:
        with refused():
            execute(statement.format("audit_auditevent"))
    assert AuditLink.objects.count() == AuditEvent.objects.count() == 3


@pytest.mark.postgresql
def test_a_merge_of_an_existing_row_is_refused() -> None:
    first = log()[0]
    with refused():
        execute(
            f"INSERT INTO audit_auditlink SELECT * FROM audit_auditlink WHERE event_id = {first}"
            " ON CONFLICT (position) DO UPDATE SET value = 'x'"
        )


@pytest.mark.sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    "statement", ["INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT OR IGNORE INTO", "INSERT INTO"]
)
def test_no_insert_takes_the_place_of_a_row(statement: str, recursive: str) -> None:
    first = log()[0]
    columns = [field.column for field in AuditEvent._meta.concrete_fields]
    taken = ", ".join("'somebody else'" if column == "actor" else f'"{column}"' for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    execute(f"PRAGMA recursive_triggers = {recursive}")
    try:
        with refused():
            execute(f"{statement} audit_auditevent ({named}) SELECT {taken} FROM audit_auditevent WHERE id = {first}")
    finally:
        execute("PRAGMA recursive_triggers = OFF")
    assert set(AuditEvent.objects.values_list("actor", flat=True)) == {CLERK.id}


@pytest.mark.sqlite
def test_a_unique_key_protects_a_row_as_the_primary_key_does() -> None:
    events = log()
    columns = [field.column for field in AuditLink._meta.concrete_fields if field.column != "id"]
    for key, other in (("position", "event_id"), ("event_id", "position")):
        taken = ", ".join(f'"{one}" + 1000' if one == other else f'"{one}"' for one in columns)
        named = ", ".join(f'"{one}"' for one in columns)
        with refused():
            execute(
                f"REPLACE INTO audit_auditlink ({named}) SELECT {taken} FROM audit_auditlink"
                f" WHERE event_id = {events[1]}"
            )
        assert AuditLink.objects.count() == 3, key


@pytest.mark.sqlite
def test_an_upsert_and_an_update_that_replaces_are_refused() -> None:
    first, second, _ = log()
    with refused():
        execute(f"UPDATE OR REPLACE audit_auditlink SET event_id = {first} WHERE event_id = {second}")
    with refused():
        execute(
            "INSERT INTO audit_auditlink SELECT * FROM audit_auditlink WHERE TRUE"
            " ON CONFLICT (position) DO UPDATE SET value = 'x'"
        )


def snapshot(source: str) -> Snapshot:
    with unaudited_writes("test"), transaction.atomic():
        return Snapshot.objects.create(
            measure_id="tests.measure", on=date(2026, 11, 1), value=1, source=source, taken_at=NOW
        )


def test_a_key_for_some_rows_binds_those_only() -> None:
    snapshot("system")
    snapshot("hand")
    snapshot("hand")
    with pytest.raises(IntegrityError):
        snapshot("system")
    assert Snapshot.objects.count() == 3


@pytest.mark.sqlite
def test_a_measured_value_of_the_day_cannot_be_replaced() -> None:
    snapshot("system")
    with refused():
        execute(
            'REPLACE INTO kpi_snapshot (measure_id, "on", value, source, is_baseline, is_sample, taken_at)'
            ' SELECT measure_id, "on", 99, source, is_baseline, is_sample, taken_at FROM kpi_snapshot'
        )
    assert Snapshot.objects.get().value == 1


def test_new_rows_are_numbered_on_as_before() -> None:
    first, *others = log()
    assert others == [first + 1, first + 2]


def _operate(operation: Operation, *, back: bool = False) -> None:
    with connection.schema_editor() as editor:
        act = operation.database_backwards if back else operation.database_forwards
        act("tests_of_append_only", editor, None, None)


@pytest.mark.django_db(transaction=True)
def test_protection_made_twice_is_made_once_and_goes_when_it_is_undone() -> None:
    class Leaf(models.Model):
        key = models.CharField(max_length=4, unique=True)

        class Meta:
            app_label = "tests_of_append_only"
            db_table = "tests_leaf"

    with connection.schema_editor() as editor:
        editor.create_model(Leaf)
    try:
        _operate(append_only("tests_leaf"))
        _operate(append_only_again("tests_leaf"))
        assert set(triggers("tests_leaf")) == set(expected_triggers(connection, "tests_leaf"))
        execute("INSERT INTO tests_leaf (\"key\") VALUES ('a')")
        for statement in ("DELETE FROM tests_leaf", "UPDATE tests_leaf SET \"key\" = 'b'"):
            with refused():
                execute(statement)
        _operate(append_only("tests_leaf"), back=True)
        assert not triggers("tests_leaf")
        execute("DELETE FROM tests_leaf")
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Leaf)
