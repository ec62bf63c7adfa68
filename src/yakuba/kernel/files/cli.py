from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from yakuba.kernel.files.queries import check_store, count_kept


@click.group()
def files() -> None:
    """添付ファイル。"""


@files.command("check")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def check(*, as_json: bool) -> None:
    """保存したファイルをすべて読み、失われたもの・変わったものを名指しする。見つかれば終了コード 1。"""
    total = count_kept()
    with click.progressbar(length=total, label="ファイルを調べています", file=sys.stderr, hidden=as_json) as bar:

        def advance() -> Iterator[None]:
            while True:
                bar.update(1)
                yield

        report = check_store(advance())
    if as_json:
        click.echo(json.dumps({**asdict(report), "is_whole": report.is_whole}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{report.checked} 件の内容を確かめました。")
        for public_id in report.missing:
            click.echo(f"✗ 内容が失われています：{public_id}")
        for public_id in report.changed:
            click.echo(f"✗ 内容が変わっています：{public_id}")
        if report.missing or report.changed:
            click.echo("    → バックアップから files フォルダーの該当ファイルを戻してください。")
        if report.orphaned or report.unfinished:
            click.echo(
                f"– 使われていない内容 {len(report.orphaned)} 件、書きかけ {report.unfinished} 件（毎日の掃除で消えます）"
            )
        if report.quarantined:
            click.echo(f"– ウイルス検査を待つファイル {report.quarantined} 件")
        if report.is_whole:
            click.echo("✓ すべてのファイルを開けます")
    sys.exit(0 if report.is_whole else 1)


commands = [files]
