"""補助金 over its stages: what may follow what, and money that is never promised twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yakuba.kernel.cases.rules.states import GrantStage
from yakuba.kernel.values.api import Refusal

_TOLD = ("notified", "completed")


class BudgetExceeded(Refusal):
    """The programme has not that much money left."""

    def __init__(self, *, wanted: int, left: int, waiting: int = 0) -> None:
        beside = f"（ほかに決裁待ちが{waiting:,}円）" if waiting else ""
        super().__init__(
            f"予算の残りは{left:,}円{beside}で、{wanted:,}円は決定できません。",
            field="amount",
            hint="額を見直すか、予算の補正を待ってください。",
        )


@dataclass(frozen=True, slots=True)
class StageCase:
    """One stage that was sent in: its state, and what was decided."""

    stage: GrantStage
    state: str
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        return self.state not in ("completed", "withdrawn", "returned", "paid", "notified")

    @property
    def is_granted(self) -> bool:
        """Whether it was approved and the applicant was told."""
        return self.outcome == "approved" and self.state in _TOLD


def stage_of_form(form_key: str, stage_forms: Mapping[str, str]) -> GrantStage:
    """The stage a form belongs to: as the section said, else by the end of its key (``…-report``), else the application."""
    if form_key in stage_forms:
        return GrantStage(stage_forms[form_key])
    ending = form_key.rpartition("-")[2]
    return GrantStage(ending) if ending in {"change", "report", "claim"} else GrantStage.APPLY


def next_stages(stages: Sequence[StageCase]) -> tuple[GrantStage, ...]:
    """What the applicant may send in now. ``stages`` in the order they came.

    After the decision of the grant a change or the report, one at a time; after 額の確定 the claim, once.
    """
    if not any(one.stage is GrantStage.APPLY and one.is_granted for one in stages):
        return ()
    if any(one.is_open for one in stages):
        return ()
    if any(one.stage is GrantStage.CLAIM and one.state not in ("withdrawn", "returned") for one in stages):
        return ()
    if any(one.stage is GrantStage.REPORT and one.is_granted for one in stages):
        return (GrantStage.CLAIM,)
    return (GrantStage.CHANGE, GrantStage.REPORT)


def check_stage(stage: GrantStage, stages: Sequence[StageCase]) -> None:
    """Raise `Refusal` unless the stage may follow."""
    possible = next_stages(stages)
    if stage not in possible:
        ways = "、".join(f"「{one.label}」" for one in possible)
        raise Refusal(
            f"いまは「{stage.label}」を出せません。",
            hint=f"いま出せるのは{ways}です。" if ways else "前の段階の決定の通知を待ってください。",
        )


def checked_amount(
    stage: GrantStage, amount: int | None, *, granted: int | None, most: int | None, approves: bool
) -> int | None:
    """The amount a decision gives: that of the grant, of the change, or the fixed one; `None` where nothing is given.

    額の確定 never exceeds what was granted. Raises `Refusal`.
    """
    if not approves or stage is GrantStage.CLAIM:
        return None
    if amount is None:
        raise Refusal(f"{stage.decision}の額がありません。", field="amount", hint="円で入れてください。")
    if amount < 0 or (amount == 0 and stage is not GrantStage.CHANGE):
        raise Refusal("額は1円以上で入れてください。", field="amount")
    if most is not None and amount > most:
        raise Refusal(f"一件の上限は{most:,}円です。", field="amount", hint="要綱の上限を確かめてください。")
    if stage is GrantStage.REPORT and granted is not None and amount > granted:
        raise Refusal(
            f"確定額は、交付決定額（{granted:,}円）を超えられません。",
            field="amount",
            hint="増えるときは、先に変更承認の手続きが必要です。",
        )
    return amount


def report_day(decided_on: date, *, programme: date | None, days: int | None) -> date | None:
    """The last day for the report (実績報告): so many days after the decision, at the latest the programme's own day."""
    found = [programme] if programme is not None else []
    if days is not None:
        found.append(decided_on + timedelta(days=days))
    return min(found) if found else None


def committed_after(*, ceiling: int, committed: int, held: int, amount: int) -> int:
    """What a programme has promised once this grant holds ``amount`` instead of ``held``. Raises `BudgetExceeded`."""
    after = committed - held + amount
    if after > ceiling and amount > held:
        raise BudgetExceeded(wanted=amount - held, left=ceiling - committed)
    return after
