"""Who asks and what time it is, of a request that went through the house's middleware."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import Clock


def asker(request: HttpRequest) -> Person:
    """The acting person."""
    asking: Any = request
    person: Person = asking.person
    return person


def clock_of(request: HttpRequest) -> Clock:
    """The clock of the town."""
    asking: Any = request
    clock: Clock = asking.clock
    return clock
