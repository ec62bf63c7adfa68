"""From SQLite to PostgreSQL: every row, or nothing."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.harness.postgres import Cluster
from tests.operations.conftest import NOTES
from tests.operations.homes import TownHome
from yakuba.site.supervisor.claim import Claim

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def curious(town: TownHome) -> TownHome:
    """A town hall with rows of every kind."""
    home = TownHome(town.folder, settings="tests.operations.planted.settings")
    home.yakuba("upgrade")
    home.run("-m", "tests.operations.curiosities", "write")
    return home


@pytest.fixture
def empty_database(cluster: Cluster, request: pytest.FixtureRequest) -> Any:
    name = f"target_{abs(hash(request.node.nodeid)) % 10**9}"
    yield cluster.create(name)
    cluster.drop(name)


def spoil(town: TownHome, *statements: str) -> None:
    with closing(sqlite3.connect(town.folder / "yakuba.sqlite3")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


@pytest.mark.prove
def test_every_row_arrives_and_the_town_hall_works_on(curious: TownHome, empty_database: str) -> None:
    seen_before = json.loads(curious.run("-m", "tests.operations.curiosities", "show"))
    key = "SELECT id FROM planted_curiosity ORDER BY id LIMIT 1"
    spoil(
        curious,
        f"UPDATE planted_curiosity SET name = '123456789' WHERE id = ({key})",
        f"""UPDATE planted_curiosity SET told = '"a\\u0000b"' WHERE id = ({key} OFFSET 1)""",
        f"UPDATE planted_curiosity SET text = 'a' || char(0) || 'b' WHERE id = ({key} OFFSET 2)",
        "DELETE FROM planted_parcel",
    )
    refused = curious.yakuba("move-database", "--to", empty_database, code=1)
    assert "PostgreSQL に入らない記録が 3 件あります" in refused
    assert "name：8 文字までのところ 9 文字あります" in refused
    assert "text：文字の中に NUL があります" in refused
    assert "told：JSON の文字の中に NUL があります" in refused
    assert (curious.folder / "yakuba.sqlite3").exists(), "SQLite stays in service"

    seen = {row["id"]: row for row in seen_before}
    with closing(sqlite3.connect(curious.folder / "yakuba.sqlite3")) as database:
        keys = [row[0] for row in database.execute("SELECT id FROM planted_curiosity ORDER BY id LIMIT 3")]
    original = [seen[f"UUID('{k[:8]}-{k[8:12]}-{k[12:16]}-{k[16:20]}-{k[20:]}')"] for k in keys]
    with closing(sqlite3.connect(curious.folder / "yakuba.sqlite3")) as database:
        for k, row in zip(keys, original, strict=True):
            values = (eval(row["name"]), eval(row["text"]), json.dumps(eval(row["told"])), k)  # reprs of our own
            database.execute("UPDATE planted_curiosity SET name = ?, text = ?, told = ? WHERE id = ?", values)
        database.commit()

    said = curious.yakuba("move-database", "--to", empty_database)
    assert "一件ずつ一致を確かめました" in said
    curious.close()
    moved = TownHome(curious.folder, empty_database, curious.settings)
    assert json.loads(moved.run("-m", "tests.operations.curiosities", "show")) == seen_before
    assert not (moved.folder / "yakuba.sqlite3").exists()
    assert len(list(moved.folder.glob("yakuba.sqlite3.moved-*"))) == 1
    moved.note(2)
    counted = moved.counted()
    assert (counted["database"], counted["half"], counted["chain_faults"]) == ("postgresql", 0, 0)
    with psycopg.connect(empty_database, autocommit=True) as database:
        notes = database.execute("SELECT count(*), max(id) FROM ledger_note").fetchone()
        assert notes == (2 * NOTES + 4, 2 * NOTES + 4)
        parcel = database.execute("INSERT INTO planted_parcel (name) VALUES ('二番') RETURNING id").fetchone()
        assert parcel == (2,), "the number of a row that is gone is not given again"
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
            database.execute("UPDATE audit_auditevent SET actor = 'someone'")
        off = database.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'").fetchone()
        assert off == (0,)
        assert database.execute("SELECT to_regclass('yakuba_move')").fetchone() == (None,)
        verbs = database.execute("SELECT verb FROM audit_auditevent WHERE verb LIKE 'operations.%'").fetchall()
        assert ("operations.move_database",) in verbs
    moved.close()
    forgotten = TownHome(curious.folder, settings=curious.settings)
    assert "PostgreSQL に移してあるのに" in forgotten.yakuba("doctor", code=1)
    assert "DATABASE_URL を設定" in forgotten.yakuba("upgrade", code=1), "no empty town hall opens in its place"
    assert "DATABASE_URL を設定" in forgotten.yakuba("init", "--sample", code=1)
    forgotten.close()


def test_a_damaged_database_is_not_moved(town: TownHome, empty_database: str) -> None:
    spoil(
        town,
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO audit_auditsubject (ref, event_id) VALUES ('a.b:c', 99999)",
    )
    refused = town.yakuba("move-database", "--to", empty_database, code=1)
    assert "異常があります" in refused
    with psycopg.connect(empty_database) as database:
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_database_with_anything_in_it_is_refused(town: TownHome, empty_database: str) -> None:
    with psycopg.connect(empty_database) as database:
        database.execute("CREATE TABLE somebody_elses (id integer)")
    refused = town.yakuba("move-database", "--to", empty_database, code=1)
    assert "空ではありません" in refused
    assert (town.folder / "yakuba.sqlite3").exists()
    with psycopg.connect(empty_database) as database:
        assert database.execute("SELECT count(*) FROM somebody_elses").fetchone() == (0,)


@pytest.mark.prove
def test_what_a_killed_move_left_is_begun_anew(town: TownHome, empty_database: str) -> None:
    with psycopg.connect(empty_database) as database:
        database.execute("CREATE TABLE yakuba_move (begun_at timestamptz)")
        database.execute("CREATE TABLE audit_auditevent (half integer)")
    moved = town.answer("move-database", "--to", empty_database)
    assert moved["tables"]["ledger_note"] == 2 * NOTES
    assert moved["links"] >= NOTES


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://db/yakuba", "postgresql:// で始めてください"),
        ("postgresql://nobody@/none?host=/nonexistent", "つながりません"),
        ("postgresql://a:b@c:port/d", "ポート番号を読めません"),
        ("postgresql://a:b@c:70000/d", "ポート番号を読めません"),
        ("postgresql://a:b:c@/d?port=%zz", "読めません"),
    ],
)
def test_an_address_that_leads_nowhere_is_named(town: TownHome, url: str, words: str, tmp_path: Path) -> None:
    refused = town.yakuba("move-database", "--to", url, code=1)
    assert words in refused
    assert "Traceback" not in refused


def test_an_open_town_hall_is_not_moved(town: TownHome, empty_database: str) -> None:
    with Claim(town.folder, port=8109):
        assert "役場が開いています" in town.yakuba("move-database", "--to", empty_database, code=1)
