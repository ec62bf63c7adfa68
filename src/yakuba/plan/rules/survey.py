"""The residents' survey (住民満足度調査): satisfaction against importance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

FEWEST_ANSWERS = 10
"""Below this number of answers a share is not shown in public."""

STEPS = 5


@dataclass(frozen=True)
class Answers:
    """How many chose each of five steps, best first, and how many left it blank."""

    counts: tuple[int, int, int, int, int]
    blank: int = 0

    @property
    def answered(self) -> int:
        """People who chose a step."""
        return sum(self.counts)

    @property
    def share(self) -> Decimal | None:
        """Percent of those who answered that chose one of the two best steps, to one decimal; `None` without answers.

        This continues the plan's 44.3 % and 76.9 %: 満足・やや満足 over all who answered.
        """
        if self.answered == 0:
            return None
        exact = Decimal(sum(self.counts[:2])) * 100 / self.answered
        return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Item:
    """One question of the survey with both shares in percent, as counted or as published."""

    key: str
    title: str
    satisfaction: Decimal
    importance: Decimal
    answered: int

    @property
    def gap(self) -> Decimal:
        """Importance minus satisfaction, in points: what people want and do not have."""
        return self.importance - self.satisfaction

    @property
    def may_be_public(self) -> bool:
        """Whether enough people answered to publish the shares."""
        return self.answered >= FEWEST_ANSWERS


class Quadrant(StrEnum):
    """Field of the chart, borders at the means of both shares."""

    IMPROVE_FIRST = "improve_first"
    KEEP = "keep"
    WATCH = "watch"
    ENOUGH = "enough"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            "improve_first": "重点的に改善（重要・不満）",
            "keep": "維持（重要・満足）",
            "watch": "様子を見る（重要度低・不満）",
            "enough": "現状で足りる（重要度低・満足）",
        }[self.value]


@dataclass(frozen=True)
class Placed:
    """An item in its quadrant."""

    item: Item
    quadrant: Quadrant


@dataclass(frozen=True)
class QuadrantChart:
    """Items with the borders they were sorted by; importance or satisfaction on the border counts as high."""

    satisfaction_border: Decimal
    importance_border: Decimal
    placed: tuple[Placed, ...]


def place_in_quadrants(items: Sequence[Item]) -> QuadrantChart | None:
    """Sort items into the four quadrants by the means over all items; `None` without items."""
    if not items:
        return None
    satisfaction = sum((item.satisfaction for item in items), Decimal(0)) / len(items)
    importance = sum((item.importance for item in items), Decimal(0)) / len(items)
    return QuadrantChart(
        satisfaction,
        importance,
        tuple(Placed(item, _quadrant(item, satisfaction, importance)) for item in items),
    )


def _quadrant(item: Item, satisfaction: Decimal, importance: Decimal) -> Quadrant:
    if item.importance >= importance:
        return Quadrant.KEEP if item.satisfaction >= satisfaction else Quadrant.IMPROVE_FIRST
    return Quadrant.ENOUGH if item.satisfaction >= satisfaction else Quadrant.WATCH


@dataclass(frozen=True)
class SurveyRow:
    """One row of a survey file: the item, and the counts behind it where the file has them (five steps and blank)."""

    item: Item
    satisfaction_counts: list[int] | None = None
    importance_counts: list[int] | None = None
