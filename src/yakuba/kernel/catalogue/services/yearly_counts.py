"""Counts by hand of what arrived outside this system, and publishing the table of a year."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.access import ensure_keeps_all, ensure_may_edit
from yakuba.kernel.catalogue.models import Procedure, YearlyCount, YearlyPublication
from yakuba.kernel.catalogue.models.acted import acting
from yakuba.kernel.catalogue.queries.yearly import table_of, table_to_publish
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal

MOST_CASES = 10_000_000


@verb("catalogue.enter_yearly_count", label="年度の件数を登録する")
def enter_yearly_count(
    *,
    by: Person,
    procedure: Procedure,
    year: FiscalYear,
    kind: ChannelKind,
    count: int | None,
    source: str,
    seen_edition: int,
    clock: Clock,
) -> YearlyCount | None:
    """Enter how many cases arrived by a channel outside this system; `None` takes an entered count away.

    `seen_edition` is 0 where nothing was entered yet. Raises `Refusal` when somebody else entered meanwhile.
    """
    ensure_may_edit(by, procedure, clock.today())
    kept = (
        YearlyCount.objects.select_for_update()
        .filter(procedure=procedure, fiscal_year=year.year, channel_kind=kind.value)
        .first()
    )
    if (kept.edition if kept else 0) != seen_edition:
        now = f"今は{kept.count}件（{kept.acted_name}さん）です。" if kept else "今は空です。"
        raise Refusal(
            f"「{kind.label}」の件数を、ほかの人が変えました。{now}",
            field=kind.value,
            hint="確かめてから、もう一度登録してください。",
        )
    if count is None:
        if kept is not None:
            kept.delete()
        return None
    if not 0 <= count <= MOST_CASES:
        raise Refusal("件数は0以上の整数です。", field=kind.value, hint="数を確かめてください。")
    if year.start > clock.today():
        raise Refusal("まだ始まっていない年度です。", field="year", hint="年度を選び直してください。")
    if not source.strip():
        raise Refusal("出典が空です。", field="source", hint="何から数えたか（台帳の名前など）を書いてください。")
    kept = kept or YearlyCount(
        procedure=procedure, fiscal_year=year.year, channel_kind=kind.value, is_sample=is_sample_town(), edition=0
    )
    kept.count, kept.source = count, source.strip()[:400]
    kept.edition += 1
    kept.acted_at = clock.now()
    for name, value in acting(by).items():
        setattr(kept, name, value)
    kept.save()
    return kept


@verb("catalogue.publish_year", label="年度の件数を公表する")
def publish_year(*, by: Person, year: FiscalYear, note: str, clock: Clock) -> YearlyPublication:
    """Publish the table of a year as it stands now. A corrected table is published as the next edition."""
    ensure_keeps_all(by, "件数を公表する")
    if year.last_day >= clock.today():
        raise Refusal("まだ終わっていない年度です。", field="year", hint="年度が終わってから公表してください。")
    if not table_of(year).rows:
        raise Refusal("件数が一つも登録されていません。", field="year", hint="先に各課で件数を登録してください。")
    table: dict[str, Any] = table_to_publish(year, on=clock.today())
    newest = YearlyPublication.objects.select_for_update().filter(fiscal_year=year.year).order_by("-number").first()
    if newest is not None and newest.table == table:
        raise Refusal(f"公表済みの第{newest.number}版と同じ内容です。", hint="直したところがあるか確かめてください。")
    return YearlyPublication.objects.create(
        fiscal_year=year.year,
        number=(newest.number if newest else 0) + 1,
        published_on=clock.today(),
        table=table,
        note=note.strip()[:400],
        is_sample=is_sample_town(),
        acted_at=clock.now(),
        **acting(by),
    )
