"""Who sees requests, decisions and document numbers, and who may decide.

A request may hold anything about anybody. It is seen by who drafted it, who has it now, who may decide or decided it,
the people of the responsible section and of the sections above it, and the auditor.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import NotVisible, Person, PersonKind, Role
from yakuba.kernel.approval.house import house_on
from yakuba.kernel.approval.models import DecisionRequest, DocumentNumber
from yakuba.kernel.approval.rules.states import Capacity, Decider, RequestState
from yakuba.kernel.approval.rules.who_decides import House, MayDecide, sections_under, who_may_decide
from yakuba.kernel.organisation.api import may_edit


def has_seat(person: Person) -> bool:
    """Whether decisions are any of the person's business: staff, and the system itself."""
    return person.kind in (PersonKind.STAFF, PersonKind.SYSTEM)


def deciders_of(request: DecisionRequest, house: House) -> tuple[MayDecide, ...]:
    """Who may decide a request in that house, the principal first."""
    return who_may_decide(
        decider=Decider(request.decider),
        section=request.section_id,
        authority=request.authority_id,
        drafters=drafters_of(request),
        house=house,
    )


def drafters_of(request: DecisionRequest) -> frozenset[int]:
    """Whose own draft it is: who asked, and who has it now."""
    return frozenset(one for one in (request.asked_staff_id, request.holder_id) if one is not None)


def waiting_for_staff(staff_id: int, house: House) -> dict[int, Capacity]:
    """The waiting requests a member of staff may decide, by row, and in which capacity."""
    found: dict[int, Capacity] = {}
    rows = DecisionRequest.objects.filter(state=RequestState.WAITING).only(
        "decider", "section_id", "authority_id", "asked_staff_id", "holder_id"
    )
    for row in rows:
        for one in deciders_of(row, house):
            if one.staff == staff_id:
                found[row.pk] = one.capacity
    return found


def visible_to(person: Person, *, on: date) -> QuerySet[DecisionRequest]:
    """The requests a person may see on a day."""
    everything = DecisionRequest.objects.select_related("section", "authority", "decision")
    if person.kind is PersonKind.SYSTEM or person.has(Role.AUDITOR):
        return everything
    if person.kind is not PersonKind.STAFF or person.staff_id is None:
        return everything.none()
    house = house_on(on)
    mine = Q(asked_staff=person.staff_id) | Q(holder=person.staff_id) | Q(decision__decided_staff=person.staff_id)
    ours = Q(section_id__in=sections_under(person.section_ids, house))
    return everything.filter(mine | ours | Q(pk__in=waiting_for_staff(person.staff_id, house)))


def get_for(person: Person, public_id: str, *, on: date) -> DecisionRequest:
    """One request. Raises ``NotVisible``."""
    found = visible_to(person, on=on).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def numbers_visible_to(person: Person, *, on: date) -> QuerySet[DocumentNumber]:
    """The book of document numbers: of one's sections and all below; all of it for who keeps it and the auditor."""
    everything = DocumentNumber.objects.select_related("series", "section", "titled", "void")
    if person.kind is PersonKind.SYSTEM or person.has(Role.AUDITOR) or may_edit(person):
        return everything
    if person.kind is not PersonKind.STAFF:
        return everything.none()
    return everything.filter(section_id__in=_ours(person.section_ids, on))


def get_number_for(person: Person, public_id: str, *, on: date) -> DocumentNumber:
    """One document number. Raises ``NotVisible``."""
    found = numbers_visible_to(person, on=on).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def _ours(section_ids: Iterable[int], day: date) -> frozenset[int]:
    return sections_under(frozenset(section_ids), house_on(day))
