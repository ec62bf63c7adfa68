"""整理番号: what people write down, read over the telephone and type again."""

from __future__ import annotations

import re
import unicodedata

APPOINTMENT, VISIT = "K", "S"
"""First letters: an appointment (窓口の予約), a support visit (出張・訪問の申込)."""
MOST = 10_000_000
_WRITTEN = re.compile(r"([KS])(\d{7})(\d)")
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7)


def written_number(letter: str, drawn: int) -> str:
    """``K123-4567-8``: letter, seven drawn digits, check digit. The digits are drawn, so nobody reads from a number how
    many there are or what the next one is. Raises `ValueError` outside of 0 … 9,999,999 or for another letter.
    """
    if letter not in (APPOINTMENT, VISIT) or not 0 <= drawn < MOST:
        raise ValueError(f"no number {letter}{drawn}")
    digits = f"{drawn:07d}"
    return f"{letter}{digits[:3]}-{digits[3:]}-{_check_digit(letter, digits)}"


def read_number(typed: str) -> str | None:
    """The number as it is stored, from what somebody typed (any width, case, hyphen); ``None`` for a slip of the pen."""
    text = unicodedata.normalize("NFKC", typed[:40]).upper()
    found = _WRITTEN.fullmatch(re.sub(r"[\s‐-―−ーｰ_.\-]", "", text))
    if found is None or found[3] != _check_digit(found[1], found[2]):
        return None
    return f"{found[1]}{found[2][:3]}-{found[2][3:]}-{found[3]}"


def _check_digit(letter: str, digits: str) -> str:
    """Changes with every single wrong digit: no weight has a divisor in common with ten."""
    total = ord(letter) + sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=True))
    return str(total % 10)
