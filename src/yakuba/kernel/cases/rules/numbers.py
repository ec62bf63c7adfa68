"""受付番号 (整理番号): what a resident writes down, reads over the telephone and types again."""

from __future__ import annotations

import re
import unicodedata

from yakuba.kernel.values.api import FiscalYear

MOST_IN_A_YEAR = 99_999
_WRITTEN = re.compile(r"([A-Z])(\d{1,2})-?(\d{5})-?(\d)")


def written_number(year: FiscalYear, number: int) -> str:
    """``R8-00123-0``: era year of the fiscal year, running number, check digit.

    Raises `ValueError` outside of 1 … 99,999.
    """
    if not 1 <= number <= MOST_IN_A_YEAR:
        raise ValueError(f"a year has {MOST_IN_A_YEAR} numbers, {number} is none of them")
    return f"{year.short}-{number:05d}-{_check_digit(year.short, number)}"


def read_number(typed: str) -> str | None:
    """The number as it is stored, from what somebody typed (any width, case, hyphen); ``None`` for a slip of the pen."""
    text = unicodedata.normalize("NFKC", typed[:40]).upper()
    text = re.sub(r"[\s‐-―−ーｰ_.]", "", re.sub(r"[‐-―−ーｰ]", "-", text)).replace("-", "")
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    era, number = f"{found[1]}{int(found[2])}", int(found[3])
    if number == 0 or int(found[4]) != _check_digit(era, number):
        return None
    return f"{era}-{number:05d}-{found[4]}"


def _check_digit(era: str, number: int) -> int:
    """One digit that changes with every single wrong digit: the weights 1, 3, 7, 9 have no divisor in common with ten.

    Neighbours that changed places are found too, unless they differ by five.
    """
    digits = [ord(era[0]) % 10, *(int(one) for one in era[1:].zfill(2)), *(int(one) for one in f"{number:05d}")]
    return sum(digit * (1, 3, 7, 9)[place % 4] for place, digit in enumerate(digits)) % 10
