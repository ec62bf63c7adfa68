"""Who sees cases, who works on them, and who may read a place or a contact.

A case is seen by the clerks and heads of its section (and of the sections above), by who is assigned to it, by the
auditor, and by the residents it concerns. The secretariat and information systems count cases and read none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, role
from yakuba.kernel.approval.api import turns_of
from yakuba.kernel.audit.api import viewing
from yakuba.kernel.cases.models import Case, CaseParty, FileCheck, FileFinding
from yakuba.kernel.cases.rules.parties import Party
from yakuba.kernel.files.api import file_lock
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import sent_gate
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.organisation.api import sections_worked_for
from yakuba.kernel.people.api import Known, protected_among

READ_LIST = viewing("cases.list", label="案件の一覧の閲覧")
READ_CASE = viewing("cases.read", label="案件の内容の閲覧")
READ_PLACE = viewing("cases.read_place", label="案件の住所・連絡先の閲覧")
READ_FILE = viewing("cases.read_file", label="案件の書類の閲覧")
READ_LETTER = viewing("cases.read_letter", label="案件の通知書の閲覧")
EXPORT = viewing("cases.export", label="案件の一覧の書き出し")
LOOKED_UP = viewing("cases.looked_up", label="受付番号とパスワードによる照会")

#: Who works on cases at all; on which, the section says.
works_on_cases = role(Role.CLERK, Role.SECTION_HEAD)
#: Who counts cases without reading them.
counts_cases = role(
    Role.CLERK, Role.SECTION_HEAD, Role.SECRETARIAT, Role.IT, Role.AUDITOR, Role.MAYOR, Role.DEPUTY_MAYOR
)


def visible_to(person: Person) -> QuerySet[Case]:
    """The cases whose content a person may see."""
    everything = Case.objects.select_related("procedure", "section", "assignee")
    if person.kind is PersonKind.SYSTEM or person.has(Role.AUDITOR):
        return everything
    if person.kind is PersonKind.RESIDENT:
        return everything.filter(_own(person))
    if person.kind is not PersonKind.STAFF or person.staff_id is None:
        return everything.none()
    mine = Q(assignee_id=person.staff_id)
    if works_on_cases.allows(person):
        mine |= Q(section_id__in=sections_of(person))
    return everything.filter(mine)


def cases_of(person: Person) -> QuerySet[Case]:
    """A resident's own cases and those they act in as agent, newest first."""
    if person.kind is not PersonKind.RESIDENT:
        return Case.objects.none()
    return Case.objects.filter(_own(person)).select_related("procedure", "section").order_by("-received_at", "-id")


def counted_by(person: Person) -> QuerySet[Case]:
    """The cases a person may count; never to be listed, and never by place without `queries.areas`."""
    if person.kind is PersonKind.SYSTEM or counts_cases.allows(person):
        return Case.objects.all()
    return Case.objects.none()


def get_for(person: Person, public_id: str, *, on: date | None = None) -> Case:
    """One case. Whoever is to decide it sees it too while it waits for them (with ``on``). Raises `NotVisible`."""
    found = visible_to(person).filter(public_id=public_id).first()
    if found is None and on is not None and _is_to_decide(person, public_id, on):
        found = Case.objects.select_related("procedure", "section", "assignee").filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def may_see(person: Person, case: Case) -> bool:
    """Whether the person may see the content of the case."""
    return visible_to(person).filter(pk=case.pk).exists()


def may_work_on(person: Person, case: Case) -> bool:
    """Whether the person may change the case: clerks and heads of its section, and who it is assigned to."""
    if person.kind is PersonKind.SYSTEM:
        return True
    if person.kind is not PersonKind.STAFF or person.is_read_only or person.staff_id is None:
        return False
    if case.assignee_id == person.staff_id:
        return True
    return works_on_cases.allows(person) and case.section_id in sections_of(person)


def require_work(by: Person, case: Case) -> None:
    """Raise `NotAllowed` unless the person may change the case."""
    if not may_work_on(by, case):
        raise NotAllowed(f"この案件を扱えるのは、担当の{case.section}の職員です。")


def require_party(by: Person, case: Case) -> None:
    """Raise `NotAllowed` unless the case is the person's own.

    A visitor has shown number and password before (`queries.look_up`); a clerk acts for somebody who came, wrote or
    telephoned.
    """
    if by.kind is PersonKind.RESIDENT and by.id not in (case.applicant_account, case.agent_account):
        raise NotAllowed("この手続きは、あなたのものではありません。")
    if by.kind is PersonKind.VISITOR and not case.password_hash:
        raise NotAllowed("この手続きは、受付番号とパスワードでは扱えません。ログインしてください。")
    if by.kind is PersonKind.OUTSIDE:
        raise NotAllowed("この手続きを扱えるのは、本人と担当の職員です。")
    if by.kind is PersonKind.STAFF:
        require_work(by, case)


def sections_of(person: Person) -> frozenset[int]:
    """The sections whose cases a person works on: those of today's postings, everything below them, and the sections
    they succeeded."""
    return sections_worked_for(person.section_ids)


WITHHELD = "（非表示）"
"""What stands in place of a protected person's place or contact."""


def protected_cases(cases: Iterable[Case], *, on: date) -> frozenset[int]:
    """Those of the cases (by row) that concern somebody protected today or when they were received; few queries."""
    rows = list(CaseParty.objects.filter(case__in=[one.pk for one in cases]))
    asked = protected_among(
        [Known(account=one.account_id, name=one.name, born_on=one.birth_date) for one in rows], on=on
    )
    return frozenset(
        one.case_id for one, is_protected in zip(rows, asked, strict=True) if is_protected or one.is_protected
    )


def is_protected_case(case: Case, *, on: date) -> bool:
    """Whether the case concerns a protected person (支援措置)."""
    return case.pk in protected_cases([case], on=on)


def contact_of(person: Person, party: CaseParty, *, on: date) -> Party:
    """A party as the person may read it: without place and contact if anybody of the case is protected.

    The party themself reads their own. A clerk who must write to a protected person opens the contact with a reason
    (`services.open_contact`).
    """
    if person.is_signed_in and person.id == party.account_id:
        return party.opened()
    if is_protected_case(party.case, on=on):
        return replace(without_contact(party.opened()), is_protected=True)
    return party.opened()


def without_contact(party: Party) -> Party:
    """The party with place and contact taken out."""
    return replace(party, postal_code="", address=WITHHELD, phone=WITHHELD, mail="", birth_date=None)


def _own(person: Person) -> Q:
    return Q(applicant_account=person.id) | Q(agent_account=person.id)


def _is_to_decide(person: Person, public_id: str, on: date) -> bool:
    if person.kind is not PersonKind.STAFF:
        return False
    turns = turns_of(person, on=on)
    return any((one.subject_kind, one.subject_id) == ("cases.case", public_id) for one in (*turns.own, *turns.deputy))


@sent_gate
def may_open_files(person: Person, filling: Filling) -> bool:
    """Whoever may see the case may see the files that were sent with it."""
    case = Case.objects.filter(first_answers__filling=filling).first()
    return case is not None and may_see(person, case)


@file_lock
def is_closed(person: Person, file: StoredFile) -> bool:
    """A file in which a My Number is suspected opens to nobody but the clerks who must judge it."""
    if file.owner_kind not in ("forms.filling", "cases.case"):
        return False
    check = FileCheck.objects.select_related("case").filter(file=file.public_id, finding=FileFinding.SUSPECT).first()
    return check is not None and not may_work_on(person, check.case)
