"""``yakuba upgrade``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from yakuba.kernel.operations.progress import Silent, Terminal
from yakuba.kernel.operations.upgrade.run import plan_upgrade, settle
from yakuba.kernel.operations.upgrade.run import upgrade as run_upgrade
from yakuba.kernel.operations.upgrade.way_back import facts_now, has_room
from yakuba.kernel.values.api import SystemClock


@click.command()
@click.option("--check", is_flag=True, help="何をするかを言うだけで、何も変えない")
@click.option("--settle", "only_settle", is_flag=True, help="途中で止まった更新を元に戻すだけで終わる")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def upgrade(*, check: bool, only_settle: bool, as_json: bool) -> None:
    """この版に上げる。先にバックアップを取り、失敗したら自動で元に戻す。役場を止めてから実行する。"""
    progress = Silent() if as_json else Terminal(sys.stderr)
    try:
        if check:
            _check(as_json=as_json)
            return
        if only_settle:
            undone = settle(clock=SystemClock(), progress=progress)
            progress.finished()
            click.echo("✓ 途中で止まった更新を元に戻しました" if undone else "✓ 途中で止まった更新はありません")
            return
        done = run_upgrade(clock=SystemClock(), progress=progress)
    finally:
        progress.finished()
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False, indent=2))
        return
    if done.taken_up:
        click.echo("  前に途中で止まった更新は、いったん元に戻しました")
    if done.backup:
        click.echo(f"✓ 版 {done.version} に上げました（データベースの変更 {len(done.migrations)} 件）")
        click.echo(f"  更新前のバックアップ：{done.backup}")
    else:
        click.echo(f"✓ 版 {done.version}：データベースは最新です")


def _check(*, as_json: bool) -> None:
    from pathlib import Path

    from django.conf import settings

    plan = plan_upgrade(facts_now())
    has_room(Path(settings.YAKUBA_HOME))
    if as_json:
        click.echo(json.dumps({"migrations": plan.migrations, "removes_rows_of": sorted(plan.permitted)}, indent=2))
        return
    for name in plan.migrations:
        click.echo(f"  {name}")
    if plan.permitted:
        click.echo(f"! 次の表から記録がなくなります：{'、'.join(sorted(plan.permitted))}")
    click.echo(
        f"データベースの変更は {len(plan.migrations)} 件です。" if plan.migrations else "✓ データベースは最新です。"
    )


commands = [upgrade]
