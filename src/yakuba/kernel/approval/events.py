"""What the decision engine tells the rest of the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yakuba.kernel.events.api import Event


@dataclass(frozen=True)
class DecisionMade(Event):
    """A request was decided. ``outcome`` is ``approved``, ``refused`` or ``returned``."""

    name: ClassVar[str] = "approval.decision_made"

    request_public_id: str
    subject_kind: str
    subject_id: str
    outcome: str


@dataclass(frozen=True)
class DecisionWithdrawn(Event):
    """A request was withdrawn before it was decided (取下げ)."""

    name: ClassVar[str] = "approval.decision_withdrawn"

    request_public_id: str
    subject_kind: str
    subject_id: str


@dataclass(frozen=True)
class TurnCame(Event):
    """It is somebody's turn on a route of several stages: a stage opened. ``stage`` is its row."""

    name: ClassVar[str] = "approval.turn_came"

    request_public_id: str
    stage: int


@dataclass(frozen=True)
class ActDone(Event):
    """Somebody did something on the way that others are to know: 不同意, 差戻し to a stage, 修正, ルートの変更, 督促, 代決."""

    name: ClassVar[str] = "approval.act_done"

    request_public_id: str
    act_public_id: str
