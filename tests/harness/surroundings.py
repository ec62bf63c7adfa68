"""Where tests run: a home of their own per process, Django set up once, the database server shared by all processes."""

import gc
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests.harness.postgres import Cluster

TEST_ROOT = "YAKUBA_TEST_ROOT"
ON_POSTGRESQL = os.environ.get("YAKUBA_TEST_DATABASE") == "postgresql"

_cluster: Cluster | None = None
_made_root = TEST_ROOT not in os.environ
if _made_root:
    os.environ[TEST_ROOT] = tempfile.mkdtemp(prefix="yakuba-test-")
_root = Path(os.environ[TEST_ROOT])
_root.chmod(0o755)  # the database server runs as another user when the tests run as root

os.environ["YAKUBA_TESTING"] = "1"
os.environ["YAKUBA_HOME"] = str(_root / os.environ.get("PYTEST_XDIST_WORKER", "main"))
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in the thread of the test
for name in ("YAKUBA_MODE", "YAKUBA_FACES", "YAKUBA_HOSTS", "YAKUBA_TRUSTED_PROXIES", "PORT"):
    os.environ.pop(name, None)
if not ON_POSTGRESQL:
    os.environ.pop("DATABASE_URL", None)


hypothesis_settings.register_profile("no clock", deadline=None)  # machines are noisy: no test measures time
hypothesis_settings.load_profile("no clock")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    global _cluster
    is_worker = hasattr(config, "workerinput")
    if ON_POSTGRESQL and not is_worker:
        _cluster = Cluster(_root / "postgresql")
        _cluster.start()
        os.environ["DATABASE_URL"] = _cluster.url("postgres")
    if is_worker or config.getoption("dist", "no") == "no":
        _set_up_django()


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if ON_POSTGRESQL else 'SQLite'}"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter; `tmp_path` is closed to the user a database server runs as."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def session_folder() -> Iterator[Path]:
    """The same for the whole run of this process."""
    with _folder() as folder:
        yield folder


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=_root))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _cluster is not None:
        _cluster.stop()
    if _made_root and not hasattr(config, "workerinput"):
        shutil.rmtree(_root, ignore_errors=True)


def _set_up_django() -> None:
    """The controller of a parallel run never needs Django, and its workers must not inherit its home."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yakuba.site.settings")
    import django

    with warnings.catch_warnings():  # libraries deprecate each other's names while they are imported
        warnings.simplefilter("ignore", DeprecationWarning)
        django.setup()
    _quieten_the_garbage_collector()


def _quieten_the_garbage_collector() -> None:
    """What was imported stays for good: looking through it again and again costs time and falls on whoever is measured."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 15, 15)
