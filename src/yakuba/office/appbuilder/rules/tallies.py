"""Numbers over groups of records (集計): put together, ordered, totalled. Plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from yakuba.office.appbuilder.rules.spans import following, start_of
from yakuba.office.appbuilder.rules.views import How, Step

NOWHERE = ""
"""The key of the group of records without a value."""
OTHERS = "\x00others"
"""The key of what is left beside the largest groups."""
MOST_GROUPS = 30
MOST_STEPS = 60
"""At most so many days, months or years stand in a chart; of more, the last."""
_FAR = 400


@dataclass(frozen=True, slots=True)
class Amount:
    """Sum, how many records have a value, least and most of one field over a group."""

    total: Decimal = Decimal(0)
    known: int = 0
    least: Decimal | None = None
    most: Decimal | None = None

    def with_(self, other: Amount) -> Amount:
        """Both groups together."""
        ends = [one for one in (self.least, other.least) if one is not None]
        tops = [one for one in (self.most, other.most) if one is not None]
        return Amount(
            self.total + other.total,
            self.known + other.known,
            min(ends) if ends else None,
            max(tops) if tops else None,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records a group holds, and the amounts asked for, by field key."""

    count: int = 0
    amounts: Mapping[str, Amount] | None = None

    def with_(self, other: Tally) -> Tally:
        """Both groups together."""
        mine, theirs = self.amounts or {}, other.amounts or {}
        keys = [*mine, *(key for key in theirs if key not in mine)]
        both = {key: mine.get(key, Amount()).with_(theirs.get(key, Amount())) for key in keys}
        return Tally(self.count + other.count, both)

    def says(self, how: How, field: str) -> Decimal | None:
        """The number a measure gives; None where there is none (the average of nothing)."""
        if how is How.COUNT:
            return Decimal(self.count)
        amount = (self.amounts or {}).get(field, Amount())
        if how is How.SUM:
            return amount.total
        if how is How.AVERAGE:
            if not amount.known:
                return None
            return (amount.total / amount.known).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return amount.least if how is How.LEAST else amount.most


NOTHING = Tally()
K = TypeVar("K", bound=Hashable)


def folded(pairs: Iterable[tuple[K, Tally]]) -> dict[K, Tally]:
    """Groups of the same key put together."""
    found: dict[K, Tally] = {}
    for key, tally in pairs:
        found[key] = found[key].with_(tally) if key in found else tally
    return found


def day_key(value: date | None, step: Step) -> str:
    """The key of the group a day falls into."""
    return start_of(value, step).isoformat() if value is not None else NOWHERE


def steps_between(keys: Iterable[str], step: Step) -> list[str]:
    """Every day, month or year from the first to the last of the keys; only those there are, if they lie far apart."""
    days = sorted(date.fromisoformat(key) for key in keys if key != NOWHERE)
    found = days[:1]
    while found and found[-1] < days[-1] and len(found) <= _FAR:
        found.append(following(found[-1], step))
    return [day.isoformat() for day in (days if len(found) > _FAR else found)]


def largest(
    tallies: Mapping[K, Tally], *, most: int, others: K, weight: Callable[[Tally], Decimal | None]
) -> dict[K, Tally]:
    """The largest groups, what is left under `others`."""
    if len(tallies) <= most:
        return dict(tallies)
    ranked = sorted(tallies, key=lambda key: (-(weight(tallies[key]) or Decimal(0)), str(key)))
    kept = set(ranked[: most - 1])
    return folded((key if key in kept else others, tally) for key, tally in tallies.items())


def ordered(keys: Iterable[str], known: Sequence[str]) -> list[str]:
    """Keys in the order they are known, then unknown ones as texts, then others and nowhere last."""
    places = {key: place for place, key in enumerate(known)}
    last = {OTHERS: 1, NOWHERE: 2}
    return sorted(keys, key=lambda key: (last.get(key, 0), places.get(key, len(places)), key))


@dataclass(frozen=True, slots=True)
class Cross:
    """A table of groups by groups: `tallies` by (row, column); `across` by row, `down` by column, `all` of all."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    tallies: Mapping[tuple[str, str], Tally]
    across: Mapping[str, Tally]
    down: Mapping[str, Tally]
    all: Tally
