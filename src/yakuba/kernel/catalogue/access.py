"""Who may see and change the catalogue.

What is shown of procedures is public. Changing belongs to the clerks of the owning section (and of the sections above
it), and to the secretariat, which keeps the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, office_seat, remembered, role
from yakuba.kernel.catalogue.models import Channel, Procedure, YearlyPublication
from yakuba.kernel.organisation.api import successors_on
from yakuba.kernel.organisation.models import Section

WORKS_HERE = role(Role.CLERK, Role.SECTION_HEAD, Role.SECRETARIAT)
"""Who may open the pages that change something; which procedures, `may_edit` decides."""

KEEPS_ALL = role(Role.SECRETARIAT)
"""New procedures, sheets of the whole catalogue, the yearly publication: the secretariat."""

M = TypeVar("M", bound=Model)

_PUBLIC: dict[type[Model], Q] = {
    Procedure: Q(is_shown=True),
    Channel: Q(procedure__is_shown=True),
    YearlyPublication: Q(),
}


def has_seat(person: Person) -> bool:
    """Whether the person works in the office, or the system itself acts."""
    return person.kind is PersonKind.SYSTEM or office_seat.allows(person)


def visible_to(person: Person, model: type[M]) -> QuerySet[M]:
    """The rows of a model the person may see: everything for those with a seat, the published part for all others."""
    rows = model._default_manager.all()
    if has_seat(person):
        return rows
    return rows.filter(_PUBLIC[model]) if model in _PUBLIC else rows.none()


def get_for(person: Person, model: type[M], **lookup: Any) -> M:
    """One object. Raises `NotVisible` when it is unknown or not for this person."""
    found = visible_to(person, model).filter(**lookup).first()
    if found is None:
        raise NotVisible
    return found


def sections_of(person: Person, today: date) -> frozenset[int]:
    """The sections whose procedures the person keeps: those of the postings, everything below them, and the sections
    that they succeeded."""
    if not person.section_ids:
        return frozenset()
    return remembered(("catalogue.sections_of", person.section_ids, today), lambda: _sections_of(person, today))


def _sections_of(person: Person, today: date) -> frozenset[int]:
    own = set(person.section_ids)
    rows = list(Section.objects.values_list("pk", "parent_id", "ends_on"))
    standing = {pk: parent for pk, parent, ends_on in rows if ends_on is None or ends_on > today}
    grew = True
    while grew:
        below = {pk for pk, parent in standing.items() if parent in own and pk not in own}
        own |= below
        grew = bool(below)
    ended = [pk for pk, _, _ in rows if pk not in standing]
    if ended:
        own |= {pk for pk, after in successors_on(ended, today).items() if own & set(after)}
    return frozenset(own)


def may_edit(person: Person, procedure: Procedure, today: date) -> bool:
    """Whether the person may change what is told of a procedure and how it is received."""
    if person.kind is PersonKind.SYSTEM or KEEPS_ALL.allows(person):
        return not person.is_read_only
    if person.is_read_only or not WORKS_HERE.allows(person):
        return False
    return procedure.section_id is not None and procedure.section_id in sections_of(person, today)


def ensure_may_edit(by: Person, procedure: Procedure, today: date) -> None:
    """Raise `NotAllowed` unless the person may change this procedure."""
    if not may_edit(by, procedure, today):
        owner = procedure.section.name if procedure.section else "担当の所属（未登録）"
        raise NotAllowed(f"「{procedure}」を変えられるのは、{owner}の職員とDX推進事務局です。")


def ensure_keeps_all(by: Person, doing: str) -> None:
    """Raise `NotAllowed` unless the person keeps the whole catalogue."""
    if by.kind is not PersonKind.SYSTEM and not KEEPS_ALL.allows(by):
        raise NotAllowed(f"{doing}ことができるのは、{KEEPS_ALL.words}です。")


def editable_ids(person: Person, procedures: Iterable[Procedure], today: date) -> frozenset[int]:
    """Those of the procedures the person may change, by row number."""
    if person.kind is PersonKind.SYSTEM or (KEEPS_ALL.allows(person) and not person.is_read_only):
        return frozenset(one.pk for one in procedures)
    if person.is_read_only or not WORKS_HERE.allows(person):
        return frozenset()
    own = sections_of(person, today)
    return frozenset(one.pk for one in procedures if one.section_id in own)
