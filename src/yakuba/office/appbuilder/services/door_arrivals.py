"""Somebody comes in through a door: an answer to a survey, a sign-up."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from django.db.models import F
from django.utils.crypto import salted_hmac

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import surrounded_by, verb
from yakuba.kernel.people.api import is_protected
from yakuba.kernel.values.api import Clock, FixedClock, Refusal
from yakuba.office.appbuilder.models import AnsweredMark, App, Arrival, Entrance, EntrancePlace, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.door_check import still_fits
from yakuba.office.appbuilder.rules.door_states import MIRRORED, STANDING, ArrivalState, EntranceState
from yakuba.office.appbuilder.rules.doors import Door, DoorKind
from yakuba.office.appbuilder.services.door_openings import count_one_more, kept_until, local
from yakuba.office.appbuilder.services.door_telling import tell_arrival
from yakuba.office.appbuilder.services.records import RecordFault, keep_new, refuse_faults

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 16


class DoorClosed(Refusal):
    """The door is not open: not yet, no more, or the app behind it has changed."""


class DoorFull(Refusal):
    """No place is left, on the waiting list neither; or a survey has as many answers as it takes."""


class AlreadyThere(Refusal):
    """This person or device has answered or signed up as often as one may."""


def new_sending() -> str:
    """What a page carries so that pressing twice sends once."""
    return secrets.token_urlsafe(24)


def stored_sending(sending: str) -> str:
    """What is stored of a sending: with it alone nobody makes the code."""
    return hashlib.sha256(sending[:200].encode()).hexdigest()


def code_for(sending: str) -> str:
    """The code of a receipt: the same for every press of one sending, about 79 bits, readable out loud."""
    drawn = int.from_bytes(salted_hmac("appbuilder.door.code", sending, algorithm="sha256").digest(), "big")
    letters = []
    for _place in range(CODE_LENGTH):
        drawn, rest = divmod(drawn, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "-".join("".join(letters[start : start + 4]) for start in range(0, CODE_LENGTH, 4))


def stored_code(code: str) -> str:
    """What is stored of a code."""
    return salted_hmac("appbuilder.door.stored_code", code, algorithm="sha256").hexdigest()


def mark_of(entrance: Entrance, who: str) -> str:
    """What is kept of a device or account that answered: a keyed digest for this door alone."""
    return salted_hmac("appbuilder.door.mark", f"{entrance.public_id}:{who}", algorithm="sha256").hexdigest()


def door_person(door: Door) -> Person:
    """In whose name records stand that came in through a door."""
    return Person(id="system:door", name=f"入口「{door.name[:60]}」", kind=PersonKind.SYSTEM)


def answer_survey(
    *, by: Person, entrance: Entrance, values: Mapping[str, Any], sending: str, device: str, language: str, clock: Clock
) -> None:
    """Take an answer. The same `sending` is the same answer. `device` is the random token of the browser.

    Of an anonymous answer nothing is kept that leads to a person: no account, no moment but the day, no number, and in
    the audit log neither the actor nor the request. Raises `DoorClosed`, `DoorFull`, `AlreadyThere`, `RecordFault`.
    """
    door = entrance.door
    if door.kind is not DoorKind.SURVEY:
        raise DoorClosed("この入口は、アンケートではありません。")
    who = {"account": f"account:{by.id}", "device": f"device:{device}", "freely": ""}[door.survey.once.value]
    given: dict[str, Any] = {
        "entrance": entrance,
        "values": dict(values),
        "sending": stored_sending(sending),
        "mark": mark_of(entrance, who) if who else "",
        "language": language,
        "clock": clock,
    }
    try:
        if door.is_anonymous:
            with surrounded_by("", "resident"):
                _answer(by=door_person(door), account="", **given)
        else:
            _answer(by=by, account=by.id, **given)
    except IntegrityError:
        # Two of the same sending or of the same device at the same moment: the other one was first.
        if not Arrival.objects.filter(sending=given["sending"]).exists():
            raise AlreadyThere("すでに回答しています。") from None


@verb("appbuilder.answer_survey", label="アンケートの回答の受付")
def _answer(
    *,
    by: Person,
    entrance: Entrance,
    values: dict[str, Any],
    sending: str,
    mark: str,
    account: str,
    language: str,
    clock: Clock,
) -> None:
    kept = hold_entrance(entrance)
    if Arrival.objects.filter(sending=sending).exists():
        return
    door, definition = _open(kept, clock)
    if mark:
        if AnsweredMark.objects.filter(digest=mark).exists():
            raise AlreadyThere("すでに回答しています。")
        AnsweredMark.objects.create(digest=mark, entrance=kept)
    if not count_one_more(kept, most=door.survey.most):
        raise DoorFull("回答が上限に達したため、受付を終わりました。")
    # The day alone: whoever knows when somebody sat at the screen must not find the answer by it.
    on = FixedClock(clock.today()) if door.is_anonymous else clock
    record = _record(kept, door, definition, values, on, account=account)
    Arrival.objects.create(
        entrance=kept,
        record=record,
        number="" if door.is_anonymous else f"{kept.number}-{kept.received + 1}",
        sending=sending,
        state=ArrivalState.THERE,
        account=account,
        language="ja" if door.is_anonymous else language[:8],
        arrived_at=None if door.is_anonymous else clock.now(),
        kept_until=kept_until(door, clock.today()),
    )


def sign_up(
    *,
    by: Person,
    entrance: Entrance,
    values: Mapping[str, Any],
    people: int,
    mail: str,
    phone: str,
    sending: str,
    language: str,
    clock: Clock,
) -> Arrival:
    """Sign up for so many people: a place, or the waiting list. The same `sending` is the same sign-up.

    Raises `DoorClosed`, `DoorFull`, `AlreadyThere`, `RecordFault`, `Refusal`.
    """
    is_resident = by.kind is PersonKind.RESIDENT
    who = f"account:{by.id}" if is_resident else f"mail:{mail.casefold()}" if mail else f"phone:{phone}"
    if not is_resident and not (mail or phone):
        raise Refusal("メールアドレスか電話番号を入力してください。", hint="変更があるときに、お知らせします。")
    stored = stored_sending(sending)
    try:
        return _sign_up(
            by=by,
            entrance=entrance,
            values=dict(values),
            people=people,
            mail="" if is_resident else mail,
            person=mark_of(entrance, who),
            sending=stored,
            code="" if is_resident else stored_code(code_for(sending)),
            language=language,
            clock=clock,
        )
    except IntegrityError:
        known = Arrival.objects.select_related("entrance__app", "record").filter(sending=stored).first()
        if known is None:
            raise
        return known


@verb("appbuilder.sign_up", label="入口からの申込みの受付")
def _sign_up(
    *,
    by: Person,
    entrance: Entrance,
    values: dict[str, Any],
    people: int,
    mail: str,
    person: str,
    sending: str,
    code: str,
    language: str,
    clock: Clock,
) -> Arrival:
    kept = hold_entrance(entrance)
    known = Arrival.objects.select_related("entrance__app", "record").filter(sending=sending).first()
    if known is not None:
        return known
    door, definition = _open(kept, clock)
    if door.kind is not DoorKind.SIGN_UP:
        raise DoorClosed("この入口では、申し込めません。")
    if not 1 <= people <= door.places.group_most:
        raise Refusal(f"人数は1人から{door.places.group_most}人までです。")
    standing = Arrival.objects.filter(entrance=kept, state__in=STANDING)
    if standing.filter(person=person).count() >= door.places.per_person:
        raise AlreadyThere("すでに申し込んでいます。")
    choice = str(values.get(door.places.field, "")) if door.places.field else ""
    place = EntrancePlace.objects.select_for_update().filter(entrance=kept, choice=choice).first()
    if place is None:
        raise DoorFull("その選択肢は、受け付けていません。")
    waiting = standing.filter(place=place, state=ArrivalState.WAITING).count()
    # Whoever waits came first: while somebody does, a place that is free is not for whoever comes now.
    state = ArrivalState.BOOKED if not waiting and take(place, people) else ArrivalState.WAITING
    if state is ArrivalState.WAITING and waiting >= door.places.waiting:
        raise DoorFull("満員です。")
    count_one_more(kept, most=0)
    account = by.id if by.kind is PersonKind.RESIDENT else ""
    record = _record(kept, door, definition, values, clock, state=state, account=account)
    made = Arrival.objects.create(
        entrance=kept,
        record=record,
        number=f"{kept.number}-{kept.received + 1}",
        sending=sending,
        state=state,
        place=place,
        people=people,
        account=account,
        mail=mail,
        person=person,
        code=code,
        language=language[:8],
        arrived_at=clock.now(),
        kept_until=kept_until(door, clock.today()),
    )
    tell_arrival(by=by, arrival=made, clock=clock)
    return made


def take(place: EntrancePlace, people: int) -> bool:
    """Take places, if there are so many: the condition stands in the statement that counts."""
    rows = EntrancePlace.objects.filter(pk=place.pk, taken__lte=F("capacity") - people)
    return bool(rows.update(taken=F("taken") + people))


def hold_entrance(entrance: Entrance) -> Entrance:
    """The row of a door, locked: whoever comes in, cancels or moves up at one door waits here for the one before."""
    return Entrance.objects.select_for_update(of=("self",)).select_related("app__section").get(pk=entrance.pk)


def why_closed(entrance: Entrance, definition: AppDefinition | None, clock: Clock) -> str:
    """Why nobody comes in now: ``not_yet``, ``over``, ``closed``, ``changed``; "" while the door is open."""
    if entrance.standing is not EntranceState.OPEN or entrance.app.closed_at is not None or definition is None:
        return "closed"
    door, now = entrance.door, local(clock.now())
    if door.closes_at is not None and door.closes_at <= now:
        return "over"
    if not door.is_open_at(now):
        return "not_yet"
    if door.kind is DoorKind.APPLICATION:
        return ""  # a case arrives whatever became of the app
    return "changed" if still_fits(door, entrance.fields, definition) else ""


def _open(kept: Entrance, clock: Clock) -> tuple[Door, AppDefinition]:
    definition = Shapes(kept.app).definition
    reason = why_closed(kept, definition, clock)
    if reason:
        raise DoorClosed(_SAID[reason])
    return kept.door, definition


_SAID = {
    "closed": "この受付は終わりました。",
    "over": "受付の期間が終わりました。",
    "not_yet": "受付は、まだ始まっていません。",
    "changed": "ただいま準備中のため、受け付けられません。",
}


def _record(
    kept: Entrance,
    door: Door,
    definition: AppDefinition,
    values: Mapping[str, Any],
    clock: Clock,
    *,
    state: ArrivalState | None = None,
    account: str = "",
) -> Record:
    """The record of what came in: fields that are asked and nothing else, and what the app fills by itself."""
    app: App = kept.app
    by = door_person(door)
    asked = frozenset(one.key for one in kept.fields)
    strange = set(values) - asked
    if strange:
        raise RecordFault(dict.fromkeys(sorted(strange), "この入口で聞いていない項目です。"))
    given = {one.key: one.default for one in definition.fields if one.default is not None and one.type.is_typed}
    given |= {key: value for key, value in values.items() if value is not None}
    if definition.process is not None:
        given[definition.process.field] = definition.process.start
    if state is not None and door.state_field:
        given[door.state_field] = mirrored(definition, door, state)
    refuse_faults(by, app, definition, given, asked, record=None, clock=clock)
    if not door.is_anonymous:
        given = without_places(given, kept, account=account, clock=clock)
    return keep_new(
        by=by,
        app=app,
        definition=definition,
        shape=Shapes(app).number,
        given={key: value for key, value in given.items() if value is not None},
        section=app.section,
        clock=clock,
        # A run of an automation notes its moment, and that would lead from the moment to an anonymous answer.
        wakes=not door.is_anonymous,
    )


def without_places(given: dict[str, Any], kept: Entrance, *, account: str, clock: Clock) -> dict[str, Any]:
    """The values without addresses where the person is protected (支援措置): an app has no safe place for one."""
    places = {one.key for one in kept.fields if one.type is FieldType.ADDRESS}
    if not places & set(given):
        return given
    name = given.get(kept.door.name_field)
    if not is_protected(account=account, name=name if isinstance(name, str) else "", on=clock.today()):
        return given
    return {key: value for key, value in given.items() if key not in places}


def mirrored(definition: AppDefinition, door: Door, state: ArrivalState) -> str | None:
    """The choice that says in the record where a sign-up stands."""
    field = definition.field(door.state_field) if door.state_field else None
    wanted = MIRRORED.get(state)
    return next((one.key for one in field.choices if one.label == wanted), None) if field is not None else None
