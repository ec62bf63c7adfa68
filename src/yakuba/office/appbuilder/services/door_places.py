"""What becomes of a sign-up: cancelled, moved up from the waiting list, answered, lapsed. All in one transaction each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import TOKYO, Clock, Refusal
from yakuba.office.appbuilder.access import sight_for, visible_records
from yakuba.office.appbuilder.models import Act, Arrival, Entrance, EntrancePlace, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.door_states import ARRIVALS, HOLDING, ArrivalState
from yakuba.office.appbuilder.rules.doors import Door, Promotion
from yakuba.office.appbuilder.services.door_arrivals import door_person, hold_entrance, mirrored, take
from yakuba.office.appbuilder.services.door_telling import tell_arrival
from yakuba.office.appbuilder.services.records import write_record


def last_moment(door: Door) -> datetime | None:
    """Until when people cancel by themselves and the waiting list moves by itself."""
    last = door.places.cancel_until or door.closes_at
    return last.replace(tzinfo=TOKYO) if last is not None else None


def is_over(door: Door, clock: Clock) -> bool:
    """Whether that moment has passed."""
    last = last_moment(door)
    return last is not None and clock.now() >= last


@verb("appbuilder.cancel_sign_up", label="入口からの申込みの取消し")
def cancel_sign_up(*, by: Person, arrival: Arrival, reason: str = "", clock: Clock) -> Arrival:
    """Cancel, by the person or by a clerk with a reason; the place goes to who waits, in the same transaction.

    Cancelled twice it stays cancelled. Raises `NotAllowed`, `Refusal` after the person's last moment.
    """
    kept, one = _hold(arrival)
    is_clerk = by.kind in (PersonKind.STAFF, PersonKind.OUTSIDE)
    if is_clerk:
        _require_edit(by, one, clock)
        if not reason.strip():
            raise Refusal("理由を書いてください。", field="reason", hint="申し込んだ人に、そのまま知らせます。")
    else:
        _require_own(by, one)
    if one.standing is ArrivalState.CANCELLED:
        return one
    ARRIVALS.check(one.standing, ArrivalState.CANCELLED)
    if not is_clerk and is_over(kept.door, clock):
        raise Refusal("取消しの期限を過ぎました。", hint="お手数ですが、電話でお知らせください。")
    one.reason = reason.strip()[:200]
    _move(kept, one, ArrivalState.CANCELLED, by=by, clock=clock)
    _fill(kept, one.place, by=by, clock=clock)
    return one


@verb("appbuilder.accept_place", label="空きの案内への返事")
def accept_place(*, by: Person, arrival: Arrival, clock: Clock) -> Arrival:
    """Take the place that is offered. Raises `Refusal` when the time to answer is over."""
    kept, one = _hold(arrival)
    _require_own(by, one)
    if one.standing is ArrivalState.BOOKED:
        return one
    ARRIVALS.check(one.standing, ArrivalState.BOOKED)
    if one.standing is not ArrivalState.OFFERED or one.answer_by is None or clock.now() >= one.answer_by:
        raise Refusal("お返事の期限を過ぎました。")
    _move(kept, one, ArrivalState.BOOKED, by=by, clock=clock)
    return one


@verb("appbuilder.move_up", label="空き待ちからの繰上げ")
def move_up(*, by: Person, arrival: Arrival, clock: Clock) -> Arrival:
    """A clerk gives somebody who waits a place that is free. Raises `Refusal` when none is."""
    kept, one = _hold(arrival)
    _require_edit(by, one, clock)
    if one.standing is not ArrivalState.WAITING or one.place is None:
        raise Refusal("この申込みは、空き待ちではありません。", hint="画面を開き直してください。")
    if not take(one.place, one.people):
        raise Refusal("空きが足りません。", hint="定員を増やすか、取消しを待ってください。")
    _give(kept, one, by=by, clock=clock)
    return one


@verb("appbuilder.lapse_offers", label="返事のない空きの案内の終了")
def lapse_offers(*, by: Person, entrance: Entrance, clock: Clock) -> int:
    """End offers nobody answered in time, and offer their places to the next in line. How many ended."""
    kept = hold_entrance(entrance)
    late = list(
        Arrival.objects.select_related("record", "place").filter(
            entrance=kept, state=ArrivalState.OFFERED, answer_by__lte=clock.now()
        )
    )
    for one in late:
        one.entrance = kept
        _move(kept, one, ArrivalState.LAPSED, by=by, clock=clock)
    for place in sorted({one.place_id for one in late if one.place_id}):
        _fill(kept, EntrancePlace.objects.get(pk=place), by=by, clock=clock)
    return len(late)


def _hold(arrival: Arrival) -> tuple[Entrance, Arrival]:
    """Door first, then the sign-up: everybody locks in this order."""
    kept = hold_entrance(arrival.entrance)
    one = Arrival.objects.select_for_update(of=("self",)).select_related("record", "place").get(pk=arrival.pk)
    one.entrance = kept
    if one.erased_on is not None or one.place is None:
        raise NotVisible
    return kept, one


def _require_own(by: Person, one: Arrival) -> None:
    """The account it was made with; without one, whoever the page let in by the code."""
    if by.kind is PersonKind.SYSTEM or (one.account and one.account == by.id) or (not one.account and one.code):
        return
    raise NotAllowed("この申込みは、あなたのものではありません。")


def _require_edit(by: Person, one: Arrival, clock: Clock) -> None:
    app = one.entrance.app
    definition = Shapes(app).definition
    sight = sight_for(by, app, definition)
    if not sight.edit:
        raise NotAllowed("このアプリの記録を変える権限がありません。")
    if not visible_records(by, app, definition, sight, today=clock.today()).filter(pk=one.record_id).exists():
        raise NotVisible


def _fill(kept: Entrance, place: EntrancePlace | None, *, by: Person, clock: Clock) -> None:
    """Places that are free go to who waits, strictly in the order of arrival: a large group is not passed over."""
    door = kept.door
    if place is None or door.places.promotion is Promotion.BY_CLERK or is_over(door, clock):
        return
    waiting = Arrival.objects.select_for_update(of=("self",)).select_related("record", "place")
    for one in waiting.filter(entrance=kept, place=place, state=ArrivalState.WAITING).order_by("pk"):
        if not take(place, one.people):
            return
        one.entrance = kept
        _give(kept, one, by=by, clock=clock)


def _give(kept: Entrance, one: Arrival, *, by: Person, clock: Clock) -> None:
    """The place is taken already; what remains is to say so, or to ask whether it is still wanted."""
    door = kept.door
    hours = door.places.answer_hours
    if not hours or not (one.account or one.mail):  # nobody waits for the answer of somebody who cannot be asked
        _move(kept, one, ArrivalState.BOOKED, by=by, clock=clock)
        return
    last = last_moment(door)
    until = clock.now() + timedelta(hours=hours)
    one.answer_by = min(until, last) if last is not None and last > clock.now() else until
    _move(kept, one, ArrivalState.OFFERED, by=by, clock=clock)


def _move(kept: Entrance, one: Arrival, to: ArrivalState, *, by: Person, clock: Clock) -> None:
    """One step of a sign-up: its place given back if it held one, the record's state, the word to the person."""
    before = one.standing
    ARRIVALS.check(before, to)
    if before in HOLDING and to not in HOLDING and one.place is not None:
        EntrancePlace.objects.filter(pk=one.place.pk).update(taken=F("taken") - one.people)
    one.state = to
    one.save()
    _mirror(kept, one, clock)
    tell_arrival(by=by, arrival=one, clock=clock)


def _mirror(kept: Entrance, one: Arrival, clock: Clock) -> None:
    """Say it in the record too, where the app has a field for it."""
    door = kept.door
    shapes = Shapes(kept.app)
    choice = mirrored(shapes.definition, door, one.standing)
    if choice is None:
        return
    record = Record.objects.select_for_update().get(pk=one.record_id)
    record.app = kept.app
    now = shapes.of(record, today=clock.today())
    if record.erased_on is None and now.values.get(door.state_field) != choice:
        values = {**now.values, door.state_field: choice}
        write_record(record, shapes.definition, shapes.number, values, now.kept, Act.CHANGED, door_person(door), clock)
