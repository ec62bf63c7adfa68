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
