"""What is put before those who decide about a record, and where that decision stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.api import requests_on, stamps_of
from yakuba.kernel.things.api import ref_of, show
from yakuba.office.appbuilder.models import App, PressRequest, PressState, Record
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldClass, FieldType
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.permissions import Permissions, Sight, visible_fields
from yakuba.office.appbuilder.rules.process import Button
from yakuba.office.appbuilder.rules.values import as_read

_KEPT_BACK = "（アプリの記録で確かめてください）"


def kept_back(definition: AppDefinition, rights: Permissions) -> frozenset[str]:
    """The fields whose values stay in the app: declared sensitive, or hidden from any group, for whoever decides may be
    in it; a looked-up name with the field it shows. They are read at the record, by those who may.
    """
    kept = {one.key for one in definition.stored if one.data_class is FieldClass.SENSITIVE}
    kept |= _hidden_from_somebody(definition, rights)
    lookups = [one for one in definition.stored if one.type is FieldType.LOOKUP and one.key not in kept]
    apps = {one.public_id: one for one in App.objects.filter(public_id__in={one.app for one in lookups})}
    for one in lookups:
        app = apps.get(one.app)
        version = app.versions.filter(state=VersionState.IN_USE).first() if app is not None else None
        if app is None or version is None or one.shows in _hidden_from_somebody(version.content, app.rights):
            kept.add(one.key)
    return frozenset(kept)


def _hidden_from_somebody(definition: AppDefinition, rights: Permissions) -> frozenset[str]:
    every = frozenset(one.key for one in definition.fields)
    return every - frozenset.intersection(every, *(visible_fields(one.columns, definition) for one in rights.groups))


def _told(definition: AppDefinition, sight: Sight) -> list[AppField]:
    """The fields a decision is about: what the person sees who asks, but the state itself."""
    field = definition.process.field if definition.process else ""
    return [one for one in definition.stored if one.key in sight.visible and one.key != field]


def content_of(record: Record, button: Button, definition: AppDefinition, sight: Sight) -> dict[str, Any]:
    """Exactly what is decided, as JSON. What is kept back stays in the app: the hash of the record stands for it."""
    kept = kept_back(definition, record.app.rights)
    values = {
        one.key: record.values[one.key]
        for one in _told(definition, sight)
        if one.key in record.values and one.key not in kept
    }
    content: dict[str, Any] = {
        "app": record.app.public_id,
        "record": record.public_id,
        "number": record.number,
        "button": button.label,
        "from": list(button.states),
        "to": button.to,
        "values": values,
    }
    amount = amount_of(record, button)
    if amount is not None and button.approval and button.approval.amount in values:
        content["amount"] = amount
    return content


def amount_of(record: Record, button: Button) -> int | None:
    """The amount by which the house says who decides (専決)."""
    amount = record.values.get(button.approval.amount) if button.approval else None
    return amount if isinstance(amount, int) else None


def in_readable_words(
    person: Person, record: Record, button: Button, definition: AppDefinition, sight: Sight, *, today: date
) -> str:
    """The same for readers, field by field."""
    names = names_for(person, definition, today=today, ids=ids_in(definition, [record.values]))
    field = definition.field(definition.process.field) if definition.process else None
    lines = [
        f"アプリ「{record.app.title}」の番号{record.number}について、「{button.label}」をしてよいか伺います。",
        f"承認後の状態：{field.choice_label(button.to) if field else button.to}",
        "",
    ]
    kept = kept_back(definition, record.app.rights)
    for one in _told(definition, sight):
        if record.values.get(one.key) is not None:
            lines.append(
                f"{one.label}：{_KEPT_BACK if one.key in kept else as_read(one, record.values[one.key], names)}"
            )
    return "\n".join(lines)


@dataclass(frozen=True)
class Deciding:
    """A decision a record waits for: the press, the stamps so far, the address for those who may open it."""

    press: PressRequest
    stamps: list[Any]
    url: str


def deciding_about(person: Person, record: Record) -> Deciding | None:
    """The decision that locks a record; the caller has let the person see the record."""
    press = PressRequest.objects.filter(record=record, state=PressState.WAITING).first()
    if press is None:
        return None
    request = next((one for one in requests_on(ref_of(record)) if one.public_id == press.request_id), None)
    if request is None:
        return None
    shown = show(ref_of(request), to=person)
    return Deciding(press, stamps_of(request), shown.url if shown else "")
