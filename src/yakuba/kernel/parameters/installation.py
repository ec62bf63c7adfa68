"""The state of this installation, asked once per process."""

from __future__ import annotations

from functools import cache

from yakuba.kernel.parameters.models import Installation
from yakuba.kernel.values.api import Clock, OffsetClock, SystemClock


@cache
def _stored() -> Installation | None:
    return Installation.objects.first()


def forget_installation() -> None:
    """Ask the database again (after the sample town was made or left)."""
    _stored.cache_clear()


def is_sample_town() -> bool:
    """Whether the database itself was made by the sample generator; only then may one sign in as a persona."""
    stored = _stored()
    if stored is None:
        _stored.cache_clear()
    return stored is not None and stored.is_sample


def town_clock() -> Clock:
    """The clock of the town: the machine's, moved by whole days when the sample town lives on another day."""
    stored = _stored()
    if stored is None:
        _stored.cache_clear()
        return SystemClock()
    if stored.is_sample and stored.sample_today:
        return OffsetClock(SystemClock(), today=stored.sample_today, since=stored.made_at)
    return SystemClock()
