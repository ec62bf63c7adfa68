"""``yakuba search``: the index without a browser."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from yakuba.kernel.access.api import system_person
from yakuba.kernel.search.models import Entry
from yakuba.kernel.search.queries.completeness import (
    changed_things,
    forgotten_entries,
    index_faults,
    orphans,
    standings,
    waiting_count,
)
from yakuba.kernel.search.registry import searchables
from yakuba.kernel.search.services import begin_anew, index_waiting, put_chunk, remove_orphans, take_in
from yakuba.kernel.search.services.rebuild import AT_ONCE


@click.group()
def search() -> None:
    """検索の索引。"""


@search.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で出す")
def rebuild(*, as_json: bool) -> None:
    """索引を元の記録から作り直す。役場を開いたままでよく、途中で止めても、もう一度実行すれば続きから直る。

    作り直している間も検索の結果は変わらない（遅くなるだけ。長い文書は入れ直す数秒のあいだ見つからない）。
    """
    by = system_person("search")
    begin_anew(by=by)
    total = 0
    for declared in searchables():
        left = list(declared.among().order_by("pk").values_list("pk", flat=True))
        total += len(left)
        with click.progressbar(length=len(left), label=declared.label, file=sys.stderr, hidden=as_json) as bar:
            while left:
                before = len(left)
                left = put_chunk(by=by, kind=declared.kind, object_ids=left, anew=True)
                bar.update(before - len(left))
    removed = _remove_orphans()
    due = list(Entry.objects.filter(is_due=True).order_by("pk"))
    with click.progressbar(due, label="長い文書", file=sys.stderr, hidden=as_json or not due) as long_ones:
        for entry in long_ones:
            take_in(by=by, entry=entry)
    while waiting_count():
        index_waiting(by=by)
    if as_json:
        click.echo(json.dumps({"things": total, "removed": removed, "long": len(due)}))
    else:
        click.echo(f"{total:,} 件の記録の索引を作り直しました（元の記録が消えていた {removed:,} 件は除きました）。")


@search.command("check")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で出す")
def check(*, as_json: bool) -> None:
    """すべての記録の本文を読み、索引と比べる。違いがあれば終了コード 1。"""
    stands = standings()
    changed: dict[str, list[int]] = {}
    for declared in searchables():
        count = next(one.things for one in stands if one.kind == declared.kind)
        with click.progressbar(
            changed_things(declared), length=count, label=declared.label, file=sys.stderr, hidden=as_json
        ) as bar:
            changed[declared.kind] = [object_id for object_id, is_changed in bar if is_changed]
    waiting, faults = waiting_count(), index_faults(thoroughly=True)
    is_whole = not (waiting or faults or any(changed.values())) and all(one.is_whole for one in stands)
    if as_json:
        kinds = [{**asdict(one), "changed": changed.get(one.kind, [])} for one in stands]
        answer = {"is_whole": is_whole, "waiting": waiting, "faults": faults, "kinds": kinds}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for one in stands:
            differing = len(changed.get(one.kind, []))
            mark = "✓" if one.is_whole and not differing else "✗"
            click.echo(
                f"{mark} {one.label}（{one.kind}） {one.things:,} 件：索引にない {one.missing}、元が消えた {one.orphans}、"
                f"本文が変わった {differing}、古い検索キー {one.outdated}、取り込み待ち {one.due}"
            )
        for fault in faults:
            click.echo(f"✗ {fault}")
        if waiting:
            click.echo(f"– 索引に入るのを待つ {waiting} 節（検索では見つかります）")
        click.echo(
            "✓ 索引は元の記録と一致しています" if is_whole else "    → yakuba search rebuild を実行してください。"
        )
    sys.exit(0 if is_whole else 1)


def _remove_orphans() -> int:
    removed = 0
    for entries in [forgotten_entries(), *(orphans(one) for one in searchables())]:
        gone = list(entries.values_list("pk", flat=True))
        for start in range(0, len(gone), AT_ONCE):
            removed += remove_orphans(by=system_person("search"), entry_ids=gone[start : start + AT_ONCE])
    return removed


commands = [search]
