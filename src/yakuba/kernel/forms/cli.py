"""``yakuba forms``: check, render and exchange form definitions without a running town hall."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.db import DatabaseError

from yakuba.kernel.expressions.cli import evaluate_rule
from yakuba.kernel.forms.exchange.question_list import write_question_list
from yakuba.kernel.forms.exchange.take_in import take_in
from yakuba.kernel.forms.exchange.xlsform import write_xlsform
from yakuba.kernel.forms.library import library_forms, read_form_file
from yakuba.kernel.forms.rules.check import Weight, check_definition
from yakuba.kernel.forms.rules.definition import FormDefinition, json_schema
from yakuba.kernel.forms.rules.evaluate import AnsweredGroup, Evaluation, evaluate_form
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.values.api import Refusal, SystemClock, business_date

LARGEST_FILE = 20_000_000
"""Bytes of a file that is read."""


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


@forms.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="定義を書くファイル（なければ画面）"
)
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す（定義・直すところ・読まなかったもの）")
def import_form(file: Path, *, output: Path | None, as_json: bool) -> None:
    """質問一覧・XLSForm・JSONのファイルを読み、様式の定義にする。直すところがあれば終了コード1。"""
    if file.stat().st_size > LARGEST_FILE:
        raise Refusal(
            f"{file.name}: ファイルが大きすぎます（{LARGEST_FILE // 1_000_000}MBまで）。", hint="様式を分けてください。"
        )
    taken = take_in(file.read_bytes(), file.name)
    definition = taken.definition.to_json() if taken.definition is not None else None
    problems = [
        {
            "sheet": one.position.sheet,
            "row": one.position.row,
            "column": one.name,
            "value": one.value,
            "message": one.message + one.hint,
        }
        for one in taken.problems
    ]
    if as_json:
        told = {"kind": taken.kind, "definition": definition, "problems": problems, "notes": list(taken.notes)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for one in problems:
            click.echo(f"× シート「{one['sheet']}」{one['row']}行 {one['column']}：{one['message']}", err=True)
        for note in taken.notes:
            click.echo(f"△ {note}", err=True)
        if definition is not None and output is None:
            click.echo(json.dumps(definition, ensure_ascii=False, indent=1))
    if definition is not None and output is not None:
        output.write_text(json.dumps(definition, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if not as_json:
            click.echo(
                f"{output.name} に書きました（質問{len(list(taken.definition.questions())) if taken.definition else 0}個）。"
            )
    sys.exit(1 if problems else 0)


@forms.command()
@click.argument("source")
@click.option("--to", "kind", type=click.Choice(["xlsx", "xlsform", "json"]), default="xlsx", help="xlsxは質問一覧")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="書くファイル（なければ名前から決める）"
)
def export(source: str, *, kind: str, output: Path | None) -> None:
    """様式を書き出す。SOURCEは、備え付けか町の様式の名前（英数字）か、定義のファイル。"""
    definition = _definition_of(source)
    if kind == "json":
        content = json.dumps(definition.to_json(), ensure_ascii=False, indent=1).encode() + b"\n"
    elif kind == "xlsform":
        written = write_xlsform(definition)
        content = written.content
        for one in written.remarks:
            click.echo(f"△ {one.sheet} {one.row}行 {one.column}：{one.message}", err=True)
    else:
        content = write_question_list(definition)
    ending = {"xlsx": "_質問一覧.xlsx", "xlsform": "_xlsform.xlsx", "json": ".json"}[kind]
    target = output or Path(f"{definition.key}{ending}")
    target.write_bytes(content)
    click.echo(f"{target} に書きました。")


def _definition_of(source: str) -> FormDefinition:
    """A file, a form of the town (its newest version), or one of the library. Raises `Refusal`."""
    path = Path(source)
    if path.suffix and path.is_file():
        return read_form_file(path).definition
    from yakuba.kernel.forms.models import FormVersion

    try:
        version = FormVersion.objects.filter(form__key=source).order_by("-number").first()
    except DatabaseError:  # no town hall is set up here: the library is enough
        version = None
    if version is not None:
        return version.read()
    for form in library_forms():
        if form.definition.key == source:
            return form.definition
    raise Refusal(
        f"「{source[:60]}」という様式もファイルもありません。",
        hint="yakuba forms check で、備え付けの様式の名前が分かります。",
    )


forms.add_command(evaluate_rule)


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
