"""``yakuba move-database``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from yakuba.kernel.operations.moving.move import move_database as move
from yakuba.kernel.operations.progress import Silent, Terminal
from yakuba.kernel.values.api import SystemClock


@click.command("move-database")
@click.option("--to", "url", metavar="URL", required=True, help="移す先の空のデータベース（postgresql://…）")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def move_database(*, url: str, as_json: bool) -> None:
    """SQLite のデータベースを PostgreSQL に移す。一件ずつ比べて一致しなければ何も移さない。役場を止めて実行する。"""
    progress = Silent() if as_json else Terminal(sys.stderr)
    try:
        done = move(url=url, clock=SystemClock(), progress=progress)
    finally:
        progress.finished()
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False, indent=2))
        return
    click.echo(f"✓ {len(done.tables)} 個の表、記録 {sum(done.tables.values()):,} 件を移し、一件ずつ一致を確かめました")
    click.echo(f"  監査記録の連鎖 {done.links:,} 件も確かめました")
    click.echo(f"  移す前のバックアップ：{done.backup}")
    click.echo(f"  前のデータベースは {done.kept_as} に残してあります。落ち着いたら消してください。")
    click.echo("次に：DATABASE_URL に移した先を設定して（/etc/yakuba/yakuba.env）、役場を開いてください。")


commands = [move_database]
