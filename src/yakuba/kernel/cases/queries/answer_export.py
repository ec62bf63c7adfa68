"""Answers of many cases as they may leave the house in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from yakuba.kernel.cases.access import protected_cases
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.queries.answers import PLACES
from yakuba.kernel.forms.exchange.answer_tables import GivenAnswers
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.definition import FormDefinition, Group


def answers_to_export(cases: Sequence[Case], *, on: date) -> list[GivenAnswers]:
    """What was answered in some cases, each with the form it answers; in the order given.

    Left out for everybody: answers that lie sealed (marked sensitive, bank accounts) and files. Of cases with a
    protected person (支援措置) also every place and contact. ``cases`` have `answers.version` loaded; the caller has asked
    `access.visible_to` and records the view.
    """
    withheld = protected_cases(cases, on=on)
    read: dict[int, FormDefinition] = {}
    found = []
    for case in cases:
        version: FormVersion = case.answers.version
        definition = read.setdefault(version.pk, version.read())
        hidden = frozenset({"files"}) | (PLACES if case.pk in withheld else frozenset())
        answers = _without(definition, case.answers.answers, hidden)
        found.append(GivenAnswers(case.number, case.received_at, definition, answers, case.answers.fee))
    return found


def _without(definition: FormDefinition, answers: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, Any]:
    kept = dict(answers)
    for question in definition.questions():
        if question.type in kinds:
            kept.pop(question.key, None)
        elif isinstance(question, Group) and isinstance(kept.get(question.key), list):
            inner = {one.key for one in question.questions if one.type in kinds}
            kept[question.key] = [
                {key: value for key, value in row.items() if key not in inner}
                for row in kept[question.key]
                if isinstance(row, dict)
            ]
    return kept
