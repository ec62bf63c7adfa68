"""The card support in the sample town: places, slots, appointments in every state, visits, counts. Everybody is made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.urls import is_valid_path

from yakuba.kernel.access.api import VISITOR, Person
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.catalogue.api import ChannelKind, Procedure, open_channel
from yakuba.kernel.organisation.api import members_of
from yakuba.kernel.things.sample import SampleContext, sample_part
from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.access import PROCEDURE, section_in_charge, works_here
from yakuba.residents.card_support.models import Appointment, Arrival, Place, Slot, VisitKind
from yakuba.residents.card_support.rules.slots import Pattern
from yakuba.residents.card_support.rules.states import AppointmentState
from yakuba.residents.card_support.services import (
    Booking,
    VisitAsked,
    ask_for_reminders,
    ask_visit,
    book,
    cancel_appointment,
    close_slot,
    decline_visit,
    enter_figure,
    finish_visit,
    make_slots,
    mark_appointment,
    save_place,
    schedule_visit,
)

_GIVEN = (
    ("花子", "ハナコ"), ("太郎", "タロウ"), ("一郎", "イチロウ"), ("良子", "リョウコ"), ("健太", "ケンタ"), ("さくら", "サクラ"),
    ("正男", "マサオ"), ("和子", "カズコ"), ("直樹", "ナオキ"), ("美咲", "ミサキ"), ("進", "ススム"), ("恵", "メグミ"),
)  # fmt: skip
_PURPOSES = ("apply", "collect", "certificate", "renew", "password", "certificate", "collect", "change")
_PHONE = "0242-00-0000"
_PAST_DAYS = 45
_COMING_DAYS = 42


@sample_part(order=240, title="マイナンバーカードの予約と訪問")
def fill_card_support(context: SampleContext) -> None:
    """Six weeks behind and ahead, so that list, board and counts are alive on the first day."""
    clerk: Person = context.person("clerk")
    section = section_in_charge()
    is_valid_path("/")  # the addresses are read once, before a transaction waits for them
    if section is None or not works_here(clerk):
        return
    hall, branch = _places(context, clerk)
    begins = context.today - timedelta(days=_PAST_DAYS)
    _slots(context, clerk, hall, begins)
    _appointments(context, clerk, hall)
    _coming(context, clerk, branch)
    _visits(context, clerk)
    _figures(context, clerk)
    _open_way(context)


@dataclass(frozen=True)
class _Who:
    name: str
    kana: str


def _who(number: int) -> _Who:
    given, kana = _GIVEN[number % len(_GIVEN)]
    return _Who(f"見本 {given}", f"ミホン {kana}")


def _open_way(context: SampleContext) -> None:
    """The card's page of the catalogue leads to the appointments."""
    procedure = Procedure.objects.filter(key=PROCEDURE).first()
    if procedure is None or procedure.channels.filter(kind=ChannelKind.BOOKING.value).exists():
        return
    open_channel(
        by=context.person("secretariat"),
        procedure=procedure,
        kind=ChannelKind.BOOKING,
        target="/card/",
        decision="見本の決裁",
        live_since=context.today - timedelta(days=_PAST_DAYS),
        clock=context.clock,
    )


def _places(context: SampleContext, clerk: Person) -> tuple[Place, Place]:
    first = context.today - timedelta(days=_PAST_DAYS)
    clock = context.clock_on(first)
    hall = save_place(
        by=clerk, place=None, name="役場 戸籍窓口（見本）", name_easy="役場（やくば）の 窓口（まどぐち）（見本（みほん））",
        name_en="Town office, residents' counter (sample)", where="1階", is_open=True, clock=clock,
    )  # fmt: skip
    branch = save_place(
        by=clerk, place=None, name="中央公民館（見本）", name_easy="中央公民館（ちゅうおうこうみんかん）（見本（みほん））",
        name_en="Central community hall (sample)", where="2階 会議室", is_open=True, clock=clock,
    )  # fmt: skip
    return hall, branch


def _slots(context: SampleContext, clerk: Person, hall: Place, begins: date) -> None:
    town_calendar().is_open(context.today)
    for first, last in (
        (begins, context.today - timedelta(days=1)),
        (context.today, context.today + timedelta(days=_COMING_DAYS)),
    ):
        pattern = Pattern(
            first=first, last=last, weekdays=frozenset(range(5)), begins=time(9), ends=time(16), minutes=60, capacity=3,
            pause_begins=time(12), pause_ends=time(13),
        )  # fmt: skip
        make_slots(by=clerk, place=hall, pattern=pattern, purposes=[], clock=context.clock_on(first))


def _appointments(context: SampleContext, clerk: Person, hall: Place) -> None:
    """Of the weeks behind: done, absent, cancelled; of today: arrived and waiting."""
    slots = list(Slot.objects.filter(venue=hall, day__lt=context.today).select_related("venue").order_by("starts_at"))
    number = 0
    for slot in slots[::6]:
        number += 1
        made = _book(context, slot, number, days_before=5)
        if made is None:
            continue
        on_the_day = context.clock_on(slot.day)
        if number % 9 == 4:
            cancel_appointment(by=clerk, appointment=made, clock=context.clock_on(slot.day - timedelta(days=2)))
            continue
        state = AppointmentState.ABSENT if number % 8 == 3 else AppointmentState.DONE
        mark_appointment(by=clerk, appointment=made, state=state, clock=on_the_day)
    for slot in Slot.objects.filter(venue=hall, day=context.today).select_related("venue")[:3]:
        number += 1
        made = _book(context, slot, number, days_before=4, arrival=Arrival.PHONE, by=clerk)
        if made is not None and number % 3 == 0:
            mark_appointment(by=clerk, appointment=made, state=AppointmentState.ARRIVED, clock=context.clock)


def _coming(context: SampleContext, clerk: Person, branch: Place) -> None:
    """Of the days ahead: some booked, one slot full, one closed; a Saturday at the community hall."""
    ahead = list(
        Slot.objects.filter(day__gt=context.today + timedelta(days=1))
        .select_related("venue")
        .order_by("starts_at")[:40]
    )
    number = 60
    for place, slot in enumerate(ahead):
        for _seat in range(3 if place == 1 else (1 if place % 5 == 0 else 0)):
            number += 1
            _book(context, slot, number, days_before=0, people=1)
    resident: Person = context.person("resident")
    if len(ahead) > 12:
        book(
            by=resident, slot=ahead[12], sending="sample-resident",
            booking=Booking("certificate", "self", 1, resident.name, "ミホン", phone=_PHONE), clock=context.clock,
        )  # fmt: skip
        _book(context, ahead[13], 90, days_before=0, people=2)
        close_slot(by=clerk, slot=ahead[13], reason="（見本）機器の点検のため", clock=context.clock)
    saturday = context.today + timedelta(days=(5 - context.today.weekday()) % 7 + 7)
    pattern = Pattern(
        first=saturday, last=saturday, weekdays=frozenset({5}), begins=time(9), ends=time(12), minutes=30, capacity=4,
        on_closing_days=True,
    )  # fmt: skip
    make_slots(by=clerk, place=branch, pattern=pattern, purposes=["apply", "renew"], clock=context.clock)
    ask_for_reminders(
        by=resident, card_until=context.today + timedelta(days=200), certificate_until=None, mail="", language="ja",
        clock=context.clock,
    )  # fmt: skip


def _visits(context: SampleContext, clerk: Person) -> None:
    section = section_in_charge()
    staff = [one.staff for one in members_of(section, context.today)[:2]] if section else []
    today = context.today
    for number, (kind, organisation, people, days, ends) in enumerate(
        (
            (VisitKind.GROUP, "見本工業株式会社", 18, 30, "done"),
            (VisitKind.PERSONAL, "", 1, 24, "done"),
            (VisitKind.GROUP, "見本地区公民館", 12, 12, "scheduled"),
            (VisitKind.PERSONAL, "", 2, 9, "declined"),
            (VisitKind.PERSONAL, "", 1, 3, "received"),
            (VisitKind.GROUP, "見本高等学校", 40, 1, "received"),
        )
    ):
        who = _who(number + 3)
        asked_on = today - timedelta(days=days)
        visit = ask_visit(
            by=VISITOR,
            asked=VisitAsked(
                kind=kind, purpose="apply", people=people, name=who.name, kana=who.kana,
                address="福島県河沼郡会津坂下町字見本1番地", wishes=((asked_on + timedelta(days=10), "am"),), phone=_PHONE,
                organisation=organisation, room="会議室、机4台、電源あり" if organisation else "",
                reason="" if organisation else "（見本）足が悪く、役場まで行けません。",
            ),
            sending=f"sample-visit-{number}",
            clock=context.clock_on(asked_on),
        )  # fmt: skip
        clock = context.clock_on(min(asked_on + timedelta(days=2), today))
        if ends == "declined":
            decline_visit(by=clerk, visit=visit, reason="（見本）希望の日に職員の都合がつきませんでした。", clock=clock)
        elif ends in ("scheduled", "done"):
            day = asked_on + timedelta(days=10) if ends == "done" else today + timedelta(days=6)
            schedule_visit(
                by=clerk,
                visit=visit,
                on=day,
                at=time(10),
                staff=staff,
                answer="（見本）顔写真を撮ります。",
                clock=clock,
            )
            if ends == "done":
                finish_visit(by=clerk, visit=visit, counts={"applied": people}, clock=context.clock_on(day))


def _figures(context: SampleContext, clerk: Person) -> None:
    """Invented, and says so."""
    for months, cards in ((6, 10_420), (3, 10_655), (0, 10_830)):
        day = (context.today - timedelta(days=30 * months)).replace(day=1)
        enter_figure(
            by=clerk, on=day, cards=cards, population=14_500, source="（見本）作った数です", clock=context.clock
        )


def _book(
    context: SampleContext,
    slot: Slot,
    number: int,
    *,
    days_before: int,
    people: int | None = None,
    arrival: Arrival = Arrival.ONLINE,
    by: Person = VISITOR,
) -> Appointment | None:
    who = _who(number)
    purpose = _PURPOSES[number % len(_PURPOSES)]
    booked_on = min(slot.day - timedelta(days=days_before), context.today)
    try:
        return book(
            by=by,
            slot=slot,
            booking=Booking(
                purpose,
                "child" if number % 7 == 0 else "self",
                people or (2 if number % 5 == 0 else 1),
                who.name,
                who.kana,
                phone=_PHONE,
                wish="（見本）車いすで行きます。" if number % 11 == 0 else "",
            ),
            sending=f"sample-{number}",
            arrival=arrival,
            clock=context.clock_on(booked_on),
        )
    except Refusal:
        return None
