"""The things the sample's lending app lends (備品台帳): how often each was lent is summed up from the loans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import Clock
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.queries.names import apps_to_look_up
from yakuba.office.appbuilder.rules.definition import AppDefinition, read_definition
from yakuba.office.appbuilder.rules.permissions import read_permissions
from yakuba.office.appbuilder.services import (
    add_record,
    change_permissions,
    create_app,
    publish_version,
    save_definition,
)

LOANS = "asset"
"""The field of the lending app that leads to a thing."""
_SHELVES = ("倉庫1", "倉庫1", "倉庫2", "倉庫2", "防災倉庫", "倉庫1", "防災倉庫", "倉庫1")
_FIELDS: list[dict[str, Any]] = [
    {"key": "name", "label": "品名", "type": "short_text", "required": True, "unique": True, "filterable": True,
     "sortable": True},
    {"key": "shelf", "label": "置き場所", "type": "choice", "filterable": True, "sortable": True, "choices": [
        {"key": "s1", "label": "倉庫1"}, {"key": "s2", "label": "倉庫2"}, {"key": "s3", "label": "防災倉庫"}]},
    {"key": "price", "label": "価格", "type": "yen", "sortable": True, "least": "0"},
]  # fmt: skip
_CARE = {"purpose": "貸し出す備品の置き場所と使われ方を確かめるため", "retention": "備品がある間"}


def list_things(by: Person, names: Sequence[str], prices: Sequence[int], clock: Clock) -> tuple[App, list[str]]:
    """The register of the things, in use, with the id of each."""
    app = create_app(by=by, definition=_definition(_FIELDS), clock=clock, is_sample=True)
    publish_version(by=by, app=app, edition=1, apps={}, clock=clock)
    app = App.objects.get(pk=app.pk)
    everybody = {"name": "そのほかの職員", "everybody": True}
    rights = read_permissions({"groups": [*app.permissions["groups"], everybody]})
    change_permissions(by=by, app=app, permissions=rights, edition=app.permissions_edition, clock=clock)
    shelves = {one["label"]: one["key"] for one in _FIELDS[1]["choices"]}
    made = []
    for name, price, shelf in zip(names, prices, _SHELVES, strict=True):
        values = {"name": name, "price": price, "shelf": shelves[shelf]}
        made.append(add_record(by=by, app=app, values=values, clock=clock).public_id)
    return app, made


def loan_field(things: App) -> dict[str, Any]:
    """The field of a loan that says which thing it is."""
    return {"key": LOANS, "label": "台帳の備品", "type": "lookup", "app": things.public_id, "shows": "name",
            "filterable": True, "in_list": False, "help": "備品台帳から選ぶと、貸した回数に入ります。"}  # fmt: skip


def sum_up(by: Person, things: App, loans: App, clock: Clock) -> None:
    """A second version of the register: how often, how many, and when last."""
    shared = {"type": "rollup", "app": loans.public_id, "via": LOANS}
    rolls: list[dict[str, Any]] = [
        {"key": "times", "label": "貸した回数", "unit": "回", **shared},
        {"key": "pieces", "label": "貸した数の合計", "how": "sum", "of": "count", "unit": "点", **shared},
        {"key": "last_on", "label": "最後に貸した日", "how": "max", "of": "lent_on", "gives": "date", **shared},
    ]
    written = _definition([*_FIELDS, *rolls])
    saved = save_definition(by=by, app=things, definition=written, edition=0, clock=clock)
    publish_version(by=by, app=things, edition=saved.edition, apps=lookable(by), clock=clock)


def lookable(by: Person) -> dict[str, dict[str, str]]:
    """The apps a lookup of this person may lead to."""
    return {key: dict(fields) for key, (_, fields) in apps_to_look_up(by, besides="").items()}


def _definition(fields: list[dict[str, Any]]) -> AppDefinition:
    return read_definition(
        {"format": "yakuba-app/1", "title": "備品台帳（見本）", "description": "貸し出す備品と、その使われ方です。",
         "fields": fields, "care": _CARE}
    )  # fmt: skip


__all__ = ["LOANS", "list_things", "loan_field", "lookable", "sum_up"]
