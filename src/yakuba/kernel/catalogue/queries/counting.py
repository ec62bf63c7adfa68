"""The counting list and what it adds up to."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.catalogue.access import visible_to
from yakuba.kernel.catalogue.models import CountingEntry
from yakuba.kernel.catalogue.rules.counting import Baseline, Count, Entry, count_online
from yakuba.kernel.kpi.api import MeasuredBy, series
from yakuba.kernel.parameters.api import is_sample_town

MEASURE = "procedures.online_live"


def counting_list(person: Person) -> QuerySet[CountingEntry]:
    """Every line a person may see, struck ones too."""
    return visible_to(person, CountingEntry).select_related("procedure__section", "channel")


def online_baseline() -> Baseline | None:
    """The figure the plan began with: the latest value entered by hand as 基準値 and approved by a second person.

    In a real town a sample value never counts; in the sample town there are only sample values.
    """
    points = [
        point
        for point in series(MEASURE)
        if point.is_baseline and point.source is MeasuredBy.HAND and point.is_sample == is_sample_town()
    ]
    return Baseline(int(points[-1].value), points[-1].on) if points else None


def count_on(day: date) -> Count:
    """How many procedures are online on a day, with what the number is made of. Sample entries never count."""
    rows = CountingEntry.objects.filter(struck_on__isnull=True).values_list(
        "procedure__key", "first_online_on", "ended_on", "is_baseline", "is_sample"
    )
    return count_online((Entry(*row) for row in rows), baseline=online_baseline(), on=day)


def live_online_procedures(on: date) -> frozenset[str]:
    """Keys of the procedures with an open online channel on a day that are no sample."""
    rows = CountingEntry.objects.filter(struck_on__isnull=True, is_sample=False, first_online_on__lte=on)
    return frozenset(
        key for key, ended in rows.values_list("procedure__key", "ended_on") if ended is None or ended > on
    )


def sample_online_procedures(on: date) -> frozenset[str]:
    """Keys of the procedures that are online as a sample only; told beside the count, never in it."""
    rows = CountingEntry.objects.filter(struck_on__isnull=True, is_sample=True, first_online_on__lte=on)
    return frozenset(
        key for key, ended in rows.values_list("procedure__key", "ended_on") if ended is None or ended > on
    )
