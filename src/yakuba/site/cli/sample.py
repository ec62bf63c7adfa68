"""Commands of the sample town: make, leave."""

from __future__ import annotations

from datetime import datetime

import click


@click.group()
def sample() -> None:
    """見本の町を作る・片付ける。"""


@sample.command("make")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="見本の町の今日（例: 2026-10-01）。指定しなければほんとうの今日"
)
@click.option("--residents", type=int, help="住民の数（指定しなければ 14500。試験には 500）")
@click.option("--seed", default="1", show_default=True, help="同じ言葉と同じ日なら、いつも同じ町ができる")
def make(*, today: datetime | None, residents: int | None, seed: str) -> None:
    """空のデータベースに見本の町（職員およそ150人、住民14,500人）を作る。"""
    import django

    django.setup()
    from yakuba.site.prepare import prepare
    from yakuba.site.sample import make_sample_town

    prepare(sample=False, say=click.echo)
    make_sample_town(say=click.echo, today=today.date() if today else None, residents=residents, seed=seed)


@sample.command("leave")
@click.option("--yes", "confirmed", is_flag=True, help="取り除いてよいことを確かめた")
@click.option("--no-copy", is_flag=True, help="控えを残さずに消す")
def leave(*, confirmed: bool, no_copy: bool) -> None:
    """見本の町をすべて取り除き、空の町にする。控えは YAKUBA_HOME/left に残る。"""
    import django

    django.setup()
    from yakuba.site.sample import leave_sample_town

    leave_sample_town(confirmed=confirmed, keep_copy=not no_copy, say=click.echo)


commands = [sample]
