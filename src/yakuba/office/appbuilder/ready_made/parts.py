"""The words templates are written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType, read_definition
from yakuba.office.appbuilder.rules.package import MAKER, OWN_SECTION, PackedGroup

OURS = ["管理する人", "自分の課"]
KEEPERS = PackedGroup(name="管理する人", manage=True, stands_for=(MAKER,))
SECTION = PackedGroup(name="自分の課", create=True, edit=True, export=True, stands_for=(OWN_SECTION,))
_SORTED = frozenset({"short_text", "number", "yen", "date", "auto_number", "computed", "status", "choice"})


@dataclass(frozen=True, slots=True)
class Row:
    """A sample record: values as records hold them, but days as words (`day(-3)`) and "@me" and "@section" for who takes it along;
    then the buttons it was moved by."""

    values: Mapping[str, Any]
    pressed: tuple[str, ...] = ()

    def on(self, today: date, *, staff: str, section: str) -> dict[str, Any]:
        """The values as of a day, for a member of staff (public ids; "" leaves the field empty)."""
        known = {"@me": staff, "@section": section}
        found: dict[str, Any] = {}
        for key, value in self.values.items():
            if isinstance(value, timedelta):
                found[key] = (today + value).isoformat()
            elif isinstance(value, str) and value in known:
                if known[value]:
                    found[key] = known[value]
            else:
                found[key] = value
        return found


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A template: the app, the groups besides those who manage and the own section, the title of its slip, sample rows."""

    key: str
    for_whom: str
    definition: AppDefinition
    slip: str
    rows: tuple[Row, ...]
    others: tuple[PackedGroup, ...] = field(default=())

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def groups(self) -> tuple[PackedGroup, ...]:
        """Who may do what, from top to bottom."""
        return (KEEPERS, SECTION, *self.others)


def day(days: int) -> timedelta:
    """A day so many days from today (negative: before)."""
    return timedelta(days=days)


def f(key: str, label: str, kind: str, help: str = "", **more: Any) -> dict[str, Any]:
    """A field. What can be searched and sorted is; long texts and what concerns people stay out of the list."""
    found: dict[str, Any] = {"key": key, "label": label, "type": kind}
    if help:
        found["help"] = help
    if "choices" in more:
        more["choices"] = [
            dict(zip(("key", "label"), one.split(":", 1), strict=True)) for one in more["choices"].split()
        ]
    if FieldType(kind).may_filter and kind != "time":
        found["filterable"] = True
    if kind in _SORTED:
        found["sortable"] = True
    if kind in ("long_text", "photos", "files", "address", "phone", "mail"):
        found["in_list"] = False
    return found | more


def button(key: str, label: str, states: str, to: str, **more: Any) -> dict[str, Any]:
    """A button of those who manage and of the own section."""
    return {"key": key, "label": label, "states": states.split(), "to": to, "groups": OURS, **more}


def today_in(*keys: str) -> list[dict[str, Any]]:
    """Fields a button fills with the day it is pressed."""
    return [{"field": key, "to": "today"} for key in keys]


def by_presser(key: str) -> dict[str, Any]:
    """A field a button fills with who pressed it."""
    return {"field": key, "to": "presser"}


def process(start: str, ends: str, *buttons: dict[str, Any]) -> dict[str, Any]:
    """A process over the field `state`."""
    return {"field": "state", "start": start, "ends": ends.split(), "buttons": list(buttons)}


def tell(key: str, name: str, text: str, **more: Any) -> dict[str, Any]:
    """An automation that tells people; `people`, `groups`, `maker` say whom, the rest when."""
    action: dict[str, Any] = {"does": "notify", "text": text}
    action |= {part: more.pop(part) for part in ("people", "sections", "groups", "maker") if part in more}
    return {"key": key, "name": name, "actions": [action], **more}


def when_state(*states: str) -> dict[str, Any]:
    """The condition that a record is in one of some states."""
    tests: list[dict[str, Any]] = [{"==": [{"var": "state"}, one]} for one in states]
    return tests[0] if len(tests) == 1 else {"or": tests}


def board(name: str, columns: str, by: str = "state") -> dict[str, Any]:
    return {"key": "board", "name": name, "kind": "board", "group": {"field": by}, "columns": columns.split()}


def calendar(name: str, first: str, columns: str, until: str = "") -> dict[str, Any]:
    found = {"key": "calendar", "name": name, "kind": "calendar", "day": first, "columns": columns.split()}
    return found | ({"until": until} if until else {})


def table(
    key: str, name: str, columns: str, *filters: dict[str, Any], sort: str = "", down: bool = False
) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, "name": name, "kind": "table", "columns": columns.split()}
    return found | {"filters": list(filters)} | ({"sort": sort, "down": down} if sort else {})


def chart(
    key: str, name: str, by: str, *, step: str = "month", drawn: str = "bar", split: str = "", **sums: str
) -> dict[str, Any]:
    """A chart; `sum="field"` adds up instead of counting."""
    found: dict[str, Any] = {
        "key": key,
        "name": name,
        "kind": "chart",
        "drawn": drawn,
        "group": {"field": by, "step": step},
    }
    if split:
        found |= {"split": {"field": split}, "drawn": "stacked"}
    return found | ({"measures": [{"how": how, "field": of} for how, of in sums.items()]} if sums else {})


def cross(name: str, rows: str, columns: str) -> dict[str, Any]:
    return {"key": "cross", "name": name, "kind": "cross", "group": {"field": rows}, "split": {"field": columns}}


def asked(key: str, test: str, *values: str) -> dict[str, Any]:
    """A filter of a view."""
    return {"field": key, "test": test, "values": list(values)}


def app(title: str, description: str, fields: Sequence[dict[str, Any]], **more: Any) -> AppDefinition:
    """The definition of a template."""
    return read_definition({"title": title, "description": description, "fields": list(fields), **more})


def care(purpose: str, years: int, *, people: str = "", collected: str = "") -> dict[str, Any]:
    """Why it is kept and for how long."""
    return {"purpose": purpose, "years": years, "people": people, "collected": collected}
