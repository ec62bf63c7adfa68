"""How many procedures are online (オンライン化した手続きの数): the rule behind the KPI.

Sample data never count. Source of the measure: the plan's own definition of `procedures.online_live`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the counting list as the rule sees it: a procedure came online by some channel on a day.

    `ended_on` is the first day on which the channel was no longer open. `is_baseline`: part of the list behind the
    plan's baseline.
    """

    procedure: str
    first_online_on: date
    ended_on: date | None
    is_baseline: bool
    is_sample: bool

    def is_open_on(self, day: date) -> bool:
        return self.first_online_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The figure the plan began with, entered by hand: `value` procedures on the day `on`."""

    value: int
    on: date


@dataclass(frozen=True, slots=True)
class Count:
    """The outcome of counting on a day.

    `total` is `None` while neither a figure nor a list is there (未計測, never zero). `listed` are the procedures counted
    from the list; with a mere figure, they are those that came online since its day and `baseline` is added.
    `listed_at_baseline` is what the imported list gives for the baseline's day, to be compared with the figure.
    """

    total: int | None
    baseline: Baseline | None
    listed: frozenset[str]
    has_list: bool
    listed_at_baseline: int | None

    @property
    def disagrees(self) -> bool:
        """Whether list and figure differ: both are shown, the list counts."""
        return (
            self.has_list
            and self.baseline is not None
            and self.listed_at_baseline is not None
            and self.listed_at_baseline != self.baseline.value
        )


def count_online(entries: Iterable[Entry], *, baseline: Baseline | None, on: date) -> Count:
    """Distinct procedures online on a day.

    With the list behind the baseline imported, the list itself is counted. Without it, the figure stands for what was
    online on its day, and distinct procedures whose first online channel opened after that day are added as long as
    they are open.
    """
    real = [entry for entry in entries if not entry.is_sample]
    has_list = any(entry.is_baseline for entry in real)
    if baseline is not None and on < baseline.on:
        baseline = None
    if has_list:
        listed = frozenset(entry.procedure for entry in real if entry.is_open_on(on))
        at_baseline = (
            len({entry.procedure for entry in real if entry.is_baseline and entry.is_open_on(baseline.on)})
            if baseline
            else None
        )
        return Count(len(listed), baseline, listed, True, at_baseline)
    if baseline is None:
        listed = frozenset(entry.procedure for entry in real if entry.is_open_on(on))
        return Count(None, None, listed, False, None)
    first: dict[str, date] = {}
    for entry in real:
        first[entry.procedure] = min(entry.first_online_on, first.get(entry.procedure, entry.first_online_on))
    listed = frozenset(
        entry.procedure for entry in real if first[entry.procedure] > baseline.on and entry.is_open_on(on)
    )
    return Count(baseline.value + len(listed), baseline, listed, False, None)
