"""The life of a door: asked for, decided by somebody else, open, closed, open again."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from django.db.models import F, Max

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, system_person
from yakuba.kernel.approval.api import DecisionMade, DecisionWithdrawn, ask_decision, decisions_on
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import TOKYO, Clock, Refusal
from yakuba.office.appbuilder.access import sight_for
from yakuba.office.appbuilder.models import App, Arrival, Entrance, EntrancePlace
from yakuba.office.appbuilder.models.doors import door_content
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField
from yakuba.office.appbuilder.rules.door_check import door_problems, still_fits
from yakuba.office.appbuilder.rules.door_states import ENTRANCES, EntranceState
from yakuba.office.appbuilder.rules.door_words import door_in_words
from yakuba.office.appbuilder.rules.doors import Door, DoorKind
from yakuba.office.appbuilder.services.define import NotReady, locked

SUBJECT = "appbuilder.door"
KIND = "町民の入口の公開"
_FIRST_NUMBER = 101


def local(moment: datetime) -> datetime:
    """A moment as the definition writes it: the town's own, without zone."""
    return moment.astimezone(TOKYO).replace(tzinfo=None)


def asked_fields(door: Door, definition: AppDefinition) -> tuple[AppField, ...]:
    """The fields a door asks, in its order."""
    return tuple(one for key in door.asked if (one := definition.field(key)) is not None)


def require_manager(by: Person, app: App) -> None:
    """Raise `NotAllowed` unless the person manages the app."""
    if app.closed_at is not None or not sight_for(by, app).manage:
        raise NotAllowed("入口の公開を決めるのは、このアプリを管理する人です。")


def entrance_of(app: App, key: str) -> Entrance:
    """The row of a door, made when it is first needed; the app is locked by the caller."""
    found = Entrance.objects.select_for_update().filter(app=app, key=key).first()
    if found is None:
        last = Entrance.objects.aggregate(last=Max("number"))["last"] or _FIRST_NUMBER - 1
        found = Entrance.objects.create(app=app, key=key, number=last + 1, state=EntranceState.DRAFT)
    found.app = app
    return found


@verb("appbuilder.ask_for_door", label="町民の入口の公開の決裁を求める")
def ask_for_door(*, by: Person, app: App, key: str, clock: Clock) -> Entrance:
    """Ask the head of the app's section to open a door as it stands in the version in use, or to change an open one.

    Raises `NotReady` with what must be put right, `Refusal` while a decision is waiting or nobody can decide.
    """
    app = locked(app)
    require_manager(by, app)
    version = app.versions.filter(state="in_use").first()
    definition = version.content if version is not None else None
    door = definition.door(key) if definition is not None else None
    if definition is None or door is None:
        raise Refusal(
            "この入口は、使用中の版にありません。", hint="先に、下書きを確かめて使い始めてから、公開を求めてください。"
        )
    if door.kind is DoorKind.APPLICATION:
        raise Refusal("電子申請の入口は、様式の公開の決裁で開きます。", hint="「様式を作る」から進めてください。")
    problems = tuple(one for one in door_problems(definition) if f"「{door.name or door.key}」" in one.place)
    if problems:
        raise NotReady(problems)
    if app.section is None:
        raise Refusal(
            "このアプリには所管課がないため、決裁する人がいません。", hint="所管課のあるアプリで作ってください。"
        )
    kept = entrance_of(app, key)
    if kept.waiting:
        raise Refusal("この入口は、すでに決裁を待っています。", hint="変えるときは、先に決裁を取り下げてください。")
    fields = asked_fields(door, definition)
    kept.waiting = door_content(door, fields)
    if kept.content == kept.waiting and kept.standing is not EntranceState.DRAFT:
        raise Refusal("公開している内容と同じです。", hint="変えるところがなければ、決裁は要りません。")
    _refuse_smaller(kept, door)
    if kept.standing is EntranceState.DRAFT:
        ENTRANCES.check(EntranceState.DRAFT, EntranceState.CHECKING)
        kept.state = EntranceState.CHECKING
    kept.asked_by = by.id
    kept.save()
    ask_decision(
        by=by,
        subject=ref_of(kept),
        title=f"町民の入口「{door.name[:80]}」の公開",
        content={"entrance": kept.public_id, "number": kept.number, **_for_decision(kept.waiting)},
        content_text=door_in_words(door, fields),
        authority=app.section.authority,
        section=app.section,
        kind=KIND,
        clock=clock,
    )
    return kept


def _for_decision(content: dict[str, object]) -> dict[str, object]:
    return {"door": content["door"], "fields": content["fields"]}


def _refuse_smaller(kept: Entrance, door: Door) -> None:
    """Nobody who has a place is thrown out by a change."""
    for place in kept.places.all():
        if place.taken > door.places.capacities.get(place.choice, 0):
            raise Refusal(
                f"定員を、すでに埋まった{place.taken}人より少なくできません。",
                hint="先に取り消すか、定員を増やしてください。",
            )


def hear_decision(event: DecisionMade) -> None:
    """Approved: what was asked for is public from now on, in the transaction of the decision. Else it is put aside."""
    kept = _asked(event.subject_kind, event.subject_id)
    if kept is None:
        return
    if event.outcome == "approved":
        cited = decisions_on(Ref(SUBJECT, kept.public_id))
        words = f"{cited[0].decided_at.astimezone(TOKYO):%Y-%m-%d} {cited[0].title}" if cited else ""
        open_door(by=system_person("approval"), entrance=kept, decision=words, clock=town_clock())
    else:
        put_aside(by=system_person("approval"), entrance=kept)


def hear_withdrawal(event: DecisionWithdrawn) -> None:
    """Whoever asked took the question back."""
    kept = _asked(event.subject_kind, event.subject_id)
    if kept is not None:
        put_aside(by=system_person("approval"), entrance=kept)


def _asked(kind: str, public_id: str) -> Entrance | None:
    if kind != SUBJECT:
        return None
    return Entrance.objects.filter(public_id=public_id).exclude(waiting={}).first()


@verb("appbuilder.open_door", label="町民の入口を開く")
def open_door(*, by: Person, entrance: Entrance, decision: str, clock: Clock) -> Entrance:
    """Make public what was decided. Only the engine of decisions does this."""
    if by.kind is not PersonKind.SYSTEM:
        raise NotAllowed("入口を開けるのは、決裁だけです。")
    kept = Entrance.objects.select_for_update(of=("self",)).select_related("app").get(pk=entrance.pk)
    kept.content, kept.waiting = kept.waiting, {}
    if kept.standing is not EntranceState.OPEN:
        ENTRANCES.check(kept.standing, EntranceState.OPEN)
    kept.state, kept.closed_at, kept.decision = EntranceState.OPEN, None, decision[:120]
    kept.opened_at = kept.opened_at or clock.now()
    kept.save()
    door = kept.door
    if door.kind is DoorKind.SIGN_UP:
        for choice, capacity in door.places.capacities.items():
            place, _ = EntrancePlace.objects.get_or_create(
                entrance=kept, choice=choice, defaults={"capacity": capacity}
            )
            # Somebody may have come in while the smaller number was being decided: nobody is thrown out.
            EntrancePlace.objects.filter(pk=place.pk).update(capacity=max(capacity, place.taken))
    for one in Arrival.objects.filter(entrance=kept, erased_on__isnull=True).select_related("record"):
        until = kept_until(door, one.record.made_at.astimezone(TOKYO).date())
        if until != one.kept_until:
            Arrival.objects.filter(pk=one.pk).update(kept_until=until)
    return kept


@verb("appbuilder.put_door_aside", label="町民の入口の公開の取りやめ")
def put_aside(*, by: Person, entrance: Entrance) -> Entrance:
    """The decision was refused, sent back or withdrawn: what is public stays, what was asked for is put aside."""
    if by.kind is not PersonKind.SYSTEM:
        raise NotAllowed("決裁の結果によらずに、入口の状態は変えられません。")
    kept = Entrance.objects.select_for_update(of=("self",)).select_related("app").get(pk=entrance.pk)
    kept.waiting = {}
    if kept.standing is EntranceState.CHECKING:
        kept.state = EntranceState.DRAFT
    kept.save()
    return kept


@verb("appbuilder.close_door", label="町民の入口の受付を終える")
def close_door(*, by: Person, entrance: Entrance, clock: Clock) -> Entrance:
    """Nobody comes in any more; what came in stays, and people may still look at and cancel their own."""
    kept = _held(by, entrance)
    _refuse_application(kept)
    ENTRANCES.check(kept.standing, EntranceState.CLOSED)
    kept.state, kept.closed_at = EntranceState.CLOSED, clock.now()
    kept.save()
    return kept


@verb("appbuilder.reopen_door", label="町民の入口の受付を再開する")
def reopen_door(*, by: Person, entrance: Entrance, clock: Clock) -> Entrance:
    """Open again under the same decision. Raises `Refusal` when its time is over or the app no longer fits."""
    kept = _held(by, entrance)
    _refuse_application(kept)
    ENTRANCES.check(kept.standing, EntranceState.OPEN)
    if not kept.content:
        raise Refusal("まだ決裁されていません。", hint="公開の決裁を求めてください。")
    door = kept.door
    if door.closes_at is not None and door.closes_at <= local(clock.now()):
        raise Refusal("受付の期間が終わっています。", hint="期間を変え、公開の決裁を求めてください。")
    reason = still_fits(door, kept.fields, Shapes(kept.app).definition)
    if reason:
        raise Refusal(reason, hint="入口を直し、公開の決裁を求めてください。")
    kept.state, kept.closed_at = EntranceState.OPEN, None
    kept.save()
    return kept


def _refuse_application(kept: Entrance) -> None:
    if kept.form_key:
        raise Refusal("電子申請の受付は、様式の画面で終え、再開します。", hint="「様式」の画面を開いてください。")


def _held(by: Person, entrance: Entrance) -> Entrance:
    kept = Entrance.objects.select_for_update(of=("self",)).select_related("app__section").get(pk=entrance.pk)
    require_manager(by, kept.app)
    return kept


def kept_until(door: Door, arrived_on: date) -> date:
    """The day on which what came in is erased: so many months after the end of the door, or after it came."""
    start = max(arrived_on, door.closes_at.date()) if door.closes_at is not None else arrived_on
    months = start.month - 1 + door.kept_months
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def count_one_more(entrance: Entrance, *, most: int) -> bool:
    """Count one more, if no more than `most` (0: any number) have come in; one statement."""
    rows = Entrance.objects.filter(pk=entrance.pk)
    if most:
        rows = rows.filter(received__lt=most)
    return bool(rows.update(received=F("received") + 1))
