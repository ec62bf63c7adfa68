"""What somebody else would see (この人にはこう見える)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.identity.models import Account
from yakuba.kernel.organisation.api import postings_of, roles_of
from yakuba.kernel.organisation.models import Staff


def person_as(staff: Staff, today: date) -> Person:
    """The acting person a member of staff would be today, for reading only; nobody when out of service."""
    postings = postings_of(staff, today)
    roles = roles_of(staff, today, postings)
    if not roles:
        return VISITOR
    account = Account.objects.filter(staff=staff).first()
    return Person(
        id=account.public_id if account else f"staff-{staff.public_id}",
        name=staff.name,
        kind=PersonKind.OUTSIDE if staff.employment == "outside" else PersonKind.STAFF,
        roles=roles,
        staff_id=staff.pk,
        section_ids=frozenset(one.section_id for one in postings),
        section=postings[0].section.name if postings else "",
    )
