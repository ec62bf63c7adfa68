"""Opening and closing the ways a procedure is received. Going online writes the counting list."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.access import ensure_may_edit
from yakuba.kernel.catalogue.models import Channel, CountingEntry, LinkState, Procedure
from yakuba.kernel.catalogue.models.acted import acting
from yakuba.kernel.catalogue.rules.content import is_own_path, is_web_address
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal, Text


@verb("catalogue.prepare_channel", label="受付の方法を加える")
def prepare_channel(
    *, by: Person, procedure: Procedure, kind: ChannelKind, target: str, note: Text | None, clock: Clock
) -> Channel:
    """Add a way a procedure is received: offline ways are open at once, online ones wait for their opening."""
    kept = _locked(procedure)
    ensure_may_edit(by, kept, clock.today())
    target = _target(kind, target, is_opening=False)
    if kept.channels.filter(kind=kind.value, target=target, closed_on__isnull=True).exists():
        raise Refusal(f"「{kind.label}」はもう登録されています。", field="kind", hint="一覧の行を直してください。")
    return _new_channel(kept, kind, target, note, by, clock)


@verb("catalogue.open_channel", label="オンラインの受付を始める")
def open_channel(
    *,
    by: Person,
    procedure: Procedure,
    kind: ChannelKind,
    target: str,
    decision: str,
    live_since: date,
    clock: Clock,
    decision_ref: str = "",
    source: str = "",
    note: Text | None = None,
) -> Channel:
    """Open an online way by a decision and write it into the counting list.

    `decision` names the decision (決裁) as people cite it, `decision_ref` points at its record if this system holds it.
    An opening of the past may be entered, with its day, for what was online before. A prepared channel of the same kind
    is opened; another address of an open one is another channel. Raises `Refusal`.
    """
    kept = _locked(procedure)
    ensure_may_edit(by, kept, clock.today())
    if not kind.is_online:
        raise Refusal(
            f"「{kind.label}」はオンラインの方法ではありません。", field="kind", hint="方法を選び直してください。"
        )
    target = _target(kind, target, is_opening=True)
    if not decision.strip():
        raise Refusal(
            "公開を決めた決裁が書かれていません。",
            field="decision",
            hint="文書番号か、決裁の日付と件名を書いてください（例：8坂第123号）。",
        )
    if live_since > clock.today():
        raise Refusal(
            "受付を始めた日が未来の日付です。", field="live_since", hint="始めた日になってから登録してください。"
        )
    same = list(kept.channels.select_for_update().filter(kind=kind.value, closed_on__isnull=True))
    if any(one.live_since is not None and one.target == target for one in same):
        raise Refusal("この方法はもう受付中です。", field="kind", hint="一覧を開き直して確かめてください。")
    channel = next((one for one in same if one.live_since is None and one.target in ("", target)), None)
    if channel is None:
        channel = _new_channel(kept, kind, target, note, by, clock)
    if not kept.is_shown:
        raise Refusal("公開していない手続きです。", hint="先に手続きを公開してください。")
    channel.target, channel.live_since = target, live_since
    channel.decision, channel.decision_ref = decision.strip()[:200], decision_ref[:90]
    if note is not None:
        channel.note = note.to_dict()
    channel.edition += 1
    _sign(channel, by, clock)
    channel.save()
    CountingEntry.objects.create(
        procedure=kept,
        channel=channel,
        channel_kind=kind.value,
        first_online_on=live_since,
        decision=channel.decision,
        source=source.strip()[:400] or f"受付を始めた登録（{clock.today().isoformat()}）",
        is_sample=channel.is_sample,
        acted_at=clock.now(),
        **acting(by),
    )
    return channel


@verb("catalogue.close_channel", label="受付を終える")
def close_channel(*, by: Person, channel: Channel, on: date, reason: str, clock: Clock) -> Channel:
    """End a way: `on` is the first day it is no longer open. What was counted ends with it."""
    kept = _own(by, channel, clock)
    if not reason.strip():
        raise Refusal("終える理由が空です。", field="reason", hint="なぜ終えるのかを書いてください。")
    if kept.closed_on is not None:
        raise Refusal("この方法の受付はもう終わっています。", hint="一覧を開き直してください。")
    if on > clock.today():
        raise Refusal("終えた日が未来の日付です。", field="on", hint="終えた日になってから登録してください。")
    if kept.live_since is not None and on < kept.live_since:
        raise Refusal("終えた日が、始めた日より前です。", field="on", hint="日付を確かめてください。")
    kept.closed_on, kept.closing_reason = on, reason.strip()[:400]
    kept.edition += 1
    _sign(kept, by, clock)
    kept.save()
    for entry in kept.counting_entries.select_for_update().filter(ended_on__isnull=True, struck_on__isnull=True):
        entry.ended_on = max(on, entry.first_online_on)
        entry.edition += 1
        _sign(entry, by, clock)
        entry.save()
    return kept


@verb("catalogue.reopen_channel", label="終えた受付を準備中に戻す")
def reopen_channel(*, by: Person, channel: Channel, clock: Clock) -> Channel:
    """Bring a closed way back: an offline one is open again, an online one becomes a new channel to be opened."""
    kept = _own(by, channel, clock)
    if kept.closed_on is None:
        raise Refusal("この方法は終わっていません。", hint="一覧を開き直してください。")
    if kept.procedure.channels.filter(kind=kept.kind, target=kept.target, closed_on__isnull=True).exists():
        raise Refusal("同じ方法がもう登録されています。", hint="一覧の行を使ってください。")
    return _new_channel(kept.procedure, kept.channel_kind, kept.target, kept.note_text, by, clock)


@verb("catalogue.correct_channel", label="受付の方法を直す")
def correct_channel(
    *, by: Person, channel: Channel, seen_edition: int, target: str, note: Text | None, clock: Clock
) -> Channel:
    """Correct address and note of a way. Raises `Refusal` when it changed meanwhile."""
    kept = _own(by, channel, clock)
    if kept.edition != seen_edition:
        raise Refusal(
            f"あなたが書いている間に、{kept.acted_name}さんがこの方法を直しました。",
            hint=f"今の行き先は「{kept.target or 'なし'}」です。確かめてから、もう一度登録してください。",
        )
    target = _target(kept.channel_kind, target, is_opening=kept.live_since is not None)
    if (
        kept.procedure.channels.filter(kind=kept.kind, target=target, closed_on__isnull=True)
        .exclude(pk=kept.pk)
        .exists()
    ):
        raise Refusal("同じ方法がもう登録されています。", field="target", hint="行き先を確かめてください。")
    if target != kept.target:
        kept.target = target
        kept.link_state, kept.link_note, kept.link_checked_at = LinkState.UNKNOWN, "", None
    kept.note = note.to_dict() if note else {}
    kept.edition += 1
    _sign(kept, by, clock)
    kept.save()
    return kept


def _target(kind: ChannelKind, target: str, *, is_opening: bool) -> str:
    target = target.strip()
    own = kind is ChannelKind.BOOKING and is_own_path(target)
    if kind.needs_address and target and not own and not is_web_address(target):
        raise Refusal(
            "行き先のアドレスが正しくありません。", field="target", hint="https:// で始まるアドレスを書いてください。"
        )
    if is_opening and not target:
        words = "フォームの名前" if kind is ChannelKind.YAKUBA_FORM else "行き先のアドレス"
        raise Refusal(f"{words}が空です。", field="target", hint="住民が進む先を書いてください。")
    if not kind.is_online and target:
        raise Refusal(f"「{kind.label}」に行き先は要りません。", field="target", hint="行き先を空にしてください。")
    return target[:500]


def _new_channel(
    procedure: Procedure, kind: ChannelKind, target: str, note: Text | None, by: Person, clock: Clock
) -> Channel:
    last = procedure.channels.order_by("-position").values_list("position", flat=True).first()
    return Channel.objects.create(
        procedure=procedure,
        kind=kind.value,
        target=target,
        note=note.to_dict() if note else {},
        position=0 if last is None else last + 1,
        is_sample=is_sample_town(),
        acted_at=clock.now(),
        **acting(by),
    )


def _locked(procedure: Procedure) -> Procedure:
    return Procedure.objects.select_for_update(of=("self",)).select_related("section").get(pk=procedure.pk)


def _own(by: Person, channel: Channel, clock: Clock) -> Channel:
    kept = Channel.objects.select_for_update(of=("self",)).select_related("procedure__section").get(pk=channel.pk)
    ensure_may_edit(by, kept.procedure, clock.today())
    return kept


def _sign(row: Channel | CountingEntry, by: Person, clock: Clock) -> None:
    row.acted_at = clock.now()
    for name, value in acting(by).items():
        setattr(row, name, value)
