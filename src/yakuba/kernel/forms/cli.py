"""``yakuba forms``: check, render and exchange form definitions without a running town hall."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from yakuba.kernel.forms.library import library_forms, read_form_file
from yakuba.kernel.forms.rules.check import Weight, check_definition
from yakuba.kernel.forms.rules.definition import json_schema
from yakuba.kernel.forms.rules.evaluate import AnsweredGroup, Evaluation, evaluate_form
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.values.api import Refusal, SystemClock, business_date


@click.group()
def forms() -> None:
    """様式の定義を、調べる・描く・やりとりする。"""


@forms.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def check(files: tuple[Path, ...], *, as_json: bool) -> None:
    """様式のファイルを調べる（ファイルを書かなければ、備え付けの様式すべて）。直すところがあれば終了コード1。"""
    found: list[dict[str, str]] = []
    count = 0
    for path in files or tuple(form.path for form in library_forms()):
        count += 1
        try:
            definition = read_form_file(path).definition
        except Refusal as refusal:
            found.append(
                {
                    "file": path.name,
                    "weight": Weight.MUST.value,
                    "step": "",
                    "question": "",
                    "place": refusal.field or "",
                    "message": refusal.message,
                }
            )
            continue
        found += [
            {
                "file": path.name,
                "weight": one.weight.value,
                "step": one.step,
                "question": one.question,
                "place": one.place,
                "message": one.message,
            }
            for one in check_definition(definition)
        ]
    must = [one for one in found if one["weight"] == Weight.MUST.value]
    if as_json:
        click.echo(json.dumps({"forms": count, "findings": found}, ensure_ascii=False, indent=1))
    else:
        for one in found:
            where = "／".join(filter(None, (one["step"], one["question"], one["place"])))
            click.echo(f"{one['file']}: {'×' if one['weight'] == 'must' else '△'} {where}：{one['message']}")
        click.echo(f"様式{count}件：直すところ{len(must)}件、確かめるところ{len(found) - len(must)}件")
    sys.exit(1 if must else 0)


@forms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="答えのJSON")
@click.option("--today", default="", help="この日として計算する（2026-04-01）")
@click.option("--language", default="ja", type=click.Choice(["ja", "ja-easy", "en"]))
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def render(file: Path, *, answers: Path | None, today: str, language: str, as_json: bool) -> None:
    """答えに対して、見える質問・誤り・計算された値を出す。"""
    definition = read_form_file(file).definition
    given = _answers(answers)
    day = date.fromisoformat(today) if today else business_date(SystemClock().now())
    evaluation = evaluate_form(definition, given, today=day)
    if as_json:
        click.echo(json.dumps(_as_json(evaluation, language), ensure_ascii=False, indent=1))
        return
    for step in evaluation.steps:
        click.echo(f"■ {step.step.title.in_language(language)}")
        for entry in step.answered():
            value = (
                ""
                if entry.value is None
                else kind_of(entry.question).show(entry.question, entry.value, language, entry.other)
            )
            click.echo(f"  {entry.path}  {entry.question.label.in_language(language)}：{value}")
        for path, fault in step.faults():
            click.echo(f"  ! {path}：{fault.say(language)}")
    click.echo(f"手数料 {evaluation.fee:,}円" if evaluation.fee else "手数料なし")


@forms.command()
def schema() -> None:
    """様式の定義のJSON Schema（2020-12）を出す。"""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=1))


def _answers(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise Refusal(
            f"{path.name}: JSONとして読めません。", hint="書き出した答えのファイルを、そのまま渡してください。"
        ) from None
    if not isinstance(given, dict):
        raise Refusal(f"{path.name}: 答えは {{…}} の形で書いてください。", hint='例: {"name": "…"}')
    return given


def _as_json(evaluation: Evaluation, language: str) -> dict[str, Any]:
    return {
        "steps": [
            {
                "key": step.step.key,
                "visible": [
                    entry.path
                    if not isinstance(entry, AnsweredGroup)
                    else {entry.path: [[one.path for one in row.questions] for row in entry.rows]}
                    for entry in step.entries
                ],
                "faults": [
                    {"path": path, "code": fault.code, "part": fault.part, "message": fault.say(language)}
                    for path, fault in step.faults()
                ],
            }
            for step in evaluation.steps
        ],
        "answers": evaluation.answers,
        "dropped": list(evaluation.dropped),
        "fee": evaluation.fee,
        "is_complete": evaluation.is_complete,
    }


commands = [forms]
