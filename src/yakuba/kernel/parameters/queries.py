"""The value that holds on a business date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yakuba.kernel.parameters.models import ParameterValue, ValueState
from yakuba.kernel.parameters.registry import Parameter, Value, find_parameter, from_stored


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
    row = _decided(wanted, day)
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


def _decided(wanted: Parameter, day: date) -> ParameterValue | None:
    return (
        ParameterValue.objects.filter(key=wanted.key, state=ValueState.APPROVED, valid_from__lte=day)
        .order_by("-valid_from", "-decided_at", "-id")
        .first()
    )


def waiting_values(*, limit: int = 100) -> list[ParameterValue]:
    """Proposed values that nobody has decided yet, oldest first."""
    return list(ParameterValue.objects.filter(state=ValueState.PROPOSED).order_by("proposed_at")[:limit])


def title_of(key: str) -> str:
    """The title of a declared value, or the key of one the house no longer knows."""
    wanted = find_parameter(key)
    return wanted.title if wanted else key
