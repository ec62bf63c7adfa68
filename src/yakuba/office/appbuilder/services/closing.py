"""Stopping to use an app, and using it again."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access_ledger import caring_for, require
from yakuba.office.appbuilder.models import App, AppEvent, Entrance
from yakuba.office.appbuilder.rules.door_states import EntranceState
from yakuba.office.appbuilder.services.caring import note_event, said
from yakuba.office.appbuilder.services.define import locked, refuse_while_checked


@verb("appbuilder.close_app", label="アプリの使用をやめる")
def close_app(*, by: Person, app: App, reason: str, clock: Clock) -> App:
    """Nobody finds the app any more; its records stay stored until they are disposed of.

    By who manages it or heads its section. Raises `Refusal` without a reason, and while a door for residents is open.
    """
    app = locked(app)
    caring = caring_for(by, app.public_id)
    require(caring.manages or caring.heads, "使うのをやめられるのは、アプリを管理する人と所管課の所属長です。")
    if app.closed_at is not None:
        raise Refusal("このアプリは、すでに使うのをやめています。")
    if not reason.strip():
        raise Refusal("やめる理由が空です。", field="reason", hint="例：新しい台帳に移したため")
    refuse_while_checked(app)
    if Entrance.objects.filter(app=app, state=EntranceState.OPEN).exists():
        raise Refusal("町民の入口が開いています。", hint="先に「町民の入口」で受付を終えてください。")
    app.closed_at = clock.now()
    app.save(update_fields=["closed_at"])
    note_event(app, AppEvent.Kind.CLOSED, said(reason, "reason", 400), by, clock)
    return app


@verb("appbuilder.reopen_app", label="アプリの使用の再開")
def reopen_app(*, by: Person, app: App, reason: str, clock: Clock) -> App:
    """Use a closed app again; by the head of its section or the information systems section, with a reason."""
    app = locked(app)
    caring = caring_for(by, app.public_id)
    require(caring.writes and (caring.heads or caring.is_it), "再開できるのは、所管課の所属長と情報システム担当です。")
    if app.closed_at is None:
        raise Refusal("このアプリは使用中です。")
    if not reason.strip():
        raise Refusal("再開する理由が空です。", field="reason")
    app.closed_at = None
    app.save(update_fields=["closed_at"])
    note_event(app, AppEvent.Kind.REOPENED, said(reason, "reason", 400), by, clock)
    return app
