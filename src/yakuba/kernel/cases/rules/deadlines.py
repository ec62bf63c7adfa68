"""Until when a case should be done (標準処理期間), and the light that warns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.japan.api import BusinessCalendar
from yakuba.kernel.values.api import Period

_ONE_DAY = timedelta(days=1)
_LONGEST = 3660


class Light(StrEnum):
    """The light of the worklist."""

    NONE = "none"
    STOPPED = "stopped"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        return {
            "none": "期限なし",
            "stopped": "申請者の対応待ち",
            "green": "期限内",
            "yellow": "期限間近",
            "red": "期限超過・要判断",
        }[self.value]


def pause(asked_on: date, ended_on: date | None, deadline: date) -> Period | None:
    """The days that do not count because the applicant had to answer: from the day after asking through the day of the
    answer, at the latest through the deadline, after which it is the town's turn again. ``None`` if answered the same day.
    """
    last = min(ended_on, deadline) if ended_on is not None else deadline
    return Period.through(asked_on + _ONE_DAY, last) if last > asked_on else None


def due_day(
    *, counts_from: date, days: int, pauses: Iterable[Period], is_stopped: bool, calendar: BusinessCalendar
) -> date | None:
    """The last day of the standard period: ``days`` open days after arrival, those of ``pauses`` not counted.

    The day of arrival itself does not count (民法第140条). ``None`` while the period stands still (``is_stopped``): when it
    ends nobody knows yet. Source: 行政手続法第6条.
    """
    if is_stopped:
        return None
    if days == 0:
        return calendar.next_open(counts_from)
    stopped: Sequence[Period] = tuple(pauses)
    day = counts_from
    left = days
    for _ in range(_LONGEST):
        day += _ONE_DAY
        if calendar.is_open(day) and not any(one.contains(day) for one in stopped):
            left -= 1
            if left == 0:
                return day
    return None


def light(*, phase: Phase, due_on: date | None, today: date, warn_until: date) -> Light:
    """The light of a case. ``warn_until`` is the last due day that is yellow (see `warning_day`)."""
    if phase is Phase.OVERDUE:
        return Light.RED
    if phase.waits_for_applicant:
        return Light.STOPPED
    if due_on is None or phase in (Phase.CLOSED, Phase.DECIDED):
        return Light.NONE
    if due_on < today:
        return Light.RED
    return Light.YELLOW if due_on <= warn_until else Light.GREEN


def warning_day(today: date, days: int, calendar: BusinessCalendar) -> date:
    """The last due day that is yellow today: ``days`` open days from now."""
    return calendar.add_business_days(today, days) if days else today


def correction_deadline(asked_on: date, days: int, calendar: BusinessCalendar) -> date:
    """The day proposed for an answer: ``days`` after asking, on a closed day the next open one."""
    return calendar.next_open(asked_on + timedelta(days=days))
