"""A town hall whose 産業課 lends equipment by an app of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.tests.people import sign_in
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.organisation.tests.town_hall import TODAY, TownHall, open_town_hall
from yakuba.kernel.values.api import FixedClock
from yakuba.office.appbuilder.access import sight_for, visible_records
from yakuba.office.appbuilder.models import App, Cell, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.alike import CELL as ALIKE
from yakuba.office.appbuilder.rules.alike import alike_text
from yakuba.office.appbuilder.rules.definition import AppDefinition, read_definition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.permissions import read_permissions
from yakuba.office.appbuilder.rules.values import cells_of
from yakuba.office.appbuilder.services import (
    add_record,
    change_permissions,
    create_app,
    publish_version,
    reshape_chunk,
    save_definition,
)

CLOCK = FixedClock(TODAY)
FIELDS: list[dict[str, Any]] = [
    {"key": "item", "label": "品名", "type": "short_text", "required": True, "filterable": True, "sortable": True},
    {"key": "code", "label": "備品番号", "type": "short_text", "unique": True, "filterable": True},
    {"key": "price", "label": "価格", "type": "yen", "sortable": True, "filterable": True},
    {"key": "lent_on", "label": "貸出日", "type": "date", "sortable": True, "filterable": True},
    {
        "key": "state",
        "label": "状態",
        "type": "status",
        "filterable": True,
        "sortable": True,
        "default": "in",
        "choices": [{"key": "in", "label": "在庫"}, {"key": "out", "label": "貸出中"}],
    },
    {"key": "tags", "label": "用途", "type": "choices", "filterable": True,
     "choices": [{"key": "a", "label": "会議"}, {"key": "b", "label": "行事"}]},
    {"key": "broken", "label": "故障", "type": "yes_no", "filterable": True},
    {"key": "twice", "label": "価格の2倍", "type": "computed", "gives": "yen", "sortable": True,
     "rule": {"*": [{"var": "price"}, 2]}},
    {"key": "note", "label": "備考", "type": "long_text", "in_list": False},
]  # fmt: skip


def acting(staff: Staff, *roles: Role) -> Person:
    """A member of staff of the test hall at work."""
    postings = list(staff.postings.select_related("section", "post"))
    given = {Role.STAFF, *roles, *(Role(one.post.role) for one in postings if one.post.role)}
    return Person(
        id=f"acct-{staff.number}",
        name=staff.name,
        kind=PersonKind.STAFF,
        roles=frozenset(given),
        staff_id=staff.pk,
        section_ids=frozenset(one.section_id for one in postings),
        section=postings[0].section.name if postings else "",
    )


@dataclass
class Desk:
    """Rows by the words tests use."""

    hall: TownHall
    app: App

    def person(self, name: str) -> Person:
        return acting(self.hall.staff[name])

    @property
    def maker(self) -> Person:
        return self.person("行政 主事")

    @property
    def colleague(self) -> Person:
        return self.person("総務 課長")

    @property
    def stranger(self) -> Person:
        return self.person("財政 主事")

    def add(self, *, by: Person | None = None, app: App | None = None, **values: Any) -> Record:
        return add_record(by=by or self.maker, app=app or self.app, values={"item": "机", **values}, clock=CLOCK)

    def publish(self, fields: list[dict[str, Any]], *, app: App | None = None) -> None:
        """Another version of an app, with the records brought into its shape."""
        app = app or self.app
        definition = define(fields, app.title)
        draft = app.versions.filter(state=VersionState.DRAFT).first()
        edition = draft.edition if draft else 0
        saved = save_definition(by=self.maker, app=app, definition=definition, edition=edition, clock=CLOCK)
        publish_version(by=self.maker, app=app, edition=saved.edition, apps=lookable(), clock=CLOCK)
        while reshape_chunk(by=self.maker, app=app, clock=CLOCK):
            pass

    def permit(self, *groups: Mapping[str, Any], app: App | None = None) -> None:
        """Other groups, behind the maker who manages."""
        app = App.objects.get(pk=(app or self.app).pk)
        maker = {"name": "管理", "staff": [self.hall.staff["行政 主事"].public_id], "manage": True}
        change_permissions(
            by=self.maker,
            app=app,
            permissions=read_permissions({"groups": [maker, *groups]}),
            edition=app.permissions_edition,
            clock=CLOCK,
        )

    def seen(self, person: Person, *, app: App | None = None) -> set[str]:
        """The names of the items a person sees."""
        app = App.objects.get(pk=(app or self.app).pk)
        definition = Shapes(app).definition
        sight = sight_for(person, app, definition)
        return {one.values["item"] for one in visible_records(person, app, definition, sight, today=TODAY)}


def lookable() -> dict[str, dict[str, str]]:
    """Every app a lookup may lead to."""
    return {
        app.public_id: {one.key: one.label for one in Shapes(app).definition.fields}
        for app in App.objects.filter(versions__state=VersionState.IN_USE)
    }


def define(fields: list[dict[str, Any]], title: str = "備品貸出") -> AppDefinition:
    return read_definition({"format": "yakuba-app/1", "title": title, "fields": fields})


def open_app(by: Person, fields: list[dict[str, Any]], title: str = "備品貸出") -> App:
    """An app in use."""
    app = create_app(by=by, definition=define(fields, title), clock=CLOCK)
    publish_version(by=by, app=app, edition=1, apps=lookable(), clock=CLOCK)
    return app


def open_desk() -> Desk:
    hall = open_town_hall()
    desk = Desk(hall, App())
    desk.app = open_app(desk.maker, FIELDS)
    return desk


def cells_are_right(app: App) -> None:
    """The typed table says exactly what the JSON of every record says."""
    assert not wrong_cells(app)


def wrong_cells(app: App) -> int:
    """How many rows of the typed table say something else than the JSON, or are missing."""
    definition = Shapes(App.objects.get(pk=app.pk)).definition
    expected: set[tuple[Any, ...]] = set()
    stored: set[tuple[Any, ...]] = set()
    for record in Record.objects.filter(app=app):
        if (same := alike_text(definition, record.values)) is not None:
            expected.add((record.pk, ALIKE, 0, same, None, None, None, record.deleted_at is not None))
        for one in definition.celled:
            for place, cell in enumerate(cells_of(one, record.values.get(one.key))):
                unique = cell.written if one.unique and record.deleted_at is None else None
                gone = record.deleted_at is not None
                expected.add((record.pk, one.key, place, cell.text, cell.num, cell.day, unique, gone))
    for row in Cell.objects.filter(app=app):
        stored.add((row.record_id, row.key, row.place, row.text, row.num, row.day, row.unique_text, row.deleted))
    return len(stored ^ expected)


def sit(desk: Desk, name: str) -> Client:
    """A browser of a member of staff, whose account has the id of `Desk.person`."""
    staff = desk.hall.staff[name]
    with unaudited_writes("tests"):
        account, _ = Account.objects.get_or_create(
            staff=staff,
            defaults={
                "kind": AccountKind.STAFF,
                "sign_in_name": staff.number,
                "display_name": staff.name,
                "public_id": f"acct-{staff.number}",
            },
        )
    client = Client()
    sign_in(client, account)
    return client
