"""Who may see and change the synonyms."""

from __future__ import annotations

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, office_seat, role
from yakuba.kernel.search.models import SynonymGroup

MAY_EDIT = role(Role.SECRETARIAT)
"""They change what every search of the town finds, so one place keeps them."""


def visible_to(person: Person) -> QuerySet[SynonymGroup]:
    """The town's own lines: for everybody with a seat in the office."""
    rows = SynonymGroup.objects.all()
    return rows if office_seat.allows(person) else rows.none()


def get_for(person: Person, public_id: str) -> SynonymGroup:
    """One line. Raises ``NotVisible``."""
    found = visible_to(person).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def ensure_may_edit(by: Person) -> None:
    """Raise ``NotAllowed`` unless the person keeps the synonyms; the system itself may."""
    if by.kind is not PersonKind.SYSTEM and not MAY_EDIT.allows(by):
        raise NotAllowed(f"検索の類語を変えられるのは「{MAY_EDIT.words}」です。")
