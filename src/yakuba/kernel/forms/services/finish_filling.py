"""Send a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.forms.fillings import AlreadySent, answers_of
from yakuba.kernel.forms.models import AnswerSet, Filling, FillingState, FormVersion
from yakuba.kernel.forms.rules.evaluate import evaluate_form
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.forms.sealing import digest, divide, seal_answers
from yakuba.kernel.forms.services.begin_filling import check_open
from yakuba.kernel.values.api import Clock, Refusal


class Incomplete(Refusal):
    """Something is missing or wrong, so the form cannot be sent."""


@verb("forms.finish_filling", label="記入を送信する")
def finish_filling(*, by: Person, filling: Filling, clock: Clock, is_trial: bool = False) -> AnswerSet:
    """Send: the answers become an answer set. Sent twice (a second press, the back button) it is the same set.

    Raises `Incomplete` naming the first step at fault, `NotOpen`.
    """
    filling = (
        Filling.objects.select_for_update(of=("self",)).select_related("version", "version__form").get(pk=filling.pk)
    )
    if filling.state == FillingState.SENT:
        return AnswerSet.objects.get(filling=filling)
    if filling.state != FillingState.OPEN:
        raise AlreadySent
    if not is_trial and filling.version.life is not VersionState.CLOSED:
        # What was begun while the version was open may still be sent after a newer version took its place.
        check_open(FormVersion.objects.select_for_update().get(pk=filling.version_id), now=clock.now())
    answer_set = seal_given_answers(
        version=filling.version, answers=answers_of(filling), sources=filling.sources, facts=filling.facts, clock=clock
    )
    answer_set.filling = filling
    answer_set.save()
    filling.state = FillingState.SENT
    filling.answers = filling.typed = ""
    filling.touched_at = clock.now()
    filling.edition += 1
    filling.save()
    return answer_set


def seal_given_answers(
    *,
    version: FormVersion,
    answers: Mapping[str, Any],
    sources: Mapping[str, str],
    facts: Mapping[str, Any],
    clock: Clock,
    previous: AnswerSet | None = None,
) -> AnswerSet:
    """An answer set, not stored yet, of complete answers; for verbs of engines that receive forms.

    Raises `Incomplete` when the form says that something is missing or wrong.
    """
    definition = version.read()
    evaluation = evaluate_form(definition, answers, today=clock.today(), facts=facts)
    unfinished = evaluation.first_unfinished()
    if unfinished is not None:
        path, first = unfinished.faults()[0]
        raise Incomplete(
            f"「{unfinished.step.title.ja}」に、まだ足りないところがあります：{first.say('ja')}",
            field=path,
            hint="その画面に戻って、入力を確かめてください。",
        )
    readable, protected = divide(definition, evaluation.answers)
    return AnswerSet(
        version=version,
        previous=previous,
        answers=readable,
        sealed=seal_answers(protected),
        sources={key: source for key, source in sources.items() if key in evaluation.answers},
        facts=dict(facts),
        fee=evaluation.fee,
        digest=digest(version.digest, evaluation.answers),
        given_at=clock.now(),
    )
