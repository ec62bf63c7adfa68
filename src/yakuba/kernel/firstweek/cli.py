"""``yakuba first-week``: the template, and importing without a browser."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from yakuba.kernel.access.api import system_person
from yakuba.kernel.firstweek.models import Upload, UploadState
from yakuba.kernel.firstweek.reading import MOST_BYTES, marked_workbook
from yakuba.kernel.firstweek.rules.lines import Plan
from yakuba.kernel.firstweek.services import apply_chunk, check_workbook, start_applying, take_in
from yakuba.kernel.firstweek.template import template
from yakuba.kernel.parameters.api import town_clock


@click.group("first-week")
def first_week() -> None:
    """最初の登録: 組織と職員を Excel からまとめて取り込む。"""


@first_week.command("template")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def write_template(*, target: Path) -> None:
    """入力するためのひな形（.xlsx）を書き出す。"""
    target.write_bytes(template())
    click.echo(f"{target} を書き出しました。入力したら: yakuba first-week import {target} --dry-run")


@first_week.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="確かめるだけで、何も登録しない")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で出す")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="誤りがあるとき、列「エラー」の付いたブックの書き出し先",
)
def import_file(*, file: Path, dry_run: bool, as_json: bool, errors: Path | None) -> None:
    """ブックを確かめて登録する。誤りがあれば何も登録せず、終了コード 1。"""
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    _, plan = check_workbook(content, file.name)
    if plan.faults and errors is not None:
        errors.write_bytes(marked_workbook(content, file.name, plan.faults).content)
    failed = [asdict(one) for one in plan.faults]
    written = 0
    if not plan.faults and not dry_run and plan.work:
        done = _apply(content, file.name, quiet=as_json)
        written = done.done - len(done.faults)
        failed = list(done.faults)
    if as_json:
        outcome = {
            "file": file.name,
            "dry_run": dry_run,
            "sheets": plan.counts(),
            "faults": failed,
            "notices": list(plan.notices),
            "written": written,
        }
        click.echo(json.dumps(outcome, ensure_ascii=False, indent=2))
    else:
        _say(plan, failed, written, dry_run=dry_run)
    sys.exit(1 if failed else 0)


def _apply(content: bytes, filename: str, *, quiet: bool) -> Upload:
    by, clock = system_person("first-week"), town_clock()
    upload = take_in(by=by, content=content, filename=filename, clock=clock)
    upload = start_applying(by=by, upload=upload, in_background=False)
    with click.progressbar(length=len(upload.lines), label="登録しています", file=sys.stderr, hidden=quiet) as bar:
        while upload.state == UploadState.APPLYING:
            before = upload.done
            upload = apply_chunk(by=by, upload=upload, clock=clock)
            bar.update(upload.done - before)
    return upload


def _say(plan: Plan, failed: list[dict[str, object]], written: int, *, dry_run: bool) -> None:
    for sheet, count in plan.counts().items():
        click.echo(
            f"{sheet}: 追加 {count['add']}、変更 {count['change']}、変わらず {count['same']}、誤り {count['faults']}"
        )
    for notice in plan.notices:
        click.echo(f"注意: {notice}")
    for one in failed:
        click.echo(
            f"誤り: シート「{one['sheet']}」{one['row']}行目 {one['column']}：{one['message']}{one['hint']}", err=True
        )
    if failed:
        click.echo("誤りを直してから、もう一度実行してください。", err=True)
    elif dry_run:
        click.echo("確かめただけで、何も登録していません。登録するには --dry-run を外してください。")
    else:
        click.echo(f"{written} 行を登録しました。")


commands = [first_week]
