"""``yakuba doctor``, ``yakuba audit verify``, ``yakuba events``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings

from yakuba.kernel.audit.api import read_heads, verify_chain
from yakuba.kernel.events.api import all_subscriptions, declared_events
from yakuba.kernel.operations.backup import cli as backup_cli
from yakuba.kernel.operations.moving import cli as moving_cli
from yakuba.kernel.operations.queries import examine
from yakuba.kernel.operations.restore import cli as restore_cli
from yakuba.kernel.operations.upgrade import cli as upgrade_cli
from yakuba.kernel.things.api import Level

_MARK = {Level.GOOD: "✓", Level.NOT_CONFIGURED: "–", Level.WARNING: "!", Level.BROKEN: "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def doctor(*, as_json: bool) -> None:
    """動いているかを調べ、することを言う。異常があれば終了コード 1。"""
    findings = examine()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        for one in findings:
            click.echo(f"{_MARK[one.level]} {one.subject}：{one.what}")
            if one.todo:
                click.echo(f"    → {one.todo}")
    sys.exit(1 if any(one.level is Level.BROKEN for one in findings) else 0)


@click.group()
def audit() -> None:
    """監査記録。"""


@audit.command("verify")
@click.option("--heads", type=click.Path(path_type=Path), help="外に控えた連鎖値のフォルダー")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def verify(*, heads: Path | None, as_json: bool) -> None:
    """監査記録の連鎖を計算し直し、変えられた・消えた記録を名指しする。見つかれば終了コード 1。"""
    report = verify_chain(heads=read_heads(heads or Path(settings.YAKUBA_AUDIT_HEADS)))
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False, default=str, indent=2))
    else:
        click.echo(f"封印 {report.checked} 件を確かめました。連鎖値 {report.head_position}：{report.head_value[:16]}…")
        for fault in report.faults:
            click.echo(f"✗ {fault.position}番（記録 {fault.event_id or '不明'}）：{fault.reason}")
        if report.unsealed:
            click.echo(
                f"– まだ封印されていない記録：{report.unsealed} 件（最も古いもの {report.unsealed_since:%Y-%m-%d %H:%M:%S} UTC）"
            )
        if report.is_intact:
            click.echo("✓ 改ざんは見つかりません")
    sys.exit(0 if report.is_intact else 1)


@click.command()
def events() -> None:
    """どの出来事をだれが聞くか。"""
    for event in declared_events():
        click.echo(event.name)
        for one in all_subscriptions():
            if one.event is event:
                click.echo(f"    {'同時' if one.is_together else '後で'}  {one.subscriber_name}")


commands = [
    doctor,
    audit,
    events,
    *backup_cli.commands,
    *restore_cli.commands,
    *upgrade_cli.commands,
    *moving_cli.commands,
]
