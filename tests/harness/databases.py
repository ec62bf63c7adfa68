"""Test databases: SQLite files, one set per process, or databases of the shared PostgreSQL cluster.

An SQLite database in memory is no choice: the threads of the live server and of a test share it badly.
"""

from pathlib import Path

import pytest

from tests.harness.surroundings import ON_POSTGRESQL

_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "town_site"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings
    from django.db import connections

    for alias in connections:
        if connections[alias].vendor == "sqlite":
            place = Path(settings.YAKUBA_HOME) / f"test-{alias}.sqlite3"
            connections[alias].settings_dict["TEST"]["NAME"] = str(place)


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
