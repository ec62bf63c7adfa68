"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.people.models import Mandate, PrefillImport, Protection, ResidentProfile
from yakuba.kernel.people.rules.mandates import MandateState
from yakuba.kernel.values.api import Clock, start_of_day

YEARS = 5
_AT_ONCE = 100
_MOST_LOOKED_AT = 2_000


@verb("people.forget_profile", label="本人の登録の消去")
def forget_profile(*, by: Person, account: str) -> int:
    """Delete what somebody entered about themselves (with the account, or on request); returns how many rows."""
    deleted, _ = ResidentProfile.objects.filter(account=account).delete()
    return deleted


@verb("people.forget_old_records", label="古い委任と支援措置の消去")
def forget_old_records(*, by: Person, clock: Clock) -> int:
    """Delete mandates and protections five years after they ended, in chunks; returns how many.

    A mandate that a record of another app still rests on stays as long as that record.
    """
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
        count += _deleted(found)
    return count


def _deleted(found: QuerySet[Any]) -> int:
    """Delete the oldest rows nothing rests on; returns how many."""
    count = 0
    for one in found.order_by("pk")[:_MOST_LOOKED_AT]:
        if count == _AT_ONCE:
            break
        try:
            with transaction.atomic():
                one.delete()
        except ProtectedError:
            continue
        count += 1
    return count


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
