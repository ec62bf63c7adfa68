"""What the public sees of a survey: counts, never words, and no count so small that it could point at somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yakuba.office.appbuilder.rules.definition import AppField, FieldType

COUNTED = (FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO)
BATCH = 5
"""Public results move on by so many answers at once: nobody reads a single answer from the difference of two looks."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each choice was given: (key, count), None for a count that is withheld. `answers` is how many answered."""

    field: str
    answers: int
    counts: tuple[tuple[str, int | None], ...]


def tally(one: AppField, given: Sequence[Mapping[str, Any]]) -> Tally:
    """The exact counts of one question."""
    values = [values[one.key] for values in given if values.get(one.key) is not None]
    if one.type is FieldType.YES_NO:
        counted: Counter[str] = Counter("yes" if value is True else "no" for value in values)
        keys = ["yes", "no"]
    else:
        counted = Counter(str(part) for value in values for part in (value if isinstance(value, list) else [value]))
        keys = [choice.key for choice in one.choices if choice.is_used or counted[choice.key]]
    return Tally(one.key, len(values), tuple((key, counted[key]) for key in keys))


def suppressed(exact: Tally, *, least: int) -> Tally:
    """The counts as they may be published: from 1 to below `least` withheld.

    Where a single count is withheld it could be reckoned from the others, so the next smallest goes with it.
    """
    counts = dict(exact.counts)
    small = {key for key, count in counts.items() if count is not None and 0 < count < least}
    if len(small) == 1:
        others = sorted((count, key) for key, count in counts.items() if count and key not in small)
        if others:
            small.add(others[0][1])
        else:
            small |= set(counts)
    return Tally(
        exact.field, exact.answers, tuple((key, None if key in small else count) for key, count in exact.counts)
    )


def shown_answers(received: int, *, is_over: bool) -> int:
    """Of how many answers, from the first on, the public sees the counts."""
    return received if is_over else received - received % BATCH
