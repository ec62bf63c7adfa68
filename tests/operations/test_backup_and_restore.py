"""A backup made while people work comes back whole, or says clearly why it does not."""

import json
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness.postgres import Cluster
from tests.harness.town_process import eventually
from tests.operations.homes import TownHome

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

WRITERS = 3
CONSISTENT = ("half", "without_audit_event", "audit_event_without_note", "without_job", "job_without_note")


def write_while(town: TownHome, stop: Path) -> list[subprocess.Popen[str]]:
    writers = [town.start("-m", "tests.operations.write_notes", "--until", str(stop)) for _ in range(WRITERS)]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()  # its first acknowledged note: from here on there is load
    return writers


def keys_of(writers: list[subprocess.Popen[str]]) -> list[set[str]]:
    return [set(writer.communicate(timeout=60)[0].split()) for writer in writers]


def assert_whole(home: TownHome) -> dict[str, int]:
    counted = home.counted()
    assert {name: counted[name] for name in CONSISTENT} == dict.fromkeys(CONSISTENT, 0)
    assert counted["chain_faults"] == 0
    return counted


def test_a_backup_under_load_comes_back_consistent(town: TownHome, tmp_path: Path) -> None:
    stop = tmp_path / "stop"
    writers = write_while(town, stop)
    archive = town.backup()
    time.sleep(0.3)
    stop.touch()
    written = set().union(*keys_of(writers))
    label = json.loads(archive.with_suffix(".json").read_text())
    in_backup = label["facts"]["tables"]["ledger_note"] // 2
    town.yakuba("restore", str(archive), "--to", str(tmp_path / "new"))
    back = TownHome(tmp_path / "new")
    counted = assert_whole(back)
    with closing(sqlite3.connect(tmp_path / "new" / "yakuba.sqlite3")) as database:
        notes = database.execute("SELECT count(*) FROM ledger_note WHERE side = 'debit'").fetchone()[0]
    assert notes == in_backup
    assert in_backup < len(written) + 12, "the writers went on while and after the backup was made"
    assert counted["links_checked"] >= in_backup
    for name in ("abcd1", "写真 1.png"):
        there, here = back.folder / "files/ab/cd" / name, town.folder / "files/ab/cd" / name
        assert there.read_bytes() == here.read_bytes()
    assert (back.folder / "secrets" / "audit.key").read_bytes() == (town.folder / "secrets" / "audit.key").read_bytes()
    assert not (back.folder / "secrets" / "backup-identity.txt").exists(), "no archive carries the key to itself"


@pytest.mark.prove
def test_a_backup_under_load_comes_back_consistent_on_postgresql(
    town_on_postgresql: TownHome, cluster: Cluster, tmp_path: Path
) -> None:
    town = town_on_postgresql
    stop = tmp_path / "stop"
    writers = write_while(town, stop)
    archive = town.backup()
    stop.touch()
    keys_of(writers)
    empty = cluster.create("brought_back")
    try:
        refused = town.yakuba("restore", str(archive), "--to", str(tmp_path / "new"), code=1)
        assert "--database" in refused
        town.yakuba("restore", str(archive), "--to", str(tmp_path / "new"), "--database", empty)
        counted = assert_whole(TownHome(tmp_path / "new", database=empty))
        assert counted["database"] == "postgresql"
        assert counted["links_checked"] >= 12
        again = town.yakuba("restore", str(archive), "--to", str(tmp_path / "other"), "--database", empty, code=1)
        assert "空ではありません" in again
        assert not (tmp_path / "other").exists()
    finally:
        cluster.drop("brought_back")


@pytest.mark.prove
def test_a_drill_leaves_nothing_behind_and_is_remembered(town: TownHome) -> None:
    archive = town.backup()
    before = {place for place in town.folder.rglob("*") if "logs" not in place.parts}
    said = town.yakuba("restore", "--verify")
    assert "戻せることを確かめました" in said
    new = {place for place in town.folder.rglob("*") if "logs" not in place.parts} - before
    assert {place.name for place in new} == {archive.with_suffix(".drills.jsonl").name}
    assert town.answer("backup", "--list")[0]["last_drill"]["was_good"] is True
    findings = {(one["subject"], one["level"]) for one in town.answer("doctor")}
    assert ("復元訓練", "good") in findings
    with closing(sqlite3.connect(town.folder / "yakuba.sqlite3")) as database:
        verbs = [row[0] for row in database.execute("SELECT verb FROM audit_auditevent ORDER BY id DESC LIMIT 2")]
    assert verbs == ["operations.drill", "operations.backup"]


@pytest.mark.prove
def test_a_drill_on_postgresql_uses_a_database_of_its_own(town_on_postgresql: TownHome, cluster: Cluster) -> None:
    import psycopg

    town_on_postgresql.backup()
    assert "戻せることを確かめました" in town_on_postgresql.yakuba("restore", "--verify")
    with psycopg.connect(cluster.url("postgres")) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()]
    assert not [name for name in names if name.startswith("yakuba_drill")]


def test_a_restore_never_writes_over_a_town_hall(town: TownHome, tmp_path: Path) -> None:
    archive = town.backup()
    refused = town.yakuba("restore", str(archive), "--to", str(town.folder), code=1)
    assert "空ではありません" in refused
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "letter.txt").write_text("大切")
    refused = town.yakuba("restore", str(archive), "--to", str(tmp_path / "elsewhere"), code=1)
    assert "空ではありません" in refused
    assert (tmp_path / "elsewhere" / "letter.txt").read_text() == "大切"


def test_the_key_may_be_carried_away_and_another_key_opens_nothing(town: TownHome, tmp_path: Path) -> None:
    archive = town.backup()
    key = tmp_path / "safe" / "key.txt"
    key.parent.mkdir()
    shutil.move(town.identity, key)
    assert town.backup().exists(), "the public key alone makes backups"
    assert "復元の鍵" in town.yakuba("restore", "--verify", code=1)
    assert "戻せることを確かめました" in town.yakuba("restore", str(archive), "--verify", "--identity", str(key))
    town.yakuba("backup-key", "--renew")
    refused = town.yakuba("restore", str(archive), "--verify", code=1)
    assert "この鍵ではバックアップを開けません" in refused


def test_a_fallen_town_hall_comes_back_on_a_bare_machine(town: TownHome, tmp_path: Path) -> None:
    """Only the archive and the key are left; the home is the one the service is set up with."""
    archive = town.backup("--to", str(tmp_path / "share"))
    key = tmp_path / "key.txt"
    shutil.move(town.identity, key)
    bare = TownHome(tmp_path / "bare")
    said = bare.yakuba("restore", str(archive), "--to", str(bare.folder), "--identity", str(key))
    assert "すべて戻しました" in said
    assert_whole(bare)


def test_tampering_before_the_backup_is_found_when_it_is_tried(town: TownHome) -> None:
    with closing(sqlite3.connect(town.folder / "yakuba.sqlite3")) as database:
        database.execute("DROP TRIGGER audit_auditevent_no_update")
        database.execute("UPDATE audit_auditevent SET actor = 'someone' WHERE id = 3")
        database.commit()
    town.backup()
    assert "改ざん" in town.yakuba("restore", "--verify", code=1)
    assert town.answer("backup", "--list")[0]["last_drill"]["was_good"] is False


def test_heads_kept_elsewhere_unmask_a_rewritten_chain(town: TownHome, tmp_path: Path) -> None:
    archive = town.backup()
    heads = tmp_path / "heads"
    heads.mkdir()
    (heads / "heads.jsonl").write_text(json.dumps({"position": 5, "value": "0" * 64}) + "\n")
    refused = town.yakuba("restore", str(archive), "--verify", "--heads", str(heads), code=1)
    assert "外に控えた連鎖値と一致しません" in refused


@pytest.mark.prove
def test_a_killed_backup_leaves_no_archive_and_the_next_one_clears_up(town: TownHome) -> None:
    shelf, working = town.folder / "backups", town.folder / "run" / "backup"
    shelf.mkdir()
    (shelf / ".unfinished-yakuba-20260401-013000-nightly.age").write_bytes(b"half")
    working.mkdir(parents=True)
    (working / "yakuba.sqlite3").write_bytes(b"a copy in clear")
    archive = town.backup()
    assert sorted(place.name for place in shelf.iterdir()) == sorted([archive.name, archive.with_suffix(".json").name])
    assert not working.exists()


def test_an_unreachable_shelf_is_named(town: TownHome, tmp_path: Path) -> None:
    blocked = tmp_path / "share"
    blocked.write_text("a file where the folder should be")
    town.more["YAKUBA_BACKUPS"] = str(blocked / "backups")
    said = town.yakuba("backup", code=1)
    assert "置き場所" in said
    assert "共有フォルダー" in said
    assert "Traceback" not in said


@pytest.mark.prove
def test_the_keeper_starts_a_backup_that_somebody_asked_for(town: TownHome) -> None:
    (town.folder / "run").mkdir(exist_ok=True)
    (town.folder / "run" / "backup-asked-for").touch()
    keeper = town.start("-m", "yakuba", "keeper", "--every", "0.5")
    try:
        eventually(lambda: list((town.folder / "backups").glob("*-nightly.age")), within=120, what="a backup is made")
        eventually(lambda: "true" in (town.folder / "run" / "backup-attempts.jsonl").read_text(), within=30)
    finally:
        keeper.terminate()
        keeper.communicate(timeout=60)
    assert not (town.folder / "run" / "backup-asked-for").exists()
