"""How long something waited, as people say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def words_of_time(waited: timedelta) -> str:
    """「3日4時間」「25分」: two units at most, whole minutes at least."""
    seconds = max(0, int(waited.total_seconds()))
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    if days:
        return f"{days}日{hours}時間" if hours else f"{days}日"
    minutes = rest // _MINUTE
    if hours:
        return f"{hours}時間{minutes}分" if minutes else f"{hours}時間"
    return f"{minutes}分" if minutes else "1分未満"


def median_hours(waited: Sequence[timedelta]) -> float:
    """The median in hours, one decimal. Raises ``ValueError`` for no times at all."""
    if not waited:
        raise ValueError("no times to take the median of")
    return round(median(one.total_seconds() for one in waited) / _HOUR, 1)
