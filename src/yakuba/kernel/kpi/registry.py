"""Measures: numbers the house can tell about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from yakuba.kernel.values.api import Text


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class MeasuredBy(StrEnum):
    """Where a value comes from."""

    SYSTEM = "system"
    HAND = "hand"

    @property
    def label(self) -> str:
        return "自動計測" if self is MeasuredBy.SYSTEM else "手入力"


@dataclass(frozen=True)
class Reading:
    """One value of a measure: ``value`` in the measure's unit, ``n`` how many records stand behind it."""

    value: Decimal | int
    n: int | None = None


@dataclass(frozen=True)
class Measure:
    """Definition of a measure.

    ``definition`` says in one sentence what is counted; ``how`` where the number is read; ``drill_down`` is the named
    address of the records behind it, for those who may; small values of a measure that ``counts_people`` are not shown
    in public (parameter ``kpi.small_count``). ``read`` is ``None`` for a measure that only people can take.
    """

    id: str
    title: Text
    definition: Text
    unit: str
    direction: Direction
    how: str
    initiative: str = ""
    drill_down: str = ""
    counts_people: bool = False
    read: Callable[[date], Reading | None] | None = None

    @property
    def measured_by(self) -> MeasuredBy:
        return MeasuredBy.SYSTEM if self.read else MeasuredBy.HAND


_measures: dict[str, Measure] = {}
_sources: dict[str, Callable[[], Iterable[Measure]]] = {}


def measure(
    measure_id: str,
    *,
    title: Text,
    definition: Text,
    unit: str,
    direction: Direction,
    how: str,
    initiative: str = "",
    drill_down: str = "",
    counts_people: bool = False,
) -> Callable[[Callable[[date], Reading | None]], Callable[[date], Reading | None]]:
    """Declare a function of an app's ``kpi.py`` as a measure. It takes the business date and may answer ``None``
    (nothing to measure yet: shown as 未計測, never as zero)."""

    def declare(read: Callable[[date], Reading | None]) -> Callable[[date], Reading | None]:
        known = _measures.get(measure_id)
        if known and known.read and known.read.__module__ != read.__module__:
            raise ValueError(f"measure {measure_id!r} is declared twice")
        _measures[measure_id] = Measure(
            measure_id, title, definition, unit, direction, how, initiative, drill_down, counts_people, read
        )
        return read

    return declare


def measures_from(name: str, source: Callable[[], Iterable[Measure]]) -> None:
    """Let an app name further measures that only people can take (the plan's KPIs without a system behind them)."""
    _sources[name] = source


def known_measures() -> dict[str, Measure]:
    """Every measure by id; a measured one wins over one taken by hand of the same id."""
    found = {one.id: one for source in _sources.values() for one in source()}
    found.update(_measures)
    return dict(sorted(found.items()))


def system_measures() -> list[Measure]:
    """Measures the system itself can read."""
    return [_measures[key] for key in sorted(_measures)]
