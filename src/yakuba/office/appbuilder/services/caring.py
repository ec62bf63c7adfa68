"""What people enter in the ledger about an app."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.japan.api import find_my_numbers
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access_ledger import caring_for, require
from yakuba.office.appbuilder.models import App, AppEvent, HoursEntry

MOST_HOURS = 10_000


@verb("appbuilder.enter_hours", label="アプリで減った時間の記入")
def enter_hours(
    *, by: Person, app: App, before: Decimal, after: Decimal, basis: str, from_on: date, clock: Clock
) -> HoursEntry:
    """Say how many hours a month the work took and takes now, how that was counted, and from which day on.

    By who manages the app or heads its section. Raises `Refusal` without a basis, for a day to come, below zero.
    """
    caring = caring_for(by, app.public_id)
    require(caring.may_count, "減った時間を入れられるのは、このアプリを管理する人と所管課の所属長です。")
    if not (0 <= before <= MOST_HOURS and 0 <= after <= MOST_HOURS):
        raise Refusal(f"時間は0から{MOST_HOURS:,}までで入れてください。", field="before")
    if not basis.strip():
        raise Refusal("数え方が空です。", field="basis", hint="例：受付簿への転記 1件5分×月120件")
    if from_on > clock.today():
        raise Refusal("先の日は入れられません。", field="from_on", hint="今日までの日を入れてください。")
    return HoursEntry.objects.create(
        app=caring.app,
        before=before,
        after=after,
        basis=said(basis, "basis", 400),
        from_on=from_on,
        entered_by_name=by.name[:80],
        entered_at=clock.now(),
    )


def said(text: str, field: str, most: int) -> str:
    """What somebody wrote, tidied. Raises `Refusal` for a My Number."""
    text = text.strip()[:most]
    if find_my_numbers(text):
        raise Refusal("個人番号（マイナンバー）とみられる番号があります。", field=field, hint="番号を消してください。")
    return text


def note_event(app: App, kind: AppEvent.Kind, words: str, by: Person, clock: Clock) -> AppEvent:
    """Add a line to what happened to an app; within a verb."""
    return AppEvent.objects.create(
        app=app, kind=kind, words=words[:600], by=by.id, by_name=by.name[:80], at=clock.now()
    )
