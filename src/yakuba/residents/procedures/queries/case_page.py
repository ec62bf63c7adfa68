"""What a clerk's page of one case shows, gathered with few queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from yakuba.kernel.access.api import Face, Person
from yakuba.kernel.cases.models import AnswerTemplate, Case, FileCheck, FileFinding
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.files.api import file_link
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.rules import FileState
from yakuba.kernel.forms.api import FileShown
from yakuba.kernel.notify.api import messages_about
from yakuba.kernel.notify.models import Audience, Message
from yakuba.kernel.things.api import ref_of

PURPOSE = "cases.answers"
_LISTED = (FileState.STORED.value, FileState.QUARANTINED.value)


def files_of_case(case: Case, person: Person, *, opens: bool = True) -> dict[str, FileShown]:
    """Every file that came with the case or with a correction, by id, with links for the person.

    A file in which something like a My Number was found opens to nobody until a clerk has judged. Without ``opens``
    (a protected person's papers) there are no links.
    """
    filling = case.first_answers.filling
    owners = [("cases.case", case.public_id)] + ([("forms.filling", filling.public_id)] if filling else [])
    found = [
        one
        for kind, key in owners
        for one in StoredFile.objects.filter(owner_kind=kind, owner_id=key, state__in=_LISTED)
    ]
    checks = {one.file: one for one in case.file_checks.all()}
    return {one.public_id: _shown(one, checks.get(one.public_id), person, opens) for one in found}


def _shown(file: StoredFile, check: FileCheck | None, person: Person, opens: bool) -> FileShown:
    note = ""
    if file.state == FileState.QUARANTINED.value:
        note = "ウイルス検査を待っています"
    elif check is not None and check.finding == FileFinding.SUSPECT:
        note = "個人番号らしい番号があるため、開けません"
    elif check is not None and check.finding == FileFinding.REMOVED:
        note = "個人番号が入っていたため、廃棄しました"
    elif not opens:
        note = "支援措置の対象のため、理由を書いて開きます"
    url = "" if note else file_link(file, to=person, purpose=PURPOSE, face=Face.OFFICE, in_page=True)
    return FileShown(public_id=file.public_id, name=file.name, size=file.size, url=url, note=note)


@dataclass(frozen=True, slots=True)
class Transition:
    """One state the case may go to next: its name, why it would, and who makes the step."""

    to: str
    label: str
    why: str
    who: str


def transitions(case: Case) -> tuple[Transition, ...]:
    """Every way on from here, whoever makes it, with the reason of the table."""
    table = case.table
    return tuple(
        Transition(
            str(to.value),
            table.table.label(to),
            why,
            "・".join(
                sorted((one.label for one in table.movers(case.state, str(to.value))), key=lambda word: len(word))
            ),
        )
        for to, why in table.table.allowed(table.read(case.state)).items()
    )


def offered_templates(sections: Collection[int], case: Case) -> dict[str, list[AnswerTemplate]]:
    """The templates of words some sections offer on a case, by where they are used; one query."""
    found: dict[str, list[AnswerTemplate]] = {}
    rows = AnswerTemplate.objects.filter(section_id__in=sections, is_retired=False)
    for one in rows:
        if one.procedure_id in (None, case.procedure_id):
            found.setdefault(one.use, []).append(one)
    return found


def other_cases(visible: QuerySet[Case], case: Case, *, most: int = 5) -> Iterable[Case]:
    """Further cases of the same account among those the clerk may see anyway, open ones first."""
    if not case.applicant_account:
        return []
    rows = visible.filter(applicant_account=case.applicant_account).exclude(pk=case.pk)
    return sorted(rows.order_by("-received_at")[:20], key=lambda one: one.phase == Phase.CLOSED.value)[:most]


def told_about(case: Case) -> list[Message]:
    """What the applicant was told about a case, newest first; what clerks were told is left out."""
    rows = messages_about(ref_of(case)).exclude(audience=Audience.STAFF).prefetch_related("deliveries")
    return list(rows.order_by("-made_at")[:20])


def neighbours(ids: list[str], public_id: str, at: int | None) -> tuple[int | None, str, str]:
    """Place of a case among the ids of its list, and the ids before and behind it.

    A case that left the list (it was worked on) keeps its place ``at``: what moved up is the next one.
    """
    if public_id in ids:
        place = ids.index(public_id)
        return place, ids[place - 1] if place else "", ids[place + 1] if place + 1 < len(ids) else ""
    if at is None or not ids:
        return None, "", ids[0] if ids else ""
    place = min(at, len(ids))
    return None, ids[place - 1] if place else "", ids[place] if place < len(ids) else ""
