"""Hours freed (生まれた時間): work that takes less time than before, added up with its cases and methods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yakuba.kernel.values.api import Refusal

MINUTES_PER_HOUR = 60
MOST_MINUTES = 60 * 24 * 30
MOST_CASES = 10_000_000


class Method(StrEnum):
    """How the minutes before and after were found. Only measured ones make the headline figure."""

    LOGGED = "logged"
    TIMED = "timed"
    ASKED = "asked"

    @property
    def label(self) -> str:
        """What people read."""
        return {"logged": "システムの記録", "timed": "時間を計った", "asked": "担当者への聞き取り（推計）"}[self.value]

    @property
    def is_measured(self) -> bool:
        """Whether the figure was measured and not estimated."""
        return self is not Method.ASKED


@dataclass(frozen=True)
class Saving:
    """One piece of work in one fiscal year: minutes per case before and after, and the cases counted (件数 n)."""

    minutes_before: Decimal
    minutes_after: Decimal
    cases: int
    method: Method

    @property
    def hours(self) -> Decimal:
        """Hours freed; negative when the work takes longer than before, because that is part of the truth."""
        return (self.minutes_before - self.minutes_after) * self.cases / MINUTES_PER_HOUR


@dataclass(frozen=True)
class MethodTotal:
    """The sum over the savings of one method."""

    method: Method
    hours: Decimal
    works: int
    cases: int


@dataclass(frozen=True)
class Total:
    """Hours freed in all; `measured` is the headline, `estimated` stands beside it and is never mixed in."""

    measured: Decimal
    estimated: Decimal
    by_method: tuple[MethodTotal, ...]


def check_saving(*, minutes_before: Decimal, minutes_after: Decimal, cases: int) -> None:
    """Refuse figures that cannot be: negative or absurd minutes, no cases. Raises `Refusal` naming the field."""
    for field, minutes in (("minutes_before", minutes_before), ("minutes_after", minutes_after)):
        if not 0 <= minutes <= MOST_MINUTES:
            raise Refusal(
                "1件あたりの時間が0分より小さいか、30日を超えています。", field=field, hint="分で入力してください。"
            )
    if not 1 <= cases <= MOST_CASES:
        raise Refusal("件数は1以上、1千万以下で入力してください。", field="cases")


def add_up(savings: Iterable[Saving]) -> Total:
    """Add up savings, each method on its own."""
    listed = list(savings)
    by_method = []
    for method in Method:
        mine = [saving for saving in listed if saving.method is method]
        if mine:
            hours = sum((saving.hours for saving in mine), Decimal(0))
            by_method.append(MethodTotal(method, hours, len(mine), sum(saving.cases for saving in mine)))
    measured = sum((one.hours for one in by_method if one.method.is_measured), Decimal(0))
    estimated = sum((one.hours for one in by_method if not one.method.is_measured), Decimal(0))
    return Total(measured, estimated, tuple(by_method))
