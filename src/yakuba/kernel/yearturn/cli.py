"""``yakuba year-turn``: the turn of the year without a browser."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from yakuba.kernel.access.api import system_person
from yakuba.kernel.organisation.models import Post, Staff
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Refusal
from yakuba.kernel.yearturn.models import LineState
from yakuba.kernel.yearturn.queries import Inheritance, inheritances, places_on
from yakuba.kernel.yearturn.reading import MOST_BYTES
from yakuba.kernel.yearturn.rules.personnel_list import Line, Reading
from yakuba.kernel.yearturn.rules.turn import TurnState
from yakuba.kernel.yearturn.services import (
    apply_chunk,
    finish_turn,
    hand_over_chunk,
    prepare_turn,
    read_turn,
    start_turn,
)


@click.command("year-turn")
@click.option(
    "--list",
    "list_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="人事異動名簿（.xlsx または .csv）",
)
@click.option("--on", required=True, type=click.DateTime(formats=["%Y-%m-%d"]), help="年度替わりの日（例 2027-04-01）")
@click.option("--dry-run", is_flag=True, help="案を示すだけで、何も登録しない")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で出す")
def year_turn(*, list_file: Path, on: datetime, dry_run: bool, as_json: bool) -> None:
    """年度替わり: 名簿を読み、だれが動き、どの仕事をだれが引き継ぐかを示して登録する。

    名簿に誤りがあるとき、引き継ぎ先のない仕事があるときは、何も登録せず終了コード 1。
    """
    day = on.date()
    with list_file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    _, reading = read_turn(content, list_file.name, day)
    found = inheritances(reading.lines, day) if not reading.faults else []
    orphans = [one for one in found if not one.heir_number]
    outcome: dict[str, Any] = {"on": day.isoformat(), "dry_run": dry_run, **_as_json(reading, found), "state": "draft"}
    is_refused = bool(reading.faults or orphans)
    if not dry_run and not is_refused:
        outcome |= _carry_out(content, list_file.name, day, quiet=as_json)
        is_refused = bool(outcome["failed"])
    if as_json:
        click.echo(json.dumps(outcome, ensure_ascii=False, indent=2))
    else:
        _say(outcome)
    sys.exit(1 if is_refused else 0)


def _carry_out(content: bytes, filename: str, day: Any, *, quiet: bool) -> dict[str, Any]:
    by, clock = system_person("year-turn"), town_clock()
    turn = prepare_turn(by=by, content=content, filename=filename, on=day, clock=clock)
    turn = start_turn(by=by, turn=turn, clock=clock, in_background=False)
    with click.progressbar(
        length=turn.lines.count(), label="発令を登録しています", file=sys.stderr, hidden=quiet
    ) as bar:
        left = turn.lines.filter(state=LineState.PENDING).count()
        while left:
            turn = apply_chunk(by=by, turn=turn)
            now_left = turn.lines.filter(state=LineState.PENDING).count()
            bar.update(left - now_left)
            left = now_left
    while hand_over_chunk(by=by, turn=turn, clock=clock):
        pass
    problem = ""
    if turn.state == TurnState.POSTED:
        try:
            turn = finish_turn(by=by, turn=turn, clock=clock)
        except Refusal as refusal:
            problem = f"{refusal.message}{refusal.hint or ''}"
    return {
        "state": turn.state,
        "registered": turn.lines.filter(state=LineState.DONE).count(),
        "failed": [
            {"row": line.row, "name": line.name, "why": line.note} for line in turn.lines.filter(state=LineState.FAILED)
        ],
        "handed_over": turn.heirs.filter(handed_at__isnull=False).count(),
        "open": problem,
    }


def _as_json(reading: Reading, found: list[Inheritance]) -> dict[str, Any]:
    return {
        "lines": [_line(line, reading) for line in reading.lines],
        "counts": {
            label: sum(1 for line in reading.lines if line.action.label == label)
            for label in ("異動", "採用", "任期更新", "退職", "任期満了")
        },
        "open_work": [
            {
                "kind": one.found.work.kind,
                "ref": str(one.found.work.ref),
                "title": one.found.work.title,
                "holder": one.found.work.holder_id,
                "due": one.found.work.due.isoformat() if one.found.work.due else None,
                "heir": one.heir_number or None,
                "ground": one.ground,
            }
            for one in found
        ],
        "orphans": sum(1 for one in found if not one.heir_number),
        "faults": [asdict(one) for one in reading.faults],
        "notices": list(reading.notices),
    }


def _line(line: Line, reading: Reading) -> dict[str, Any]:
    return {
        "row": line.row,
        "action": line.action.label,
        "number": line.number,
        "name": line.name,
        "section": line.section,
        "post": line.post,
        "last_day": line.last_day.isoformat() if line.last_day else None,
    }


def _say(outcome: dict[str, Any]) -> None:
    day = datetime.fromisoformat(outcome["on"]).date()
    paths = {place.id: place.path for place in places_on(day)}
    posts = dict(Post.objects.values_list("pk", "title"))
    names = dict(Staff.objects.values_list("pk", "name"))
    heirs = dict(Staff.objects.values_list("number", "name"))
    click.echo("、".join(f"{label} {count}人" for label, count in outcome["counts"].items()))
    for line in outcome["lines"]:
        where = " ".join(filter(None, [paths.get(line["section"], ""), posts.get(line["post"], "")]))
        click.echo(f"  {line['action']}\t{line['number']} {line['name']}\t{where}")
    if outcome["open_work"]:
        click.echo("引き継ぐ仕事:")
    for one in outcome["open_work"]:
        heir = (
            f"{one['heir']} {heirs.get(one['heir'], '')}（{one['ground']}）"
            if one["heir"]
            else "★引き継ぎ先がありません"
        )
        click.echo(f"  {one['kind']}「{one['title']}」 {names.get(one['holder'], '')} → {heir}")
    for notice in outcome["notices"]:
        click.echo(f"注意: {notice}")
    for fault in outcome["faults"]:
        click.echo(f"誤り: {fault['row']}行目 {fault['column']}：{fault['message']}{fault['hint']}", err=True)
    if outcome["orphans"]:
        click.echo(
            f"引き継ぎ先のない仕事が{outcome['orphans']}件あります。画面「年度替わり」で引き継ぎ先を選んでください。",
            err=True,
        )
    for one in outcome.get("failed", []):
        click.echo(f"登録できない行: {one['row']}行目 {one['name']}：{one['why']}", err=True)
    if "registered" in outcome:
        click.echo(f"{outcome['registered']}人の発令を登録し、{outcome['handed_over']}件の仕事を引き継ぎました。")
        if outcome["open"]:
            click.echo(f"まだ完了していません: {outcome['open']}")
    elif outcome["dry_run"]:
        click.echo("案を示しただけで、何も登録していません。登録するには --dry-run を外してください。")


commands = [year_turn]
