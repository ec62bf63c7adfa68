"""How long a case is kept (保存期間) and when it may be disposed of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.values.api import FiscalYear

UNTIL_SAID = 10
"""Years a case is kept whose procedure names no retention yet: nothing is lost because nobody decided."""


def kept_until(completed_on: date, years: int | None) -> date:
    """The first day on which a case need not be kept any more: ``years`` after the 1 April that follows completion.

    Completed on 2 November 2026 and kept 5 years: from 1 April 2027 through 31 March 2032, so 1 April 2032.
    """
    return date(FiscalYear.of(completed_on).year + 1 + (UNTIL_SAID if years is None else years), 4, 1)


@dataclass(frozen=True, slots=True)
class ToDispose:
    """What is known of a case on a disposal list."""

    is_closed: bool
    kept_until: date
    holds: int = 0
    grant_is_open: bool = False


def why_kept(case: ToDispose, *, on: date) -> str:
    """Why a case must not be disposed of on a day; empty when it may."""
    if not case.is_closed:
        return "まだ終わっていない"
    if case.holds:
        return "廃棄が止められている"
    if on < case.kept_until:
        return f"保存期間が{case.kept_until:%Y-%m-%d}の前日まで続く"
    if case.grant_is_open:
        return "同じ補助金の別の段階が終わっていない"
    return ""


def cases_in_words(reasons: Sequence[str]) -> str:
    """Reasons counted, for the note of a list."""
    return "、".join(f"{reason}（{reasons.count(reason)}件）" for reason in dict.fromkeys(reasons) if reason)
