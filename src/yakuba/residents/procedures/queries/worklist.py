"""The worklist (受付案件の一覧): its boxes, how many cases wait in each, and the light of each case in SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.cases.models import Case, ConsentState, Cosigner
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.cases.rules.deadlines import Light, warning_day
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.parameters.api import whole_on

RUNNING = (Phase.NEW.value, Phase.WORKING.value, Phase.DECIDING.value)
"""The phases in which the standard period runs."""
WAITING = (Phase.CONSENT.value, Phase.APPLICANT.value)
OPEN = ~Q(phase=Phase.CLOSED.value)


@dataclass(frozen=True, slots=True)
class Box:
    """One box (tab) of the worklist: what it is called and which of the visible cases lie in it."""

    key: str
    title: str
    holds: Q
    is_counted: bool = True


def boxes(person: Person, sections: Collection[int], *, today: date) -> tuple[Box, ...]:
    """The boxes of a person who works for some sections, in the order of the tabs."""
    ours = Q(section_id__in=sections)
    return (
        Box("mine", "自分の担当", Q(assignee_id=person.staff_id or 0) & OPEN),
        Box("section", "所属", ours & OPEN),
        Box("unassigned", "担当未定", ours & OPEN & Q(assignee=None)),
        Box("waiting", "申請者待ち", Q(phase__in=WAITING)),
        Box("overdue", "期限超過・要判断", late(today)),
        Box("notify", "通知・交付待ち", Q(phase=Phase.DECIDED.value)),
        Box("all", "すべて（完了を含む）", Q(), is_counted=False),
    )


def counts(cases: QuerySet[Case], of: tuple[Box, ...]) -> dict[str, int]:
    """How many cases lie in each counted box; one query."""
    asked = {one.key: Count("pk", filter=one.holds) for one in of if one.is_counted}
    return dict(cases.order_by().aggregate(**asked)) if asked else {}


def with_declined(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases, each with ``is_declined``: it waits for the consent of somebody who said no."""
    said_no = Cosigner.objects.filter(case=OuterRef("pk"), state=ConsentState.REFUSED.value)
    return cases.annotate(is_declined=Q(phase=Phase.CONSENT.value) & Exists(said_no))


def late(today: date) -> Q:
    """Past the standard period, or past the deadline of a correction and waiting for a person."""
    return Q(phase=Phase.OVERDUE.value) | Q(phase__in=RUNNING, due_on__lt=today)


def under_light(light: str, *, today: date, warn_until: date) -> Q:
    """The cases whose light it is: the SQL of `rules.deadlines.light`."""
    runs = Q(phase__in=RUNNING)
    return {
        Light.RED: late(today),
        Light.YELLOW: runs & Q(due_on__gte=today, due_on__lte=warn_until),
        Light.GREEN: runs & Q(due_on__gte=today, due_on__gt=warn_until),
        Light.STOPPED: Q(phase__in=WAITING),
        Light.NONE: Q(phase__in=(Phase.DECIDED.value, Phase.CLOSED.value)) | (runs & Q(due_on=None)),
    }[Light(light)]


def warn_until(today: date) -> date:
    """The last due day that is yellow today, as the town set it."""
    return warning_day(today, whole_on("cases.warn_days", today), town_calendar())
