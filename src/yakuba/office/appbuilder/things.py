"""How other apps may point at self-built apps and their records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yakuba.kernel.access.api import NotVisible, Person, Role
from yakuba.kernel.things.api import describe
from yakuba.office.appbuilder.access import app_for, definition_of, sees_record, sight_for
from yakuba.office.appbuilder.access_ledger import is_head_of
from yakuba.office.appbuilder.models import App, AppSheet, Arrival, Entrance, PublicView, Record, UseCheck


def _sees(person: Person, app: Any) -> bool:
    try:
        app_for(person, app.public_id)
    except NotVisible:
        return False
    return True


describe(
    kind="appbuilder.app",
    label="アプリ",
    model=App,
    title=str,
    url=lambda app: reverse("office-app", args=[app.public_id]),
    gate=_sees,
)


def _as_decided(record: Any) -> dict[str, Any]:
    """What a decision is about: everything but the state, which the decision itself moves."""
    definition = definition_of(record.app)
    moved = definition.process.field if definition.process else ""
    return {"number": record.number, "values": {key: value for key, value in record.values.items() if key != moved}}


describe(
    kind="appbuilder.record",
    label="アプリの記録",
    model=Record,
    title=lambda record: f"{record.app.title}　番号{record.number}",
    url=lambda record: reverse("office-app-record", args=[record.app.public_id, record.public_id]),
    gate=sees_record,
    snapshot=_as_decided,
)
describe(
    kind="appbuilder.sheet",
    label="アプリの様式",
    model=AppSheet,
    title=str,
    url=lambda sheet: reverse("office-app-paper", args=[sheet.app.public_id, sheet.public_id]),
    gate=lambda person, sheet: sight_for(person, sheet.app).manage,
)
describe(
    kind="appbuilder.door",
    label="町民の入口",
    model=Entrance,
    title=str,
    url=lambda entrance: reverse("office-app-door", args=[entrance.app.public_id, entrance.key]),
    gate=lambda person, entrance: _sees(person, entrance.app),
    snapshot=lambda entrance: entrance.waiting or entrance.content,
)
describe(
    kind="appbuilder.arrival",
    label="入口から届いたもの",
    model=Arrival,
    title=lambda arrival: f"{arrival.entrance} {arrival}",
    url=lambda arrival: reverse("office-app-record", args=[arrival.entrance.app.public_id, arrival.record.public_id]),
    gate=lambda person, arrival: _sees(person, arrival.entrance.app),
)
describe(
    kind="appbuilder.check",
    label="アプリの使い始める前の確認",
    model=UseCheck,
    title=str,
    url=lambda check: reverse("office-app-care", args=[check.app.public_id]),
    gate=lambda person, check: is_head_of(person, check.app) or _sees(person, check.app) or person.has(Role.IT),
    snapshot=lambda check: check.content,
)
describe(
    kind="appbuilder.public_view",
    label="公開する見方",
    model=PublicView,
    title=str,
    url=lambda public: reverse("office-app-view-public", args=[public.app.public_id, public.key]),
    gate=lambda person, public: _sees(person, public.app),
    snapshot=lambda public: public.waiting or public.content,
)
