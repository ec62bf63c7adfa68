"""Test databases: SQLite files, one set per process, or databases of the shared PostgreSQL cluster.

An SQLite database in memory is no choice: the threads of the live server and of a test share it badly. After a test
with real transactions the databases are put back from a copy taken before the first of them: Django would empty every
table instead, which our append-only tables refuse and which would lose what migrations have stored.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.harness.surroundings import ON_POSTGRESQL

_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
_copied: set[str] = set()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings
    from django.db import connections
    from django.test import TestCase, TransactionTestCase

    for alias in connections:
        if connections[alias].vendor == "sqlite":
            place = Path(settings.YAKUBA_HOME) / f"test-{alias}.sqlite3"
            connections[alias].settings_dict["TEST"]["NAME"] = str(place)

    as_before_setup = TransactionTestCase._pre_setup.__func__  # a class method since Django 5.1

    def pre_setup(case: type[TransactionTestCase]) -> None:
        if not issubclass(case, TestCase):
            for alias in connections:
                _copy_once(connections[alias])
        as_before_setup(case)

    def put_back(case: TransactionTestCase) -> None:
        for alias in connections:
            _put_back(connections[alias])

    TransactionTestCase._pre_setup = classmethod(pre_setup)
    TransactionTestCase._fixture_teardown = put_back


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Open all databases to every test that uses one, and leave out what the database at hand cannot show."""
    foreign = "sqlite" if ON_POSTGRESQL else "postgresql"
    kept, left_out = [], []
    for item in items:
        (left_out if item.get_closest_marker(foreign) else kept).append(item)
        _open_all_databases(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _open_all_databases(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    used = _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    if marker is None and not used:
        return
    chosen = dict(marker.kwargs) if marker else {}
    chosen.setdefault("databases", "__all__")
    item.add_marker(pytest.mark.django_db(*(marker.args if marker else ()), **chosen), append=False)


def _copy_once(connection: Any) -> None:
    name = connection.settings_dict["NAME"]
    if name in _copied:
        return
    connection.close()
    if connection.vendor == "sqlite":
        _copy_sqlite(name, f"{name}.pristine")
    else:
        with connection._nodb_cursor() as cursor:
            _disconnect_others(cursor, name)
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}_pristine"')
            cursor.execute(f'CREATE DATABASE "{name}_pristine" TEMPLATE "{name}"')
    _copied.add(name)


def _put_back(connection: Any) -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        _copy_sqlite(f"{name}.pristine", name)
    else:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{name}_pristine"')


def _copy_sqlite(source: str, target: str) -> None:
    with (
        contextlib.closing(sqlite3.connect(source, timeout=20)) as reading,
        contextlib.closing(sqlite3.connect(target, timeout=20)) as writing,
    ):
        reading.backup(writing)


def _disconnect_others(cursor: Any, name: str) -> None:
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [name]
    )
