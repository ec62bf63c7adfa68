"""A town hall of its own for a trial: home, database, commands, and the running processes."""

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.postgres import Cluster
from tests.harness.surroundings import ON_POSTGRESQL, TEST_ROOT
from tests.harness.town_process import ROOT, TownProcess, free_port, python


class TownHome:
    """`folder` must be open to other users if `postgresql` is wanted (the server does not run as root)."""

    def __init__(self, folder: Path, *, postgresql: bool = False, settings: str = "yakuba.site.settings") -> None:
        self.folder = folder
        self.home = folder / "home"
        self.cluster = Cluster(folder / "postgresql") if postgresql else None
        ours = ("YAKUBA_", "DATABASE_URL", "DJANGO_", "PORT")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environment |= {"DJANGO_SETTINGS_MODULE": settings, "YAKUBA_HOME": str(self.home)}

    @contextlib.contextmanager
    def prepared(self, *, sample_residents: int | None = None) -> Iterator[None]:
        """With a fresh database, and the sample town if a number of residents is given.

        On SQLite the processes of a test run share one sample town: the first makes it, each takes a copy.
        """
        if sample_residents is not None and self.cluster is None and TEST_ROOT in os.environ:
            shutil.copytree(self._sample_home(sample_residents), self.home)
            yield
            return
        self.home.mkdir()
        with contextlib.ExitStack() as last:
            if self.cluster:
                last.callback(self.cluster.stop)
                self.cluster.start(durable=True)
                self.environment["DATABASE_URL"] = self.cluster.create("town")
            self._make(sample_residents)
            yield

    def _make(self, sample_residents: int | None) -> None:
        self.command("-m", "yakuba", "init", "--quiet")
        if sample_residents is not None:
            self.command(
                "-m", "yakuba", "sample", "make", "--residents", str(sample_residents), "--today", "2026-11-23"
            )

    def _sample_home(self, residents: int) -> Path:
        settings = self.environment["DJANGO_SETTINGS_MODULE"]
        made = Path(os.environ[TEST_ROOT]) / f"sample-{residents}-{settings}"
        with made.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                begun = made.with_suffix(".begun")
                shutil.rmtree(begun, ignore_errors=True)
                first = TownHome(begun, settings=settings)
                begun.mkdir()
                first.home.mkdir()
                first._make(residents)
                first.home.rename(made)
        return made

    @contextlib.contextmanager
    def running(self) -> Iterator[TownProcess]:
        """`yakuba run` on a free port."""
        port = free_port()
        command = python("-m", "yakuba", "run", "--port", str(port))
        with TownProcess(command, home=self.home, port=port, environment=self.environment) as town:
            yield town

    @contextlib.contextmanager
    def open(self, *, sample_residents: int | None = None) -> Iterator[TownProcess]:
        """Prepared and running."""
        with self.prepared(sample_residents=sample_residents), self.running() as town:
            yield town

    def command(self, *arguments: str) -> str:
        """Run Python with these arguments in the town's environment; returns what it printed, fails if it failed."""
        done = subprocess.run(
            python(*arguments), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def running_town(session_folder: Path) -> Iterator[tuple[TownHome, TownProcess]]:
    """One running sample town per test process, as `make run` serves it, for tests that only look.

    Mark the tests with `@pytest.mark.xdist_group("running town")`, so that one process makes it for all of them.
    """
    home = TownHome(session_folder, postgresql=ON_POSTGRESQL)
    with home.open(sample_residents=200) as town:
        yield home, town
