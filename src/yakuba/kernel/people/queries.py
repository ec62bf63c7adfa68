"""Reading the register, profiles and mandates. Every look-up is logged here, so that no caller can forget it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.japan.api import fold
from yakuba.kernel.people.access import checks_mandates, protections_visible_to
from yakuba.kernel.people.models import Mandate, ResidentProfile
from yakuba.kernel.people.register.base import Found, Question, Resident
from yakuba.kernel.people.register.registry import register_in_use
from yakuba.kernel.people.rules.mandates import MandateState
from yakuba.kernel.people.rules.profiles import ProfileEntry
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Refusal

_SEARCH = viewing("people.find_residents", label="住民記録の検索")
_LOOK_UP = viewing("people.read_resident", label="住民記録の照会")
_PROFILE = viewing("people.read_profile", label="本人の登録の閲覧")
_MANDATE = viewing("people.read_mandate", label="委任の閲覧")
_MANDATES = viewing("people.find_mandates", label="委任の検索")
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
    """One mandate as those who check mandates see it; logged for both sides. Raises ``NotAllowed``."""
    _only_who_checks(by)
    found = Mandate.objects.filter(public_id=public_id[:16]).first()
    if found is not None:
        record_view(by=by, subjects=_subjects_of([found]), what=_MANDATE)
    return found


LEAST_LETTERS = 2
"""So many characters of a name a search needs (spaces do not count)."""
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class FoundMandates:
    """What a search found, newest first; ``is_cut`` when there is more than is shown."""

    mandates: tuple[Mandate, ...]
    is_cut: bool = False


def find_mandates(*, by: Person, name: str) -> FoundMandates:
    """Mandates by the name of principal or agent, or a part of it, whatever became of them; those shown are logged.

    Names are compared as one searches them (髙 = 高, without spaces). Nothing is found for an empty name: there is no
    list of everybody. Raises ``Refusal`` for a name that is too short, ``NotAllowed``.
    """
    _only_who_checks(by)
    wanted = fold(name[:120])
    if len(wanted) < LEAST_LETTERS:
        raise Refusal("氏名が短すぎます。", field="name", hint=f"姓か名を、{LEAST_LETTERS}文字以上で入力してください。")
    names = Mandate.objects.values_list("pk", "principal_name", "agent_name")
    hits = [pk for pk, *both in names.iterator() if any(wanted in fold(one) for one in both)][: MOST_FOUND + 1]
    shown = sorted(Mandate.objects.filter(pk__in=hits[:MOST_FOUND]), key=lambda one: hits.index(one.pk))
    record_view(by=by, subjects=_subjects_of(shown), what=_MANDATES)
    return FoundMandates(tuple(shown), is_cut=len(hits) > MOST_FOUND)


def mandates_registered_by(*, by: Person, since: datetime) -> list[Mandate]:
    """What the person has registered since that moment, newest first; logged. Raises ``NotAllowed``."""
    _only_who_checks(by)
    found = list(Mandate.objects.filter(requested_by=by.id, requested_at__gte=since)[:MOST_FOUND])
    record_view(by=by, subjects=_subjects_of(found), what=_MANDATES, detail="own")
    return found


def _subjects_of(mandates: Iterable[Mandate]) -> list[Ref]:
    subjects = []
    for one in mandates:
        subjects.append(Ref("people.mandate", one.public_id))
        subjects += [Ref("identity.account", party) for party in (one.principal_account, one.agent_account) if party]
    return subjects


def _only_who_checks(by: Person) -> None:
    if not checks_mandates.allows(by):
        raise NotAllowed(f"委任を見られるのは「{checks_mandates.words}」です。")


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
