"""``yakuba register check|import|forget``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from yakuba.kernel.access.api import system_person
from yakuba.kernel.japan.api import parse_date
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.register.registry import register_check
from yakuba.kernel.people.services import put_prefill_in_use, remove_prefill
from yakuba.kernel.people.services.prefill import PrefillRefused
from yakuba.kernel.values.api import Refusal


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


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", "as_of", required=True, help="住民記録システムから書き出した日")
def import_file(*, file: Path, as_of: str) -> None:
    """住民情報の写し（CSV）を下書き用に入れ替える。誤りがあれば何も変えず、終了コード 1。"""
    try:
        kept = put_prefill_in_use(
            by=system_person("cli"), content=file.read_bytes(), as_of=_day(as_of), clock=town_clock()
        )
    except PrefillRefused as refused:
        for problem in refused.reading.problems:
            click.echo(f"✗ {problem.words()}", err=True)
        raise
    click.echo(f"✓ {kept.rows:,} 人（{kept.as_of.isoformat()} 現在）を下書きに使います。証明には使えません。")


@register.command("forget")
def forget() -> None:
    """住民情報の写しを消す。"""
    count = remove_prefill(by=system_person("cli"), clock=town_clock())
    click.echo("✓ 写しを消しました。" if count else "– 写しはありませんでした。")


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except Refusal as refusal:
        raise click.BadParameter(refusal.message, param_hint="--as-of") from None


commands = [register]
