"""``yakuba restore``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings

from yakuba.kernel.operations.backup.choices import shelf
from yakuba.kernel.operations.backup.keys import identity_file, read_identities
from yakuba.kernel.operations.databases import PostgreSQL
from yakuba.kernel.operations.progress import Silent, Terminal
from yakuba.kernel.operations.restore.bring_back import Restored
from yakuba.kernel.operations.restore.bring_back import restore as bring_back
from yakuba.kernel.operations.restore.drill import drill
from yakuba.kernel.operations.restore.unpack import RESTORED
from yakuba.kernel.values.api import Refusal, SystemClock


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="戻す先の新しいフォルダー")
@click.option("--verify", is_flag=True, help="復元訓練：仮の場所に戻して確かめ、消す")
@click.option("--identity", type=click.Path(path_type=Path, dir_okay=False), help="復元の鍵のファイル")
@click.option("--database", metavar="URL", help="戻す先の空の PostgreSQL（postgresql://…）")
@click.option(
    "--heads", type=click.Path(path_type=Path, file_okay=False), help="外に控えた監査記録の連鎖値のフォルダー"
)
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def restore(
    *,
    archive: Path | None,
    to: Path | None,
    verify: bool,
    identity: Path | None,
    database: str | None,
    heads: Path | None,
    as_json: bool,
) -> None:
    """バックアップを新しい場所に戻し、件数・改ざん・監査記録を確かめる。いまあるデータには上書きしない。

    ARCHIVE を書かずに --verify だけを付けると、最新のバックアップで訓練する。
    """
    if verify == (to is not None):
        raise click.UsageError("--to（戻す先）か --verify（訓練）のどちらか一つを指定してください。")
    chosen = archive or _newest(verify=verify)
    if not chosen.is_file():
        raise Refusal(
            f"{chosen} がありません。", hint="yakuba backup --list でいまあるバックアップを確かめてください。"
        )
    identities = read_identities(identity or identity_file(Path(settings.YAKUBA_HOME)))
    progress = Silent() if as_json else Terminal(sys.stderr)
    place = PostgreSQL.from_url(database) if database else None
    try:
        if to is None:
            done = drill(
                chosen, identities=identities, clock=SystemClock(), progress=progress, database=place, heads=heads
            )
        else:
            done = bring_back(chosen, to=to, identities=identities, progress=progress, database=place, heads=heads)
    finally:
        progress.finished()
    if as_json:
        click.echo(json.dumps({**asdict(done), "home": str(done.home)}, ensure_ascii=False, indent=2))
    else:
        _tell(done, chosen, is_drill=to is None)


def _newest(*, verify: bool) -> Path:
    if not verify:
        raise click.UsageError("戻すバックアップのファイルを指定してください。")
    newest = shelf().newest()
    if newest is None:
        raise Refusal(
            f"{settings.YAKUBA_BACKUPS} にバックアップがありません。", hint="先に yakuba backup を実行してください。"
        )
    return newest.place


def _tell(done: Restored, archive: Path, *, is_drill: bool) -> None:
    click.echo(f"✓ {archive.name} をすべて{'戻せることを確かめました' if is_drill else f'戻しました：{done.home}'}")
    click.echo(f"  版 {done.version}、作成 {done.made_at}")
    click.echo(f"  記録 {done.rows:,} 件とファイル {done.files:,} 個が目録と一致しました")
    click.echo(
        f"  監査記録の連鎖 {done.links:,} 件を確かめました。改ざんはありません（封印前の記録 {done.unsealed} 件）"
    )
    if not done.is_signed:
        click.echo("! 鍵のファイルに署名者が書かれていないため、だれが作ったかは確かめていません")
    if done.was_upgraded:
        click.echo("  前の版のバックアップなので、この版の形に直しました")
    if is_drill:
        return
    click.echo("次に：")
    click.echo(f"  1. YAKUBA_HOME={done.home} yakuba init && YAKUBA_HOME={done.home} yakuba run で開いて確かめる")
    click.echo(f"  2. 元の機械にあった設定は {done.home / RESTORED} にあります")
    click.echo("  3. 連鎖値を別の機械に控えていたなら、その控えは別の名前で残し、新しく始める")


commands = [restore]
