"""``yakuba upgrade``: look first, keep the way back, change, prove, or go back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.operations.backup.choices import shelf
from yakuba.kernel.operations.backup.make import make_backup
from yakuba.kernel.operations.backup.rules import Reason
from yakuba.kernel.operations.backup.services import backup_ref
from yakuba.kernel.operations.closed import town_closed
from yakuba.kernel.operations.databases import Facts, sqlite_faults
from yakuba.kernel.operations.in_home import run_yakuba, web_answers
from yakuba.kernel.operations.moving.checkups import refuse_forgotten_move
from yakuba.kernel.operations.progress import Progress
from yakuba.kernel.operations.upgrade import way_back
from yakuba.kernel.operations.upgrade.journal import Journal, read_journal, write_journal
from yakuba.kernel.operations.upgrade.rules import Phase, lost_rows
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal

_DECISIVE = frozenset({"データベース", "鍵"})
"""What the doctor must not find broken after an upgrade; the rest may have been so before."""


class UpgradeRefused(Refusal):
    """The upgrade does not begin; nothing was changed."""


class UpgradeUndone(Refusal):
    """The upgrade failed and everything is as before."""


class WayBackFailed(Refusal):
    """The upgrade failed and so did the way back: a person has to act."""


@dataclass(frozen=True)
class Plan:
    """What an upgrade would do: migrations to run (``app.name``) and the tables they say they take rows from."""

    migrations: tuple[str, ...]
    permitted: frozenset[str]


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did; without ``migrations`` there was nothing to do, and no ``backup`` was needed."""

    version: str
    migrations: tuple[str, ...]
    backup: str
    taken_up: bool


@verb("operations.upgrade", label="版を上げる")
def record_upgrade(*, by: Person, version: str, backup: Ref) -> None:
    """Note in the audit log that the installation was upgraded to ``version``."""


def plan_upgrade(facts: Facts) -> Plan:
    """Compare the database with this program. Raises ``UpgradeRefused`` if the database is of a newer one."""
    known: Mapping[tuple[str, str], Any] = MigrationLoader(None).disk_migrations or {}
    names = {f"{app}.{name}": migration for (app, name), migration in known.items()}
    unknown = sorted(set(facts.migrations) - set(names))
    if unknown:
        raise UpgradeRefused(
            f"データベースは、このプログラム（{version('yakuba')}）より新しい版のものです（{unknown[0]} ほか {len(unknown)} 件が未知）。",
            hint="より新しい版のプログラムを入れてください。古い版に戻すには、その版のバックアップを yakuba restore で戻します。",
        )
    waiting = tuple(sorted(set(names) - set(facts.migrations)))
    permitted = frozenset(table for name in waiting for table in getattr(names[name], "removes_rows_of", ()))
    return Plan(waiting, permitted)


def upgrade(*, clock: Clock, progress: Progress) -> Upgraded:
    """Bring database and static files to this version, or leave everything as it was.

    Raises ``TownIsOpen`` or ``UpgradeRefused`` before anything is changed, ``UpgradeUndone`` after going back.
    An upgrade that was killed in the middle is undone first and then begun anew.
    """
    home = Path(settings.YAKUBA_HOME)
    refuse_forgotten_move()
    connection.close()  # else this very process would count as somebody working on the database
    with town_closed(home, database=way_back.database_now()):
        taken_up = _take_up(home, clock=clock, progress=progress)
        before = way_back.facts_now()
        plan = plan_upgrade(before)
        if not plan.migrations or not before.migrations:  # nothing to do, or an empty database: nothing to lose
            done = run_yakuba("init", "--quiet", home=home, database=_url())
            if done.code:
                raise UpgradeRefused(
                    f"準備ができません（{done.last_words}）。", hint="yakuba doctor を実行してください。"
                )
            _write(home, Phase.DONE, clock)
            return Upgraded(version("yakuba"), plan.migrations, "", taken_up)
        backup = _prepare(home, clock=clock, progress=progress)
        kept = way_back.keep_way_back(home, progress=progress)
        write_journal(
            home,
            Journal(Phase.MIGRATING, _version_before(home), clock.now().isoformat(), backup, facts=kept.as_dict()),
        )
        try:
            _change_and_prove(home, plan=plan, before=kept, progress=progress)
        except Exception as failure:
            why = failure.message if isinstance(failure, Refusal) else f"{type(failure).__name__}"
            _go_back(home, before=kept, why=why, clock=clock, progress=progress)
            raise UpgradeUndone(
                f"更新に失敗したため、元の状態に戻しました。理由：{why}",
                hint=f"前の版のプログラムでそのまま使えます。更新前のバックアップは {backup} です。",
            ) from failure
        _write(home, Phase.DONE, clock, backup=backup)
        way_back.forget_way_back(home)
    connection.close()
    record_upgrade(by=system_person("upgrade"), version=version("yakuba"), backup=backup_ref(backup))
    progress.finished()
    return Upgraded(version("yakuba"), plan.migrations, backup, taken_up)


def settle(*, clock: Clock, progress: Progress) -> bool:
    """Undo an upgrade that was killed in the middle; returns whether there was one."""
    home = Path(settings.YAKUBA_HOME)
    connection.close()
    with town_closed(home, database=way_back.database_now()):
        return _take_up(home, clock=clock, progress=progress)


def _take_up(home: Path, *, clock: Clock, progress: Progress) -> bool:
    journal = read_journal(home)
    if journal is None or not journal.phase.is_open:
        return False
    progress.step("途中で止まった更新を元に戻しています")
    why = journal.why or "更新の途中で止められました"
    _go_back(home, before=Facts.from_dict(journal.facts), why=why, clock=clock, progress=progress)
    return True


def _prepare(home: Path, *, clock: Clock, progress: Progress) -> str:
    """Look before leaping, and make the encrypted backup; returns its name."""
    progress.step("更新の前に確かめています")
    way_back.has_room(home)
    if connection.vendor == "sqlite":
        faults = sqlite_faults(Path(str(settings.DATABASES["default"]["NAME"])))
        if faults:
            raise UpgradeRefused(
                f"データベースに異常があります（{faults[0]}）。",
                hint="更新せずに、yakuba restore --verify で直前のバックアップを確かめてください。",
            )
    made = make_backup(reason=Reason.UPGRADE, folder=shelf().folder, clock=clock, progress=progress)
    return made.name


def _change_and_prove(home: Path, *, plan: Plan, before: Facts, progress: Progress) -> None:
    progress.step(f"データベースを新しい形にしています（{len(plan.migrations)} 件）")
    connection.close()
    done = run_yakuba("init", "--quiet", home=home, database=_url())
    if done.code:
        raise UpgradeRefused(f"データベースの変更が途中で失敗しました（{done.last_words}）。")
    progress.step("更新の結果を確かめています")
    after = way_back.facts_now()
    missing = set(plan.migrations) - set(after.migrations)
    if missing:
        raise UpgradeRefused(f"{len(missing)} 件の変更が行われていません（{sorted(missing)[0]}）。")
    lost = lost_rows(before=before.tables, after=after.tables, permitted=plan.permitted)
    if lost:
        table, (had, has) = next(iter(lost.items()))
        raise UpgradeRefused(
            f"{table} の記録が減っています（{had:,} 件 → {'表なし' if has is None else f'{has:,} 件'}）。"
        )
    _prove_chain(home, before=before)
    _ask_doctor(home)
    _open_a_page(home)


def _prove_chain(home: Path, *, before: Facts) -> None:
    done = run_yakuba("audit", "verify", "--json", home=home, database=_url())
    try:
        report = done.answer
        faults, position = report["faults"], int(report["head_position"])
    except (ValueError, KeyError, TypeError):
        raise UpgradeRefused(f"監査記録を確かめられません（{done.last_words}）。") from None
    if faults:
        raise UpgradeRefused(f"監査記録の連鎖が合いません（{faults[0]['position']}番：{faults[0]['reason']}）。")
    if position < before.head_position:
        raise UpgradeRefused(f"監査記録の連鎖が短くなっています（{before.head_position}番 → {position}番）。")


def _ask_doctor(home: Path) -> None:
    done = run_yakuba("doctor", "--json", home=home, database=_url())
    try:
        broken = [one for one in done.answer if one["level"] == "broken" and one["subject"] in _DECISIVE]
    except (ValueError, KeyError, TypeError):
        raise UpgradeRefused(f"動作の点検ができません（{done.last_words}）。") from None
    if broken:
        raise UpgradeRefused(f"動作の点検で異常が見つかりました（{broken[0]['subject']}：{broken[0]['what']}）。")


def _open_a_page(home: Path) -> None:
    """The new program must also start and answer; nobody but this machine sees it yet."""
    own = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    problem = web_answers(home=home, database=_url(), host=own[0] if own else "localhost")
    if problem:
        raise UpgradeRefused(f"新しい版の画面が開きません（{problem}）。")


def _go_back(home: Path, *, before: Facts, why: str, clock: Clock, progress: Progress) -> None:
    """Return to ``before`` and prove it. Raises ``WayBackFailed``."""
    progress.step("元の状態に戻しています")
    journal = read_journal(home)
    if journal:
        write_journal(home, replace(journal, phase=Phase.REWINDING, why=why))
    backup = journal.backup if journal else ""
    try:
        differences = before.difference(way_back.go_back(home))
    except (Refusal, OSError) as failure:
        differences = [str(failure)]
    if differences:
        raise WayBackFailed(
            f"更新に失敗し、元に戻すこともできません（{differences[0]}）。更新の失敗の理由：{why}",
            hint=f"役場を開かずに、バックアップ {backup} を yakuba restore で新しい場所に戻してください。",
        )
    _write(home, Phase.REWOUND, clock, backup=backup, why=why, version_now=journal.version if journal else "")
    way_back.forget_way_back(home)


def _write(
    home: Path, phase: Phase, clock: Clock, *, backup: str = "", why: str = "", version_now: str | None = None
) -> None:
    reached = version("yakuba") if version_now is None else version_now
    write_journal(home, Journal(phase, reached, clock.now().isoformat(), backup, why))


def _version_before(home: Path) -> str:
    journal = read_journal(home)
    return journal.version if journal else ""


def _url() -> str:
    database = way_back.database_now()
    return database.url() if database else ""
