"""Reading the register. Every look-up is logged here, so that no caller can forget it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.people.access import protections_visible_to
from yakuba.kernel.people.models import Mandate, ResidentProfile
from yakuba.kernel.people.register.base import Found, Question, Resident
from yakuba.kernel.people.register.registry import register_in_use
from yakuba.kernel.people.rules.mandates import MandateState
from yakuba.kernel.people.rules.profiles import ProfileEntry
from yakuba.kernel.things.api import Ref

_SEARCH = viewing("people.find_residents", label="住民記録の検索")
_LOOK_UP = viewing("people.read_resident", label="住民記録の照会")
_PROFILE = viewing("people.read_profile", label="本人の登録の閲覧")
_MANDATE = viewing("people.read_mandate", label="委任の閲覧")
REGISTER_KIND = "people.register"


def resident_ref(number: str) -> Ref:
    """The address of a resident of the register in the audit log."""
    return Ref(REGISTER_KIND, number)


def find_residents(*, by: Person, question: Question) -> Found:
    """Ask the register; the residents shown are logged. Raises ``RegisterUnavailable``, ``NotAllowed``."""
    _only_staff(by)
    found = register_in_use().find(question)
    record_view(
        by=by,
        subjects=[resident_ref(resident.number) for resident in found.residents],
        what=_SEARCH,
    )
    return found


def read_resident(*, by: Person, number: str) -> Resident | None:
    """One resident by the register's number; logged. Raises ``RegisterUnavailable``, ``NotAllowed``."""
    _only_staff(by)
    resident = register_in_use().by_number(number)
    if resident is not None:
        record_view(by=by, subjects=[resident_ref(resident.number)], what=_LOOK_UP)
    return resident


def profile_of(account: str) -> ProfileEntry | None:
    """What the owner of an account entered about themselves, for filling their own forms and reaching them.

    For staff who look at it there is ``read_profile``, which logs.
    """
    found = ResidentProfile.objects.filter(account=account).first()
    return found.entry if found else None


def profiles_of(accounts: Iterable[str]) -> dict[str, ProfileEntry]:
    """The same for many accounts with one query, for mass mail."""
    return {one.account: one.entry for one in ResidentProfile.objects.filter(account__in=list(accounts))}


def read_profile(*, by: Person, account: str) -> ProfileEntry | None:
    """The profile behind an account as a member of staff sees it; logged. Raises ``NotAllowed``."""
    _only_staff(by)
    found = profile_of(account)
    if found is not None:
        record_view(by=by, subjects=[Ref("identity.account", account)], what=_PROFILE)
    return found


def read_mandate(*, by: Person, public_id: str) -> Mandate | None:
    """One mandate as staff see it with the case that rests on it; logged. Raises ``NotAllowed``."""
    _only_staff(by)
    found = Mandate.objects.filter(public_id=public_id[:16]).first()
    if found is not None:
        subjects = [Ref("people.mandate", found.public_id)]
        subjects += [Ref("identity.account", one) for one in (found.principal_account, found.agent_account) if one]
        record_view(by=by, subjects=subjects, what=_MANDATE)
    return found


def mandates_for(*, agent: str, procedure: str, on: date) -> list[Mandate]:
    """The mandates on which the owner of an account may act in a procedure on that day, newest first."""
    found = Mandate.objects.filter(agent_account=agent, state=MandateState.IN_FORCE.value) if agent else ()
    return [one for one in found if one.is_effective_on(on) and one.covers(procedure)]


def _only_staff(by: Person) -> None:
    """The register answers staff and nobody else; what a resident may see of themselves is decided by its own app."""
    if by.kind is not PersonKind.STAFF:
        raise NotAllowed("住民記録は職員だけが照会できます。")


def protections_ending(person: Person, *, today: date, days: int = 31) -> list[tuple[str, date]]:
    """Protections a person keeps that end within so many days: public id and the first day without it."""
    found = protections_visible_to(person).filter(
        starts_on__lte=today, ends_on__gt=today, ends_on__lte=today + timedelta(days=days)
    )
    return list(found.values_list("public_id", "ends_on"))
