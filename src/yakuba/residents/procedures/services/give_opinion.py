"""Somebody says how content they were with a procedure."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.api import Case
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.procedures.models import Asked, Opinion
from yakuba.residents.procedures.queries.opinions import may_be_asked

LONGEST_WORDS = 600
KEPT_YEARS = 3


@verb("procedures.give_opinion", label="手続きの満足度の回答")
def give_opinion(*, by: Person, case: Case, score: int, words: str, clock: Clock) -> None:
    """Keep a score of 1 to 5 and words, once per case and apart from it. The gate of the case comes before.

    Returns nothing, so that the log does not lead from the case to the answer. Raises `Refusal`.
    """
    held = Case.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=case.pk)
    if not may_be_asked(held):
        raise Refusal("この手続きの満足度は、もう答えていただいたか、まだ答えられません。")
    if not 1 <= score <= 5:
        raise Refusal("満足度は、1から5までです。", field="score", hint="五つの中から選んでください。")
    Asked.objects.create(case=held)
    Opinion.objects.create(
        procedure=held.procedure,
        arrival=held.arrival,
        month=clock.today().replace(day=1),
        score=score,
        words=words.strip()[:LONGEST_WORDS],
        is_sample=held.is_sample and not is_sample_town(),
    )


@verb("procedures.forget_opinions", label="古い利用者の声の消去")
def forget_opinions(*, by: Person, clock: Clock) -> int:
    """Delete up to 500 opinions older than three years; how many there were."""
    today = clock.today()
    old = Opinion.objects.filter(month__lt=date(today.year - KEPT_YEARS, today.month, 1)).values_list("pk", flat=True)
    deleted, _ = Opinion.objects.filter(pk__in=list(old[:500])).delete()
    return deleted
