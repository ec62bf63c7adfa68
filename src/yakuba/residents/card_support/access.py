"""Who sees and changes appointments and visits: the section in charge of the catalogue's card procedure, and those above.

The auditor reads everything. The secretariat and everybody else count and read nobody.
"""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, role
from yakuba.kernel.audit.api import viewing
from yakuba.kernel.cases.access import sections_of
from yakuba.kernel.catalogue.api import procedure_of
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.people.api import is_protected
from yakuba.residents.card_support.models import Appointment, Visit

PROCEDURE = "my-number-card"
"""The procedure of the catalogue whose section is in charge."""

READ_LIST = viewing("card.list", label="カードの予約の一覧の閲覧")
READ_ONE = viewing("card.read", label="カードの予約の内容の閲覧")
READ_VISITS = viewing("card.visits", label="訪問・出張の申込の一覧の閲覧")
READ_VISIT = viewing("card.visit", label="訪問・出張の申込の内容の閲覧")
EXPORT = viewing("card.export", label="カードの予約・訪問の一覧の書き出し")
PRINTED = viewing("card.print", label="カードの予約の日別の印刷")

MAY_READ = role(Role.CLERK, Role.SECTION_HEAD, Role.AUDITOR)
MAY_WORK = role(Role.CLERK, Role.SECTION_HEAD)
MAY_COUNT = role(Role.CLERK, Role.SECTION_HEAD, Role.SECRETARIAT, Role.AUDITOR)
"""Counts name nobody."""

T = TypeVar("T", bound=Model)


def section_in_charge() -> Section | None:
    """The section of the catalogue's card procedure; nobody while the catalogue does not say."""
    procedure = procedure_of(PROCEDURE)
    return procedure.section if procedure is not None else None


def works_here(person: Person) -> bool:
    """Whether the person may change appointments, slots and visits."""
    if person.kind is PersonKind.SYSTEM:
        return True
    if person.kind is not PersonKind.STAFF or person.is_read_only or not MAY_WORK.allows(person):
        return False
    section = section_in_charge()
    return section is not None and section.pk in sections_of(person)


def require_work(person: Person) -> None:
    """Raise `NotAllowed` unless the person works here."""
    if not works_here(person):
        section = section_in_charge()
        name = section.name if section else "担当の課（手続きカタログで決まっていません）"
        raise NotAllowed(f"カードの予約を扱えるのは、{name}の職員です。")


def _sees(person: Person) -> bool:
    return person.has(Role.AUDITOR) or works_here(person)


def visible_to(person: Person) -> QuerySet[Appointment]:
    """The appointments a person may read in the office; a resident's own with their account."""
    rows = Appointment.objects.select_related("slot__venue")
    if person.kind is PersonKind.RESIDENT:
        return rows.filter(account=person.id)
    return rows if _sees(person) else rows.none()


def visits_visible_to(person: Person) -> QuerySet[Visit]:
    """The visits a person may read in the office; a resident's own with their account."""
    rows = Visit.objects.all()
    if person.kind is PersonKind.RESIDENT:
        return rows.filter(account=person.id)
    return rows if _sees(person) else rows.none()


def both_visible_to(person: Person) -> tuple[QuerySet[Appointment], QuerySet[Visit]]:
    """Appointments and visits of the office, asked once for a page that needs both."""
    if person.kind is PersonKind.RESIDENT or not _sees(person):
        return Appointment.objects.none(), Visit.objects.none()
    return Appointment.objects.select_related("slot__venue"), Visit.objects.all()


def get_for(person: Person, public_id: str) -> Appointment:
    """One appointment. Raises `NotVisible`."""
    return _one(visible_to(person), public_id)


def visit_for(person: Person, public_id: str) -> Visit:
    """One visit. Raises `NotVisible`."""
    return _one(visits_visible_to(person), public_id)


def protected_person(thing: Appointment | Visit, on: date) -> bool:
    """Whether it concerns somebody protected (支援措置), by account or name; namesakes are treated alike."""
    return bool(thing.name or thing.account) and is_protected(account=thing.account, name=thing.name, on=on)


def require_own(by: Person, thing: Appointment | Visit) -> None:
    """Raise `NotAllowed` unless it is the person's own, looked up with number and password, or a clerk acts."""
    if by.kind is PersonKind.RESIDENT and thing.account and by.id != thing.account:
        raise NotAllowed("この予約は、あなたのものではありません。")
    if by.kind is PersonKind.VISITOR and not thing.password_hash:
        raise NotAllowed("この予約は、整理番号とパスワードでは扱えません。")
    if by.kind in (PersonKind.STAFF, PersonKind.OUTSIDE):
        require_work(by)


def _one(rows: QuerySet[T], public_id: str) -> T:
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found
