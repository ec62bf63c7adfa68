"""Who may see and change the organisation.

Section, post, name and telephone of people in service are work data that any office seat sees. Numbers, terms, grounds
and people who are not in service are for those who keep the records (人事担当, 情報システム担当) and for the auditor.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, role
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.organisation.models.validity import valid_on

#: Who may change the organisation's records.
editors = role(Role.PERSONNEL, Role.IT)


def may_edit(person: Person) -> bool:
    """Whether the person keeps the organisation's records; the system itself does too (first-week import)."""
    return person.kind is PersonKind.SYSTEM or (editors.allows(person) and not person.is_read_only)


def require_editor(person: Person) -> None:
    """Raise ``NotAllowed`` unless the person keeps the organisation's records."""
    if not may_edit(person):
        raise NotAllowed(f"組織と職員の登録を変えられるのは「{editors.words}」です。")


def sees_records(person: Person) -> bool:
    """Whether the person sees numbers, terms, grounds and people not in service."""
    return may_edit(person) or person.has(Role.AUDITOR)


def sees_people_on(person: Person, day: date, today: date) -> bool:
    """Whether the person sees who is posted where on ``day``: coming postings are secret until their day (内示)."""
    return day <= today or sees_records(person)


def visible_to(person: Person, day: date) -> QuerySet[Staff]:
    """The staff a person may see on ``day``: those in service for any office seat, all for those who keep records."""
    if sees_records(person):
        return Staff.objects.all()
    if person.kind in (PersonKind.STAFF, PersonKind.OUTSIDE):
        return Staff.objects.filter(valid_on(day, start="joined_on", end="leaves_on"))
    return Staff.objects.none()


def get_for(person: Person, public_id: str, day: date) -> Staff:
    """One member of staff. Raises ``NotVisible``."""
    found = visible_to(person, day).filter(public_id=public_id).select_related("organisation").first()
    if found is None:
        raise NotVisible
    return found


def sections_visible_to(person: Person) -> QuerySet[Section]:
    """Sections, past and coming ones too: their names are public; the page itself belongs to office seats."""
    if person.kind in (PersonKind.STAFF, PersonKind.OUTSIDE, PersonKind.SYSTEM):
        return Section.objects.select_related("authority", "parent")
    return Section.objects.none()


def get_section_for(person: Person, public_id: str) -> Section:
    """One section. Raises ``NotVisible``."""
    found = sections_visible_to(person).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found
