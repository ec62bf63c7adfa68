"""教示: what the addressee of a decision is told about remedies against it.

行政不服審査法第82条 and 行政事件訴訟法第46条 ask for it in writing with every 処分 (an act that sets somebody's rights
or duties). A 届出 is complete when it arrives (行政手続法第37条): nothing is decided, so nothing is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yakuba.kernel.values.api import Text


class ActKind(StrEnum):
    """What a decision is in law."""

    DISPOSITION = "disposition"  # 処分 of the town's own business (自治事務)
    STATE_DISPOSITION = "state_disposition"  # 処分 of business the law entrusts to the town (法定受託事務)
    NOTIFICATION = "notification"  # 届出: nothing is decided
    OTHER = "other"  # contracts, gifts under a 要綱, answers to an enquiry: no 処分

    @property
    def label(self) -> str:
        return {
            "disposition": "処分（自治事務）",
            "state_disposition": "処分（法定受託事務）",
            "notification": "届出の受付",
            "other": "処分ではないもの",
        }[self.value]

    @property
    def is_disposition(self) -> bool:
        return self in (ActKind.DISPOSITION, ActKind.STATE_DISPOSITION)


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where to turn against decisions of one authority from a day on.

    `authority` is its code, `""` for every other one; `reviewer` decides the 審査請求, `state_reviewer` that against
    business entrusted by law (地方自治法第255条の2); `representative` acts for the town in court.
    """

    authority: str
    since: date
    reviewer: Text
    state_reviewer: Text
    representative: Text
    source: str


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of remedies: months from the day after one learned of it, years from the day after the act itself."""

    review_months: int
    review_years: int
    suit_months: int
    suit_years: int


def remedy_for(authority: str, *, on: date, remedies: Sequence[Remedy]) -> Remedy:
    """The entry that holds on a day: the authority's own, else the general one. Raises ``LookupError`` without any."""
    holding = [one for one in remedies if one.authority in (authority, "") and one.since <= on]
    if not holding:
        raise LookupError(f"no remedies are known for {authority!r} on {on}")
    return max(holding, key=lambda one: (one.authority == authority, one.since))


def remedy_text(template: Text, *, kind: ActKind, remedy: Remedy, periods: Periods, town: Text) -> Text | None:
    """The notice in every language of the template; ``None`` for what is no 処分."""
    if not kind.is_disposition:
        return None
    reviewer = remedy.state_reviewer if kind is ActKind.STATE_DISPOSITION else remedy.reviewer

    def said(language: str) -> str:
        words: Mapping[str, object] = {
            "reviewer": reviewer.in_language(language),
            "representative": remedy.representative.in_language(language),
            "town": town.in_language(language),
            "review_months": periods.review_months,
            "review_years": periods.review_years,
            "suit_months": periods.suit_months,
            "suit_years": periods.suit_years,
        }
        return template.in_language(language).strip().format_map(words)

    return Text.from_dict({language: said(language) for language in template.to_dict()})
