"""Who may see and change accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotVisible, Person, Role
from yakuba.kernel.identity.models import Account, AccountKind, Device
from yakuba.kernel.organisation.models import Staff


def visible_to(person: Person) -> QuerySet[Staff]:
    """Staff whose accounts a person sees: all for personnel, information systems and the auditor, else nobody's."""
    staff = Staff.objects.select_related("account")
    return staff if person.has(Role.IT, Role.PERSONNEL, Role.AUDITOR) else staff.none()


def get_for(person: Person, public_id: str) -> Staff:
    """One staff member whose account a person may see. Raises ``NotVisible``."""
    found = visible_to(person).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def devices_visible_to(person: Person) -> QuerySet[Device]:
    """Devices a person looks after."""
    return Device.objects.all() if person.has(Role.IT, Role.AUDITOR) else Device.objects.none()


def account_of(staff: Staff) -> Account | None:
    """The account of a staff member, if one was opened."""
    return Account.objects.filter(staff=staff, kind=AccountKind.STAFF).first()
