"""The two commands as a person types them, in processes and a home of their own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.harness.surroundings import ON_POSTGRESQL
from yakuba.site.settings import places

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Town:
    """A town hall of its own: a home, and on PostgreSQL a database."""

    def __init__(self, home: Path, database_url: str) -> None:
        self.home = home
        self._environment = {**os.environ, "YAKUBA_HOME": str(home), "YAKUBA_TESTING": "1"}
        if database_url:
            self._environment["DATABASE_URL"] = database_url

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "yakuba", *words],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def yakuba(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        said, complained = process.communicate(timeout=240)
        return process.returncode, said, complained

    def must(self, *words: str) -> str:
        code, said, complained = self.yakuba(*words)
        assert code == 0, complained
        return said

    @contextmanager
    def database(self) -> Iterator[Any]:
        """The town's database, opened beside the town hall."""
        url = self._environment.get("DATABASE_URL")
        with closing(psycopg.connect(url) if url else sqlite3.connect(self.home / "yakuba.sqlite3")) as connection:
            yield connection

    def count(self, table: str) -> int:
        with self.database() as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    if not ON_POSTGRESQL:
        yield Town(tmp_path / "home", "")
        return
    server = os.environ["DATABASE_URL"]
    name = f"sample_{uuid4().hex[:12]}"
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield Town(tmp_path / "home", server.replace("/postgres?", f"/{name}?"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


STAFF, ACCOUNTS = "organisation_staff", "identity_account"


@pytest.mark.prove
def test_from_sample_town_to_an_empty_town(town: Town) -> None:
    assert "見本の町ができました（住民 300 人" in town.must(
        "sample", "make", "--residents", "300", "--today", "2026-11-23"
    )
    secrets = {path.name: path.read_bytes() for path in (town.home / "secrets").iterdir()}
    (town.home / "files").mkdir(exist_ok=True)
    (town.home / "files" / "kept.bin").write_bytes(b"sample")
    (town.home / "town.toml").write_bytes((places.data() / "towns" / "074217" / "town.toml").read_bytes())

    with town.database() as somebody_else:
        somebody_else.execute(f"SELECT count(*) FROM {STAFF}").fetchone()
        code, _, complained = town.yakuba("sample", "leave", "--yes")
    assert code == 1
    assert "ほかのプログラムがデータベースを使っています" in complained
    assert town.count(STAFF) > 140
    assert (town.home / "files" / "kept.bin").exists()
    assert (town.home / "register.sqlite3").exists()

    assert "空の町になりました" in town.must("sample", "leave", "--yes")
    assert (town.count(STAFF), town.count(ACCOUNTS), town.count("audit_auditevent")) == (0, 0, 0)
    assert "見本" not in town.must("init", "--sample"), "a town left empty on purpose stays empty"
    assert town.count(STAFF) == 0
    (copy,) = (town.home / "left").iterdir()
    assert (copy / "files" / "kept.bin").read_bytes() == b"sample"
    assert (copy / "register.sqlite3").exists()
    assert not (town.home / "files" / "kept.bin").exists()
    assert not (town.home / "register.sqlite3").exists()
    assert (town.home / "town.toml").exists(), "the profile belongs to the town, not to the sample"
    fresh = {path.name: path.read_bytes() for path in (town.home / "secrets").iterdir()}
    assert fresh.keys() == secrets.keys()
    assert all(fresh[name] != secrets[name] for name in fresh), "the keys of the sample town are gone"


@pytest.mark.prove
def test_a_making_that_was_killed_is_begun_anew(town: Town) -> None:
    process = town.start("sample", "make", "--residents", "3000")
    mark = town.home / "run" / "sample-town-unfinished"
    while not mark.exists():
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(0.4)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert mark.exists()
    town.must("init", "--sample")
    assert json.loads(town.must("register", "check", "--json"))["counts"]["residents"] == 14_500
    assert town.count(STAFF) > 140
    assert not mark.exists()
    town.must("sample", "leave", "--yes", "--no-copy")
    assert town.count(STAFF) == 0
    assert not (town.home / "left").exists()
    assert not (town.home / "register.sqlite3").exists()
