"""What becomes of an appointment: moved, cancelled, marked, counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import TOKYO, Clock, Refusal
from yakuba.residents.card_support.access import require_own, require_work, works_here
from yakuba.residents.card_support.models import Appointment, Slot
from yakuba.residents.card_support.notices import CANCELLED, MOVED
from yakuba.residents.card_support.purposes import purpose_of
from yakuba.residents.card_support.rules.results import (
    MOST_AT_AN_APPOINTMENT,
    checked_results,
    usual_results,
)
from yakuba.residents.card_support.rules.slots import bookable_from
from yakuba.residents.card_support.rules.states import APPOINTMENTS, HOLDING, AppointmentState
from yakuba.residents.card_support.services.places import SlotFull, give_back, take_places
from yakuba.residents.card_support.services.telling import told
from yakuba.residents.card_support.words import moment_text

__all__ = [
    "SlotFull",
    "cancel_appointment",
    "mark_appointment",
    "mark_many",
    "move_appointment",
    "note_on_appointment",
    "record_results",
]
_NO_RESULT = {"applied": 0, "issued": 0, "renewed": 0, "other": 0}


@verb("card.move", label="カードの予約の変更")
def move_appointment(*, by: Person, appointment: Appointment, to: Slot, clock: Clock) -> Appointment:
    """Move an appointment to another slot; the old places are free again. Raises `SlotFull`, `Refusal`."""
    kept, slots = _locked(appointment, to)
    require_own(by, kept)
    if to.pk == kept.slot_id and kept.standing is AppointmentState.BOOKED:
        return kept
    if kept.standing not in (AppointmentState.BOOKED, AppointmentState.MUST_MOVE):
        raise Refusal("この予約は、もう変更できません。", hint="新しく予約してください。")
    days_before = _deadline(by, kept, clock)
    if kept.standing in HOLDING:
        give_back(slots[kept.slot_id], people=kept.people)
    take_places(slots[to.pk], people=kept.people, purpose=kept.purpose, clock=clock, days_before=days_before)
    if kept.standing is not AppointmentState.BOOKED:
        APPOINTMENTS.check(kept.standing, AppointmentState.BOOKED)
    kept.slot, kept.day, kept.state = slots[to.pk], slots[to.pk].day, AppointmentState.BOOKED.value
    kept.changed_at = clock.now()
    told(
        by=by,
        thing=kept,
        kind=MOVED,
        values={"number": kept.number, "place": kept.slot.venue.text, "when": moment_text(kept.slot.starts_at)},
        clock=clock,
        once=clock.now().isoformat(),
    )
    kept.must_call = False  # who moves it oneself knows, and a clerk has the person on the line
    kept.save()
    return kept


@verb("card.cancel", label="カードの予約の取消")
def cancel_appointment(*, by: Person, appointment: Appointment, clock: Clock) -> Appointment:
    """Cancel; the places are free again. Cancelled twice it stays cancelled. Raises `Refusal`."""
    kept, slots = _locked(appointment)
    require_own(by, kept)
    if kept.standing is AppointmentState.CANCELLED:
        return kept
    APPOINTMENTS.check(kept.standing, AppointmentState.CANCELLED)
    _deadline(by, kept, clock)
    if kept.standing in HOLDING:
        give_back(slots[kept.slot_id], people=kept.people)
    kept.state, kept.changed_at, kept.must_call = AppointmentState.CANCELLED.value, clock.now(), False
    kept.save()
    told(by=by, thing=kept, kind=CANCELLED, values={"number": kept.number}, clock=clock, once="1")
    return kept


@verb("card.mark", label="カードの予約の来庁・完了・不在")
def mark_appointment(*, by: Person, appointment: Appointment, state: AppointmentState, clock: Clock) -> Appointment:
    """Mark who came, is done or did not come. What is done counts by its purpose until a clerk corrects the counts."""
    require_work(by)
    kept, _ = _locked(appointment)
    return _marked(kept, state, clock)


@verb("card.mark_many", label="カードの予約の来庁・完了・不在（まとめて）")
def mark_many(
    *, by: Person, appointments: Sequence[Appointment], state: AppointmentState, clock: Clock
) -> tuple[list[Appointment], list[Appointment]]:
    """Mark several: those that could be, and those that could not."""
    require_work(by)
    done, left = [], []
    for one in sorted(appointments, key=lambda one: one.pk):
        kept, _ = _locked(one)
        try:
            done.append(_marked(kept, state, clock))
        except Refusal:
            left.append(kept)
    return done, left


def _marked(kept: Appointment, state: AppointmentState, clock: Clock) -> Appointment:
    if state not in (AppointmentState.ARRIVED, AppointmentState.DONE, AppointmentState.ABSENT, AppointmentState.BOOKED):
        raise Refusal("この画面では、その状態にできません。", hint="取消と変更は、予約の画面で行います。")
    if kept.standing is AppointmentState.MUST_MOVE:
        raise Refusal("日時の選び直しを待っている予約です。", hint="先に別の日時に変更してください。")
    APPOINTMENTS.check(kept.standing, state)
    if state is not AppointmentState.BOOKED and kept.day > clock.today():
        raise Refusal("来る日がまだ来ていません。", hint="日を確かめてください。")
    purpose = purpose_of(kept.purpose)
    counts = (
        usual_results(purpose.counts_as if purpose else "other", kept.people)
        if state is AppointmentState.DONE
        else _NO_RESULT
    )
    for kind, count in counts.items():
        setattr(kept, kind, count)
    kept.state, kept.changed_at = state.value, clock.now()
    kept.save()
    return kept


@verb("card.results", label="カードの予約の結果の記録")
def record_results(*, by: Person, appointment: Appointment, counts: Mapping[str, int], clock: Clock) -> Appointment:
    """Say what was done at an appointment (申請・交付・更新・そのほか, people each). Raises `Refusal`."""
    require_work(by)
    kept, _ = _locked(appointment)
    if kept.standing is not AppointmentState.DONE:
        raise Refusal("結果を入れられるのは、完了した予約です。", hint="先に「完了」にしてください。")
    for kind, count in checked_results(counts, most=MOST_AT_AN_APPOINTMENT).items():
        setattr(kept, kind, count)
    kept.changed_at = clock.now()
    kept.save()
    return kept


@verb("card.note", label="カードの予約のメモ")
def note_on_appointment(
    *, by: Person, appointment: Appointment, note: str, has_called: bool, clock: Clock
) -> Appointment:
    """A clerk's note, and that the person was telephoned."""
    require_work(by)
    kept, _ = _locked(appointment)
    kept.note = note.strip()[:300]
    if has_called:
        kept.must_call = False
    kept.changed_at = clock.now()
    kept.save()
    return kept


def _locked(appointment: Appointment, *further: Slot) -> tuple[Appointment, dict[int, Slot]]:
    """The appointment and its slots, locked in one order (slots by row, then the appointment), so that two who exchange
    places never wait for each other."""
    wanted = {appointment.slot_id, *(one.pk for one in further)}
    slots = {one.pk: one for one in Slot.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    kept = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if kept.slot_id not in slots:
        raise Refusal("ほかの人が、この予約を変更しました。", hint="画面を開き直して、今の内容を確かめてください。")
    return kept, slots


def _deadline(by: Person, appointment: Appointment, clock: Clock) -> int | None:
    """How many days before a resident may still act; nothing for a clerk. Raises `Refusal` when it is too late.

    Whom the town itself asked to choose again may always do so.
    """
    if works_here(by):
        return None
    days = whole_on("card.book_days_before", clock.today())
    is_late = appointment.slot.starts_at < bookable_from(clock.now(), days_before=days)
    if is_late and appointment.standing is AppointmentState.BOOKED:
        day = appointment.slot.starts_at.astimezone(TOKYO)
        raise Refusal(
            f"オンラインで変更・取消ができる期限を過ぎました（{day.month}月{day.day}日の予約）。",
            hint="お手数ですが、電話でお知らせください。",
        )
    return days
