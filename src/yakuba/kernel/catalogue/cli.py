"""`yakuba catalogue`: check the data files, bring them in, write and read the sheet."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from yakuba.kernel.access.api import system_person
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.queries.delivery import catalogue_folder, read_folder
from yakuba.kernel.catalogue.queries.guide import guide_faults
from yakuba.kernel.catalogue.services import Delivered, deliver
from yakuba.kernel.catalogue.services.deliver import Outcome
from yakuba.kernel.catalogue.sheet import apply_sheet, read_sheet, write_sheet
from yakuba.kernel.paper.api import CsvEncoding
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Refusal

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def catalogue() -> None:
    """手続きカタログの点検・取り込み・書き出し。"""


@catalogue.command()
@click.option("--folder", type=_FOLDER, help="点検するフォルダー（指定しなければ配布データ）")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def check(*, folder: Path | None, as_json: bool) -> None:
    """配布データの手続きと案内を点検し、誤りをすべて示す（誤りがあれば終了コード1）。"""
    folder = folder or catalogue_folder()
    delivery = read_folder(folder)
    faults = [*delivery.faults, *guide_faults(folder, {one.content.key for one in delivery.procedures})]
    if as_json:
        rows = [asdict(one) for one in faults]
        click.echo(json.dumps({"procedures": len(delivery.procedures), "faults": rows}, ensure_ascii=False, indent=2))
    else:
        for one in faults:
            click.echo(str(one), err=True)
        click.echo(f"手続き {len(delivery.procedures)} 件、誤り {len(faults)} か所。")
    sys.exit(1 if faults else 0)


@catalogue.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--folder", type=_FOLDER, help="取り込むフォルダー（指定しなければ配布データ）")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="誤りの印を付けたブックの書き出し先")
@click.option("--dry-run", is_flag=True, help="確かめるだけで、何も登録しない（表を取り込むとき）")
@click.option("--json", "as_json", is_flag=True, help="結果を機械が読む形で出す")
def import_(*, file: Path | None, folder: Path | None, errors: Path | None, dry_run: bool, as_json: bool) -> None:
    """配布データを取り込む。FILE があれば、書き出した表（CSV・Excel）を取り込む。

    職員が変えたところは上書きせず、違いを示す。何度実行しても同じ結果になる。
    """
    if file is not None:
        _import_sheet(file, errors, dry_run=dry_run, as_json=as_json)
        return
    try:
        done = deliver(
            by=system_person("catalogue"),
            delivery=read_folder(folder or catalogue_folder()),
            clock=town_clock(),
            on_step=lambda one: None if as_json else _say(one),
        )
    except Refusal as refusal:
        for one in getattr(refusal, "faults", ()):
            click.echo(str(one), err=True)
        click.echo(str(refusal.message), err=True)
        sys.exit(1)
    counts = {outcome.value: sum(one.outcome is outcome for one in done) for outcome in Outcome}
    if as_json:
        rows = [asdict(one) for one in done if one.outcome is not Outcome.SAME]
        click.echo(json.dumps({"counts": counts, "procedures": rows}, ensure_ascii=False, indent=2))
    else:
        click.echo("　".join(f"{Outcome(key).label} {count}件" for key, count in counts.items()))


@catalogue.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--cp932", is_flag=True, help="Shift_JIS（CP932）で書き出す。入らない文字は置き換えて示す")
def export(*, file: Path, cp932: bool) -> None:
    """手続きカタログを CSV に書き出す。"""
    encoding = CsvEncoding.CP932 if cp932 else CsvEncoding.UTF8
    content, told = write_sheet(Procedure.objects.order_by("number"), encoding)
    file.write_bytes(content)
    for line in told:
        click.echo(line, err=True)
    click.echo(f"{file} に{Procedure.objects.count()}件を書き出しました。")


def _say(one: Delivered) -> None:
    if one.outcome is Outcome.SAME:
        return
    click.echo(f"{one.outcome.label}：{one.title}")
    for part in one.differences:
        click.echo(f"  {part.label}\n    町　: {_flat(part.ours)}\n    配布: {_flat(part.theirs)}")


def _flat(words: str) -> str:
    return words.replace("\n", " / ")


def _import_sheet(file: Path, errors: Path | None, *, dry_run: bool, as_json: bool) -> None:
    try:
        read = read_sheet(file.read_bytes(), file.name)
    except Refusal as refusal:
        click.echo(f"{refusal.message}{refusal.hint or ''}", err=True)
        sys.exit(1)
    if read.errors is not None and errors is not None:
        errors.write_bytes(read.errors.content)
    done, refused = 0, [one.words() for one in read.problems]
    if not refused and not dry_run:
        by = system_person("catalogue")
        done, refused = apply_sheet(read, by=by, note=f"{file.name} の取り込み", clock=town_clock())
    if as_json:
        outcome = {"changed": done, "unchanged": read.unchanged, "problems": refused, "notes": list(read.notes)}
        click.echo(json.dumps(outcome, ensure_ascii=False, indent=2))
    else:
        for line in [*read.notes, *refused]:
            click.echo(line, err=True)
        would = f"（確かめただけです。変わるのは{len(read.changes)}件）" if dry_run else ""
        click.echo(f"変えた {done}件　変わりなし {read.unchanged}件　誤り {len(refused)}か所{would}")
    sys.exit(1 if refused else 0)


commands = [catalogue]
