"""``yakuba register check``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from yakuba.kernel.people.register.registry import register_check


@click.group()
def register() -> None:
    """住民記録システムとのつながり。"""


@register.command("check")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def check(*, as_json: bool) -> None:
    """住民記録が照会に答えるかを調べる。つないだのに答えないときは終了コード 1。"""
    seen = register_check()
    if as_json:
        click.echo(json.dumps(asdict(seen), ensure_ascii=False, indent=2))
    else:
        click.echo(f"{'✓' if seen.answers else '✗' if seen.is_configured else '–'} {seen.label}：{seen.what}")
        if seen.todo:
            click.echo(f"    → {seen.todo}")
    sys.exit(1 if seen.is_configured and not seen.answers else 0)


commands = [register]
