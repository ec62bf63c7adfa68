"""The shelf: what is on it, what stays, what the office and the doctor say of it."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yakuba.kernel.access.api import Role, system_person
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.operations.backup.checkups import backup as examine_backups
from yakuba.kernel.operations.backup.contents import kept_files
from yakuba.kernel.operations.backup.queries import backup_is_wanted, last_failure
from yakuba.kernel.operations.backup.rules import Reason, Retention, archive_name
from yakuba.kernel.operations.backup.services import ASKED_FOR, ask_for_backup, back_up, back_up_nightly
from yakuba.kernel.operations.backup.shelf import Drill, Shelf, ShelfRefused, attempts, keep_drill, only_backup
from yakuba.kernel.operations.progress import Silent
from yakuba.kernel.operations.tests.conftest import Home
from yakuba.kernel.things.api import Level
from yakuba.kernel.values.api import TOKYO, FixedClock, SystemClock

NIGHT = datetime(2026, 4, 1, 1, 30, tzinfo=TOKYO)


def stand(folder: Path, *moments: datetime) -> Shelf:
    folder.mkdir(parents=True, exist_ok=True)
    for moment in moments:
        (folder / archive_name(moment, Reason.NIGHTLY)).write_bytes(b"archive")
    return Shelf(folder)


def level_of(subject: str) -> Level:
    return next(one.level for one in examine_backups() if one.subject == subject)


def test_newest_stands_first_and_strangers_are_passed_over(tmp_path: Path) -> None:
    shelf = stand(tmp_path, NIGHT, NIGHT + timedelta(days=2), NIGHT + timedelta(days=1))
    (tmp_path / "letter.txt").write_text("x")
    (tmp_path / archive_name(NIGHT, Reason.NIGHTLY)).with_suffix(".json").write_text("{broken")
    assert [one.made_at for one in shelf.all()] == [NIGHT + timedelta(days=days) for days in (2, 1, 0)]


def test_pruning_takes_label_and_drills_along_and_spares_the_last_good_drill(tmp_path: Path) -> None:
    shelf = stand(tmp_path, *(NIGHT + timedelta(days=days) for days in range(10)))
    oldest = shelf.all()[-1].place
    keep_drill(oldest, Drill(at=NIGHT, was_good=True, what="", seconds=1.0))
    gone = shelf.prune(now=NIGHT + timedelta(days=30), retention=Retention(2, 0, 0))
    assert len(gone) == 7
    assert [one.made_at for one in shelf.all()] == [NIGHT + timedelta(days=days) for days in (9, 8, 0)]
    assert len(list(tmp_path.iterdir())) == 4


def test_an_unfinished_backup_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".unfinished-yakuba-20260401-013000-nightly.age").write_bytes(b"half")
    Shelf(tmp_path).ready()
    assert list(tmp_path.iterdir()) == []


def test_only_one_backup_runs_at_a_time_and_its_copy_is_gone_afterwards(tmp_path: Path) -> None:
    with only_backup(tmp_path) as working:
        (working / "copy").write_bytes(b"in clear")
        with pytest.raises(ShelfRefused, match="いま別に実行中"), only_backup(tmp_path):
            pass
    assert not working.exists()


class TestContents:
    def test_everything_is_kept_but_what_is_made_anew(self, tmp_path: Path) -> None:
        home, elsewhere = tmp_path / "home", tmp_path / "large-disk"
        for name in (
            "files/ab/photo", "forms/様式 第1号.xlsx", "town.toml", "secrets/audit.key", "secrets/backup-identity.txt",
            "static/app.css", "logs/yakuba.log", "run/supervisor.lock", "worker/cache", "backups/old.age",
            "yakuba.sqlite3-wal", "files/.unfinished", "plan/static/kept",
        ):  # fmt: skip
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(b"x")
        elsewhere.mkdir()
        (elsewhere / "film").write_bytes(b"x")
        (home / "films").symlink_to(elsewhere)
        (home / "films" / "round").symlink_to(home)
        os.mkfifo(home / "pipe")
        (home / "left-out").write_bytes(b"x")
        found = {place.relative_to(home).as_posix() for place in kept_files(home, without=[home / "left-out"])}
        assert found == {
            "files/ab/photo", "forms/様式 第1号.xlsx", "town.toml", "secrets/audit.key", "plan/static/kept", "films/film",
        }  # fmt: skip


@pytest.mark.django_db
class TestNightly:
    def test_it_is_remembered_and_pruned_and_audited(self, home: Home) -> None:
        stand(home.shelf, *(NIGHT - timedelta(days=days) for days in range(1, 40)))
        made = back_up_nightly(clock=FixedClock(NIGHT), progress=Silent())
        assert made.reason is Reason.NIGHTLY
        assert [one.ended_well for one, _ in attempts(home.folder)] == [True]
        assert 14 <= len(Shelf(home.shelf).all()) <= 24
        event = AuditEvent.objects.get(verb="operations.backup")
        assert event.subjects == [f"operations.backup:{made.name.removesuffix('.age')}"]

    def test_a_failure_is_remembered_with_its_reason_and_tried_again(self, home: Home, settings: Any) -> None:
        settings.YAKUBA_BACKUPS = str(home.folder / "files" / "ab" / "photo" / "shelf")
        with pytest.raises(ShelfRefused):
            back_up_nightly(clock=FixedClock(NIGHT), progress=Silent())
        failed = last_failure()
        assert failed is not None
        assert "置き場所" in failed[1]
        later = NIGHT + timedelta(minutes=31)
        assert backup_is_wanted(now=later, open_since=NIGHT - timedelta(days=1))
        assert any(one.level is Level.BROKEN for one in examine_backups())

    def test_a_backup_for_elsewhere_removes_nothing(self, home: Home, tmp_path: Path) -> None:
        shelf = stand(home.shelf, *(NIGHT - timedelta(days=days) for days in range(40)))
        back_up(reason=Reason.BY_HAND, clock=SystemClock(), progress=Silent(), folder=tmp_path / "stick")
        assert len(shelf.all()) == 40
        assert len(list((tmp_path / "stick").glob("*.age"))) == 1


@pytest.mark.django_db(transaction=True)
class TestOffice:
    def test_somebody_in_the_office_asks_for_one(self, home: Home, client: Client) -> None:
        account = a_staff_account(roles=(Role.IT,))
        sign_in(client, account)
        answer = client.post("/office/backups/ask/", follow=True)
        assert "バックアップを頼みました" in answer.content.decode()
        assert (home.folder / "run" / ASKED_FOR).exists()
        assert backup_is_wanted(now=SystemClock().now(), open_since=SystemClock().now())
        assert AuditEvent.objects.filter(verb="operations.ask_for_backup", actor=account.public_id).exists()

    def test_the_auditor_sees_them_and_asks_for_none(self, home: Home, client: Client) -> None:
        home.back_up()
        sign_in(client, a_staff_account(roles=(Role.AUDITOR,)))
        shown = client.get("/office/backups/").content.decode()
        assert "hand.age" in shown
        assert "いまバックアップを作る" not in shown
        assert client.post("/office/backups/ask/").status_code == 403

    def test_other_staff_see_nothing(self, home: Home, client: Client) -> None:
        sign_in(client, a_staff_account(roles=(Role.CLERK,)))
        assert client.get("/office/backups/").status_code == 403

    def test_an_unreachable_shelf_is_told_and_no_error(self, home: Home, client: Client, settings: Any) -> None:
        settings.YAKUBA_BACKUPS = str(home.folder / "files" / "ab" / "photo" / "shelf")
        sign_in(client, a_staff_account(roles=(Role.IT,)))
        answer = client.get("/office/backups/")
        assert answer.status_code == 200
        assert "共有フォルダー" in answer.content.decode()


@pytest.mark.django_db
class TestDoctor:
    def test_age_counts(self, home: Home, settings: Any) -> None:
        settings.YAKUBA_IS_PRODUCTION = True
        assert level_of("バックアップ") is Level.BROKEN
        stand(home.shelf, SystemClock().now() - timedelta(hours=40))
        assert level_of("バックアップ") is Level.WARNING
        stand(home.shelf, SystemClock().now() - timedelta(hours=3))
        assert level_of("バックアップ") is Level.GOOD

    def test_a_failed_drill_counts_until_a_good_one(self, home: Home) -> None:
        made = home.back_up()
        keep_drill(made.place, Drill(at=NIGHT, was_good=False, what="壊れています。", seconds=1.0))
        assert level_of("復元訓練") is Level.BROKEN
        keep_drill(made.place, Drill(at=SystemClock().now(), was_good=True, what="", seconds=1.0))
        assert level_of("復元訓練") is Level.GOOD

    def test_it_says_where_the_key_is(self, home: Home, settings: Any) -> None:
        settings.YAKUBA_IS_PRODUCTION = True
        home.back_up()
        finding = next(one for one in examine_backups() if one.subject == "復元の鍵")
        assert finding.level is Level.WARNING
        assert "backup-identity.txt" in finding.what
        (home.folder / "secrets" / "backup-identity.txt").unlink()
        finding = next(one for one in examine_backups() if one.subject == "復元の鍵")
        assert finding.level is Level.GOOD
        assert "age1" in finding.what


def test_asking_is_an_act_of_a_person() -> None:
    with pytest.raises(TypeError):
        ask_for_backup(by="somebody")  # type: ignore[arg-type]
    assert system_person("backup").id == "system:backup"
