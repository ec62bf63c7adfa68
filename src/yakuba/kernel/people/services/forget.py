"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.people.models import Mandate, PrefillImport, Protection, ResidentProfile
from yakuba.kernel.people.rules.mandates import MandateState
from yakuba.kernel.values.api import Clock, start_of_day

YEARS = 5
_AT_ONCE = 200


@verb("people.forget_profile", label="本人の登録の消去")
def forget_profile(*, by: Person, account: str) -> int:
    """Delete what somebody entered about themselves (with the account, or on request); returns how many rows."""
    deleted, _ = ResidentProfile.objects.filter(account=account).delete()
    return deleted


@verb("people.forget_old_records", label="古い委任と支援措置の消去")
def forget_old_records(*, by: Person, clock: Clock) -> int:
    """Delete mandates and protections five years after they ended, in chunks; returns how many."""
    border = _years_before(clock.today(), YEARS)
    over = Q(ends_on__lte=border) | Q(
        state__in=(MandateState.REFUSED.value, MandateState.REVOKED.value), decided_at__lt=start_of_day(border)
    )
    count = 0
    everything: tuple[QuerySet[Any], ...] = (
        Mandate.objects.filter(over),
        Protection.objects.filter(ends_on__lte=border),
        PrefillImport.objects.filter(imported_at__lt=start_of_day(border), removed_at__isnull=False),
    )
    for found in everything:
        ids = list(found.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
        found.model._default_manager.filter(pk__in=ids).delete()
        count += len(ids)
    return count


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
