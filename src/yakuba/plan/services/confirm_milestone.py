"""Confirming that a milestone was met, or taking a confirmation back."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_JUDGE, ensure
from yakuba.plan.models import Milestone, MilestoneConfirmation
from yakuba.plan.models.acted import acting


@verb("plan.confirm_milestone", label="節目を確認する")
def confirm_milestone(
    *, by: Person, milestone: Milestone, is_met: bool, on: date, evidence: str, clock: Clock
) -> MilestoneConfirmation:
    """Record that a milestone was met `on` a day, with the evidence; with `is_met` false take the last word back.

    Raises `Refusal` for a future day, missing evidence, and a word that is already the last one.
    """
    ensure(by, may=MAY_JUDGE, doing="節目を確認する")
    if on > clock.today():
        raise Refusal("できた日が未来の日付です。", field="on", hint="今日までの日付を入力してください。")
    if not evidence.strip():
        raise Refusal(
            "根拠が空です。", field="evidence", hint=f"どう確かめたかを書いてください（{milestone.statement}）。"
        )
    kept = Milestone.objects.select_for_update().get(pk=milestone.pk)
    last = kept.confirmations.order_by("-acted_at", "-id").first()
    if (last is not None and last.is_met) == is_met:
        words = "すでに確認済みです" if is_met else "まだ確認されていないため、取り消せません"
        raise Refusal(f"この節目は{words}。", hint="画面を開き直して、今の状態を確かめてください。")
    return MilestoneConfirmation.objects.create(
        milestone=kept, is_met=is_met, on=on, evidence=evidence.strip(), acted_at=clock.now(), **acting(by)
    )
