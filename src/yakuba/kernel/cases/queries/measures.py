"""Measures of the procedures: online rate, days of handling, corrections, where people give up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q

from yakuba.kernel.cases.models import Case, Correction, ExternalReceipt
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.cases.rules.deadlines import pause
from yakuba.kernel.cases.rules.measures import OpenDays, median, percent
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import start_of_day


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent and what it is made of; ``value`` is `None` of nothing."""

    value: Decimal | None
    part: int
    whole: int


def online_rate(since: date, until: date, *, procedure: str = "") -> Share:
    """Of everything that arrived from ``since`` through ``until``, the share that came electronically."""
    days = {"received_on__range": (since, until), "is_sample": is_sample_town()}
    about = {"procedure__key": procedure} if procedure else {}
    cases = Case.objects.filter(**days, **about).aggregate(
        all=Count("pk"), online=Count("pk", filter=Q(arrival="online"))
    )
    receipts = ExternalReceipt.objects.filter(**days, **about).count()
    part, whole = cases["online"] + receipts, cases["all"] + receipts
    return Share(percent(part, whole), part, whole)


@dataclass(frozen=True, slots=True)
class HandlingDays:
    """The median of open days until the town's conclusion, over how many cases; ``in_time`` of those with a standard
    period that ended within it."""

    median: Decimal | None
    count: int
    in_time: Share


def handling_days(since: date, until: date, *, procedure: str = "") -> HandlingDays:
    """How long cases took that were concluded from ``since`` through ``until``, days of waiting for answers left out."""
    about = {"procedure__key": procedure} if procedure else {}
    found = Case.objects.filter(
        handled_on__range=(since, until), counts_from__isnull=False, is_sample=is_sample_town(), **about
    ).values_list("pk", "counts_from", "handled_on", "standard_days")
    rows = [(pk, start, end, days) for pk, start, end, days in found if start is not None and end is not None]
    if not rows:
        return HandlingDays(None, 0, Share(None, 0, 0))
    open_days = OpenDays(min(row[1] for row in rows), until, town_calendar())
    waited: dict[int, int] = {}
    corrections = Correction.objects.filter(case__handled_on__range=(since, until), case__is_sample=is_sample_town())
    for case_id, asked_on, closed_on, deadline in corrections.values_list(
        "case_id", "asked_on", "closed_on", "deadline"
    ):
        stopped = pause(asked_on, closed_on, deadline)
        if stopped is not None and stopped.last_day is not None:
            waited[case_id] = waited.get(case_id, 0) + open_days.between(asked_on, stopped.last_day)
    took = {pk: max(open_days.between(start, end) - waited.get(pk, 0), 0) for pk, start, end, _ in rows}
    limited = [(took[pk], days) for pk, _, _, days in rows if days is not None]
    in_time = sum(days <= limit for days, limit in limited)
    return HandlingDays(median(took.values()), len(rows), Share(percent(in_time, len(limited)), in_time, len(limited)))


def correction_rate(since: date, until: date, *, procedure: str = "") -> Share:
    """Of the cases that arrived in a period, the share that had to be corrected at least once."""
    about = {"procedure__key": procedure} if procedure else {}
    rows = Case.objects.filter(received_on__range=(since, until), is_sample=is_sample_town(), **about).exclude(
        kind="consultation"
    )
    whole = rows.count()
    part = rows.filter(Exists(Correction.objects.filter(case=OuterRef("pk")))).count()
    return Share(percent(part, whole), part, whole)


@dataclass(frozen=True, slots=True)
class LeftAt:
    """How many left a form at one of its steps: no person, no answer, a count."""

    form: str
    version: int
    step: str
    count: int


def abandoned_at(since: date, until: date, *, procedure: str = "", hide_below: int = 1) -> tuple[list[LeftAt], Share]:
    """Where forms begun in a period were left, and the share that was left at all.

    Left is what was given up, and what nobody has touched since ``until`` (a filling on its way is not left).
    """
    about = {"about": procedure} if procedure else {}
    rows = Filling.objects.filter(
        started_at__gte=start_of_day(since), started_at__lt=_after(until), staff=None, **about
    ).order_by()
    left = rows.filter(Q(state=FillingState.GIVEN_UP) | Q(state=FillingState.OPEN, touched_at__lt=_after(until)))
    by_step = left.values_list("version__form__key", "version__number", "position").annotate(count=Count("pk"))
    found = [LeftAt(form, number, step, count) for form, number, step, count in by_step if count >= hide_below]
    found.sort(key=lambda one: (one.form, one.version, -one.count, one.step))
    whole, part = rows.count(), left.count()
    return found, Share(percent(part, whole), part, whole)


def _after(day: date) -> object:
    return start_of_day(date.fromordinal(day.toordinal() + 1))
