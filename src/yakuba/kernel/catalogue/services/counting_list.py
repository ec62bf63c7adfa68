"""The counting list: the list behind the baseline, corrections, first submissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.access import ensure_keeps_all, ensure_may_edit
from yakuba.kernel.catalogue.models import Channel, CountingEntry
from yakuba.kernel.catalogue.models.acted import acting
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal


@dataclass(frozen=True, slots=True)
class ListedProcedure:
    """One line of the list behind the baseline, as the town hands it in."""

    procedure_id: int
    kind: ChannelKind
    first_online_on: date
    decision: str
    first_submission_on: date | None
    source: str


@verb("catalogue.import_baseline_list", label="基準値の内訳を取り込む")
def import_baseline_list(
    *, by: Person, rows: Sequence[ListedProcedure], as_of: date, clock: Clock
) -> list[CountingEntry]:
    """Store the list behind the plan's baseline. Lines of an earlier import that are not in this one are struck.

    `as_of` is the baseline's day: every line must have been online by then. Raises `Refusal`.
    """
    ensure_keeps_all(by, "基準値の内訳を取り込む")
    if not rows:
        raise Refusal("一覧に手続きがありません。", field="file", hint="ファイルの中身を確かめてください。")
    late = [row for row in rows if row.first_online_on > as_of]
    if late:
        raise Refusal(
            f"基準日（{as_of.isoformat()}）より後にオンラインになった行が{len(late)}件あります。",
            field="file",
            hint="基準日までにオンラインだった手続きだけを取り込んでください。後の手続きは、受付を始めた登録で数えます。",
        )
    before = {
        (entry.procedure_id, entry.channel_kind): entry
        for entry in CountingEntry.objects.select_for_update().filter(is_baseline=True, struck_on__isnull=True)
    }
    kept: list[CountingEntry] = []
    for row in rows:
        entry = before.pop((row.procedure_id, row.kind.value), None) or CountingEntry(
            procedure_id=row.procedure_id,
            channel_kind=row.kind.value,
            is_baseline=True,
            is_sample=is_sample_town(),
            edition=0,
        )
        entry.first_online_on, entry.decision, entry.source = row.first_online_on, row.decision, row.source
        entry.first_submission_on = row.first_submission_on
        entry.edition += 1
        _sign(entry, by, clock)
        entry.save()
        kept.append(entry)
    for gone in before.values():
        gone.struck_on, gone.struck_reason = clock.today(), "取り込み直した一覧にない"
        gone.edition += 1
        _sign(gone, by, clock)
        gone.save()
    return kept


@verb("catalogue.correct_entry", label="数えた手続きを直す")
def correct_entry(
    *,
    by: Person,
    entry: CountingEntry,
    seen_edition: int,
    first_online_on: date,
    ended_on: date | None,
    decision: str,
    first_submission_on: date | None,
    source: str,
    clock: Clock,
) -> CountingEntry:
    """Correct a line of the counting list; the evidence may not be taken away."""
    kept = _own(by, entry, clock)
    if kept.edition != seen_edition:
        raise Refusal(
            f"あなたが書いている間に、{kept.acted_name}さんがこの行を直しました。",
            hint=f"今の内容：{kept.first_online_on.isoformat()}から、決裁「{kept.decision}」。"
            "確かめてから、もう一度登録してください。",
        )
    _check_days(clock, first_online_on, ended_on, first_submission_on)
    for name, value, words in (("decision", decision, "公開を決めた決裁"), ("source", source, "出典")):
        if not value.strip():
            raise Refusal(f"{words}が空です。", field=name, hint="数えた証拠になることを書いてください。")
    kept.first_online_on, kept.ended_on, kept.first_submission_on = first_online_on, ended_on, first_submission_on
    kept.decision, kept.source = decision.strip()[:200], source.strip()[:400]
    kept.edition += 1
    _sign(kept, by, clock)
    kept.save()
    return kept


@verb("catalogue.strike_entry", label="数えた手続きを取り消す")
def strike_entry(*, by: Person, entry: CountingEntry, reason: str, clock: Clock) -> CountingEntry:
    """Strike a line that was entered by mistake; it stays readable and no longer counts."""
    kept = _own(by, entry, clock)
    if not reason.strip():
        raise Refusal("取り消す理由が空です。", field="reason", hint="何が誤っていたかを書いてください。")
    kept.struck_on, kept.struck_reason = clock.today(), reason.strip()[:400]
    kept.edition += 1
    _sign(kept, by, clock)
    kept.save()
    return kept


@verb("catalogue.record_first_submission", label="最初の受付日を記録する")
def record_first_submission(*, by: Person, channel: Channel, on: date, clock: Clock) -> list[CountingEntry]:
    """Note that the first real submission arrived by a channel; later calls change nothing.

    Called by whoever receives submissions; sample submissions are not reported here.
    """
    changed = []
    for entry in channel.counting_entries.select_for_update().filter(
        first_submission_on__isnull=True, struck_on__isnull=True, first_online_on__lte=on
    ):
        entry.first_submission_on = on
        entry.edition += 1
        entry.save(update_fields=["first_submission_on", "edition"])
        changed.append(entry)
    return changed


def _check_days(clock: Clock, first: date, ended: date | None, submitted: date | None) -> None:
    if first > clock.today():
        raise Refusal(
            "オンラインになった日が未来の日付です。", field="first_online_on", hint="日付を確かめてください。"
        )
    if ended is not None and ended < first:
        raise Refusal("終えた日が、始めた日より前です。", field="ended_on", hint="日付を確かめてください。")
    if submitted is not None and (submitted < first or submitted > clock.today()):
        raise Refusal(
            "最初の受付日が、オンラインだった期間に入っていません。",
            field="first_submission_on",
            hint="日付を確かめてください。",
        )


def _own(by: Person, entry: CountingEntry, clock: Clock) -> CountingEntry:
    kept = CountingEntry.objects.select_for_update(of=("self",)).select_related("procedure__section").get(pk=entry.pk)
    ensure_may_edit(by, kept.procedure, clock.today())
    if kept.struck_on is not None:
        raise Refusal("この行は取り消されています。", hint="一覧を開き直してください。")
    return kept


def _sign(entry: CountingEntry, by: Person, clock: Clock) -> None:
    entry.acted_at = clock.now()
    for name, value in acting(by).items():
        setattr(entry, name, value)
