"""Who sees requests, decisions and document numbers, and who may decide.

A request may hold anything about anybody. It is seen by who drafted it, who has it now, whose turn it is or who acted on
it, the people of the responsible section and of the sections above it, and the auditor.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import NotVisible, Person, PersonKind, Role
from yakuba.kernel.approval.house import house_on
from yakuba.kernel.approval.models import Absence, DecisionRequest, DocumentNumber, RouteAct, SealUse
from yakuba.kernel.approval.on_the_way import Day, turns_by_request
from yakuba.kernel.approval.rules.flow import Turn
from yakuba.kernel.approval.rules.who_decides import sections_under
from yakuba.kernel.organisation.api import may_edit


def has_seat(person: Person) -> bool:
    """Whether decisions are any of the person's business: staff, and the system itself."""
    return person.kind in (PersonKind.STAFF, PersonKind.SYSTEM)


def drafters_of(request: DecisionRequest) -> frozenset[int]:
    """Whose own draft it is: who asked, who has it now, and who entered it for them."""
    drafters = (request.asked_staff_id, request.holder_id, request.proxy_staff_id)
    return frozenset(one for one in drafters if one is not None)


def turns_for_staff(staff_id: int, *, on: date, day: Day | None = None) -> dict[int, Turn]:
    """The requests in which it is somebody's turn on a day, by row; ``day`` is the house of ``on``, if it is known."""
    return turns_by_request(staff_id, day or Day.of(on))


def visible_to(person: Person, *, on: date, day: Day | None = None) -> QuerySet[DecisionRequest]:
    """The requests a person may see on a day; ``day`` is the house of ``on``, if it is known."""
    everything = DecisionRequest.objects.select_related("section", "authority", "decision")
    if person.kind is PersonKind.SYSTEM or person.has(Role.AUDITOR):
        return everything
    if person.kind is not PersonKind.STAFF or person.staff_id is None:
        return everything.none()
    day = day or Day.of(on)
    mine = Q(asked_staff=person.staff_id) | Q(holder=person.staff_id) | Q(decision__decided_staff=person.staff_id)
    ours = Q(section_id__in=sections_under(person.section_ids, day.house))
    acted = Q(pk__in=RouteAct.objects.filter(Q(staff=person.staff_id) | Q(principal=person.staff_id)).values("request"))
    return everything.filter(mine | ours | acted | Q(pk__in=list(turns_by_request(person.staff_id, day))))


def get_for(person: Person, public_id: str, *, on: date, day: Day | None = None) -> DecisionRequest:
    """One request. Raises ``NotVisible``."""
    found = visible_to(person, on=on, day=day).filter(public_id=public_id).first()
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


def seal_uses_visible_to(person: Person, *, on: date) -> QuerySet[SealUse]:
    """公印使用簿: all of it for the seal's keeper, who keeps the records and the auditor; else of one's sections."""
    everything = SealUse.objects.select_related("section", "authority", "request")
    if person.kind is PersonKind.SYSTEM or person.has(Role.AUDITOR, Role.SEAL) or may_edit(person):
        return everything
    if person.kind is not PersonKind.STAFF:
        return everything.none()
    return everything.filter(section_id__in=_ours(person.section_ids, on))


def enters_for_others(person: Person) -> bool:
    """Whether somebody enters absences of others: who keeps the organisation's records, and the secretariat."""
    return (may_edit(person) or person.has(Role.SECRETARIAT)) and not person.is_read_only


def absences_visible_to(person: Person) -> QuerySet[Absence]:
    """Absences: one's own; all of them for who enters them for others and for the auditor. Reasons are nobody else's."""
    everything = Absence.objects.select_related("staff")
    if person.kind is PersonKind.SYSTEM or enters_for_others(person) or person.has(Role.AUDITOR):
        return everything
    if person.kind is not PersonKind.STAFF or person.staff_id is None:
        return everything.none()
    return everything.filter(staff=person.staff_id)


def get_absence_for(person: Person, public_id: str) -> Absence:
    """One absence. Raises ``NotVisible``."""
    found = absences_visible_to(person).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def _ours(section_ids: Iterable[int], day: date) -> frozenset[int]:
    return sections_under(frozenset(section_ids), house_on(day))
