"""Plainly made-up values in the place of personal ones, for a copy to try things on (試し用の複製).

What is promised: no text of a personal field longer than one character, and no other value of a personal field, stands
in anything this gives. What cannot be masked that way is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from yakuba.office.appbuilder.rules.check import computed_reads, reach
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldClass, FieldType

_TRIES = 12
_WRITTEN = (FieldType.SHORT_TEXT, FieldType.LONG_TEXT, FieldType.ADDRESS, FieldType.PHONE, FieldType.MAIL)
_LONGEST_FILLER = 1000


def copied_definition(definition: AppDefinition, title: str) -> AppDefinition:
    """The definition a copy has: without what reaches beyond it (automations, doors, sums over other apps)."""
    gone = {one.key for one in definition.fields if one.type is FieldType.ROLLUP}
    reads = computed_reads(definition)
    gone |= {key for key in reads if reach(key, reads) & gone}
    return definition.model_copy(
        update={
            "title": title,
            "fields": tuple(
                one if one.data_class is FieldClass.OPEN else one.model_copy(update={"default": None})
                for one in definition.fields
                if one.key not in gone
            ),
            "automations": (),
            "doors": (),
        }
    )


def masked_records(
    definition: AppDefinition, records: Sequence[Mapping[str, Any]], *, seed: str, also: Iterable[Any] = ()
) -> list[dict[str, Any]]:
    """The values of records with everything personal made up; the same for the same seed. Computed values are left out.

    `records` are whole values in the shape of `definition` (of the original, with all its fields); `also` are values
    personal fields held once. Free text is never carried over, whatever class its field has: people write names there.
    """
    rng = Random(seed)
    hidden = _Hidden(definition, records, also)
    shift = timedelta(days=rng.randint(400, 4000))
    fields = [one for one in definition.fields if one.type.is_typed]
    used: dict[str, set[str]] = {one.key: set() for one in fields}
    made = []
    for number, values in enumerate(records, 1):
        row: dict[str, Any] = {}
        for one in fields:
            value = values.get(one.key)
            if value is None or one.type.holds_files or one.type is FieldType.LOOKUP:
                continue
            found = value
            is_free = one.type is FieldType.LONG_TEXT
            if is_free or one.data_class is not FieldClass.OPEN or hidden.tells(value):
                found = _made_up(one, value, number, rng, shift, hidden, used[one.key])
            if found is not None:
                row[one.key] = found
                used[one.key].add(str(found))
        made.append(row)
    return made


class _Hidden:
    """What must not be told: the values of personal fields."""

    def __init__(self, definition: AppDefinition, records: Iterable[Mapping[str, Any]], also: Iterable[Any]) -> None:
        keys = [one.key for one in definition.stored if one.data_class is not FieldClass.OPEN]
        values = [part for row in records for key in keys for part in _parts(row.get(key))]
        values += [part for value in also for part in _parts(value)]
        self.texts = sorted({one for one in values if isinstance(one, str) and len(one) > 1}, key=len)
        self.others = {one for one in values if not isinstance(one, str | bool)}

    def tells(self, value: Any) -> bool:
        """Whether a value holds anything of them."""
        for part in _parts(value):
            if isinstance(part, str):
                if any(text in part for text in self.texts):
                    return True
            elif not isinstance(part, bool) and part in self.others:
                return True
        return False


def _parts(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _made_up(
    one: AppField, value: Any, number: int, rng: Random, shift: timedelta, hidden: _Hidden, used: set[str]
) -> Any:
    """A value of the same shape that tells nothing; None where there is none."""
    for attempt in range(_TRIES):
        found = _candidate(one, value, number + attempt * 1000, rng, shift + timedelta(days=attempt * 37))
        if found is None:
            return None
        if not hidden.tells(found) and not (one.unique and str(found) in used):
            return found
    return None


def _candidate(one: AppField, value: Any, number: int, rng: Random, shift: timedelta) -> Any:
    if one.type in _WRITTEN and isinstance(value, str):
        return _written(one.type, len(value), number)
    if one.type is FieldType.DATE and isinstance(value, str):
        try:
            return (date.fromisoformat(value) - shift).isoformat()
        except (ValueError, OverflowError):
            return None
    if one.type is FieldType.TIME:
        return f"{number % 24:02d}:{rng.randrange(60):02d}"
    if one.type in (FieldType.NUMBER, FieldType.YEN):
        return _number(value, rng)
    return None  # a choice, a person: every value there is could be somebody's


def _written(kind: FieldType, length: int, number: int) -> str:
    if kind is FieldType.PHONE:
        return f"000-{number // 10000 % 1000:03d}-{number % 10000:04d}"
    if kind is FieldType.MAIL:
        return f"mihon{number}@example.jp"
    head = f"見本{number}番地" if kind is FieldType.ADDRESS else f"見本{number}"
    return head + "〇" * max(0, min(length, _LONGEST_FILLER if kind is not FieldType.SHORT_TEXT else 60) - len(head))


def _number(value: Any, rng: Random) -> Any:
    """A number with as many digits before and behind the point."""
    text = str(value).removeprefix("-")
    whole, _, decimals = text.partition(".")
    if not (whole.isdigit() and (not decimals or decimals.isdigit())):
        return None
    found = "".join(str(rng.randint(1, 9)) for _ in whole)
    if isinstance(value, int):
        return int(found)
    return f"{found}.{''.join(str(rng.randint(1, 9)) for _ in decimals)}" if decimals else found
