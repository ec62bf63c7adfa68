"""The ledger of self-built apps (アプリ台帳): what is known of each without opening a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yakuba.kernel.organisation.api import sections_on, staff_on
from yakuba.kernel.organisation.models import Employment
from yakuba.kernel.values.api import TOKYO, start_of_day
from yakuba.office.appbuilder.models import App, AppToken, AppVersion, HoursEntry, PublicView, Record
from yakuba.office.appbuilder.queries.told import keepers_of, people_in
from yakuba.office.appbuilder.rules.care import Connected, class_of, connected, missing
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldClass
from yakuba.office.appbuilder.rules.lifecycle import VersionState

UNUSED_DAYS = 365
REGISTER_FROM = 1000
"""Records from which an app with personal information is flagged for the 個人情報ファイル簿."""


@dataclass
class Entry:
    """One app in the ledger. `problems` say what needs a hand, in words."""

    app: App
    state: str
    version: int
    definition: AppDefinition
    keepers: list[str]
    data_class: FieldClass
    reach: Connected
    saved: Decimal | None
    problems: list[str] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        return self.app.closed_at is not None


def with_counts(apps: QuerySet[App]) -> QuerySet[App]:
    """The apps with `record_count` (not deleted) and `used_at` (last writing of a record)."""
    records = Record.objects.filter(app=OuterRef("pk"), deleted_at__isnull=True).order_by().values("app")
    written = Record.objects.filter(app=OuterRef("pk")).order_by().values("app")
    return apps.annotate(
        record_count=Coalesce(Subquery(records.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        used_at=Subquery(written.annotate(last=Max("changed_at")).values("last")),
    )


def entries(apps: Sequence[App], *, today: date) -> dict[int, Entry]:
    """What the ledger says of some apps (from `with_counts`), by row number; a fixed number of queries for most apps."""
    standing = set(sections_on(today).values_list("pk", flat=True))
    serving = {one.public_id: one.name for one in staff_on(today) if one.employment != Employment.OUTSIDE}
    versions: dict[int, dict[str, AppVersion]] = {}
    for version in AppVersion.objects.filter(app__in=apps).exclude(state=VersionState.RETIRED):
        versions.setdefault(version.app_id, {})[version.state] = version
    hours = current_hours(today, apps=apps)
    standing_views = PublicView.objects.exclude(content={})
    published = _count_by_app(standing_views, apps)
    keys = AppToken.objects.filter(is_waiting=False, revoked_at__isnull=True, expires_at__gt=start_of_day(today))
    tokens = _count_by_app(keys, apps)
    found: dict[int, Entry] = {}
    for app in apps:
        mine = versions.get(app.pk, {})
        shown = mine.get(VersionState.IN_USE) or mine.get(VersionState.DRAFT)
        if shown is None:
            continue
        definition = shown.content
        is_used = VersionState.IN_USE in mine
        state = "使用終了" if app.closed_at else "使用中" if is_used else "作りかけ"
        entry = Entry(
            app=app,
            state=state,
            version=shown.number if is_used else 0,
            definition=definition,
            keepers=_keepers(app, serving, today),
            data_class=class_of(definition),
            reach=connected(definition).model_copy(
                update={"published": published.get(app.pk, 0), "tokens": tokens.get(app.pk, 0)}
            ),
            saved=hours[app.pk].saved if app.pk in hours else None,
        )
        entry.problems = _problems(entry, app, standing, today)
        found[app.pk] = entry
    return found


def _count_by_app(rows: QuerySet[Any], apps: Sequence[App]) -> dict[int, int]:
    return dict(rows.filter(app__in=apps).order_by().values_list("app").annotate(n=Count("pk")))


def _keepers(app: App, serving: dict[str, str], today: date) -> list[str]:
    managing = [one for one in app.rights.groups if one.manage]
    if managing and all(not (one.everybody or one.roles or one.sections) for one in managing):
        return [serving[key] for key in dict.fromkeys(k for one in managing for k in one.staff) if key in serving]
    if not managing:
        return [one.name for one in keepers_of(app, today)]
    found = {one.public_id for group in managing for one in people_in(group, today)}
    return [name for key, name in serving.items() if key in found]


def _problems(entry: Entry, app: Any, standing: set[int], today: date) -> list[str]:
    if entry.is_closed:
        return []
    found = []
    if not entry.keepers:
        found.append("管理する人がいない")
    if app.section_id is None or app.section_id not in standing:
        found.append("所管課がない" if app.section_id is None else "所管課が廃止された")
    last = app.used_at or app.made_at
    if entry.version and last.astimezone(TOKYO).date() < today - timedelta(days=UNUSED_DAYS):
        found.append("12か月使われていない")
    for words in missing(entry.definition):
        found.append(f"{words}が書かれていない")
    if needs_register(entry, app.record_count):
        found.append("個人情報ファイル簿の確認")
    return found


def needs_register(entry: Entry, records: int) -> bool:
    """Whether so many records with personal information are held that a register entry is to be looked into."""
    return entry.data_class is not FieldClass.OPEN and records >= REGISTER_FROM


def is_orphan(entry: Entry) -> bool:
    """Whether nobody looks after the app any more."""
    return any(one in ("管理する人がいない", "所管課がない", "所管課が廃止された") for one in entry.problems)


def current_hours(on: date, *, apps: Sequence[App] | QuerySet[App] | None = None) -> dict[int, HoursEntry]:
    """The entry of hours that counts on a day, by app."""
    rows = HoursEntry.objects.filter(from_on__lte=on)
    if apps is not None:
        rows = rows.filter(app__in=apps)
    found: dict[int, HoursEntry] = {}
    for one in rows.order_by("from_on", "pk"):
        found[one.app_id] = one
    return found


def hours_saved(on: date) -> tuple[Decimal, int] | None:
    """Hours a month all apps save on a day, and how many apps say so; None when none does. Samples never count."""
    apps = App.objects.filter(is_sample=False, versions__state=VersionState.IN_USE).distinct()
    standing = [one for one in apps if one.closed_at is None or one.closed_at.astimezone(TOKYO).date() > on]
    hours = current_hours(on, apps=standing)
    return (sum((one.saved for one in hours.values()), Decimal(0)), len(hours)) if hours else None
