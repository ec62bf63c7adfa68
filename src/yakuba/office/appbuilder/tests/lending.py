"""The lending app of the test hall with a process: 予約 → 貸出中 → 返却済, one button with a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import Clock
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, read_definition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.services import press_button, publish_version, save_definition
from yakuba.office.appbuilder.tests.world import CLOCK, Desk, lookable

LENDING: list[dict[str, Any]] = [
    {"key": "item", "label": "品名", "type": "short_text", "required": True, "filterable": True},
    {"key": "price", "label": "価格", "type": "yen", "filterable": True},
    {"key": "due_on", "label": "返却予定日", "type": "date", "filterable": True, "sortable": True},
    {"key": "back_on", "label": "返却日", "type": "date"},
    {"key": "at", "label": "時刻", "type": "time"},
    {"key": "keeper", "label": "担当", "type": "person", "filterable": True},
    {"key": "place", "label": "貸出課", "type": "section", "filterable": True},
    {"key": "secret", "label": "事情", "type": "short_text", "data_class": "sensitive"},
    {"key": "note", "label": "備考", "type": "long_text"},
    {
        "key": "state",
        "label": "状態",
        "type": "status",
        "filterable": True,
        "default": "booked",
        "choices": [
            {"key": "booked", "label": "予約"},
            {"key": "out", "label": "貸出中"},
            {"key": "back", "label": "返却済"},
            {"key": "no", "label": "不可"},
        ],
    },
]
HAND_OUT: dict[str, Any] = {
    "key": "hand_out",
    "label": "貸し出す",
    "states": ["booked"],
    "to": "out",
    "groups": ["自分の課"],
    "rule": {"<": [{"var": "price"}, 100_000]},
    "asks": ["due_on"],
    "sets": [{"field": "keeper", "to": "presser"}, {"field": "at", "to": "now"}],
}
TAKE_BACK: dict[str, Any] = {
    "key": "take_back",
    "label": "返却を受ける",
    "states": ["out"],
    "to": "back",
    "groups": ["自分の課"],
    "people": ["keeper"],
    "sets": [{"field": "back_on", "to": "today"}, {"field": "note", "to": "constant", "value": "返却済み"}],
}
ASK: dict[str, Any] = {
    "key": "ask",
    "label": "高額備品の貸出を伺う",
    "states": ["booked"],
    "to": "out",
    "maker": True,
    "approval": {"kind": "高額備品の貸出", "amount": "price", "refused": "no"},
    "sets": [{"field": "keeper", "to": "presser"}],
}
PROCESS: dict[str, Any] = {
    "field": "state",
    "start": "booked",
    "ends": ["back", "no"],
    "buttons": [HAND_OUT, TAKE_BACK, ASK],
}


def lending(process: Mapping[str, Any] | None = PROCESS, **others: Any) -> AppDefinition:
    return read_definition(
        {"format": "yakuba-app/1", "title": "備品貸出", "fields": LENDING, "process": process} | others
    )


def put_to_use(desk: Desk, definition: AppDefinition, *, clock: Clock = CLOCK) -> App:
    """The app of the desk under this definition."""
    draft = desk.app.versions.filter(state=VersionState.DRAFT).first()
    saved = save_definition(
        by=desk.maker, app=desk.app, definition=definition, edition=draft.edition if draft else 0, clock=clock
    )
    publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps=lookable(), clock=clock)
    return App.objects.get(pk=desk.app.pk)


def press(
    record: Record, button: str, *, by: Person, version: int | None = None, clock: Clock = CLOCK, **values: Any
) -> Record:
    stored = Record.objects.select_related("app").get(pk=record.pk)
    return press_button(
        by=by,
        record=stored,
        button=button,
        values=values,
        version=stored.version if version is None else version,
        clock=clock,
    )


def now(record: Record) -> dict[str, Any]:
    stored = Record.objects.select_related("app").get(pk=record.pk)
    return Shapes(stored.app).of(stored, today=CLOCK.today()).values
