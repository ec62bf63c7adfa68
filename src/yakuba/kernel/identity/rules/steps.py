"""What stands between a right password and the office."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum


class Step(StrEnum):
    """The next thing somebody who is signing in has to do."""

    SHOW_SECOND_FACTOR = "show_second_factor"
    CHANGE_PASSWORD = "change_password"
    SET_UP_SECOND_FACTOR = "set_up_second_factor"
    BEGIN_AGAIN = "begin_again"
    ENTER = "enter"


def next_step(
    *, method: str, has_second_factor: bool, showed_second_factor: bool, must_change_password: bool, is_required: bool
) -> Step:
    """The next step of a staff member's sign-in.

    ``is_required``: the installation asks staff for a second factor (production). Somebody who has one is always asked
    for it; somebody who has none sets one up before anything else. A passkey with user verification is both factors,
    but no way round a password that has to be changed. A PIN stands for an earlier complete sign-in: where one would
    not be complete any more, it opens nothing.
    """
    if method == "persona":
        return Step.ENTER
    if method == "pin":
        is_stale = must_change_password or (is_required and not has_second_factor)
        return Step.BEGIN_AGAIN if is_stale else Step.ENTER
    if method != "passkey" and has_second_factor and not showed_second_factor:
        return Step.SHOW_SECOND_FACTOR
    if must_change_password:
        return Step.CHANGE_PASSWORD
    if is_required and not has_second_factor:
        return Step.SET_UP_SECOND_FACTOR
    return Step.ENTER


def is_session_enough(*, method: str, showed_second_factor: bool, is_required: bool) -> bool:
    """Whether a session may act in the office: asked again on every request, so no way in can forget it."""
    return not is_required or showed_second_factor or method in ("passkey", "pin")


def folded_sign_in_name(typed: str) -> str:
    """A sign-in name as it is stored: full-width digits and stray blanks are no reason to refuse anybody."""
    return unicodedata.normalize("NFKC", typed).strip()


#: A session ends so long after the sign-in it began with, however much it is used: a working day, and a day at home.
OFFICE_HOURS, RESIDENT_HOURS = 12, 24


def is_day_over(*, began: float, now: float, hours: float) -> bool:
    """Whether a session that ``began`` (seconds) has reached its end."""
    return now - began > hours * 3600


def is_idle(*, last_used: datetime, now: datetime, minutes: float) -> bool:
    """Whether a session has lain unused for longer than ``minutes``."""
    return now - last_used > timedelta(minutes=minutes)
