"""Disposing of records whose retention is over (廃棄): a list, another person's approval, and what stays of it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.values.api import TOKYO, Clock, FiscalYear, Refusal, start_of_day
from yakuba.office.appbuilder.access_ledger import caring_for, require
from yakuba.office.appbuilder.models import (
    App,
    AppEvent,
    Arrival,
    Cell,
    DisposalLine,
    DisposalState,
    PressRequest,
    PressState,
    Record,
    RecordDisposal,
    RecordHistory,
)
from yakuba.office.appbuilder.services.caring import note_event
from yakuba.office.appbuilder.services.define import locked
from yakuba.office.appbuilder.services.door_keeping import erase_beside

DISPOSE = "appbuilder.dispose"
MOST_ON_A_LIST = 2000
AT_ONCE = 50


def kept_from(today: date, years: int) -> date:
    """The first day whose changes must still be kept (see `rules.keeping.kept_until`)."""
    return date(FiscalYear.of(today).year - years, 4, 1)


def due_records(app: App, before: date) -> QuerySet[Record]:
    """The records last changed before a day, whose content stands still. What came through a door ends by its own date."""
    held = Arrival.objects.filter(entrance__app=app).values("record")
    return Record.objects.filter(app=app, changed_at__lt=start_of_day(before), erased_on__isnull=True).exclude(
        pk__in=held
    )


@verb("appbuilder.draw_up_disposal", label="アプリの廃棄目録の作成")
def draw_up_disposal(*, by: Person, app: App, clock: Clock) -> RecordDisposal:
    """List the records whose retention is over today; by who manages the app, also a closed one.

    Raises `Refusal` where the app says no years, nothing is due, or a list waits already.
    """
    app = locked(app)
    caring = caring_for(by, app.public_id)
    require(caring.writes and caring.manages, "廃棄目録を作れるのは、このアプリを管理する人です。")
    years = caring.definition.care.years
    if years is None:
        raise Refusal(
            "保存期間の年数が決まっていません。", hint="「目的と保存期間」に年数を書いて、使い始めてください。"
        )
    if app.disposals.filter(state__in=(DisposalState.DRAWN_UP, DisposalState.APPROVED)).exists():
        raise Refusal("前の廃棄目録がまだ終わっていません。", hint="承認されるか、取りやめるのを待ってください。")
    before = kept_from(clock.today(), years)
    found = list(due_records(app, before).order_by("number")[:MOST_ON_A_LIST])
    if not found:
        raise Refusal("保存期間の終わった記録はありません。")
    disposal = RecordDisposal.objects.create(
        app=app,
        before=before,
        years=years,
        count=len(found),
        drawn_up_by=by.id,
        drawn_up_name=by.name[:80],
        drawn_up_at=clock.now(),
    )
    DisposalLine.objects.bulk_create(
        [
            DisposalLine(
                disposal=disposal,
                record=one,
                number=one.number,
                changed_on=one.changed_at.astimezone(TOKYO).date(),
            )
            for one in found
        ],
        batch_size=200,
    )
    return disposal


@verb("appbuilder.approve_disposal", label="アプリの廃棄目録の承認")
def approve_disposal(*, by: Person, disposal: RecordDisposal, clock: Clock) -> RecordDisposal:
    """The head of the owning section approves what somebody else drew up; a job then disposes of the records."""
    held = _held(disposal)
    caring = caring_for(by, held.app.public_id)
    require(caring.writes and caring.heads, "廃棄を承認できるのは、所管課の所属長です。")
    if by.id == held.drawn_up_by:
        raise NotAllowed("自分で作った廃棄目録は、自分では承認できません。")
    _refuse_ended(held)
    held.state = DisposalState.APPROVED
    held.approved_name, held.approved_at = by.name[:80], clock.now()
    held.save()
    note_event(held.app, AppEvent.Kind.DISPOSED, f"{held.count}件の廃棄を承認（保存期間{held.years}年）", by, clock)
    enqueue(DISPOSE, key=f"{DISPOSE}:{held.public_id}", disposal=held.public_id)
    return held


@verb("appbuilder.drop_disposal", label="アプリの廃棄目録の取りやめ")
def drop_disposal(*, by: Person, disposal: RecordDisposal, clock: Clock) -> RecordDisposal:
    """Give a list up before it is approved; by who manages the app or heads its section."""
    held = _held(disposal)
    caring = caring_for(by, held.app.public_id)
    require(caring.writes and (caring.manages or caring.heads), "取りやめられるのは、アプリを管理する人と所属長です。")
    _refuse_ended(held)
    held.state = DisposalState.DROPPED
    held.save(update_fields=["state"])
    return held


def _held(disposal: RecordDisposal) -> RecordDisposal:
    return RecordDisposal.objects.select_for_update(of=("self",)).select_related("app__section").get(pk=disposal.pk)


def _refuse_ended(held: RecordDisposal) -> None:
    if held.state != DisposalState.DRAWN_UP:
        raise Refusal(f"この廃棄目録は、すでに「{held.get_state_display()}」です。", hint="画面を開き直してください。")


@verb("appbuilder.dispose_some", label="アプリの記録の廃棄")
def dispose_some(*, by: Person, disposal: RecordDisposal, clock: Clock) -> bool:
    """Dispose of the next records of an approved list; gives whether any are left.

    Each is looked at again: one changed meanwhile, or waiting for a decision, stays with the reason.
    """
    held = _held(disposal)
    if held.state != DisposalState.APPROVED:
        return False
    waiting = held.lines.filter(disposed_on=None, left_because="")
    lines = list(waiting.select_related("record")[:AT_ONCE])
    due = set(
        due_records(held.app, held.before).filter(pk__in=[one.record_id for one in lines]).values_list("pk", flat=True)
    )
    asked = set(
        PressRequest.objects.filter(record__in=due, state=PressState.WAITING).values_list("record_id", flat=True)
    )
    going = [one.record_id for one in lines if one.record_id in due - asked]
    erase_beside(by, going, clock)
    Cell.objects.filter(record_id__in=going).delete()
    Record.objects.filter(pk__in=going, deleted_at__isnull=True).update(deleted_at=clock.now())
    Record.objects.filter(pk__in=going).update(values={}, kept={}, erased_on=clock.today())
    RecordHistory.objects.filter(record_id__in=going).delete()
    for one in lines:
        if one.record_id in going:
            one.disposed_on = clock.today()
        else:
            one.left_because = "決裁中" if one.record_id in asked else "その後に変更された"
    DisposalLine.objects.bulk_update(lines, ["disposed_on", "left_because"])
    if waiting.exists():
        return True
    held.state, held.done_at = DisposalState.DONE, clock.now()
    held.save()
    return False
