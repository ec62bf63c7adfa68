"""Running automations, outside every request and every writing transaction: called by jobs only."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from yakuba.kernel.access.api import NotAllowed, system_person
from yakuba.kernel.expressions.api import NotCompilable
from yakuba.kernel.identity.api import Unsealable, unseal
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import MOST_ROW_BY_ROW, compiled
from yakuba.office.appbuilder.models import (
    Act,
    App,
    AppVersion,
    AutomationRun,
    Cell,
    ImportBatch,
    Record,
    RecordHistory,
    RunState,
)
from yakuba.office.appbuilder.outside import NotSent, send
from yakuba.office.appbuilder.queries.planned import Ground, Planned
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.automations import (
    LOOK_BACK,
    MOST_AT_ONCE,
    Automation,
    When,
    cause_of,
    day_looked_for,
    is_set_off,
    moments,
)
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.merging import seen_at
from yakuba.office.appbuilder.services.automate import (
    RunFailed,
    begin_runs,
    check_plan,
    create_by_automation,
    end_run,
    fail_run,
    finish_action,
    is_paused,
    pause_automation,
    set_by_automation,
    tell_some,
)
from yakuba.office.appbuilder.services.records import UnderDecision

SYSTEM = system_person("appbuilder")
_TOLD_AT_ONCE, _BEGUN_AT_ONCE = 10, 25


def run_for_change(record: Record, version: int, depth: int, clock: Clock) -> int:
    """Begin the automations one change sets off, for the values the record had then; gives how many runs."""
    entry = RecordHistory.objects.filter(record=record, version=version).first()
    in_use = AppVersion.objects.filter(app=record.app, state=VersionState.IN_USE).first()
    if entry is None or in_use is None or record.deleted_at is not None:
        return 0
    definition = in_use.content
    now = Shapes(record.app).of(record, today=clock.today())
    later = list(record.history.filter(version__gt=version).values_list("version", "before"))
    ground = Ground(record, seen_at(version, now.values, later), in_use, at=clock.now(), definition=definition)
    begun = 0
    is_new = entry.act == Act.MADE
    for one in definition.automations:
        if is_set_off(one, is_new=is_new, before=entry.before, after=entry.after) and ground.meets(one):
            cause = f"v{version}"
            begun += len(
                begin_runs(
                    by=SYSTEM, app=record.app, automation=one, records=[record], cause=cause, depth=depth, clock=clock
                )
            )
    return begun


def look_at_the_clock(clock: Clock) -> int:
    """Begin the timed automations whose moment came, also those missed lately; gives how many runs."""
    begun = 0
    for version in AppVersion.objects.filter(
        state=VersionState.IN_USE, app__closed_at__isnull=True, definition__has_key="automations"
    ).select_related("app"):
        definition = version.content
        since = max(clock.now() - LOOK_BACK, version.published_at or clock.now())
        for one in definition.automations:
            if one.is_on and one.when.is_timed and not is_paused(version.app, one.key):
                for moment in moments(one, after=since, until=clock.now()):
                    begun += _begin_at(version, definition, one, moment, clock)
    return begun


def _begin_at(version: AppVersion, definition: AppDefinition, one: Automation, moment: datetime, clock: Clock) -> int:
    app, cause = version.app, cause_of(moment)
    seen_to = AutomationRun.objects.filter(app=app, automation=one.key, cause=cause).values("record")
    try:
        due = due_records(app, definition, one, moment).exclude(pk__in=seen_to).select_related("app")
        some = list(due.order_by("pk")[: MOST_AT_ONCE + 1])
    except Refusal as refusal:
        _pause(app, one, f"{refusal.message}", clock)
        return 0
    if len(some) > MOST_AT_ONCE:
        _pause(app, one, f"一度に{MOST_AT_ONCE}件を超える記録が当てはまりました。条件を確かめてください。", clock)
        return 0
    shapes = Shapes(app)
    wanted = [
        record
        for record in some
        if Ground(
            record, shapes.of(record, today=clock.today()).values, version, at=moment, definition=definition
        ).meets(one)
    ]
    begun = 0
    for start in range(0, len(wanted), _BEGUN_AT_ONCE):
        part = wanted[start : start + _BEGUN_AT_ONCE]
        begun += len(begin_runs(by=SYSTEM, app=app, automation=one, records=part, cause=cause, depth=0, clock=clock))
    return begun


def _pause(app: App, one: Automation, why: str, clock: Clock) -> None:
    pause_automation(by=SYSTEM, app=app, key=one.key, name=one.name, why=why, clock=clock)


def due_records(app: App, definition: AppDefinition, one: Automation, moment: datetime) -> QuerySet[Record]:
    """The records a moment may concern, asked of the database: by the day in the typed table, or by the condition.

    A day narrows them so far that the condition is asked of each afterwards. Raises `Refusal` for a condition no
    database can answer over too many records.
    """
    number = app.versions.filter(state=VersionState.IN_USE).values_list("number", flat=True)
    found = Record.objects.filter(app=app, deleted_at__isnull=True, shape__gte=number[0])
    unfinished = list(ImportBatch.objects.filter(app=app, finished_at__isnull=True).values_list("pk", flat=True))
    if unfinished:
        found = found.exclude(batch_id__in=unfinished)
    if one.when is When.DAY:
        cells = Cell.objects.filter(app=app, key=one.field, day=day_looked_for(one, moment), deleted=False)
        return found.filter(pk__in=cells.values("record"))
    try:
        return compiled(found, definition, one.rule, moment.date())
    except NotCompilable as reason:
        if found[MOST_ROW_BY_ROW : MOST_ROW_BY_ROW + 1].exists():
            raise Refusal(
                f"条件をデータベースで調べられず、記録が{MOST_ROW_BY_ROW:,}件を超えています。理由：{reason.message}"
            ) from None
    return found


def carry_out(run: AutomationRun, clock: Clock) -> str:
    """Go through what is left of a run; gives its state. Safe to be called again, from any place it stopped at."""
    if run.state != RunState.WAITING:
        return run.state
    version = AppVersion.objects.filter(app=run.app, number=run.shape).first()
    one = version.content.automation(run.automation) if version else None
    if version is None or one is None or run.record.deleted_at is not None or run.app.closed_at is not None:
        why = "記録かアプリがなくなったため、止めました。"
        return end_run(by=SYSTEM, run=run, milliseconds=0, clock=clock, stopped=why).state
    if is_paused(run.app, run.automation):
        why = "自動処理が止められているため、動かしませんでした。"
        return end_run(by=SYSTEM, run=run, milliseconds=0, clock=clock, stopped=why).state
    started = time.monotonic()

    def spent() -> int:
        return int((time.monotonic() - started) * 1000)

    try:
        for number in range(run.done, len(one.actions)):
            run.record.refresh_from_db()
            shapes = Shapes(run.app)
            values = shapes.of(run.record, today=clock.today()).values
            ground = Ground(run.record, values, version, at=clock.now(), definition=shapes.definition)
            _act(run, number, ground.plan(one.actions[number]), clock)
    except RunFailed as failure:
        failed = fail_run(
            by=SYSTEM, run=run, words=failure.words, again=failure.again, milliseconds=spent(), clock=clock
        )
        return failed.state
    return end_run(by=SYSTEM, run=run, milliseconds=spent(), clock=clock).state


def _act(run: AutomationRun, number: int, plan: Planned, clock: Clock) -> None:
    check_plan(plan)
    try:
        if plan.does == "notify":
            _tell(run, number, plan, clock)
        elif plan.does == "set":
            set_by_automation(by=SYSTEM, run=run, number=number, plan=plan, clock=clock)
        elif plan.does == "create":
            create_by_automation(by=SYSTEM, run=run, number=number, plan=plan, clock=clock)
        else:
            _send(run, number, plan, clock)
    except UnderDecision as refusal:
        raise RunFailed(refusal.message, again=True) from refusal
    except Refusal as refusal:
        raise RunFailed(refusal.message, again=False) from refusal
    except NotAllowed as refusal:
        raise RunFailed(f"使い始めた人の権限ではできません：{refusal}", again=False) from refusal


def _tell(run: AutomationRun, number: int, plan: Planned, clock: Clock) -> None:
    link = reverse("office-app-record", args=[run.app.public_id, run.record.public_id])
    reached = 0
    for start in range(0, len(plan.told), _TOLD_AT_ONCE):
        part = plan.told[start : start + _TOLD_AT_ONCE]
        reached += tell_some(by=SYSTEM, run=run, number=number, told=part, link=link, clock=clock)
    finish_action(by=SYSTEM, run=run, number=number, words=f"{reached}人に知らせた")


def _send(run: AutomationRun, number: int, plan: Planned, clock: Clock) -> None:
    if plan.hook is None or plan.target is None:
        return
    delivery = f"{run.public_id}-{number}"
    said = {**plan.payload, "automation": run.name, "delivery": delivery, "sent_at": clock.now().isoformat()}
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        secret = unseal(plan.hook.secret)
        status = send(
            plan.target,
            body,
            secret=secret,
            delivery=delivery,
            timestamp=int(clock.now().timestamp()),
            **_for_tests(),
        )
    except NotSent as fault:
        raise RunFailed(f"「{plan.hook.name}」に送れませんでした：{fault}。", again=True) from fault
    except Unsealable as fault:
        raise RunFailed(f"「{plan.hook.name}」の鍵を開けません。送り先を作り直してください。", again=False) from fault
    finish_action(by=SYSTEM, run=run, number=number, words=f"「{plan.hook.name}」に送った（{status}）")


def _for_tests() -> dict[str, Any]:
    """Where a test lets a receiver answer on this machine; never set in an installation."""
    return dict(getattr(settings, "YAKUBA_WEBHOOKS_IN_TESTS", {})) if settings.YAKUBA_TESTING else {}
