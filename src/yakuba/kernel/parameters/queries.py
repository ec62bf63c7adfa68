"""The value that holds on a business date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.parameters.models import ParameterValue, ValueState
from yakuba.kernel.parameters.registry import Parameter, Value, find_parameter, from_stored, known_parameters


@dataclass(frozen=True)
class Held:
    """A value as it holds on a day, with the ground (根拠) a page can show. ``since`` is ``None`` for the standard."""

    value: Value
    source: str
    since: date | None


def held_on(key: str, day: date) -> Held:
    """What holds on ``day``: the decided row with the latest 施行日 not after it, else the standard.

    Raises ``LookupError`` for a key nobody declared.
    """
    wanted = find_parameter(key)
    if wanted is None:
        raise LookupError(f"no parameter is called {key!r}")
    return _held(wanted, _decided(day).filter(key=key).first())


def all_held_on(day: date) -> list[tuple[Parameter, Held]]:
    """Every declared value and what holds on ``day``, in the order of the keys; one query."""
    rows: dict[str, ParameterValue] = {}
    for row in _decided(day):
        rows.setdefault(row.key, row)
    return [(one, _held(one, rows.get(one.key))) for one in known_parameters()]


def _held(wanted: Parameter, row: ParameterValue | None) -> Held:
    if row is None:
        return Held(wanted.standard, wanted.standard_source, None)
    return Held(from_stored(wanted, row.value), row.source, row.valid_from)


def value_on(key: str, day: date) -> Value:
    """The bare value that holds on ``day``."""
    return held_on(key, day).value


def whole_on(key: str, day: date) -> int:
    """A whole number or yen that holds on ``day``; raises ``TypeError`` for another kind of value."""
    value = value_on(key, day)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{key} is no whole number")
    return value


def _decided(day: date) -> QuerySet[ParameterValue]:
    """Decided rows that apply on ``day``; of each key the first one holds."""
    rows = ParameterValue.objects.filter(state=ValueState.APPROVED, valid_from__lte=day)
    return rows.order_by("-valid_from", "-decided_at", "-id")


def waiting_values(*, limit: int = 100) -> list[ParameterValue]:
    """Proposed values that nobody has decided yet, oldest first."""
    return list(ParameterValue.objects.filter(state=ValueState.PROPOSED).order_by("proposed_at")[:limit])


def title_of(key: str) -> str:
    """The title of a declared value, or the key of one the house no longer knows."""
    wanted = find_parameter(key)
    return wanted.title if wanted else key
