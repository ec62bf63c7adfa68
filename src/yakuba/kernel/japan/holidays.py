"""National holidays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from yakuba.kernel.values.api import Refusal

FIRST_YEAR, LAST_YEAR = 1986, 2099
"""The years for which two independent libraries agree on every day (see the tests)."""


def holiday_name(day: date) -> str | None:
    """The name of the national holiday (国民の祝日に関する法律), `振替休日` and `国民の休日` included; else `None`.

    Days of spring and autumn equinox after next year are computed; the official day is published each February
    (官報). Raises `Refusal` outside 1986–2099.
    """
    return _holidays(day.year).get(day)


@lru_cache(maxsize=256)
def _holidays(year: int) -> Mapping[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(
            f"{year}年の祝日は計算できません。", hint=f"{FIRST_YEAR}年から{LAST_YEAR}年までの日付を入力してください。"
        )
    # Loaded on first use: most commands never ask for a holiday.
    import jpholiday

    # A substitute is named "憲法記念日 振替休日": the reader wants the kind of day.
    return MappingProxyType({day: name.split(" ")[-1] for day, name in jpholiday.year_holidays(year)})
