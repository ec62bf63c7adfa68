"""Which days the organisation's records may carry."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.values.api import Refusal

EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)


def check_day(day: date, *, field: str, what: str) -> date:
    """The day itself. Raises `Refusal` for days that can only be slips of the keyboard (before 1950, after 2199)."""
    if not EARLIEST <= day <= LATEST:
        raise Refusal(
            f"{what}「{day:%Y-%m-%d}」は扱えません。",
            field=field,
            hint=f"{EARLIEST.year}年から{LATEST.year}年までの日を入力してください。",
        )
    return day
