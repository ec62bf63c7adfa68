"""What a resident may know about the use of their data."""

from __future__ import annotations

from datetime import date


def may_be_told(*, is_withheld: bool, reader: str, person_concerned: str, is_protected: bool) -> bool:
    """Whether a reading is shown to the person it concerned.

    Not shown: readings withheld by law or duty (child protection, police and tax enquiries), everything about a
    protected person (支援措置: whoever forces them to open the page must learn nothing), and one's own readings.
    """
    return not is_withheld and not is_protected and reader != person_concerned


def deadline_light(*, due: date | None, today: date) -> str:
    """Colour word of a deadline: ``late`` after it, ``soon`` within three days, else ``calm``; ``none`` without one."""
    if due is None:
        return "none"
    if due < today:
        return "late"
    return "soon" if (due - today).days <= 3 else "calm"
