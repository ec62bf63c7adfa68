"""Commands that keep the town hall open: init, run, worker, keeper."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.option("--sample/--no-sample", default=False, help="データベースが空なら見本の町を作る")
@click.option("--quiet", is_flag=True, help="途中経過を出さない")
def init(*, sample: bool, quiet: bool) -> None:
    """データベースを最新の形にし、画面の部品をそろえる。何度実行してもよい。"""
    import django

    django.setup()
    from yakuba.site.prepare import prepare

    prepare(sample=sample, say=(lambda text: None) if quiet else click.echo)


@click.command()
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), type=click.IntRange(1, 65535))
@click.option("--address", default=lambda: os.environ.get("YAKUBA_ADDRESS", "127.0.0.1"))
def run(*, port: int, address: str) -> None:
    """町のシステムを開く（画面・ジョブ・番人）。Ctrl+C で止まる。"""
    from pathlib import Path

    from yakuba.site import supervisor

    home = Path(os.environ.get("YAKUBA_HOME", "var"))
    sys.exit(supervisor.run(home=home, port=port, address=address))


@click.command()
def worker() -> None:
    """ジョブを実行する（ふつうは yakuba run が起動する）。"""
    from yakuba.site.worker import work

    work()


@click.command()
@click.option("--every", default=5.0, show_default=True, help="監査記録を封印する間隔（秒）")
@click.option("--once", is_flag=True, help="一度だけ実行して終わる")
def keeper(*, every: float, once: bool) -> None:
    """監査記録の封印、予定されたジョブの登録、やり直しの引き渡し（ふつうは yakuba run が起動する）。"""
    import django

    django.setup()
    from yakuba.site.keeper import keep

    keep(every=every, once=once)


@click.command("django", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_command(*, arguments: tuple[str, ...]) -> None:
    """Django の管理コマンド（開発用）。例: yakuba django makemigrations"""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["yakuba django", *arguments])


commands = [init, run, worker, keeper, django_command]
