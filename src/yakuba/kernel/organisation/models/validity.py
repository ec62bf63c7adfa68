"""The one way to ask whether a dated row counts on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q


def valid_on(day: date, *, start: str = "starts_on", end: str = "ends_on") -> Q:
    """Condition: the row's period (half-open) contains ``day``."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


def not_over_on(day: date, *, end: str = "ends_on") -> Q:
    """Condition: the row's period reaches ``day`` or begins later."""
    return Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day})
