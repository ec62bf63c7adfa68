"""The OODA log (OODAループの記録): from a KPI outside its corridor to an action within days, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from yakuba.kernel.values.api import TransitionTable
from yakuba.plan.rules.kpi_path import Standing
from yakuba.plan.rules.plan_file import Direction


class Stage(StrEnum):
    """How far a loop has come."""

    OBSERVED = "observed"
    ORIENTED = "oriented"
    DECIDED = "decided"
    ACTED = "acted"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            "observed": "観察（Observe）",
            "oriented": "状況判断（Orient）",
            "decided": "意思決定（Decide）",
            "acted": "実行（Act）",
            "closed": "終了",
        }[self.value]


STAGES: TransitionTable[Stage] = TransitionTable(
    {
        Stage.OBSERVED: {
            Stage.ORIENTED: "何が起きているかの判断を書いた",
            Stage.CLOSED: "計測の誤りなど、動く必要がないと理由をつけて分かった",
        },
        Stage.ORIENTED: {
            Stage.DECIDED: "何をするかを決めた",
            Stage.CLOSED: "判断の結果、動く必要がないと理由をつけて決めた",
        },
        Stage.DECIDED: {Stage.ACTED: "決めたことを実行した", Stage.ORIENTED: "状況が変わり判断し直す"},
        Stage.ACTED: {Stage.CLOSED: "指標の前と後を比べて終えた", Stage.ORIENTED: "効果がなく判断し直す"},
    },
    start=Stage.OBSERVED,
)

DAYS_FROM_OPENING = {Stage.OBSERVED: 3, Stage.ORIENTED: 7, Stage.DECIDED: 14, Stage.ACTED: 60}
"""Calendar days from the observation until the stage must be left: judged in 3, decided in 7, acted in 14 days, and
compared after 60, when monthly figures show an effect. The plan asks for quick judgement and names no days."""


def deadline(stage: Stage, opened_on: date) -> date | None:
    """The day by which a loop must leave a stage; `None` when it is closed."""
    days = DAYS_FROM_OPENING.get(stage)
    return None if days is None else opened_on + timedelta(days=days)


def is_overdue(stage: Stage, opened_on: date, today: date) -> bool:
    """Whether a loop has stood in a stage for longer than it may; on the last day it has not."""
    due = deadline(stage, opened_on)
    return due is not None and today > due


def opens_observation(standing: Standing, *, has_open_loop: bool) -> bool:
    """Whether a KPI calls for a new loop: it is late against its corridor and nobody is at it yet."""
    return standing is Standing.LATE and not has_open_loop


@dataclass(frozen=True)
class Effect:
    """A KPI before and after an action; the words are what people read."""

    before: Decimal
    after: Decimal
    improved: bool | None

    @property
    def words(self) -> str:
        """Better, worse or the same."""
        if self.before == self.after:
            return "変化なし"
        if self.improved is None:
            return "変化あり"
        return "改善" if self.improved else "悪化"


def effect(*, before: Decimal | None, after: Decimal | None, direction: Direction) -> Effect | None:
    """What an action changed; `None` while one of the two values is missing."""
    if before is None or after is None:
        return None
    if direction is Direction.OBSERVE or before == after:
        return Effect(before, after, None)
    return Effect(before, after, (after > before) == (direction is Direction.UP))
