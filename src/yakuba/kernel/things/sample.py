"""The sample town (見本の町): the hook through which an app adds its own sample entries.

An app puts functions into its ``sample.py``; the generator finds the module by name and calls them in order, after the
town hall and its people are there. A part writes through the app's own verbs, as the people of the sample town.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.values.api import Clock, FixedClock

SAMPLE_LABEL = "見本"
"""The word that stands beside everything a part makes wherever it is shown."""


@dataclass(frozen=True)
class SampleContext:
    """What a part may use.

    ``today`` is the town's business date and ``clock`` the town's clock; ``rng`` belongs to the part alone, so that
    adding a part changes no other. ``people`` holds the acting persons (``access.Person``) by the keys of
    ``data/sample/organisation.toml``: secretariat, section_head, mayor, clerk, it, adviser, auditor, resident.
    """

    today: date
    clock: Clock
    rng: random.Random
    people: Mapping[str, Any]
    label: str = SAMPLE_LABEL

    def person(self, key: str) -> Any:
        """The acting person of ``key``; raises ``KeyError`` naming the keys there are."""
        try:
            return self.people[key]
        except KeyError:
            raise KeyError(f"the sample town has no {key!r}; it has {', '.join(sorted(self.people))}") from None

    def clock_on(self, day: date) -> Clock:
        """A clock that shows 9:00 of ``day``, for entries of the past. Raises ``ValueError`` for a day to come."""
        if day > self.today:
            raise ValueError(f"{day} lies after the sample town's today, {self.today}")
        return FixedClock(day)


Fill = Callable[[SampleContext], None]


@dataclass(frozen=True)
class SamplePart:
    """One part: ``title`` is what the generator says while it runs, ``order`` its place among all parts."""

    name: str
    title: str
    order: int
    fill: Fill


_parts: dict[str, SamplePart] = {}


def sample_part(*, order: int, title: str) -> Callable[[Fill], Fill]:
    """Declare a function of an app's ``sample.py`` as a part of the sample town.

    Lower ``order`` runs first (100 the plan, 200 and up the initiatives); equal ones run by name.
    """

    def declare(fill: Fill) -> Fill:
        name = f"{fill.__module__}.{fill.__qualname__}"
        _parts[name] = SamplePart(name, title, order, fill)
        return fill

    return declare


def all_sample_parts() -> tuple[SamplePart, ...]:
    """The declared parts in the order they run."""
    return tuple(sorted(_parts.values(), key=lambda part: (part.order, part.name)))
