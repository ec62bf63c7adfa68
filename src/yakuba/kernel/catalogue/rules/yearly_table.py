"""The yearly table of how procedures were done (手続名・総件数・オンライン件数・割合), as ordinances ask to publish it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yakuba.kernel.catalogue.rules.kinds import ChannelKind


@dataclass(frozen=True, slots=True)
class YearlyRow:
    """One procedure in one fiscal year. `share` is the online part in percent with one decimal, `None` without cases.

    `by_channel` are the counts behind `total`, in the order of `ChannelKind`. A hidden row shows only that there were
    fewer than a number of cases.
    """

    number: int
    title: str
    by_channel: tuple[tuple[ChannelKind, int], ...]
    is_hidden: bool = False

    @property
    def total(self) -> int:
        return sum(count for _, count in self.by_channel)

    @property
    def online(self) -> int:
        return sum(count for kind, count in self.by_channel if kind.is_online)

    @property
    def share(self) -> Decimal | None:
        return share_of(self.online, self.total)


def share_of(part: int, whole: int) -> Decimal | None:
    """A share in percent, rounded half up to one decimal; `None` of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class YearlyTable:
    """All rows of a year and their sum; procedures nobody counted are named, never shown as zero."""

    year: int
    rows: tuple[YearlyRow, ...]
    uncounted: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)

    @property
    def online(self) -> int:
        return sum(row.online for row in self.rows)

    @property
    def share(self) -> Decimal | None:
        return share_of(self.online, self.total)


def yearly_table(
    year: int,
    procedures: Iterable[tuple[str, int, str]],
    *sources: Mapping[tuple[str, ChannelKind], int],
    hide_below: int = 0,
) -> YearlyTable:
    """Add up the sources by procedure and channel.

    `procedures` are (key, number, title) in the order of the table. Totals from 1 up to `hide_below` − 1 are hidden.
    """
    rows: list[YearlyRow] = []
    uncounted: list[str] = []
    for key, number, title in procedures:
        counts = {
            kind: sum(source[key, kind] for source in sources if (key, kind) in source)
            for kind in ChannelKind
            if any((key, kind) in source for source in sources)
        }
        if not counts:
            uncounted.append(title)
            continue
        total = sum(counts.values())
        rows.append(YearlyRow(number, title, tuple(counts.items()), is_hidden=0 < total < hide_below))
    return YearlyTable(year, tuple(rows), tuple(uncounted))
