"""A town hall whose 行政管理班 is in charge of the card, with one place and slots."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.test import Client
from django.urls import is_valid_path

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.approval.tests.town_hall import acting, open_hall
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.tests.people import sign_in
from yakuba.kernel.organisation.tests.town_hall import TownHall
from yakuba.kernel.values.api import TOKYO, Clock, FixedClock, SystemClock
from yakuba.residents.card_support.access import PROCEDURE
from yakuba.residents.card_support.models import Appointment, Place, Slot, Visit, VisitKind
from yakuba.residents.card_support.services import Booking, VisitAsked, ask_visit, book, save_place

TODAY = SystemClock().today()
"""Pages go by the machine's clock, so the tests do."""
CLOCK = FixedClock(datetime.combine(TODAY, time(8), TOKYO))
HANAKO = Person(id="acct-hanako", name="見本 花子", kind=PersonKind.RESIDENT)
TARO = Person(id="acct-taro", name="見本 太郎", kind=PersonKind.RESIDENT)
BOOKING = Booking("collect", "self", 1, "見本 花子", "ミホン ハナコ", phone="0242-84-1503")
ADDRESS = "福島県河沼郡会津坂下町字見本1番地"
CLERK = "行政 主事"
OTHER = "財政 主事"


@dataclass
class Desk:
    """Rows by the words tests use."""

    hall: TownHall
    place: Place
    counted: int = field(default=0)

    def clerk(self, name: str = CLERK) -> Person:
        return acting(self.hall.staff[name], TODAY)

    def slot(
        self, *, days: int = 5, hour: int = 9, capacity: int = 2, only_for: str = "", place: Place | None = None
    ) -> Slot:
        """A slot so many days from today."""
        day = TODAY + timedelta(days=days)
        with unaudited_writes("test"):
            return Slot.objects.create(
                venue=place or self.place,
                starts_at=datetime.combine(day, time(hour), TOKYO),
                day=day,
                minutes=30,
                capacity=capacity,
                only_for=only_for,
            )

    def book(
        self,
        slot: Slot,
        *,
        by: Person = VISITOR,
        sending: str = "",
        password: str = "",
        clock: Clock = CLOCK,
        **changed: Any,
    ) -> Appointment:
        """A booking; every call is another sending unless one is given."""
        self.counted += 1
        return book(
            by=by,
            slot=slot,
            booking=replace(BOOKING, **changed),
            sending=sending or f"sending-{self.counted}",
            password=password,
            clock=clock,
        )

    def visit(self, *, by: Person = VISITOR, kind: VisitKind = VisitKind.PERSONAL, **changed: Any) -> Visit:
        self.counted += 1
        asked = VisitAsked(
            kind=kind,
            purpose="apply",
            people=1,
            name="見本 花子",
            kana="ミホン ハナコ",
            address=ADDRESS,
            wishes=((TODAY + timedelta(days=7), "am"),),
            phone="0242-84-1503",
            organisation="見本工業" if kind is VisitKind.GROUP else "",
            reason="足が悪いため",
        )
        password = changed.pop("password", "")
        return ask_visit(
            by=by, asked=replace(asked, **changed), sending=f"visit-{self.counted}", password=password, clock=CLOCK
        )


def open_desk() -> Desk:
    """The town hall, the procedure of the catalogue with its section, one place."""
    is_valid_path("/")  # reads the addresses, as a server has before its first request
    hall = open_hall()
    section = hall.sections["行政管理班"]
    with unaudited_writes("test"):
        Procedure.objects.create(
            key=PROCEDURE,
            number=100,
            kind="application",
            identity="in_person",
            signature="none",
            retention_years=5,
            title_ja="マイナンバーカード",
            section_role="residents",
            section=section,
            authority=section.authority,
            values={},
            acted_by="test",
            acted_name="test",
            acted_at=CLOCK.now(),
        )
    desk = Desk(hall, None)  # type: ignore[arg-type]
    desk.place = save_place(
        by=desk.clerk(), place=None, name="役場", name_easy="役場（やくば）", name_en="Town office", where="1階", is_open=True,
        clock=CLOCK,
    )  # fmt: skip
    return desk


def sit(desk: Desk, name: str = CLERK) -> Client:
    """A browser of a member of staff."""
    staff = desk.hall.staff[name]
    with unaudited_writes("tests"):
        account, _ = Account.objects.get_or_create(
            staff=staff,
            defaults={"kind": AccountKind.STAFF, "sign_in_name": staff.number, "display_name": staff.name},
        )
    client = Client()
    sign_in(client, account)
    return client


def held(slot: Slot) -> int:
    """The people of the appointments that hold places of a slot, counted anew."""
    from yakuba.residents.card_support.rules.states import HOLDING

    return sum(one.people for one in Appointment.objects.filter(slot=slot) if one.standing in HOLDING)


FAR = date(2040, 1, 1)
