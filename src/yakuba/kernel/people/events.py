"""What people tell others. Events name the mandate alone; who it concerns is read there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yakuba.kernel.events.api import Event


@dataclass(frozen=True)
class MandateInForce(Event):
    """From now on (or from its first day) somebody may act for somebody else."""

    name: ClassVar[str] = "people.mandate_in_force"

    mandate_public_id: str


@dataclass(frozen=True)
class MandateRevoked(Event):
    """A mandate that was in force is over before its time: either side ended it, or a clerk learnt that it is over."""

    name: ClassVar[str] = "people.mandate_revoked"

    mandate_public_id: str
