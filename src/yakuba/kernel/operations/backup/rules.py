"""Decisions about backups: what a file is called, when the nightly one is due, which ones are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from yakuba.kernel.values.api import TOKYO, business_date

NIGHTLY_AT = time(1, 30)
"""When the nightly backup starts, Tokyo time: nobody works, and the day's jobs (02:00 and later) still lie ahead."""

ATTEMPTS_A_NIGHT = 3
PAUSE_BETWEEN_ATTEMPTS = timedelta(minutes=30)
FIRST_BACKUP_AFTER = timedelta(hours=1)
"""A town hall that was open this long without any backup gets its first one, whatever the hour."""

_NAME = re.compile(r"yakuba-(\d{8}-\d{6})-([a-z]+)\.age")


class Reason(StrEnum):
    """Why a backup was made."""

    NIGHTLY = "nightly"
    BY_HAND = "hand"
    UPGRADE = "upgrade"
    MOVE = "move"

    @property
    def label(self) -> str:
        return _REASON_LABELS[self]


_REASON_LABELS = {
    Reason.NIGHTLY: "毎晩の自動",
    Reason.BY_HAND: "手で実行",
    Reason.UPGRADE: "更新の前",
    Reason.MOVE: "データベース移行の前",
}


def archive_name(made_at: datetime, reason: Reason) -> str:
    """The file name of a backup, with the time of the town's wall: ``yakuba-20261123-013000-nightly.age``."""
    return f"yakuba-{made_at.astimezone(TOKYO):%Y%m%d-%H%M%S}-{reason.value}.age"


def read_archive_name(name: str) -> tuple[datetime, Reason] | None:
    """Moment and reason in a file name; ``None`` for a file that is no backup of ours."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    try:
        moment = datetime.strptime(found.group(1), "%Y%m%d-%H%M%S").replace(tzinfo=TOKYO)
        return moment, Reason(found.group(2))
    except ValueError:
        return None


@dataclass(frozen=True)
class Retention:
    """How many backups stay: the newest of each of the last days, weeks (from Monday) and months that have one."""

    daily: int = 14
    weekly: int = 8
    monthly: int = 12


def read_retention(written: str) -> Retention:
    """Read ``daily,weekly,monthly`` as in ``14,8,12``. Raises ``ValueError``; at least one daily backup stays."""
    numbers = [int(one) for one in written.split(",")]
    if len(numbers) != 3 or min(numbers) < 0 or numbers[0] < 1:
        raise ValueError(f"not three numbers, the first of them 1 or more: {written!r}")
    return Retention(*numbers)


RECENT = timedelta(days=2)
"""Nothing younger than this is removed: somebody made it for a reason that may still stand."""


def kept(made: Collection[datetime], *, now: datetime, retention: Retention) -> frozenset[datetime]:
    """Which of the backups made at these moments stay. The newest one always does."""
    newest_first = sorted(made, reverse=True)
    staying = {*newest_first[:1], *(moment for moment in newest_first if now - moment < RECENT)}
    for period, number in (
        (lambda day: day, retention.daily),
        (lambda day: day.isocalendar()[:2], retention.weekly),
        (lambda day: (day.year, day.month), retention.monthly),
    ):
        staying |= _newest_of_each(newest_first, period=period, number=number)
    return frozenset(staying)


def _newest_of_each(
    newest_first: Sequence[datetime], *, period: Callable[[date], Hashable], number: int
) -> set[datetime]:
    newest: dict[Hashable, datetime] = {}
    for moment in newest_first:
        newest.setdefault(period(business_date(moment)), moment)
    return set(list(newest.values())[:number])


@dataclass(frozen=True)
class Attempt:
    """One start of the nightly backup; ``ended_well`` is ``None`` while it runs or when it was killed."""

    started_at: datetime
    ended_well: bool | None


def latest_moment(now: datetime, at: time) -> datetime:
    """The last time at or before ``now`` when the clock in Tokyo showed ``at``."""
    local = now.astimezone(TOKYO)
    moment = datetime.combine(local.date(), at, TOKYO)
    return moment if moment <= local else moment - timedelta(days=1)


def nightly_is_due(
    *, now: datetime, at: time, newest: datetime | None, attempts: Sequence[Attempt], open_since: datetime
) -> bool:
    """Whether the nightly backup has to start now.

    ``newest`` is when the newest backup of any reason was made, ``open_since`` when this town hall was opened. A night
    missed because the machine was off is made up for at once. A failed attempt is repeated after half an hour, three
    times a night, then the doctor's words have to do.
    """
    moment = latest_moment(now, at)
    if newest is not None and newest >= moment:
        return False
    tonight = [one for one in attempts if one.started_at >= moment]
    if len(tonight) >= ATTEMPTS_A_NIGHT:
        return False
    if tonight and now - max(one.started_at for one in tonight) < PAUSE_BETWEEN_ATTEMPTS:
        return False
    if newest is None and not attempts and moment <= open_since:
        return now - open_since >= FIRST_BACKUP_AFTER
    return True


class Freshness(StrEnum):
    """How far one may rely on the newest backup."""

    GOOD = "good"
    LATE = "late"
    OLD = "old"
    NONE = "none"


def freshness(*, now: datetime, newest: datetime | None) -> Freshness:
    """A nightly backup is late after a day and a half, and old after three days."""
    if newest is None:
        return Freshness.NONE
    age = now - newest
    if age <= timedelta(hours=36):
        return Freshness.GOOD
    return Freshness.LATE if age <= timedelta(days=3) else Freshness.OLD


DRILL_WITHIN = timedelta(days=92)
"""A restore drill (復元訓練) is due every quarter."""


def drill_is_due(*, now: datetime, last_good_drill: datetime | None) -> bool:
    return last_good_drill is None or now - last_good_drill > DRILL_WITHIN
