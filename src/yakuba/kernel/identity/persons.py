"""From an account to the acting person of today."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.organisation.api import postings_of, roles_of


def is_usable(account: Account, day: date) -> bool:
    """Whether the account may be used on ``day``: leavers are out from 0:00 of the day after their last."""
    if not account.is_active or (account.locked_on is not None and account.locked_on <= day):
        return False
    staff = account.staff
    return staff is None or (staff.joined_on <= day and (staff.leaves_on is None or staff.leaves_on > day))


def person_of(account: Account, day: date) -> Person:
    """The acting person of an account on ``day``; ``VISITOR`` when the account may not be used."""
    if not is_usable(account, day):
        return VISITOR
    if account.kind == AccountKind.RESIDENT or account.staff is None:
        return Person(id=account.public_id, name=str(account), kind=PersonKind.RESIDENT)
    staff = account.staff
    postings = postings_of(staff, day)
    main = postings[0] if postings else None
    return Person(
        id=account.public_id,
        name=staff.name,
        kind=PersonKind.OUTSIDE if staff.employment == "outside" else PersonKind.STAFF,
        roles=roles_of(staff, day, postings),
        staff_id=staff.pk,
        section_ids=frozenset(posting.section_id for posting in postings),
        authority_ids=frozenset(posting.section.authority_id for posting in postings),
        title=main.post.title if main else staff.get_employment_display(),
        section=main.section.name if main else "",
    )
