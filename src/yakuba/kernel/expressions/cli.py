"""`yakuba forms evaluate`: the bare expression, for whoever writes rules or checks ours against another evaluator.

The command is mounted by `kernel.forms` under its group; it reads no database.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from yakuba.kernel.expressions.rules.dates import date_of
from yakuba.kernel.expressions.rules.evaluate import evaluate
from yakuba.kernel.expressions.rules.faults import RuleFault
from yakuba.kernel.expressions.rules.references import references
from yakuba.kernel.expressions.rules.values import Value, is_true
from yakuba.kernel.expressions.rules.words.in_words import in_words
from yakuba.kernel.values.api import Refusal, SystemClock, business_date

LARGEST_FILE = 5_000_000
"""Bytes of a rule or data file."""

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("evaluate")
@click.option("--rule", "rule_file", type=_file, required=True, help="条件式のJSONファイル")
@click.option("--data", "data_file", type=_file, help="答えのJSONファイル（なければ答えなし）")
@click.option("--today", default="", help="この日として計算する（2026-04-01）。なければ今日")
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def evaluate_rule(*, rule_file: Path, data_file: Path | None, today: str, as_json: bool) -> None:
    """条件式を一つ計算し、値と、条件として成り立つかを出す。式に誤りがあれば終了コード1。"""
    rule = _read(rule_file)
    data = _read(data_file) if data_file else {}
    day = _day(today)
    try:
        value = evaluate(rule, data, today=day)
    except RuleFault as fault:
        if not as_json:
            raise
        said = {"fault": fault.fault.value, "path": fault.path, "message": fault.message, "hint": fault.hint}
        click.echo(json.dumps({"error": said}, ensure_ascii=False))
        sys.exit(1)
    if as_json:
        answer = {
            "value": value,
            "is_true": is_true(value),
            "today": day.isoformat(),
            "references": sorted(references(rule)),
            "in_words": in_words(rule, names={}),
        }
        click.echo(_written(answer))
        return
    click.echo(_written(value))
    click.echo(
        f"{in_words(rule, names={})}：{'成り立つ' if is_true(value) else '成り立たない'}（{day.isoformat()}現在）"
    )


commands: list[click.Command] = []
"""Nothing at the top level: `evaluate_rule` belongs to `yakuba forms`."""


def _day(written: str) -> date:
    if not written:
        return business_date(SystemClock().now())
    day = date_of(written)
    if day is None:
        raise Refusal(f"「{written[:20]}」は日付として読めません。", hint="--today 2026-04-01 のように書いてください。")
    return day


def _read(file: Path) -> Any:
    """A JSON file, its numbers exact. Raises `Refusal` for anything that is none."""
    if file.stat().st_size > LARGEST_FILE:
        raise Refusal(
            f"{file.name}: ファイルが大きすぎます（{LARGEST_FILE // 1_000_000}MBまで）。",
            hint="必要な答えだけのファイルにしてください。",
        )
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as fault:
        line = f"{fault.lineno}行目: " if isinstance(fault, json.JSONDecodeError) else ""
        raise Refusal(
            f"{file.name}: {line}JSONとして読めません。",
            hint="文字コードUTF-8で、かっこと引用符の組、数のけたを確かめてください。",
        ) from None


def _written(value: Value) -> str:
    """JSON with decimals as they are: `json` itself would turn them into binary numbers."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        inside = ", ".join(f"{json.dumps(key)}: {_written(each)}" for key, each in value.items())
        return f"{{{inside}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_written, value))}]"
    text = json.dumps(value, ensure_ascii=False)
    # Half of a character cannot be printed; its escape can.
    return text if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text) else json.dumps(value)
