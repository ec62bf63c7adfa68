"""`yakuba plan`: check, load and report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from yakuba.plan.rules.check_plan_file import check_plan_file
from yakuba.plan.rules.read_plan_file import Fault, decode_plan_file


@click.group()
def plan() -> None:
    """計画の点検・読み込み・年次報告。"""


def _text_of(path: Path) -> str | Fault:
    return decode_plan_file(path.read_bytes())


@plan.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def check(*, file: Path, as_json: bool) -> None:
    """計画ファイル FILE を点検し、誤りの行・キー・理由をすべて示す（誤りがあれば終了コード1）。"""
    text = _text_of(file)
    faults = [text] if isinstance(text, Fault) else check_plan_file(text)
    if as_json:
        rows = [{"line": fault.line, "key": fault.key, "reason": fault.reason} for fault in faults]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for fault in faults:
            click.echo(f"{file.name}:{fault}", err=True)
        click.echo(
            f"{file.name}: {len(faults)}か所の誤りがあります。" if faults else f"{file.name}: 誤りはありません。"
        )
    sys.exit(1 if faults else 0)


@plan.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="改定の理由（2版目からは必須）")
@click.option("--show/--no-show", default=None, help="この計画を公開ページに出す（すでに別の計画が出ているときは必須）")
@click.option("--dry-run", is_flag=True, help="今の版との違いを示すだけで、読み込まない")
def load(*, file: Path, note: str, show: bool | None, dry_run: bool) -> None:
    """計画ファイル FILE を新しい版として読み込み、前の版との違いを示す。前の版は残る。"""
    from yakuba.kernel.access.api import system_person
    from yakuba.kernel.parameters.api import town_clock
    from yakuba.kernel.values.api import Refusal
    from yakuba.plan.models import Plan
    from yakuba.plan.queries.current import content_of, newest_version, plan_in_force
    from yakuba.plan.rules.check_plan_file import PlanFileRefused, read_plan_file
    from yakuba.plan.rules.plan_difference import plan_difference
    from yakuba.plan.services.load_plan import load_plan

    text = _text_of(file)
    try:
        if isinstance(text, Fault):
            raise PlanFileRefused([text])
        content = read_plan_file(text)
    except PlanFileRefused as refused:
        for fault in refused.faults:
            click.echo(f"{file.name}:{fault}", err=True)
        raise
    shown = plan_in_force()
    if show is None:
        if shown is not None and shown.plan.key != content.plan.id:
            raise Refusal(
                f"公開ページには別の計画「{shown.plan.title}」が出ています。",
                hint="入れ替えるなら --show、保管だけなら --no-show を付けてください。",
            )
        show = True
    existing = Plan.objects.filter(key=content.plan.id).first()
    newest = newest_version(existing) if existing else None
    if newest is not None:
        changes = plan_difference(content_of(newest), content)
        click.echo(f"第{newest.number}版との違い: {len(changes)}件")
        for change in changes:
            click.echo(f"  [{change.kind.label}] {change.area} {change.id} {change.title}")
            for field in change.fields:
                click.echo(f"      {field.name}: {field.before or '（なし）'} → {field.after or '（なし）'}")
    if dry_run:
        click.echo("読み込んでいません（--dry-run）。")
        return
    version = load_plan(by=system_person("command"), text=text, note=note, show=show, clock=town_clock())
    click.echo(
        f"「{content.plan.title}」を第{version.number}版として読み込みました"
        f"（方針{len(content.policies)}、取組{len(content.initiatives)}、指標{len(content.all_kpis())}）。"
    )


@plan.command()
@click.option("--fiscal-year", "year", required=True, help="年度（2026、R8、令和8年度）")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="ファイルを置くフォルダー（なければ今いるところ）",
)
def report(*, year: str, out: Path) -> None:
    """年次報告書をPDFとExcelでつくる。"""
    from yakuba.kernel.access.api import system_person
    from yakuba.kernel.parameters.api import town_clock
    from yakuba.kernel.values.api import FiscalYear, Refusal
    from yakuba.plan.queries.current import plan_in_force
    from yakuba.plan.reports.as_pdf import report_as_pdf
    from yakuba.plan.reports.as_workbook import report_as_workbook
    from yakuba.plan.reports.year_report import year_report

    wanted = FiscalYear.parse(year)
    in_force = plan_in_force()
    if in_force is None:
        raise Refusal("計画がまだ読み込まれていません。", hint="yakuba plan load FILE で読み込んでください。")
    clock = town_clock()
    found = year_report(in_force, system_person("command"), wanted, today=clock.today())
    out.mkdir(parents=True, exist_ok=True)
    for kind in ("pdf", "xlsx"):
        content = report_as_pdf(found, printed_at=clock.now()) if kind == "pdf" else report_as_workbook(found)
        file = out / f"plan-report-{wanted.year}.{kind}"
        file.write_bytes(content)
        click.echo(f"つくりました: {file}")


commands = [plan]
