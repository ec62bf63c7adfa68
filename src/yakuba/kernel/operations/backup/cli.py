"""``yakuba backup`` and ``yakuba backup-key``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from django.conf import settings

from yakuba.kernel.operations.backup import keys
from yakuba.kernel.operations.backup.choices import shelf
from yakuba.kernel.operations.backup.rules import Reason
from yakuba.kernel.operations.backup.services import back_up, back_up_nightly
from yakuba.kernel.operations.backup.shelf import Shelved
from yakuba.kernel.operations.progress import Silent, Terminal
from yakuba.kernel.values.api import TOKYO, SystemClock


@click.command()
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="置き場所（ふだんは YAKUBA_BACKUPS）")
@click.option("--list", "only_list", is_flag=True, help="作らずに、いまあるものを一覧する")
@click.option("--nightly", is_flag=True, hidden=True, help="番人が毎晩使う")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def backup(*, to: Path | None, only_list: bool, nightly: bool, as_json: bool) -> None:
    """データベース、ファイル、設定、鍵を一つの暗号化したファイルに写す。町を開いたまま実行できる。"""
    if only_list:
        _show([*shelf().all()], as_json=as_json)
        return
    home = Path(settings.YAKUBA_HOME)
    is_first = keys.public_keys(home) is None
    progress = Silent() if as_json or nightly else Terminal(sys.stderr)
    if nightly:
        made = back_up_nightly(clock=SystemClock(), progress=progress)
    else:
        made = back_up(reason=Reason.BY_HAND, clock=SystemClock(), progress=progress, folder=to)
    if as_json:
        click.echo(json.dumps(_as_dict(made), ensure_ascii=False, indent=2))
        return
    rows = sum(made.label.facts.tables.values()) if made.label else 0
    files = made.label.files if made.label else 0
    click.echo(f"✓ バックアップを作りました：{made.place}")
    click.echo(f"  {_megabytes(made.size)}、記録 {rows:,} 件、中のファイル {files:,} 個")
    if is_first:
        click.echo(f"! 復元の鍵を作りました：{keys.identity_file(home)}")
        click.echo(
            "  これがないとバックアップを開けません。USBメモリーや紙に写して金庫に入れ、この機械からは消してください。"
        )


@click.command("backup-key")
@click.option("--renew", is_flag=True, help="新しい鍵に替える（前の鍵は前のバックアップのために取っておく）")
@click.option("--show", is_flag=True, help="復元の鍵そのものを出す（紙に写すとき）")
def backup_key(*, renew: bool, show: bool) -> None:
    """バックアップを開く鍵を作り、どこにあるかを言う。"""
    home = Path(settings.YAKUBA_HOME)
    public = keys.public_keys(home)
    if public is None or renew:
        public = keys.make_keys(home, now=SystemClock().now())
        click.echo("✓ 復元の鍵を作りました。これから作るバックアップは、この鍵で開きます。")
    for recipient in public.recipients:
        click.echo(f"公開鍵：{recipient}")
    place = keys.identity_file(home)
    if place.exists():
        click.echo(f"復元の鍵：{place}（この機械の中）")
        click.echo("  USBメモリーや紙に写して金庫に入れ、この機械からは消してください。")
        if show:
            click.echo(place.read_text(encoding="utf-8"), nl=False)
    else:
        click.echo("復元の鍵：この機械にはありません。保管場所から持ってきて、restore の --identity で指定します。")


def _show(everything: list[Shelved], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_as_dict(one) for one in everything], ensure_ascii=False, indent=2))
        return
    if not everything:
        click.echo(f"{settings.YAKUBA_BACKUPS} にバックアップはありません。")
    for one in everything:
        drill = one.last_drill
        tried = (
            "訓練なし"
            if drill is None
            else f"訓練 {drill.at.astimezone(TOKYO):%Y-%m-%d} {'○' if drill.was_good else '×'}"
        )
        click.echo(
            f"{one.made_at.astimezone(TOKYO):%Y-%m-%d %H:%M}  {_megabytes(one.size):>10}  {one.reason.label}  {tried}  {one.name}"
        )


def _as_dict(one: Shelved) -> dict[str, object]:
    drill = one.last_drill
    return {
        "name": one.name,
        "place": str(one.place),
        "made_at": one.made_at.isoformat(),
        "reason": one.reason.value,
        "size": one.size,
        "label": one.label.as_dict() if one.label else None,
        "last_drill": {"at": drill.at.isoformat(), "was_good": drill.was_good, "what": drill.what} if drill else None,
    }


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB" if size >= 1024**2 else f"{size / 1024:,.0f} KB"


commands = [backup, backup_key]
