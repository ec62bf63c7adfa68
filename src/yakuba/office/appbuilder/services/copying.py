"""A copy of an app to try changes on, with made-up values in the place of personal ones (試し用の複製)."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import who_of
from yakuba.office.appbuilder.access_ledger import caring_for
from yakuba.office.appbuilder.models import App, AppEvent, AppVersion, Record, RecordHistory
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.care import personal_fields
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.masking import copied_definition, masked_records
from yakuba.office.appbuilder.rules.permissions import Group, Permissions
from yakuba.office.appbuilder.rules.reshaping import with_computed
from yakuba.office.appbuilder.services.caring import note_event
from yakuba.office.appbuilder.services.cells import write_cells
from yakuba.office.appbuilder.services.define import create_app, main_section

MOST_COPIED = 200
_SUFFIX = "（試し用）"


@verb("appbuilder.copy_for_trial", label="アプリの試し用の複製")
def copy_for_trial(*, by: Person, app: App, clock: Clock) -> App:
    """An app like this one that only the person who copies sees, with the newest 200 records, masked.

    It is in use at once, so that it can be tried; nobody else sees it, and adding anybody before its personal fields
    asks for a check like any other widening. Without automations, doors, files and lookups. By who manages the app.
    """
    caring = caring_for(by, app.public_id)
    if not (caring.manages and caring.writes) or caring.app.closed_at is not None:
        raise NotAllowed("試し用に複製できるのは、このアプリを管理する人です。")
    if caring.version.state != VersionState.IN_USE:
        raise Refusal("このアプリはまだ使い始めていません。", hint="使い始めてから複製してください。")
    shapes = Shapes(caring.app)
    original = shapes.definition
    title = f"{original.title[: 60 - len(_SUFFIX)]}{_SUFFIX}"
    definition = copied_definition(original, title)
    made = create_app(by=by, definition=definition, clock=clock)
    staff = who_of(by).staff
    groups = [Group(name=_keeper_name(caring.app.rights), staff=(staff,), manage=True)]
    groups += [
        one.model_copy(update={"staff": (staff,), "roles": (), "sections": (), "everybody": False})
        for one in caring.app.rights.groups
        if one.name != groups[0].name and not one.manage
    ]
    AppVersion.objects.filter(app=made).update(
        state=VersionState.IN_USE,
        published_at=clock.now(),
        published_by=Staff.objects.filter(public_id=staff).first(),
    )
    originals = list(Record.objects.filter(app=caring.app, deleted_at__isnull=True).order_by("-number")[:MOST_COPIED])
    values = [shapes.of(one, today=clock.today()).values for one in reversed(originals)]
    seed = f"{caring.app.public_id}:{shapes.number}"
    section = main_section(by, clock.today())
    records = []
    masked = masked_records(original, values, seed=seed, also=_once_held(original, originals))
    for number, row in enumerate(masked, 1):
        for one in definition.fields:
            if one.type is FieldType.AUTO_NUMBER:
                row[one.key] = number
        records.append(
            Record(
                app=made,
                number=number,
                values=with_computed(row, definition, clock.today()),
                shape=1,
                made_by=by.id,
                made_by_name=by.name,
                section=section,
                made_at=clock.now(),
                changed_by_name=by.name,
                changed_at=clock.now(),
            )
        )
    Record.objects.bulk_create(records, batch_size=100)
    write_cells(records, definition)
    made.permissions = Permissions(groups=tuple(groups)).to_json()
    made.next_number = len(records) + 1
    made.save(update_fields=["permissions", "next_number"])
    note_event(
        caring.app, AppEvent.Kind.COPIED, f"「{title}」に{len(records)}件を、個人情報を置き換えて複製", by, clock
    )
    note_event(made, AppEvent.Kind.COPIED, f"「{original.title}」からの試し用の複製", by, clock)
    return made


def _once_held(definition: AppDefinition, records: list[Record]) -> list[Any]:
    """What personal fields of these records held before, by their histories and what could not be carried over."""
    keys = {one.key for one in personal_fields(definition)}
    past = RecordHistory.objects.filter(record__in=records).values_list("before", "after")
    found = [side[key] for pair in past for side in pair for key in keys & side.keys()]
    return found + [one.kept[key] for one in records for key in keys & one.kept.keys()]


def _keeper_name(rights: Permissions) -> str:
    return next((one.name for one in rights.groups if one.manage), "管理する人")
