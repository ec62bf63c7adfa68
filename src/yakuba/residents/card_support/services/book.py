"""Booking an appointment (予約)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.japan.api import fold
from yakuba.kernel.parameters.api import is_sample_town, whole_on
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.card_support.access import require_work
from yakuba.residents.card_support.models import Appointment, Arrival, Slot
from yakuba.residents.card_support.models.appointment import MOST_PEOPLE
from yakuba.residents.card_support.notices import BOOKED
from yakuba.residents.card_support.purposes import purpose_of
from yakuba.residents.card_support.rules.numbers import APPOINTMENT
from yakuba.residents.card_support.rules.purposes import Comer
from yakuba.residents.card_support.rules.states import AppointmentState
from yakuba.residents.card_support.services.places import take_places
from yakuba.residents.card_support.services.sending import free_number, stored_sending
from yakuba.residents.card_support.services.telling import told
from yakuba.residents.card_support.words import moment_text


@dataclass(frozen=True, slots=True)
class Booking:
    """What somebody books, checked by the form: names and readings as stored, telephone with hyphens."""

    purpose: str
    comer: str
    people: int
    name: str
    kana: str
    phone: str = ""
    mail: str = ""
    wish: str = ""


def book(
    *,
    by: Person,
    slot: Slot,
    booking: Booking,
    sending: str,
    password: str = "",
    arrival: Arrival = Arrival.ONLINE,
    language: str = "ja",
    clock: Clock,
) -> Appointment:
    """Book. The same ``sending`` gives the same appointment. ``password`` lets people without account look it up; it is
    hashed before the transaction begins. Raises `SlotFull`, `Refusal`."""
    sending = stored_sending(sending)
    known = Appointment.objects.filter(sending=sending).select_related("slot__venue").first()
    if known is not None:
        return known
    _check(by, booking, arrival)
    hashed = make_password(password) if password else ""
    if arrival is not Arrival.ONLINE:
        require_work(by)
    try:
        return _book(
            by=by,
            slot=slot,
            booking=booking,
            sending=sending,
            password_hash=hashed,
            arrival=arrival,
            language=language,
            days_before=whole_on("card.book_days_before", clock.today()) if arrival is Arrival.ONLINE else None,
            clock=clock,
        )
    except IntegrityError:
        # Two of the same sending at the same moment: the other one was first.
        known = Appointment.objects.filter(sending=sending).select_related("slot__venue").first()
        if known is None:
            raise
        return known


@verb("card.book", label="カードの窓口の予約")
def _book(
    *,
    by: Person,
    slot: Slot,
    booking: Booking,
    sending: str,
    password_hash: str,
    arrival: Arrival,
    language: str,
    days_before: int | None,
    clock: Clock,
) -> Appointment:
    kept = Slot.objects.select_for_update().get(pk=slot.pk)
    known = Appointment.objects.filter(sending=sending).select_related("slot__venue").first()
    if known is not None:
        return known
    take_places(kept, people=booking.people, purpose=booking.purpose, clock=clock, days_before=days_before)
    with transaction.atomic():
        made = Appointment.objects.create(
            number=free_number(Appointment, APPOINTMENT),
            sending=sending,
            slot=kept,
            day=kept.day,
            purpose=booking.purpose,
            comer=booking.comer,
            people=booking.people,
            state=AppointmentState.BOOKED.value,
            name=booking.name,
            kana=booking.kana,
            name_key=fold(f"{booking.name} {booking.kana}")[:240],
            phone=booking.phone,
            mail=booking.mail,
            account=by.id if by.kind is PersonKind.RESIDENT else "",
            wish=booking.wish,
            language=language,
            password_hash=password_hash,
            arrival=arrival.value,
            entered_by_id=by.staff_id if arrival is not Arrival.ONLINE else None,
            made_at=clock.now(),
            changed_at=clock.now(),
            is_sample=is_sample_town(),
        )
    told(
        by=by,
        thing=made,
        kind=BOOKED,
        values={"number": made.number, "place": kept.venue.text, "when": moment_text(kept.starts_at)},
        clock=clock,
        once="1",
    )
    return made


def _check(by: Person, booking: Booking, arrival: Arrival) -> None:
    purpose = purpose_of(booking.purpose)
    if purpose is None or not purpose.is_booked:
        raise Refusal("この用件は予約できません。", field="purpose", hint="用件を選び直してください。")
    if booking.comer not in [one.value for one in Comer]:
        raise Refusal("来る人を選んでください。", field="comer")
    if not purpose.bring[Comer(booking.comer)].may_come:
        raise Refusal("この用件は、代理の人だけでは手続きできません。", field="comer", hint="本人が来てください。")
    if not 1 <= booking.people <= MOST_PEOPLE:
        raise Refusal(f"人数は1人から{MOST_PEOPLE}人までです。", field="people")
    if not booking.name.strip():
        raise Refusal("氏名が空です。", field="name", hint="氏名を入力してください。")
    if not (booking.phone or booking.mail):
        raise Refusal("電話番号かメールアドレスを入力してください。", field="phone", hint="変更のときに連絡します。")
