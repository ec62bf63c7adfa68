"""An upgrade either succeeds or never happened."""

import json
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness.town_process import eventually
from tests.operations.conftest import NOTES
from tests.operations.homes import TownHome
from yakuba.site.supervisor.claim import Claim

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NEXT_VERSION = "tests.operations.planted.settings"


def next_version(town: TownHome, what: str) -> TownHome:
    """The same home under the next version's program."""
    return TownHome(town.folder, town.database, NEXT_VERSION, {**town.more, "PLANTED": what})


def rows(town: TownHome, sql: str) -> list[Any]:
    if town.database:
        import psycopg

        with psycopg.connect(town.database) as database:
            return [row[0] for row in database.execute(sql).fetchall()]
    with closing(sqlite3.connect(town.folder / "yakuba.sqlite3")) as database:
        return [row[0] for row in database.execute(sql)]


def tables(town: TownHome) -> set[str]:
    if town.database:
        return set(rows(town, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return set(rows(town, "SELECT name FROM sqlite_master WHERE type = 'table'"))


def assert_as_before(town: TownHome, was: set[str]) -> None:
    """Nothing of the next version is left, and the old version works on as if nothing had happened."""
    assert tables(town) == was
    assert rows(town, "SELECT count(*) FROM ledger_note") == [2 * NOTES]
    assert not [place.name for place in (town.folder / "upgrade").iterdir() if place.name != "journal.json"]
    town.note(1)
    town.yakuba("keeper", "--once")
    assert town.answer("audit", "verify")["faults"] == []
    town.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.prove)])
def either(request: pytest.FixtureRequest) -> TownHome:
    found: TownHome = request.getfixturevalue("town" if request.param == "sqlite" else "town_on_postgresql")
    return found


def test_a_good_upgrade_backs_up_changes_and_tells_the_audit_log(either: TownHome) -> None:
    later = next_version(either, "works")
    plan = later.answer("upgrade", "--check")
    assert plan["migrations"] == ["planted.0001_initial", "planted.0002_rows", "planted.0003_curiosity"]
    said = later.yakuba("upgrade")
    assert "データベースの変更 3 件" in said
    assert rows(either, "SELECT name FROM planted_parcel") == ["一番"]
    assert rows(either, "SELECT verb FROM audit_auditevent ORDER BY id DESC LIMIT 1") == ["operations.upgrade"]
    assert len(list((either.folder / "backups").glob("*-upgrade.age"))) == 1
    assert not list((either.folder / "upgrade").glob("before*")), "no copy in clear stays"
    assert "データベースは最新です" in later.yakuba("upgrade")
    assert len(list((either.folder / "backups").glob("*-upgrade.age"))) == 1, "nothing to do, nothing to back up"
    later.close()
    refused = either.yakuba("upgrade", code=1)
    assert "より新しい版のものです" in refused, "an older program does not touch a newer database"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        pytest.param("fails", "途中で失敗しました（RuntimeError: the planted fault）", marks=pytest.mark.prove),
        ("loses", "ledger_note の記録が減っています（24 件 → 12 件）"),
        pytest.param("tampers", "監査記録の連鎖が合いません（2番", marks=pytest.mark.prove),
    ],
)
def test_a_bad_upgrade_never_happened(either: TownHome, what: str, reason: str) -> None:
    was = tables(either)
    later = next_version(either, what)
    said = later.yakuba("upgrade", code=1)
    assert "元の状態に戻しました" in said
    assert reason in said
    assert "-upgrade.age" in said, "the report names the backup"
    findings = [one for one in later.answer("doctor") if one["subject"] == "更新"]
    assert findings[0]["level"] == "warning"
    later.close()
    assert_as_before(either, was)


@pytest.mark.prove
def test_rows_a_migration_says_it_removes_are_no_loss(town: TownHome) -> None:
    later = next_version(town, "removes")
    assert later.answer("upgrade", "--check")["removes_rows_of"] == ["ledger_note"]
    later.yakuba("upgrade")
    later.close()
    assert rows(town, "SELECT count(*) FROM ledger_note") == [NOTES]


@pytest.mark.prove
def test_a_killed_upgrade_is_undone_by_the_next_one(either: TownHome, tmp_path: Path) -> None:
    was, sign = tables(either), tmp_path / "sign"
    later = next_version(either, "hangs")
    later.more["PLANTED_SIGN"] = str(sign)
    running = later.start("-m", "tests.operations.in_own_group", "upgrade")
    eventually(sign.exists, within=240, what="the migration runs")
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=60)
    assert json.loads((either.folder / "upgrade" / "journal.json").read_text())["phase"] == "migrating"
    later.more["PLANTED"] = "works"
    assert "途中で止まった更新を元に戻しました" in later.yakuba("upgrade", "--settle")
    later.close()
    assert_as_before(either, was)
    said = later.yakuba("upgrade")
    assert "データベースの変更 3 件" in said
    later.close()


def test_an_open_town_hall_is_not_upgraded(town: TownHome) -> None:
    later = next_version(town, "works")
    with Claim(town.folder, port=8109):
        refused = later.yakuba("upgrade", code=1)
    assert "役場が開いています" in refused
    assert not (town.folder / "backups").exists()
    later.close()


@pytest.mark.prove
def test_a_database_somebody_else_works_on_is_not_upgraded(town_on_postgresql: TownHome) -> None:
    import psycopg

    later = next_version(town_on_postgresql, "works")
    with psycopg.connect(town_on_postgresql.database):
        assert "ほかの接続が 1 件" in later.yakuba("upgrade", code=1)
    later.close()


def test_a_broken_database_is_not_upgraded(town: TownHome) -> None:
    with closing(sqlite3.connect(town.folder / "yakuba.sqlite3")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("INSERT INTO audit_auditsubject (ref, event_id) VALUES ('a.b:c', 99999)")
        database.commit()
    later = next_version(town, "works")
    assert "データベースに異常があります" in later.yakuba("upgrade", code=1)
    later.close()
    assert "planted_parcel" not in tables(town)
