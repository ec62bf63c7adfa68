"""The year schedule against a day (年度スケジュールと今日)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yakuba.kernel.values.api import FiscalYear, Period
from yakuba.plan.rules.plan_file import Header, Phase


class PhaseState(StrEnum):
    """How a phase stands: by the calendar, and by whether somebody confirmed its end."""

    AHEAD = "ahead"
    RUNNING = "running"
    DONE = "done"
    UNCONFIRMED = "unconfirmed"

    @property
    def label(self) -> str:
        """What people read."""
        return {"ahead": "これから", "running": "いまの工程", "done": "完了", "unconfirmed": "期間を過ぎて完了未確認"}[
            self.value
        ]


@dataclass(frozen=True)
class PlacedPhase:
    """A phase with both ends. `end_stated` is false where the plan does not say the last year and it is filled in."""

    label: str
    track: str | None
    first: FiscalYear
    last: FiscalYear
    end_stated: bool

    @property
    def period(self) -> Period:
        """The days of the phase."""
        return Period.through(self.first.start, self.last.last_day)


def place_phases(phases: Sequence[Phase], header: Header) -> tuple[PlacedPhase, ...]:
    """Give every phase its last year: as stated, else the year before the next of its track, else the plan's last."""
    placed = []
    for phase in phases:
        following = [other.first for other in phases if other.track == phase.track and other.first > phase.first]
        filled = min(following) - 1 if following else header.fiscal_years[-1].year
        last = phase.last if phase.last is not None else filled
        placed.append(
            PlacedPhase(phase.label, phase.track, FiscalYear(phase.first), FiscalYear(last), phase.last is not None)
        )
    return tuple(placed)


def phase_key(phase: PlacedPhase) -> str:
    """How a confirmation names a phase: first year, track and label."""
    return f"{phase.first.year}/{phase.track or ''}/{phase.label}"


def phase_state(phase: PlacedPhase, today: date, *, is_confirmed: bool) -> PhaseState:
    """How a phase stands on a day. Time going by finishes nothing: done is what somebody confirmed."""
    if is_confirmed:
        return PhaseState.DONE
    if today < phase.first.start:
        return PhaseState.AHEAD
    return PhaseState.RUNNING if today <= phase.last.last_day else PhaseState.UNCONFIRMED


def share_of_plan(header: Header, day: date) -> float:
    """How much of the plan's period is over on a day, 0 … 1."""
    whole = (header.period_end - header.period_start).days + 1
    return min(max((day - header.period_start).days / whole, 0.0), 1.0)
