"""Test databases: SQLite files, one set per process, or databases of the shared PostgreSQL cluster.

An SQLite database in memory is no choice: the threads of the live server and of a test share it badly. After a test
with real transactions the databases are put back from a copy taken before the first of them: Django would empty every
table instead, which our append-only tables refuse and which would lose what migrations have stored.

Tests that ask for the sample town, or for a fixture under ``made_once``, find the databases filled: what they need is
made once per process and copied. Tests of one state follow each other, so that the databases change hands seldom.
"""

import contextlib
import functools
import sqlite3
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.harness.surroundings import ON_POSTGRESQL

_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
EMPTY, SAMPLE = "pristine", "sample"
_SAMPLE_FIXTURES = {"sample_town", "open_sample_town"}
_copied: set[str] = set()
_standing = _wanted = EMPTY
_makers: dict[str, tuple[Callable[[], object], Callable[[], object], Callable[[], object]]] = {}


def _nothing() -> None:
    """Nothing else is to be done."""


def offer(
    state: str,
    *,
    make: Callable[[], object],
    enter: Callable[[], object] = _nothing,
    leave: Callable[[], object] = _nothing,
) -> None:
    """Name a state the databases may stand in: how it is made once, what else to do on taking it up and leaving it."""
    _makers[state] = (make, enter, leave)


def made_once(state: str) -> Callable[[Callable[[None], Any]], Callable[[None], Any]]:
    """A fixture function that fills the databases: called once per process, committed, kept as ``state``.

    Every test gets a deep copy of what the function returned, and the rows as they were then.
    """

    def declare(make: Callable[[None], Any]) -> Callable[[None], Any]:
        kept: list[Any] = []
        offer(state, make=lambda: kept.append(make(None)))

        @functools.wraps(make)
        def given(db: None) -> Any:
            return deepcopy(kept[-1])

        given.stands_on = state  # type: ignore[attr-defined]
        return given

    return declare


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings
    from django.db import connections
    from django.test import TestCase, TransactionTestCase

    for alias in connections:
        if connections[alias].vendor == "sqlite":
            place = Path(settings.YAKUBA_HOME) / f"test-{alias}.sqlite3"
            connections[alias].settings_dict["TEST"]["NAME"] = str(place)
            connections[alias].settings_dict["TEST"]["MIGRATE"] = alias == "default"  # the other holds no table of ours

    as_before_setup = TransactionTestCase._pre_setup.__func__  # a class method since Django 5.1

    def pre_setup(case: type[TransactionTestCase]) -> None:
        if _wanted != _standing:
            _stand(_wanted)
        if not issubclass(case, TestCase):
            for alias in connections:
                _copy_once(connections[alias], _standing)
        as_before_setup(case)

    def put_back(case: TransactionTestCase) -> None:
        for alias in connections:
            _put_back(connections[alias], _standing)

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
    items[:] = sorted(kept, key=_state_for)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    global _wanted
    _wanted = _state_for(item)


def _state_for(item: pytest.Item) -> str:
    if _SAMPLE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return SAMPLE
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    asked = {getattr(found[-1].func, "stands_on", EMPTY) for found in known.values() if found} - {EMPTY}
    if len(asked) > 1:
        raise pytest.UsageError(f"{item.nodeid} asks for more than one state of the databases: {sorted(asked)}")
    return asked.pop() if asked else EMPTY


def _stand(state: str) -> None:
    """Let all databases stand in ``state``; a state asked for the first time is made on top of the empty one."""
    global _standing
    from django.db import connections

    for alias in connections:
        _copy_once(connections[alias], EMPTY)
    if _standing in _makers:
        _makers[_standing][2]()
    _standing = ""  # whatever goes wrong while it is made, the next test begins anew
    made = all(_copy_of(connections[alias], state) in _copied for alias in connections)
    for alias in connections:
        _put_back(connections[alias], state if made else EMPTY)
    if not made:
        _makers[state][0]()
        verbs = sys.modules.get("yakuba.kernel.audit.verbs")
        if verbs:
            verbs.slow_transactions.clear()  # the test that happens to come first did not make it
        for alias in connections:
            _copy_once(connections[alias], state)
    if state in _makers:
        _makers[state][1]()
    _standing = state


def _open_all_databases(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    used = _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    if marker is None and not used:
        return
    chosen = dict(marker.kwargs) if marker else {}
    chosen.setdefault("databases", "__all__")
    item.add_marker(pytest.mark.django_db(*(marker.args if marker else ()), **chosen), append=False)


def _copy_of(connection: Any, state: str) -> str:
    return f"{connection.settings_dict['NAME']}{'.' if connection.vendor == 'sqlite' else '_'}{state}"


def _copy_once(connection: Any, state: str) -> None:
    name, copy = connection.settings_dict["NAME"], _copy_of(connection, state)
    if copy in _copied:
        return
    connection.close()
    if connection.vendor == "sqlite":
        _copy_sqlite(name, copy)
    else:
        with connection._nodb_cursor() as cursor:
            _disconnect_others(cursor, name)
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    _copied.add(copy)


def _put_back(connection: Any, state: str) -> None:
    name, copy = connection.settings_dict["NAME"], _copy_of(connection, state)
    connection.close()
    if connection.vendor == "sqlite":
        _copy_sqlite(copy, name)
    else:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copy}"')


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
