"""Who may see the turn of the year: coming personnel changes are secret, so only those who keep the records."""

from __future__ import annotations

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotVisible, Person
from yakuba.kernel.organisation.api import may_edit
from yakuba.kernel.yearturn.models import YearTurn


def visible_to(person: Person) -> QuerySet[YearTurn]:
    """Turns a person may see, the latest day first."""
    return YearTurn.objects.defer("content") if may_edit(person) else YearTurn.objects.none()


def get_for(person: Person, public_id: str) -> YearTurn:
    """One turn. Raises ``NotVisible``."""
    found = YearTurn.objects.filter(public_id=public_id).first() if may_edit(person) else None
    if found is None:
        raise NotVisible
    return found
