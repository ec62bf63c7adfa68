"""Runs of automations: begun once for each cause, gone through action by action, given up with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.notify.api import CannotBeReached, Recipient, tell
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock
from yakuba.office.appbuilder.access import sight_for
from yakuba.office.appbuilder.models import (
    Act,
    App,
    AutomationPause,
    AutomationRun,
    PressRequest,
    PressState,
    Record,
    RunState,
)
from yakuba.office.appbuilder.notices import PAUSED, TOLD
from yakuba.office.appbuilder.queries.planned import Planned
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.queries.told import Told
from yakuba.office.appbuilder.rules.automations import (
    DEEPEST_CHAIN,
    MOST_AN_HOUR,
    MOST_FAILURES,
    RETRY_MINUTES,
    Automation,
)
from yakuba.office.appbuilder.services.chain import at_depth
from yakuba.office.appbuilder.services.records import UnderDecision, add_record, put, refuse_faults, write_record

CARRY_OUT = "appbuilder.carry_out"


class RunFailed(Exception):
    """An action could not be done; `again` says whether trying later may help. The text is for people."""

    def __init__(self, words: str, *, again: bool) -> None:
        super().__init__(words)
        self.words, self.again = words, again


def is_paused(app: App, key: str) -> bool:
    """Whether an automation is paused."""
    return AutomationPause.objects.filter(app=app, automation=key, paused_at__isnull=False).exists()


@verb("appbuilder.begin_runs", label="アプリの自動処理の開始")
def begin_runs(
    *, by: Person, app: App, automation: Automation, records: Sequence[Record], cause: str, depth: int, clock: Clock
) -> list[AutomationRun]:
    """Write down that an automation runs for records, each once for a cause, and have it carried out.

    A run too deep in a chain is stopped. An automation that ran too often for one record within an hour is paused, its
    managers are told, and what was not carried out yet is stopped.
    """
    begun: list[AutomationRun] = []
    number = Shapes(app).number
    for record in records:
        if is_paused(app, automation.key):
            break
        too_deep = depth > DEEPEST_CHAIN
        run = AutomationRun(
            app=app,
            automation=automation.key,
            name=automation.name,
            record=record,
            cause=cause,
            depth=depth,
            shape=number,
            state=RunState.STOPPED if too_deep else RunState.WAITING,
            words=f"自動処理が{DEEPEST_CHAIN}回を超えて続けて起こったため、止めました。" if too_deep else "",
            begun_at=clock.now(),
            ended_at=clock.now() if too_deep else None,
        )
        try:
            with transaction.atomic():
                run.save()
        except IntegrityError:  # this cause has been seen to
            continue
        if too_deep:
            continue
        begun.append(run)
        enqueue(CARRY_OUT, key=f"{CARRY_OUT}:{run.public_id}:0", run=run.public_id)
        lately = AutomationRun.objects.filter(
            app=app, automation=automation.key, record=record, begun_at__gt=clock.now() - timedelta(hours=1)
        )
        if lately.count() > MOST_AN_HOUR:
            why = f"同じ記録（番号{record.number}）で、1時間に{MOST_AN_HOUR}回を超えて動きました。"
            pause_automation(by=by, app=app, key=automation.key, name=automation.name, why=why, clock=clock)
    return begun


def _held(run: AutomationRun, number: int) -> AutomationRun | None:
    """The run, locked, if this action is the one to do now."""
    kept = AutomationRun.objects.select_for_update().get(pk=run.pk)
    return kept if kept.state == RunState.WAITING and kept.done == number else None


def _next(run: AutomationRun, words: str) -> None:
    run.done += 1
    run.words = "、".join(part for part in (run.words, words) if part)[:400]
    run.save(update_fields=["done", "words"])


@verb("appbuilder.tell_some", label="アプリの自動処理のお知らせ")
def tell_some(*, by: Person, run: AutomationRun, number: int, told: Sequence[Told], link: str, clock: Clock) -> int:
    """Tell some people, each once for this action of this run; gives how many were reached.

    The run is held meanwhile, so that a second worker finds them told.
    """
    reached = 0
    if _held(run, number) is None:
        return 0
    for one in told:
        try:
            tell(
                by=by,
                recipient=Recipient(name=one.staff.name, account=one.account),
                kind=TOLD,
                about=ref_of(run.record),
                values={"app": run.app.title, "name": run.name, "text": one.text},
                key=f"appbuilder:{run.public_id}:{number}:{one.account}",
                clock=clock,
                link=link if one.sees else "",
            )
        except CannotBeReached:
            continue
        reached += 1
    return reached


@verb("appbuilder.finish_action", label="アプリの自動処理の動作の完了")
def finish_action(*, by: Person, run: AutomationRun, number: int, words: str) -> AutomationRun:
    """Note that an action done outside this transaction (notices, a message outside) is done."""
    kept = _held(run, number)
    if kept is not None:
        _next(kept, words)
        return kept
    return run


@verb("appbuilder.set_by_automation", label="アプリの自動処理による項目の変更")
def set_by_automation(*, by: Person, run: AutomationRun, number: int, plan: Planned, clock: Clock) -> AutomationRun:
    """Set the fields of the record and note it, both or neither. Raises `UnderDecision`, `RecordFault`."""
    kept = _held(run, number)
    if kept is None:
        return run
    record = Record.objects.select_for_update().filter(pk=run.record_id, deleted_at__isnull=True).first()
    if record is None:
        _next(kept, "記録が削除されていたため、変えていません")
        return kept
    record.app = run.app
    if PressRequest.objects.filter(record=record, state=PressState.WAITING).exists():
        raise UnderDecision
    shapes = Shapes(run.app)
    definition = shapes.definition
    now = shapes.of(record, today=clock.today())
    after = put(now.values, plan.values)
    if after == now.values:
        _next(kept, "すでにその値でした")
        return kept
    refuse_faults(by, run.app, definition, after, frozenset(plan.values), record=record, clock=clock)
    with at_depth(run.depth + 1):
        write_record(record, definition, shapes.number, after, now.kept, Act.AUTOMATED, by, clock, run.name)
    _next(kept, plan.words)
    return kept


@verb("appbuilder.create_by_automation", label="アプリの自動処理による記録の作成")
def create_by_automation(*, by: Person, run: AutomationRun, number: int, plan: Planned, clock: Clock) -> AutomationRun:
    """Add the record to the other app with the owner's rights and note it, both or neither."""
    kept = _held(run, number)
    if kept is None or plan.app is None or plan.owner is None:
        return run
    with at_depth(run.depth + 1):
        made = add_record(
            by=plan.owner,
            app=plan.app,
            values=plan.values,
            clock=clock,
            words=f"{run.app.title}の自動処理：{run.name}",
        )
    _next(kept, f"「{plan.app.title}」に番号{made.number}を作った")
    return kept


@verb("appbuilder.end_run", label="アプリの自動処理の完了")
def end_run(*, by: Person, run: AutomationRun, milliseconds: int, clock: Clock, stopped: str = "") -> AutomationRun:
    """All actions are done, or the run was stopped for a reason; a run that is over stays as it is."""
    kept = AutomationRun.objects.select_for_update().get(pk=run.pk)
    if kept.state != RunState.WAITING:
        return kept
    kept.state = RunState.STOPPED if stopped else RunState.DONE
    kept.words = (stopped or kept.words)[:400]
    kept.ended_at, kept.next_at = clock.now(), None
    kept.milliseconds += max(0, milliseconds)
    kept.save()
    if not stopped:
        AutomationPause.objects.filter(app=kept.app, automation=kept.automation).update(failures=0)
    return kept


@verb("appbuilder.fail_run", label="アプリの自動処理の失敗")
def fail_run(
    *, by: Person, run: AutomationRun, words: str, again: bool, milliseconds: int, clock: Clock
) -> AutomationRun:
    """Note a failure: tried again later while that may help, else given up; paused after several in a row."""
    kept = AutomationRun.objects.select_for_update().get(pk=run.pk)
    if kept.state != RunState.WAITING:
        return kept
    kept.attempts += 1
    kept.words = words[:400]
    kept.milliseconds += max(0, milliseconds)
    if again and kept.attempts <= len(RETRY_MINUTES):
        kept.next_at = clock.now() + timedelta(minutes=RETRY_MINUTES[kept.attempts - 1])
        kept.save()
        enqueue(
            CARRY_OUT,
            key=f"{CARRY_OUT}:{kept.public_id}:{kept.attempts}",
            run_after=kept.next_at,
            run=kept.public_id,
        )
        return kept
    kept.state, kept.ended_at, kept.next_at = RunState.FAILED, clock.now(), None
    kept.save()
    row, _ = AutomationPause.objects.select_for_update().get_or_create(app=kept.app, automation=kept.automation)
    row.failures += 1
    row.save(update_fields=["failures"])
    if row.failures >= MOST_FAILURES and row.paused_at is None:
        why = f"続けて{row.failures}回失敗しました。最後の理由：{words}"
        pause_automation(by=by, app=kept.app, key=kept.automation, name=kept.name, why=why, clock=clock)
    return kept


@verb("appbuilder.pause_automation", label="アプリの自動処理の停止")
def pause_automation(*, by: Person, app: App, key: str, name: str, why: str, clock: Clock) -> AutomationPause:
    """Pause an automation until a manager starts it again; who manages the app is told by a job."""
    row, _ = AutomationPause.objects.get_or_create(app=app, automation=key)
    if row.paused_at is None:
        row.paused_at, row.why = clock.now(), why[:200]
        row.save()
        moment = int(clock.now().timestamp())
        enqueue(TELL_PAUSED, key=f"{TELL_PAUSED}:{row.pk}:{moment}", pause=row.pk, called=name, moment=moment)
    return row


TELL_PAUSED = "appbuilder.tell_paused"


@verb("appbuilder.tell_paused", label="自動処理の停止のお知らせ")
def tell_paused(
    *, by: Person, pause: AutomationPause, name: str, moment: int, staff: Sequence[Staff], link: str, clock: Clock
) -> int:
    """Tell some of those who manage the app."""
    accounts = Account.objects.filter(staff__in=[one.pk for one in staff], is_active=True, kind="staff")
    for account in accounts:
        tell(
            by=by,
            recipient=Recipient(account=account.public_id),
            kind=PAUSED,
            about=ref_of(pause.app),
            values={"app": pause.app.title, "name": name, "why": pause.why},
            key=f"appbuilder:paused:{pause.pk}:{moment}:{account.public_id}",
            clock=clock,
            link=link,
        )
    return len(accounts)


@verb("appbuilder.resume_automation", label="アプリの自動処理の再開")
def resume_automation(*, by: Person, app: App, key: str, clock: Clock) -> AutomationPause:
    """Start a paused automation again; what happened meanwhile is not made up for."""
    if not sight_for(by, app).manage:
        raise NotAllowed("自動処理を再開できるのは、このアプリを管理する人です。")
    row = AutomationPause.objects.select_for_update().filter(app=app, automation=key).first()
    if row is None:
        raise NotVisible
    row.paused_at, row.why, row.failures = None, "", 0
    row.save()
    return row


@verb("appbuilder.forget_runs", label="古い自動処理の記録の削除")
def forget_runs(*, by: Person, before: Any, most: int = 500) -> int:
    """Take away some runs older than a moment; gives how many."""
    some = list(AutomationRun.objects.filter(begun_at__lt=before).values_list("pk", flat=True)[:most])
    AutomationRun.objects.filter(pk__in=some).delete()
    return len(some)


def check_plan(plan: Planned) -> None:
    """Raise `RunFailed` for an action that cannot be done; nothing of it will help by itself later."""
    if plan.fault:
        raise RunFailed(plan.fault, again=False)


__all__ = [
    "CARRY_OUT",
    "TELL_PAUSED",
    "RunFailed",
    "begin_runs",
    "check_plan",
    "create_by_automation",
    "end_run",
    "fail_run",
    "finish_action",
    "forget_runs",
    "is_paused",
    "pause_automation",
    "resume_automation",
    "set_by_automation",
    "tell_paused",
    "tell_some",
]
