"""Counts of appointments and visits: by month, place and purpose, and for the plan board. They name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import FiscalYear
from yakuba.residents.card_support.models import Appointment, HolderFigure, Visit, VisitKind
from yakuba.residents.card_support.purposes import purpose_title
from yakuba.residents.card_support.rules.purposes import COUNTED
from yakuba.residents.card_support.rules.states import AppointmentState, VisitState

_STATES = Q(state=AppointmentState.CANCELLED.value) | Q(state=AppointmentState.MUST_MOVE.value)


@dataclass(frozen=True, slots=True)
class CountRow:
    """One line of the table: month, place (or kind of visit), purpose, and what happened."""

    month: date
    place: str
    purpose: str
    booked: int
    came: int
    absent: int
    cancelled: int
    applied: int
    issued: int
    renewed: int
    other: int

    @property
    def done(self) -> int:
        """People for whom something was done."""
        return self.applied + self.issued + self.renewed + self.other


HEADS = (
    "月", "会場", "用件", "予約（件）", "来庁・完了（件）", "不在（件）", "取消（件）",
    "申請（人）", "交付（人）", "更新（人）", "そのほか（人）",
)  # fmt: skip


def count_rows(first: date, last: date) -> list[CountRow]:
    """The table between two days; appointments by the day of the slot, visits by the day they took place or, without
    one, by the day they were asked for."""
    came = [AppointmentState.ARRIVED.value, AppointmentState.DONE.value]
    rows = (
        Appointment.objects.filter(day__range=(first, last))
        .annotate(month=TruncMonth("day"), where=F("slot__venue__name"))
        .order_by()
        .values("month", "where", "purpose")
        .annotate(
            booked=Count("pk"),
            came=Count("pk", filter=Q(state__in=came)),
            absent=Count("pk", filter=Q(state=AppointmentState.ABSENT.value)),
            cancelled=Count("pk", filter=_STATES),
            **_sums(),
        )
    )
    found = [_row(dict(one), one["where"]) for one in rows]
    visits = (
        Visit.objects.filter(Q(scheduled_on__range=(first, last)))
        .annotate(month=TruncMonth("scheduled_on"))
        .order_by()
        .values("month", "kind", "purpose")
        .annotate(
            booked=Count("pk"),
            came=Count("pk", filter=Q(state=VisitState.DONE.value)),
            cancelled=Count("pk", filter=Q(state__in=[VisitState.DECLINED.value, VisitState.WITHDRAWN.value])),
            **_sums(),
        )
    )
    found += [_row({**one, "absent": 0}, VisitKind(one["kind"]).label) for one in visits]
    return sorted(found, key=lambda one: (one.month, one.place, one.purpose))


def as_cells(rows: Sequence[CountRow]) -> list[list[Any]]:
    """The rows for CSV and Excel."""
    return [
        [
            f"{one.month:%Y-%m}", one.place, one.purpose, one.booked, one.came, one.absent, one.cancelled,
            one.applied, one.issued, one.renewed, one.other,
        ]
        for one in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of a year."""

    booked: int
    came: int
    absent: int
    cancelled: int
    applied: int
    issued: int
    renewed: int
    other: int


def total_of(rows: Sequence[CountRow]) -> Total:
    """The sums of a table."""
    names = ("booked", "came", "absent", "cancelled", *COUNTED)
    return Total(*(sum(getattr(one, name) for one in rows) for name in names))


def by_month(rows: Sequence[CountRow], year: FiscalYear) -> list[tuple[date, int]]:
    """People helped in each month of a fiscal year."""
    months = [date(year.year + (month < 4), month, 1) for month in (*range(4, 13), 1, 2, 3)]
    return [(month, sum(one.done for one in rows if one.month == month)) for month in months]


def supported_people(on: date) -> tuple[int, int] | None:
    """People supported from 1 April to a day, and in how many appointments and visits; ``None`` while none is recorded.

    Of a real town real records count, of the sample town those of the sample.
    """
    first = FiscalYear.of(on).start
    kinds = {"is_sample": is_sample_town()}
    found = [
        Appointment.objects.filter(day__range=(first, on), state=AppointmentState.DONE.value, **kinds),
        Visit.objects.filter(scheduled_on__range=(first, on), state=VisitState.DONE.value, **kinds),
    ]
    people = records = 0
    for rows in found:
        sums = rows.aggregate(records=Count("pk"), **_sums())
        records += sums["records"]
        people += sum(sums[kind] or 0 for kind in ("applied", "issued", "renewed"))
    return (people, records) if records else None


def kept_appointments(first: date, last: date) -> tuple[int, int]:
    """Appointments people came to, and all whose time came and that had not been cancelled, between two days."""
    rows = Appointment.objects.filter(day__range=(first, last), is_sample=is_sample_town())
    counted = rows.aggregate(
        came=Count("pk", filter=Q(state__in=[AppointmentState.ARRIVED.value, AppointmentState.DONE.value])),
        absent=Count("pk", filter=Q(state=AppointmentState.ABSENT.value)),
    )
    return counted["came"], counted["came"] + counted["absent"]


def figures(limit: int = 60) -> list[HolderFigure]:
    """The figures that count, newest day first: of each day the last one entered."""
    newest: dict[date, HolderFigure] = {}
    for one in HolderFigure.objects.order_by("-on", "-pk")[: limit * 4]:
        newest.setdefault(one.on, one)
    return list(newest.values())[:limit]


def figure_on(on: date) -> HolderFigure | None:
    """The newest figure of a day or before."""
    return (
        HolderFigure.objects.filter(on__lte=on, is_sample=is_sample_town(), population__isnull=False)
        .order_by("-on", "-pk")
        .first()
    )


def _sums() -> dict[str, Any]:
    return {kind: Sum(kind) for kind in COUNTED}


def _row(one: dict[str, Any], place: str) -> CountRow:
    counts = {name: one[name] or 0 for name in ("booked", "came", "absent", "cancelled", *COUNTED)}
    return CountRow(month=one["month"], place=place, purpose=purpose_title(one["purpose"]), **counts)
