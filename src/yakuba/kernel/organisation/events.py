"""What the organisation tells the rest of the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yakuba.kernel.events.api import Event


@dataclass(frozen=True)
class StaffLeft(Event):
    """The end of somebody's service is known (退職・任期満了).

    ``leaves_on`` is the first day out of service (ISO): from 0:00 of it no account of theirs may be used.
    """

    name: ClassVar[str] = "organisation.staff_left"

    staff_id: int
    leaves_on: str


@dataclass(frozen=True)
class StaffStayed(Event):
    """An end of service that was known no longer holds: a term was renewed or a leaving withdrawn.

    ``leaves_on`` is the new first day out of service (ISO), empty when there is none.
    """

    name: ClassVar[str] = "organisation.staff_stayed"

    staff_id: int
    leaves_on: str
