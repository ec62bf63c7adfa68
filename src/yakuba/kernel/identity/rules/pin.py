"""The PIN (暗証番号) of one person on one shared device."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

SHORTEST, LONGEST = 6, 8
MOST_FAILURES = 5
#: A PIN opens a device only this long after a complete sign-in there: one working day.
HOURS_AFTER_SIGN_IN = 12


def fault_of_pin(pin: str) -> str:
    """What is wrong with a PIN somebody wants to have, in Japanese; ``""`` if nothing."""
    if not pin.isascii() or not pin.isdigit() or not SHORTEST <= len(pin) <= LONGEST:
        return f"{SHORTEST}〜{LONGEST}けたの数字にしてください。"
    if len(set(pin)) <= 2:
        return "同じ数字の繰り返しは使えません。"
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps in ({1}, {9}):
        return "続き番号は使えません。"
    return ""


def is_pin_open(*, has_pin: bool, failures: int, fully_signed_in_at: datetime, now: datetime) -> bool:
    """Whether the PIN may be tried: it was not wrong too often, and the last complete sign-in was today's work."""
    since = now - fully_signed_in_at
    return has_pin and failures < MOST_FAILURES and timedelta(0) <= since <= timedelta(hours=HOURS_AFTER_SIGN_IN)
