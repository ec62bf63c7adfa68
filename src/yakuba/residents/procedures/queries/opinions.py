"""How content residents are with procedures, and where forms are left unfinished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q

from yakuba.kernel.cases.api import Case
from yakuba.kernel.cases.queries.measures import Share, abandoned_at
from yakuba.kernel.cases.rules.measures import percent
from yakuba.kernel.forms.models import FormVersion
from yakuba.residents.procedures.models import Asked, Opinion

FEWEST = 5
"""Below so many answers no share is told: a handful says nothing, and too much about single people."""
_UNTOLD = ("approved", "refused")
"""States in which the conclusion stands and the person does not know it yet."""


def may_be_asked(case: Case) -> bool:
    """Whether the person may be asked about a case: it came to a conclusion they were told, and they said nothing yet."""
    if case.handled_on is None or case.state in _UNTOLD:
        return False
    return not Asked.objects.filter(case=case).exists()


def contentment(since: date, until: date) -> Share:
    """Of the answers of a period, the share that was content (4 or 5)."""
    found = Opinion.objects.filter(month__range=(since.replace(day=1), until), is_sample=False).aggregate(
        whole=Count("pk"), part=Count("pk", filter=Q(score__gte=4))
    )
    return Share(percent(found["part"], found["whole"]), found["part"], found["whole"])


@dataclass(frozen=True, slots=True)
class Contentment:
    """How content people were with one procedure: answers, average, how many chose each of 1 to 5, their words."""

    title: str
    key: str
    count: int
    average: Decimal
    counts: tuple[int, ...]
    words: Sequence[Opinion]


def opinions_by_procedure(since: date, until: date) -> list[Contentment]:
    """The procedures somebody spoke about in a period, the least contenting first."""
    rows = Opinion.objects.filter(month__range=(since.replace(day=1), until), is_sample=False)
    scores = {f"s{one}": Count("pk", filter=Q(score=one)) for one in range(1, 6)}
    words: dict[int, list[Opinion]] = {}
    for one in rows.exclude(words="").order_by("-month", "public_id")[:400]:
        words.setdefault(one.procedure_id, []).append(one)
    summed: Iterable[Mapping[str, Any]] = (
        rows.order_by()
        .values("procedure_id", "procedure__key", "procedure__title_ja")
        .annotate(count=Count("pk"), average=Avg("score"), **scores)
    )
    found = [
        Contentment(
            title=one["procedure__title_ja"],
            key=one["procedure__key"],
            count=one["count"],
            average=Decimal(one["average"]).quantize(Decimal("0.1")),
            counts=tuple(one[f"s{score}"] for score in range(1, 6)),
            words=words.get(one["procedure_id"], []),
        )
        for one in summed
    ]
    return sorted(found, key=lambda one: (one.average, one.title))


@dataclass(frozen=True, slots=True)
class LeftStep:
    """How many left a form at a step."""

    form: str
    step: str
    count: int


def left_steps(since: date, until: date) -> tuple[list[LeftStep], Share]:
    """Where forms begun in a period were left, most first, in words; single people are not counted out."""
    left, share = abandoned_at(since, until, hide_below=2)
    versions = {
        (one.form.key, one.number): one.read()
        for one in FormVersion.objects.select_related("form").filter(form__key__in={one.form for one in left})
    }
    found = []
    for one in left:
        definition = versions.get((one.form, one.version))
        if definition is None:
            continue
        step = next((each.title.ja for each in definition.steps if each.key == one.step), one.step)
        found.append(LeftStep(definition.title.ja, step, one.count))
    return sorted(found, key=lambda one: -one.count), share
