"""What may be changed in many records at once (まとめて変える)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField
from yakuba.office.appbuilder.rules.permissions import Sight

MOST_RECORDS, MOST_CHANGED = 500, 3


def bulk_fields(definition: AppDefinition, sight: Sight) -> tuple[AppField, ...]:
    """The fields offered: those the person may write, but for values no two records share and for files.

    The field a process governs is never among them: `AppDefinition.by_hand` leaves it out.
    """
    allowed = definition.by_hand & sight.editable
    return tuple(one for one in definition.fields if one.key in allowed and not one.unique and not one.type.holds_files)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change of many would do: how many records change, how many are so already, and per field how many change."""

    changing: int
    same: int
    by_field: Mapping[str, int]


def foreseen(current: Iterable[Mapping[str, Any]], wanted: Mapping[str, Any]) -> Foreseen:
    """Compare the values of some records with what they shall be (None: empty)."""
    changing = same = 0
    by_field = dict.fromkeys(wanted, 0)
    for values in current:
        different = [key for key, value in wanted.items() if values.get(key) != value]
        for key in different:
            by_field[key] += 1
        changing += bool(different)
        same += not different
    return Foreseen(changing, same, by_field)
