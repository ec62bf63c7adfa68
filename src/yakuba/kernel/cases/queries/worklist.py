"""The worklist (作業一覧) over all procedures: few queries, however long it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Case as When
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.db.models import When as On

from yakuba.kernel.access.api import Person
from yakuba.kernel.cases.access import counted_by, protected_cases, sections_of, visible_to
from yakuba.kernel.cases.models import AnswerTemplate, Case, ExternalReceipt, TemplateUse
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.cases.rules.deadlines import Light, light, warning_day
from yakuba.kernel.cases.rules.numbers import read_number
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.japan.api import fold
from yakuba.kernel.parameters.api import whole_on


class Whose(StrEnum):
    """Whose cases are shown."""

    MINE = "mine"
    SECTION = "section"
    UNASSIGNED = "unassigned"
    ALL = "all"

    @property
    def label(self) -> str:
        return {"mine": "自分の担当", "section": "課の案件", "unassigned": "担当未定", "all": "見られるすべて"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the worklist, as the address of the page carries them; empty means no filter."""

    whose: Whose = Whose.SECTION
    open_only: bool = True
    phase: str = ""
    light: str = ""
    procedure: str = ""
    kind: str = ""
    arrival: str = ""
    assignee: int | None = None
    section: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


def worklist(person: Person, wanted: Wanted, *, on: date) -> QuerySet[Case]:
    """The cases of the worklist, the most urgent first: what waits for a judgement, then by due day, then by arrival."""
    rows = visible_to(person)
    if wanted.whose is Whose.MINE:
        rows = rows.filter(assignee_id=person.staff_id) if person.staff_id else rows.none()
    elif wanted.whose is Whose.UNASSIGNED:
        rows = rows.filter(assignee_id=None)
    if wanted.open_only and not wanted.phase:
        rows = rows.exclude(phase=Phase.CLOSED)
    for name, value in (
        ("phase", wanted.phase),
        ("procedure__key", wanted.procedure),
        ("kind", wanted.kind),
        ("arrival", wanted.arrival),
        ("assignee_id", wanted.assignee),
        ("section_id", wanted.section),
        ("received_on__gte", wanted.since),
        ("received_on__lte", wanted.until),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if wanted.light:
        rows = rows.filter(_lit(wanted.light, on))
    return _matching(rows, wanted.words).order_by(
        When(On(phase=Phase.OVERDUE, then=Value(0)), default=Value(1), output_field=IntegerField()),
        F("due_on").asc(nulls_last=True),
        "received_at",
        "id",
    )


def _matching(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    number = read_number(words)
    if number:
        return rows.filter(number=number)
    for word in fold(words[:100]).split()[:6]:
        rows = rows.filter(search_words__contains=word)
    return rows


def _lit(wanted: str, on: date) -> Q:
    """The condition of a light; the same as `rules.deadlines.light`, as a filter."""
    warn_until = _warn_until(on)
    counting = Q(phase__in=[Phase.NEW, Phase.WORKING, Phase.DECIDING])
    conditions = {
        Light.RED.value: Q(phase=Phase.OVERDUE) | (counting & Q(due_on__lt=on)),
        Light.YELLOW.value: counting & Q(due_on__gte=on, due_on__lte=warn_until),
        Light.GREEN.value: counting & Q(due_on__gt=warn_until),
        Light.STOPPED.value: Q(phase__in=[Phase.APPLICANT, Phase.CONSENT]),
        Light.NONE.value: Q(phase__in=[Phase.DECIDED, Phase.CLOSED]) | (counting & Q(due_on__isnull=True)),
    }
    return conditions.get(wanted, Q(pk__in=[]))


def _warn_until(on: date) -> date:
    return warning_day(on, whole_on("cases.warn_days", on), town_calendar())


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the worklist. ``is_protected`` cases show no place anywhere."""

    case: Case
    light: Light
    is_protected: bool


def work_rows(cases: Iterable[Case], *, on: date) -> list[WorkRow]:
    """The lines of one page of the worklist: light and protection for all of them with few queries."""
    shown = list(cases)
    warn_until = _warn_until(on)
    protected = protected_cases(shown, on=on)
    return [
        WorkRow(
            one,
            light(phase=one.standing, due_on=one.due_on, today=on, warn_until=warn_until),
            one.pk in protected,
        )
        for one in shown
    ]


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much there is to do: for tabs and the home."""

    mine: int
    section: int
    unassigned: int
    overdue: int
    red: int
    yellow: int
    receipts: int


def work_counts(person: Person, *, on: date) -> WorkCounts:
    """The counts of a clerk's worklist with one query over open cases and one over receipts."""
    warn_until = _warn_until(on)
    found = (
        visible_to(person)
        .exclude(phase=Phase.CLOSED)
        .order_by()
        .aggregate(
            section=Count("pk"),
            mine=Count("pk", filter=Q(assignee_id=person.staff_id)),
            unassigned=Count("pk", filter=Q(assignee_id=None)),
            overdue=Count("pk", filter=Q(phase=Phase.OVERDUE)),
            red=Count("pk", filter=_lit(Light.RED.value, on)),
            yellow=Count(
                "pk",
                filter=Q(phase__in=[Phase.NEW, Phase.WORKING, Phase.DECIDING], due_on__gte=on, due_on__lte=warn_until),
            ),
        )
    )
    return WorkCounts(**found, receipts=receipts_to_do(person).count())


def receipts_to_do(person: Person) -> QuerySet[ExternalReceipt]:
    """Open receipts of other channels in the person's sections, newest first."""
    rows = ExternalReceipt.objects.select_related("procedure", "section", "assignee").filter(is_closed=False)
    return rows.filter(section_id__in=sections_of(person))


def templates_for(person: Person, case: Case, use: TemplateUse) -> QuerySet[AnswerTemplate]:
    """The templates offered on a case: those of the person's sections, for its procedure or for all."""
    return AnswerTemplate.objects.filter(
        Q(procedure=None) | Q(procedure=case.procedure_id),
        section_id__in=sections_of(person),
        use=use,
        is_retired=False,
    )


def counts_by_phase(person: Person) -> dict[str, int]:
    """How many cases stand in each phase, for those who count and do not read."""
    rows = counted_by(person).order_by().values("phase").annotate(count=Count("pk"))
    return {row["phase"]: row["count"] for row in rows}
