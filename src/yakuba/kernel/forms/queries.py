"""Reading forms and answers."""

from __future__ import annotations

import secrets

from django.db.models import QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.forms.access import visible_to
from yakuba.kernel.forms.fillings import key_digest
from yakuba.kernel.forms.models import AnswerSet, Filling, FillingState, FormVersion
from yakuba.kernel.forms.rules.evaluate import Evaluation, evaluate_form
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.values.api import TOKYO


def live_version(form_key: str) -> FormVersion | None:
    """The version of a form that takes answers now."""
    return (
        FormVersion.objects.select_related("form", "form__section")
        .filter(form__key=form_key, state=VersionState.LIVE.value)
        .first()
    )


def published_for(person: Person) -> QuerySet[FormVersion]:
    """The versions that take answers now, of the forms a person may see."""
    found = FormVersion.objects.filter(form__in=visible_to(person), state=VersionState.LIVE.value)
    return found.select_related("form", "form__section")


def find_filling(public_id: str, *, key: str = "", account_id: str = "") -> Filling | None:
    """An open or sent filling for whoever holds its key or its account; ``None`` for everybody else."""
    filling = (
        Filling.objects.select_related("version", "version__form")
        .filter(public_id=public_id)
        .exclude(state=FillingState.GIVEN_UP)
        .first()
    )
    if filling is None:
        return None
    if account_id and filling.account_id == account_id:
        return filling
    if key and filling.key_digest and secrets.compare_digest(filling.key_digest, key_digest(key)):
        return filling
    return None


def evaluation_of_answers(answer_set: AnswerSet) -> Evaluation:
    """Answers as the form saw them on the day they were given. Callers record the view."""
    return evaluate_form(
        answer_set.version.read(),
        answer_set.every_answer(),
        today=answer_set.given_at.astimezone(TOKYO).date(),
        facts=answer_set.facts,
    )


def pages_of(version: FormVersion) -> tuple[str, ...]:
    """The keys of the steps in order."""
    return tuple(step.key for step in version.read().steps)
