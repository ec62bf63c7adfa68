"""The eras of the modern calendar; how dates are written and read in them stands in `yakuba.kernel.japan`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_SOLAR_DAY = date(1873, 1, 1)
"""明治6年1月1日, the day after 明治5年12月2日: Japan changed to the Gregorian calendar (明治5年太政官布告第337号)."""


@dataclass(frozen=True, slots=True)
class Era:
    """An era (元号): its name, its letter, the Gregorian year of its year 1, its first and last day (`None`: running).

    The first day of 明治 is given as the first day of the solar calendar: earlier days have no month and day that
    could be read as a Gregorian date.
    """

    name: str
    letter: str
    first_year: int
    first_day: date
    last_day: date | None

    def year_of(self, day: date) -> int:
        """The year of the era a day lies in (1 for 元年)."""
        return day.year - self.first_year + 1

    def contains(self, day: date) -> bool:
        """Whether the era was in force on that day."""
        return self.overlaps(day, day)

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the era was in force on any of the days from `first` through `last`."""
        return self.first_day <= last and (self.last_day is None or first <= self.last_day)


def _eras() -> tuple[Era, ...]:
    # Days of change: 改元ノ詔書 (1912, 1926), 元号を改める政令 (昭和64年政令第1号, 平成31年政令第143号).
    changes = (
        ("明治", "M", 1868, FIRST_SOLAR_DAY),
        ("大正", "T", 1912, date(1912, 7, 30)),
        ("昭和", "S", 1926, date(1926, 12, 25)),
        ("平成", "H", 1989, date(1989, 1, 8)),
        ("令和", "R", 2019, date(2019, 5, 1)),
    )
    ends = [first_day - timedelta(days=1) for *_, first_day in changes[1:]]
    return tuple(Era(*change, last_day) for change, last_day in zip(changes, [*ends, None], strict=True))


ERAS: tuple[Era, ...] = _eras()
"""All eras since 明治, oldest first."""
