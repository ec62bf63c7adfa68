"""What forms tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yakuba.kernel.events.api import Event


@dataclass(frozen=True)
class FormWentLive(Event):
    """A version takes answers from now on; ``decision`` names the decision that allowed it."""

    name: ClassVar[str] = "forms.went_live"

    form_key: str
    version_public_id: str
    decision: str


@dataclass(frozen=True)
class FormClosed(Event):
    """A version takes nothing new any more."""

    name: ClassVar[str] = "forms.closed"

    form_key: str
    version_public_id: str
