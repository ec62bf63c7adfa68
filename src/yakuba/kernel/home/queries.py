"""Who used a resident's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import label_of, readings_of
from yakuba.kernel.home.plugins import is_protected
from yakuba.kernel.home.rules import may_be_told
from yakuba.kernel.things.api import Ref


@dataclass(frozen=True)
class DataUse:
    """One reading as the person concerned may know it: when, in which capacity, on which page."""

    at: datetime
    capacity: str
    what: str


def data_uses(person: Person, *, limit: int = 200) -> list[DataUse]:
    """Readings of the person's data by others, newest first.

    Withheld readings and every reading of a protected person are left out; the page looks as if there were none.
    """
    protected = is_protected(person)
    return [
        DataUse(event.at, event.capacity or "システム", label_of(event.verb))
        for event in readings_of([Ref("identity.account", person.id)], limit=limit)
        if may_be_told(
            is_withheld=event.is_withheld, reader=event.actor, person_concerned=person.id, is_protected=protected
        )
    ]
