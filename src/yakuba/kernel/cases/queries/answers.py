"""The answers of a case for reading and comparing, places withheld where somebody is protected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.cases.access import WITHHELD, is_protected_case
from yakuba.kernel.cases.models import Case, Correction
from yakuba.kernel.cases.rules.corrections import changes, file_ids
from yakuba.kernel.forms.api import Evaluation, answer_sections, evaluation_of_answers, label_of
from yakuba.kernel.forms.models import AnswerSet, FormVersion

PLACES = frozenset({"address", "phone", "mail", "place"})
"""Kinds of questions whose answer says where somebody is or how to reach them."""


def answers_for(
    person: Person,
    case: Case,
    *,
    on: date,
    answer_set: AnswerSet | None = None,
    language: str = "ja",
    with_sources: bool = True,
) -> tuple[Any, ...]:
    """The answers by step (`forms.presentation.AnswerSection`), of the set given or of the one that counts, with where
    each came from (``with_sources``).

    Nobody but the applicant sees a place or a contact in a case with a protected person.
    Callers record the view.
    """
    shown = answer_set if answer_set is not None else case.answers
    evaluation = evaluation_of_answers(shown)
    sections = answer_sections(evaluation, language, shown.sources if with_sources else None)
    if not _is_withheld(person, case, on):
        return tuple(sections)
    hidden = _places_in(evaluation)
    return tuple(replace(section, rows=tuple(_masked(row, hidden) for row in section.rows)) for section in sections)


def files_in(version: FormVersion, answers: Mapping[str, Any]) -> list[str]:
    """The ids of all files among answers to a version of a form."""
    places: set[str] = set()
    for question in version.read().questions():
        if question.type == "files":
            places.add(question.key)
        elif question.type == "group":
            places |= {f"{question.key}.{one.key}" for one in question.questions if one.type == "files"}
    return file_ids(answers, places) if places else []


def files_of(answer_set: AnswerSet) -> list[str]:
    """The ids of all files of a set of answers and of those before it, without doubles."""
    found: dict[str, None] = {}
    looked_at: AnswerSet | None = answer_set
    while looked_at is not None:
        found |= dict.fromkeys(files_in(looked_at.version, looked_at.every_answer()))
        looked_at = looked_at.previous
    return list(found)


def answerable_places(evaluation: Evaluation) -> frozenset[str]:
    """Every place that can be asked about: visible questions with an input, groups, and questions in rows."""
    found: set[str] = set()
    for step in evaluation.steps:
        for entry in step.entries:
            if entry.question.type not in _SILENT:
                found.add(entry.path)
        found |= {one.path for one in step.answered() if one.question.type not in _SILENT}
    return frozenset(found)


_SILENT = frozenset({"text_block", "computed", "fee"})


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """One answer that differs, in words."""

    path: str
    label: str
    before: str
    after: str


def compare_answers(
    before: AnswerSet, after: AnswerSet, *, language: str = "ja", hides_places: bool = False
) -> tuple[ChangedAnswer, ...]:
    """What differs between two sets of answers, for people. Callers record the view."""
    then, now = evaluation_of_answers(before), evaluation_of_answers(after)
    old, new = _words(then, language), _words(now, language)
    hidden = _places_in(then) | _places_in(now) if hides_places else frozenset()
    found = []
    for one in changes(then.answers, now.answers):
        path = one.path
        if path not in old and path not in new:
            continue  # the text beside 「その他」 is shown with its choice
        label = label_of(after.version.read(), path, language)
        words = (old.get(path, ""), new.get(path, ""))
        if path in hidden:
            words = (WITHHELD if words[0] else "", WITHHELD if words[1] else "")
        found.append(ChangedAnswer(path, label, *words))
    seen = {one.path for one in found}
    for one in changes(then.answers, now.answers):
        head = one.path.removesuffix("_other")
        if head != one.path and head not in seen and (head in old or head in new):
            seen.add(head)
            found.append(
                ChangedAnswer(
                    head, label_of(after.version.read(), head, language), old.get(head, ""), new.get(head, "")
                )
            )
    return tuple(found)


def correction_compared(person: Person, correction: Correction, *, on: date) -> tuple[ChangedAnswer, ...]:
    """What the answer to a correction changed; nothing before it came. Callers record the view."""
    if correction.after is None:
        return ()
    hides = _is_withheld(person, correction.case, on)
    return compare_answers(correction.before, correction.after, hides_places=hides)


def _is_withheld(person: Person, case: Case, on: date) -> bool:
    """The applicant reads what they sent, with their account or with number and password; nobody else, the agent
    neither: protection may have begun because of them."""
    is_own = person.kind is PersonKind.RESIDENT and person.id == case.applicant_account
    return not is_own and person.kind is not PersonKind.VISITOR and is_protected_case(case, on=on)


def _places_in(evaluation: Evaluation) -> frozenset[str]:
    return frozenset(one.path for step in evaluation.steps for one in step.answered() if one.question.type in PLACES)


def _masked(row: Any, hidden: frozenset[str]) -> Any:
    if row.rows:
        return replace(
            row, rows=tuple((title, tuple(_masked(one, hidden) for one in rows)) for title, rows in row.rows)
        )
    return replace(row, value=WITHHELD) if row.path in hidden and not row.is_missing else row


def _words(evaluation: Evaluation, language: str) -> dict[str, str]:
    def rows(found: Any) -> Iterator[tuple[str, str]]:
        for row in found:
            if row.rows:
                for _, inner in row.rows:
                    yield from rows(inner)
            elif not row.is_missing:
                yield row.path, row.value

    return dict(pair for section in answer_sections(evaluation, language) for pair in rows(section.rows))
