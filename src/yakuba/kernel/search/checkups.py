from __future__ import annotations

from collections.abc import Iterator

from yakuba.kernel.search.queries.completeness import index_faults, standings, waiting_count
from yakuba.kernel.things.api import Finding, Level, checkup

_SUBJECT = "検索"


@checkup("search")
def search_index() -> Iterator[Finding]:
    """Whether everything that shall be found is in the index, and the index is sound."""
    stands = standings()
    lagging = [one for one in stands if one.missing or one.orphans]
    for one in lagging:
        yield Finding(
            _SUBJECT,
            Level.BROKEN if one.missing else Level.WARNING,
            f"{one.label}：索引にない記録 {one.missing} 件、元の記録が消えた索引 {one.orphans} 件",
            "毎日 3:20 に自動で直ります。すぐに直すには yakuba search rebuild を実行してください",
        )
    waiting = waiting_count()
    unfinished = sum(one.due for one in stands)
    outdated = sum(one.outdated for one in stands)
    if waiting or unfinished or outdated:
        yield Finding(
            _SUBJECT,
            Level.WARNING,
            f"索引に入れている途中です（残り {waiting} 節、長い文書 {unfinished} 件、古い検索キー {outdated} 件）",
            "ジョブが動いていれば自動で終わります。終わるまで検索が遅くなり、取り込み前の長い文書は見つかりません",
        )
    faults = index_faults()
    for fault in faults:
        yield Finding(_SUBJECT, Level.BROKEN, fault, "yakuba search rebuild を実行してください")
    if not (lagging or waiting or unfinished or outdated or faults):
        yield Finding(_SUBJECT, Level.GOOD, f"{sum(one.things for one in stands)} 件の記録をすべて探せます")
