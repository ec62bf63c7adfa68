"""Who may see and change profiles, mandates and protections."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, role
from yakuba.kernel.people.models import Mandate, PrefillImport, Protection, ResidentProfile

#: Who may see and set protections (支援措置担当), by appointment.
keeps_protections = role(Role.PROTECTION)
#: Who may put the prefill file in use: the section of the register, and information systems.
keeps_prefill = role(Role.PROTECTION, Role.IT)
#: Who may check a letter of attorney.
checks_mandates = role(Role.CLERK, Role.SECTION_HEAD)


def own_profile(person: Person) -> ResidentProfile | None:
    """A resident's own profile, if one was entered."""
    if person.kind is not PersonKind.RESIDENT:
        return None
    return ResidentProfile.objects.filter(account=person.id).first()


def visible_to(person: Person) -> QuerySet[Mandate]:
    """The mandates a person sees in a list: a resident those they are a party of, nobody else any.

    Staff see a mandate one by one, by a name or from the case that rests on it (``find_mandates``, ``read_mandate``).
    """
    if person.kind is not PersonKind.RESIDENT:
        return Mandate.objects.none()
    return Mandate.objects.filter(Q(principal_account=person.id) | Q(agent_account=person.id))


def get_for(person: Person, public_id: str) -> Mandate:
    """One mandate. Raises ``NotVisible``."""
    found = visible_to(person).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotVisible
    return found


def protections_visible_to(person: Person) -> QuerySet[Protection]:
    """Protections, for those appointed to keep them and nobody else, not even the auditor."""
    return Protection.objects.all() if keeps_protections.allows(person) else Protection.objects.none()


def get_protection_for(person: Person, public_id: str) -> Protection:
    """One protection. Raises ``NotVisible``."""
    found = protections_visible_to(person).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotVisible
    return found


def imports_visible_to(person: Person) -> QuerySet[PrefillImport]:
    """Imports of the prefill file."""
    return PrefillImport.objects.all() if keeps_prefill.allows(person) else PrefillImport.objects.none()


def require_protection_keeper(person: Person) -> None:
    """Raise ``NotAllowed`` unless the person keeps protections."""
    if not keeps_protections.allows(person):
        raise NotAllowed(f"支援措置を扱えるのは「{keeps_protections.words}」です。")


def is_ending_soon(protection: Protection, today: date, days: int = 31) -> bool:
    """Whether a protection in force ends within so many days."""
    return protection.starts_on <= today < protection.ends_on and (protection.ends_on - today).days <= days
