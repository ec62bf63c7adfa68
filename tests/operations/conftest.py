"""Prepared town halls, made once and copied for each test."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.postgres import Cluster, installed
from tests.harness.surroundings import TEST_ROOT
from tests.operations.homes import TownHome, copied

NOTES = 12


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> TownHome:
    """A town hall on SQLite with a few notes, sealed audit events, a head and two files in its store.

    The processes of a test run share it: the first one makes it.
    """
    made = Path(os.environ[TEST_ROOT]) / "prepared-for-operations"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(TownHome(tmp_path_factory.mktemp("prepared") / "home")).folder.rename(made)
    return TownHome(made)


def _make(home: TownHome) -> TownHome:
    home.yakuba("init", "--quiet")
    home.note(NOTES)
    home.yakuba("keeper", "--once")
    home.close()
    store = home.folder / "files" / "ab" / "cd"
    store.mkdir(parents=True)
    (store / "abcd1").write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 400)
    (store / "写真 1.png").write_bytes(b"\x89PNG" + bytes(500))
    return home


@pytest.fixture
def town(prepared: TownHome, tmp_path: Path) -> Iterator[TownHome]:
    """A copy of the prepared town hall that the test may use up."""
    home = copied(prepared, tmp_path / "home")
    yield home
    home.close()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server for the tests of operations."""
    import os

    if not installed():
        pytest.skip("PostgreSQL がありません: sudo apt-get install postgresql")
    folder = Path(os.environ["YAKUBA_TEST_ROOT"]) / f"operations-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    folder.mkdir(mode=0o755, exist_ok=True)
    server = Cluster(folder / "postgresql")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def prepared_on_postgresql(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> TownHome:
    """The same on PostgreSQL; its database is the template of the copies."""
    home = TownHome(tmp_path_factory.mktemp("prepared-pg") / "home", database=cluster.create("prepared"))
    home.yakuba("init", "--quiet")
    home.note(NOTES)
    home.yakuba("keeper", "--once")
    home.close()
    return home


@pytest.fixture
def town_on_postgresql(
    prepared_on_postgresql: TownHome, cluster: Cluster, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[TownHome]:
    name = f"town_{abs(hash(request.node.nodeid)) % 10**9}"
    url = cluster.create(name, template="prepared")
    home = copied(prepared_on_postgresql, tmp_path / "home", database=url)
    yield home
    home.close()
    cluster.drop(name)
