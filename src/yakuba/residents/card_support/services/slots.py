"""Places, and slots in bulk: made from a pattern, closed with the people in them, opened again."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import TOKYO, Clock, Refusal
from yakuba.residents.card_support.access import require_work
from yakuba.residents.card_support.models import Appointment, Place, Slot
from yakuba.residents.card_support.notices import MUST_MOVE
from yakuba.residents.card_support.purposes import bookable
from yakuba.residents.card_support.rules.slots import Pattern, Planned, planned
from yakuba.residents.card_support.rules.states import APPOINTMENTS, AppointmentState
from yakuba.residents.card_support.services.telling import told
from yakuba.residents.card_support.words import moment_text


@verb("card.save_place", label="カードの会場の登録")
def save_place(
    *, by: Person, place: Place | None, name: str, name_easy: str, name_en: str, where: str, is_open: bool, clock: Clock
) -> Place:
    """Add a place or change it. Raises `Refusal` for a name another place has."""
    require_work(by)
    others = Place.objects.exclude(pk=place.pk) if place else Place.objects.all()
    if others.filter(name=name).exists():
        raise Refusal(f"「{name}」はもう登録されています。", field="name", hint="別の名前にしてください。")
    kept = place or Place(order=Place.objects.count(), is_sample=is_sample_town())
    kept.name, kept.name_easy, kept.name_en, kept.place, kept.is_open = name, name_easy, name_en, where, is_open
    kept.save()
    return kept


def plan_slots(pattern: Pattern, *, today: date) -> Planned:
    """What a pattern comes to on the town's calendar. Also works out its holidays outside of any transaction.
    Raises `Refusal`."""
    calendar = town_calendar()
    return planned(pattern, closed_because=calendar.closed_because, today=today)


def make_slots(*, by: Person, place: Place, pattern: Pattern, purposes: list[str], clock: Clock) -> int:
    """Make the slots of a pattern; those that are there already stay as they are. How many are new. Raises `Refusal`."""
    require_work(by)
    plan_slots(pattern, today=clock.today())
    return _make_slots(by=by, place=place, pattern=pattern, purposes=purposes, clock=clock)


@verb("card.make_slots", label="カードの予約枠の作成")
def _make_slots(*, by: Person, place: Place, pattern: Pattern, purposes: list[str], clock: Clock) -> int:
    known = {one.key for one in bookable()}
    if unknown := sorted(set(purposes) - known):
        raise Refusal(f"知らない用件です：{unknown[0][:30]}", field="purposes", hint="選び直してください。")
    starts = plan_slots(pattern, today=clock.today()).starts
    there = set(
        Slot.objects.filter(venue=place, day__range=(pattern.first, pattern.last)).values_list("starts_at", flat=True)
    )
    limited = f",{','.join(sorted(set(purposes)))}," if purposes and set(purposes) != known else ""
    fresh = [one for one in starts if one not in there and one > clock.now()]
    Slot.objects.bulk_create(
        [
            Slot(
                venue=place,
                starts_at=one,
                day=one.astimezone(TOKYO).date(),
                minutes=pattern.minutes,
                capacity=pattern.capacity,
                only_for=limited,
                is_sample=is_sample_town(),
            )
            for one in fresh
        ],
        ignore_conflicts=True,
    )
    return len(fresh)


@verb("card.close_slot", label="カードの予約枠の中止")
def close_slot(*, by: Person, slot: Slot, reason: str, clock: Clock) -> list[Appointment]:
    """Close a slot. Whoever is booked gives the places back and must choose another time: they are told, and whom
    nothing leads to is listed for the telephone. The appointments concerned come back."""
    require_work(by)
    if not reason.strip():
        raise Refusal("中止の理由が空です。", field="reason", hint="予約した人に伝える理由を書いてください。")
    kept = Slot.objects.select_for_update().get(pk=slot.pk)
    if kept.is_closed:
        return []
    concerned = list(
        Appointment.objects.select_for_update().filter(slot=kept, state=AppointmentState.BOOKED).order_by("pk")
    )
    kept.is_closed, kept.closed_reason = True, reason.strip()[:200]
    for one in concerned:
        APPOINTMENTS.check(one.standing, AppointmentState.MUST_MOVE)
        kept.taken -= one.people
        one.state, one.changed_at = AppointmentState.MUST_MOVE.value, clock.now()
        one.must_call = not told(
            by=by,
            thing=one,
            kind=MUST_MOVE,
            values={"number": one.number, "when": moment_text(kept.starts_at), "reason": kept.closed_reason},
            clock=clock,
            once=f"{kept.public_id}:{clock.now().isoformat()}",
        )
        one.save()
    kept.save()
    return concerned


@verb("card.reopen_slot", label="中止したカードの予約枠の再開")
def reopen_slot(*, by: Person, slot: Slot, clock: Clock) -> Slot:
    """Open a closed slot again; who had to move is not moved back."""
    require_work(by)
    kept = Slot.objects.select_for_update().get(pk=slot.pk)
    if kept.starts_at <= clock.now():
        raise Refusal("始まりの時刻が過ぎています。", hint="新しい予約枠を作ってください。")
    kept.is_closed, kept.closed_reason = False, ""
    kept.save()
    return kept
