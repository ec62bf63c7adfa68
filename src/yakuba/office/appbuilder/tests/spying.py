"""An app full of secrets, and somebody who tries every address of it, by hand or with the key of another system.

Two questions are asked of what comes back. No marker of a cell the person may not see may stand in it; and when all those
cells hold something else, it must come back the same to the letter: then no count, order, sum, hint or refusal told of them.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlencode

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from openpyxl import Workbook

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.files.api import file_link, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.tests.making import pdf
from yakuba.office.appbuilder.models import App, AppSheet, Record, SavedView
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.reshaping import with_computed
from yakuba.office.appbuilder.rules.views import read_view
from yakuba.office.appbuilder.services import (
    add_comment,
    add_record,
    change_record,
    delete_record,
    publish_version,
    save_definition,
    save_view,
)
from yakuba.office.appbuilder.services.cells import rewrite_cells
from yakuba.office.appbuilder.tests.test_api import Peer
from yakuba.office.appbuilder.tests.world import CLOCK, TODAY, Desk, define, lookable, open_app, sit
from yakuba.office.appbuilder.urls import urlpatterns

_CHOICES = [{"key": one, "label": f"区分{one}"} for one in ("a", "b", "c")]
FIELDS: list[dict[str, Any]] = [
    {"key": "item", "label": "品名", "type": "short_text", "filterable": True, "sortable": True},
    {"key": "code", "label": "記号", "type": "short_text", "unique": True, "filterable": True, "sortable": True},
    {"key": "price", "label": "価格", "type": "yen", "filterable": True, "sortable": True},
    {"key": "large", "label": "大きさ", "type": "number", "filterable": True, "sortable": True},
    {"key": "lent_on", "label": "貸出日", "type": "date", "filterable": True, "sortable": True},
    {"key": "until", "label": "期限", "type": "date"},
    {"key": "at", "label": "時刻", "type": "time"},
    {"key": "broken", "label": "故障", "type": "yes_no", "filterable": True},
    {"key": "kind", "label": "区分", "type": "choice", "filterable": True, "sortable": True, "choices": _CHOICES},
    {"key": "state", "label": "状態", "type": "status", "filterable": True, "choices": _CHOICES},
    {"key": "tags", "label": "用途", "type": "choices", "filterable": True, "choices": _CHOICES},
    {"key": "keeper", "label": "担当", "type": "person", "filterable": True},
    {"key": "place", "label": "置き場", "type": "section", "filterable": True},
    {"key": "phone", "label": "電話", "type": "phone", "filterable": True},
    {"key": "mail", "label": "メール", "type": "mail", "filterable": True},
    {"key": "home", "label": "住所", "type": "address"},
    {"key": "papers", "label": "書類", "type": "files"},
    {"key": "note", "label": "備考", "type": "long_text"},
    {"key": "twice", "label": "価格の2倍", "type": "computed", "gives": "yen", "sortable": True, "filterable": True,
     "rule": {"*": [{"var": "price"}, 2]}},
    {"key": "called", "label": "呼び名", "type": "computed", "gives": "text", "rule": {"cat": [{"var": "item"}, "／", {"var": "code"}]}},
]  # fmt: skip
KEYS = [one["key"] for one in FIELDS]
_VIEWS: list[dict[str, Any]] = [
    {"key": "table", "name": "表", "filters": [{"field": "kind", "values": ["a", "b"]}], "sort": "price",
     "columns": ["item", "price", "note"], "group": {"field": "state"}, "measures": [{"how": "sum", "field": "price"}]},
    {"key": "ruled", "name": "条件", "rule": {">": [{"var": "price"}, 100]}, "columns": ["item"]},
    {"key": "board", "name": "板", "kind": "board", "group": {"field": "state"}, "columns": ["item", "price", "home"]},
    {"key": "month", "name": "暦", "kind": "calendar", "day": "lent_on", "columns": ["item", "phone"]},
    {"key": "chart", "name": "図", "kind": "chart", "group": {"field": "kind"}, "measures": [{"how": "sum", "field": "price"}]},
    {"key": "count", "name": "件数の図", "kind": "chart", "group": {"field": "lent_on"}},
    {"key": "cross", "name": "表組み", "kind": "cross", "group": {"field": "kind"}, "split": {"field": "state"},
     "measures": [{"how": "most", "field": "large"}]},
    {"key": "people", "name": "人ごと", "kind": "cross", "group": {"field": "keeper"}, "split": {"field": "place"}},
]  # fmt: skip
_ID = re.compile(r"\b[0-9a-z]{16}\b")
Address = tuple[str, str, dict[str, Any] | None]
MAKERS = ("行政 主事", "総務 課長", "財政 主事", "産業 課長")
ALIKE_IN_SECTION = {"財政 主事": {"財政 主事"}, "産業 課長": {"産業 課長"}, "総務 課長": {"行政 主事", "総務 課長"}}
"""Whose records somebody sees who sees those of the own section."""

_SAME_FOR_ALL = (
    r'name="csrfmiddlewaretoken" value="[^"]*"',
    r'nonce="[^"]*"',
    r'"csrfToken": "[^"]*"',
    r"/office/files/[^\"']*",
)
COMMENT = "=comment"
"""Stands for what people said at a record: it is seen with the record."""
FILE = "file:"
"""An address that is a file, opened by the link a page would give this person."""
OF_TOKENS, OF_EVERYBODY = ("api-app",), ("public-view", "join")
"""How the names of addresses begin that are not for staff at a desk."""


@dataclass
class Secrets:
    """The world: `app` with a record of each maker and more, `other` whose records lead to those."""

    desk: Desk
    app: App
    other: App
    sheet: AppSheet
    table: AppSheet
    saved: SavedView
    makers: dict[str, str] = field(default_factory=dict)
    """Public id of a record → name of its maker, of both apps."""

    markers: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Record, field → every way its value may be written; only for values that occur nowhere else."""

    ids: set[str] = field(default_factory=set)
    """The ids that are the same whenever somebody asks."""

    @property
    def records(self) -> list[Record]:
        return list(Record.objects.filter(app=self.app).select_related("app").order_by("number"))

    @contextmanager
    def otherwise(self, columns: set[str], seen: set[str], *, kept: Collection[str] = ()) -> Iterator[None]:
        """Other values in every cell somebody may not see: these columns, and all of records not `seen` but for `kept`."""
        definition = Shapes(self.app).definition
        before = self.records
        with unaudited_writes("tests"):
            changed = self.records
            for number, record in enumerate(changed):
                fresh = values_of(self.desk, 40 + number, [])
                keys = columns - set(kept) if record.public_id in seen else set(KEYS) - set(kept)
                held = {**record.values, **{key: fresh[key] for key in keys if key in fresh}}
                record.values = with_computed(held, definition, TODAY)
            self._write(changed, definition)
            other = Shapes(self.other).definition
            costs = list(Record.objects.filter(app=self.other))
            for record in costs:
                record.values = {**record.values, "cost": record.values["cost"] + 90_000}
            self._write(costs, other)
            yield
            for record in costs:
                record.values = {**record.values, "cost": record.values["cost"] - 90_000}
            self._write(costs, other)
            self._write(before, definition)

    def _write(self, records: list[Record], definition: AppDefinition) -> None:
        Record.objects.bulk_update(records, ["values"])
        rewrite_cells(records, definition)


def values_of(desk: Desk, number: int, papers: list[str]) -> dict[str, Any]:
    """What a record holds: every text, amount and day of it occurs once in the house."""
    people, places = list(desk.hall.staff.values()), list(desk.hall.sections.values())
    return {
        "item": f"MK{number:03}品", "code": f"MK{number:03}記", "price": 7_000_000 + 1_111 * (number + 1),
        "large": 40_000 + 17 * (number + 1), "lent_on": f"1991-{number % 12 + 1:02}-{(number * 5) % 27 + 1:02}",
        "until": f"1987-{number % 12 + 1:02}-{(number * 5) % 27 + 1:02}", "at": f"{(number * 7) % 24:02}:{(number * 13) % 60:02}",
        "broken": number % 2 == 0, "kind": "abc"[number % 3], "state": "abc"[(number // 2) % 3],
        "tags": ["a"] if number % 3 else ["b", "c"], "keeper": people[number % len(people)].public_id,
        "place": places[number % len(places)].public_id, "phone": f"0242-{number:02}-{6000 + number}",
        "mail": f"mk{number:03}@example.jp", "home": f"MK{number:03}番地", "note": f"MK{number:03}備考\nふたつめの行",
        **({"papers": papers} if papers else {}),
    }  # fmt: skip


def _written(key: str, value: Any) -> set[str]:
    """How a value may be written; nothing for one that others have too."""
    if key in ("price", "large", "twice"):
        return {str(value), f"{int(value):,}"}
    if key in ("lent_on", "until"):
        year, month, day = (int(part) for part in value.split("-"))
        era, of_era = ("平成", year - 1988) if year > 1988 else ("昭和", year - 1925)
        return {value, f"{era}{of_era}年{month}月{day}日", f"{year}年{month}月{day}日", value.replace("-", "/")}
    if key in ("item", "code", "home", "mail", "phone"):
        return {value}
    return {value.splitlines()[0]} if key == "note" else set()


def open_secrets(desk: Desk) -> Secrets:
    """Eight records of four makers in one app, three in another that lead to them, sheets, views, comments."""
    app = open_app(desk.maker, FIELDS, "台帳")
    every = {"name": "全員", "everybody": True, "create": True, "edit": True}
    desk.permit(every, app=app)
    fields = [
        {"key": "thing", "label": "物", "type": "lookup", "app": app.public_id, "shows": "item", "filterable": True},
        {"key": "coded", "label": "記号の物", "type": "lookup", "app": app.public_id, "shows": "code", "filterable": True},
        {"key": "cost", "label": "費用", "type": "yen", "sortable": True, "filterable": True},
        {"key": "memo", "label": "覚え", "type": "short_text", "filterable": True},
    ]  # fmt: skip
    other = open_app(desk.maker, fields, "修理")
    desk.permit(every, app=other)
    roll = {"key": "paid", "label": "修理費", "type": "rollup", "app": other.public_id, "via": "thing", "how": "sum",
            "of": "cost", "gives": "yen"}  # fmt: skip
    definition = define([*FIELDS, roll], "台帳").model_copy(
        update={"views": tuple(map(read_view, _VIEWS)), "alike": ("phone",)}
    )
    saved = save_definition(by=desk.maker, app=app, definition=definition, edition=0, clock=CLOCK)
    publish_version(by=desk.maker, app=app, edition=saved.edition, apps=lookable(), clock=CLOCK)
    world = Secrets(desk, app, other, *_sheets(desk, app), _saved(desk, app))
    for number in range(8):
        name = MAKERS[number % len(MAKERS)]
        by = desk.person(name)
        paper = receive_file(by=by, stream=pdf(), filename=f"MK{number:03}書.pdf", clock=CLOCK)
        record = add_record(by=by, app=app, values=values_of(desk, number, [paper.public_id]), clock=CLOCK)
        before = f"MK{number:03}前"
        first = change_record(by=by, record=record, values={"home": before}, version=1, clock=CLOCK)
        record = change_record(
            by=by, record=first, values={"home": f"MK{number:03}番地"}, version=first.version, clock=CLOCK
        )
        world.makers[record.public_id] = name
        for key in KEYS:
            if held := record.values.get(key):
                world.markers[record.public_id, key] = _written(key, held)
        world.markers[record.public_id, "home"] |= {before}
        world.markers[record.public_id, "papers"] = {f"MK{number:03}書"}
        world.markers[record.public_id, "called"] = {record.values["called"]}
        add_comment(by=by, record=record, text=f"MK{number:03}語", clock=CLOCK)
        world.markers[record.public_id, COMMENT] = {f"MK{number:03}語"}
    last = world.records[-1]
    delete_record(by=desk.person(world.makers[last.public_id]), record=last, version=last.version, clock=CLOCK)
    for number, (target, name) in enumerate(zip(world.records[:4], MAKERS, strict=True)):
        cost = 600_100 + 10_000 * number
        values = {"thing": target.public_id, "coded": target.public_id, "cost": cost, "memo": f"MK{number:03}覚"}
        record = add_record(by=desk.maker, app=other, values=values, clock=CLOCK)
        world.makers[record.public_id] = name
        world.markers[record.public_id, "cost"] = {str(cost), f"{cost:,}"}
        world.markers[record.public_id, "memo"] = {f"MK{number:03}覚"}
    return world


def _saved(desk: Desk, app: App) -> SavedView:
    view = read_view({"key": "saved", "name": "みんなの", "sort": "price", "columns": ["item", "price"],
                      "filters": [{"field": "lent_on", "test": "between", "values": ["1990-12-24", ""]}]})  # fmt: skip
    return save_view(by=desk.maker, app=app, view=view, is_shared=True, clock=CLOCK)


def _sheets(desk: Desk, app: App) -> tuple[AppSheet, AppSheet]:
    """A slip of one record and a table of many, each naming every field."""
    browser = sit(desk, "行政 主事")
    labels = [one["label"] for one in FIELDS]
    slip, table = Workbook(), Workbook()
    for row, label in enumerate(labels, start=1):
        slip.active.cell(row, 1, label)
        slip.active.cell(row, 2, f"{{{{{label}}}}}")
    table.active.append(labels)
    table.active.append(
        [f"{'{{#記録}}' if not n else ''}{{{{{label}}}}}" for n, label in enumerate(labels[:-1])]
        + [f"{{{{{labels[-1]}}}}}{{{{/記録}}}}"]
    )
    for title, book in (("票", slip), ("表", table)):
        out = io.BytesIO()
        book.save(out)
        sent = SimpleUploadedFile(f"{title}.xlsx", out.getvalue())
        done = browser.post(f"/office/apps/{app.public_id}/papers/", {"title": title, "file": sent})
        assert done.status_code == 302, done.content.decode()
    first, second = AppSheet.objects.filter(app=app).order_by("pk")
    assert first.is_ready and second.is_ready and second.is_table
    return first, second


# Trying


def everything(world: Secrets) -> Iterator[Address]:
    """Every address of the app somebody may think of: words for it, the address, what is posted (None: it is opened)."""
    yield from _by_name(world)
    home = f"/office/apps/{world.app.public_id}/"
    ids = [one.public_id for one in world.records]
    for question in _questions(world):
        yield "list", f"{home}?{urlencode(question)}", None
        for kind in ("csv", "xlsx", "json"):
            if question.keys() & {"q", "sort", "group"} or len(question) < 2:
                yield "export", f"{home}?{urlencode({**question, 'export': kind})}", None
        yield "own view", f"{home}views/own/new/?{urlencode({**question, 'kind': 'table'})}", None
    for view in _VIEWS:
        for more in ({"export": "json"}, {"month": "1991-03"}, {"sort": "f_price"}, {"group": "place"}, {"q": "MK003"}):
            yield "view", f"{home}v/{view['key']}/?{urlencode(more)}", None
        for kind in ("csv", "xlsx"):
            yield "bulk of a view", f"{home}bulk/?view={view['key']}", {"scope": "all", "what": "delete"}
            yield (
                "sheet of a view",
                f"{home}papers/out/?view={view['key']}",
                {
                    "scope": "all",
                    "sheet": world.table.public_id if kind == "csv" else world.sheet.public_id,
                },
            )
        yield "labels of a view", f"{home}labels/choose/?view={view['key']}", {"scope": "all"}
    yield from _of_many(world, home, ids)
    yield from _of_the_other_app(world, ids)
    yield from _of_the_house(world)


def _of_the_house(world: Secrets) -> Iterator[Address]:
    """What the house says of apps elsewhere, files by their ids, and everything posted to every address."""
    for words in ("MK001", "7,001,111", "台帳"):
        yield "search", f"/office/find/?q={quote(words)}", None
    for path in ("/office/", "/office/apps/", "/office/decisions/", "/office/notices/"):
        yield "house", path, None
    for record in world.records:
        for file in record.values["papers"]:
            yield "file", f"{FILE}{file}", None
    for name, address, _ in _by_name(world):
        if name not in _TOO_LONG:
            yield f"{name} posted", address, _typed(world)


_TOO_LONG = ("office-apps-template",)
"""Posts that make something of any size and read nothing of an app."""


def _typed(world: Secrets) -> dict[str, Any]:
    """Whatever any form of an app may read, posted to every address: of all fields and of all records."""
    records = world.records
    held = {f"f_{key}": value for key, value in records[1].values.items() if isinstance(value, str | int)}
    # Days come back in the words of an era: they are days no record holds.
    held |= {f"f_{key}": values_of(world.desk, 30, [])[key] for key in ("lent_on", "until")}
    keep = {f"keep_{key}": "gone" for key in KEYS}
    return {
        **held, **keep, "f_code": "MKnew", "f_papers__kept": records[1].values["papers"], "papers": records[2].values["papers"],
        "version": "3", "to": "1", "text": "見てください", "tell": "総務 課長", "picked": [one.public_id for one in records],
        "scope": "all", "what": "delete", "step": "look", "by": KEYS, "key": "price", "name": "名前", "kind": "table",
        "sort": "price", "group": "keeper", "columns": KEYS, "who": "総務 課長", "person": "総務 課長", "days": "30",
        "keep_version": "3", "gone_version": "3", "sheet": world.sheet.public_id, "title": "題",
    }  # fmt: skip


def _of_many(world: Secrets, home: str, ids: list[str]) -> Iterator[Address]:
    """What is done with many records of a list at once."""
    for key in KEYS:
        yield "alike", f"{home}alike/?by={key}", None
        typed = {"step": "look", "picked": ids, "change_on": key, "what": "change"}
        yield "bulk", f"{home}bulk/", {**typed, f"f_{key}": "1", "change": key}
        for way in ("", "-"):
            yield "labels", f"{home}labels/choose/?sort={way}f_{key}&all=1", {"scope": "all"}
            yield (
                "sheet",
                f"{home}papers/out/?sort={way}f_{key}&all=1",
                {"scope": "all", "sheet": world.table.public_id},
            )
    yield "labels", f"{home}labels/?of={'.'.join(ids)}&skip=3", None
    yield "sheets", f"{home}papers/out/", {"picked": ids, "sheet": world.sheet.public_id}
    yield "sheets", f"{home}papers/out/", {"picked": ids, "sheet": world.table.public_id}
    yield "bulk", f"{home}bulk/", {"picked": ids, "what": "delete"}


def _of_the_other_app(world: Secrets, ids: list[str]) -> Iterator[Address]:
    """The app whose records lead to those of the first."""
    second = f"/office/apps/{world.other.public_id}/"
    yield "other app", second, None
    for question in ({"export": "json"}, {"export": "csv"}, {"q": "MK001"}, {"group": "thing"}, {"sort": "f_cost"}):
        yield "other app", f"{second}?{urlencode({'all': '1', **question})}", None
    for record in Record.objects.filter(app=world.other).order_by("number"):
        for path in ("", "change/", "print/", "label/"):
            yield "other record", f"{second}r/{record.public_id}/{path}", None
    for one in (*ids, ""):
        yield "filter by lookup", f"{second}?all=1&f_thing={one}", None
    for words in ("MK", "MK001品", "MK002記", "3"):
        typed = {"narrow": "1", "q_thing": words, "q_coded": words, "f_thing": ids[0], "f_coded": ids[1]}
        yield "choosing", f"{second}new/", typed


def _questions(world: Secrets) -> Iterator[dict[str, str]]:
    """What a list may be asked, of every field, hidden or not."""
    yield {}
    yield {"all": "1"}
    yield {"all": "1", "page": "2", "size": "5"}
    yield {"door": "1", "all": "1"}
    for number in (0, 1, 2, 3):
        record = world.records[number]
        for key in KEYS:
            held = record.values.get(key)
            if isinstance(held, str | int) and not isinstance(held, bool):
                if number < 2:
                    yield {"all": "1", f"f_{key}": str(held)}
                    yield {"all": "1", f"f_{key}_from": str(held), f"f_{key}_to": str(held)}
                if number > 1 or key in ("item", "code"):
                    yield {"q": str(held)}
    for key in KEYS:
        for way in ("", "-"):
            yield {"all": "1", "sort": f"{way}f_{key}"}
        yield {"all": "1", "group": key}
        yield {"all": "1", f"f_{key}": "empty"}
        yield {"all": "1", f"f_{key}_from": "1"}
    yield {"all": "1", "group": "kind", "sort": "-number"}


def _by_name(world: Secrets) -> Iterator[Address]:
    """Every address of apps there is, with everything it may be about; one nobody thought of fails the test here."""
    ids = [one.public_id for one in world.records]
    known: dict[str, list[str]] = {
        "record_id": ids, "keep_id": ids[:3], "gone_id": ids[:3], "saved_id": [world.saved.public_id],
        "sheet_id": [world.sheet.public_id], "what": ["blank", "try"], "comment_id": ["a" * 16], "file_id": ["a" * 16],
        "number": ["0", "1"], "act": ["delete"], "version_id": ["a" * 16],
    }  # fmt: skip
    for name, pattern, arguments in addresses():
        if name.startswith((*OF_TOKENS, *OF_EVERYBODY)):
            continue
        keys = [view["key"] for view in _VIEWS] if "view" in name else ["price", "note"]
        choices: list[dict[str, str]] = [{"public_id": world.app.public_id}]
        for one in arguments:
            values = ["delete", "restore", "go-back"] if name == "office-app-act" and one == "act" else None
            values = values or (keys if one == "key" else known.get(one))
            if one == "public_id":
                continue
            if values is None:
                raise AssertionError(f"{name}: say in `_by_name` what its argument {one} may be")
            choices = [{**given, one: value} for given in choices for value in values]
        for given in choices:
            yield name, "/" + pattern % given, None


def addresses() -> list[tuple[str, str, list[str]]]:
    """Every address of the app builder: name, pattern, arguments."""
    resolver = get_resolver()
    found = []
    for one in urlpatterns:
        [(pattern, arguments), *_] = resolver.reverse_dict.getlist(one.name)[0][0]
        found.append((one.name, pattern, arguments))
    return found


# What a key opens


def by_token(world: Secrets) -> Iterator[tuple[str, str, str, dict[str, Any] | None, str]]:
    """Everything another system may ask of an app: name of the address, method, path, body, `If-Match`."""
    records = world.records
    yield "api-app", "GET", "", None, ""
    yield "api-app-document", "GET", "openapi.json", None, ""
    for asked in (
        "",
        "?limit=2",
        "?limit=3&cursor=bjI",
        "?changed_since=2020-01-01T00:00:00%2B09:00",
        "?sort=price",
        "?q=MK001",
    ):
        yield "api-app-records", "GET", f"records/{asked}", None, ""
    for key in (*KEYS, "paid", "number", "made_by"):
        held = [records[number].values.get(key) for number in (0, 1)]
        for value in held if key in KEYS else ("1",):
            written = value if isinstance(value, str) else str(value[0]) if isinstance(value, list) else str(value)
            yield "api-app-records", "GET", f"records/?{urlencode({key: written})}", None, ""
        yield "api-app-records", "GET", f"records/?{urlencode({f'{key}_from': '1'})}", None, ""
        # A value nobody has: one that is taken would be refused as such, whoever may write the field.
        yield "api-app-records", "POST", "records/", {"values": {key: "MKnew"}}, ""
        for record in records[:3]:
            yield "api-app-record", "PATCH", f"records/{record.public_id}/", {"values": {key: "MKnew"}}, '"1"'
    for record in records:
        path = f"records/{record.public_id}/"
        yield "api-app-record", "GET", path, None, ""
        yield "api-app-record", "PATCH", path, {"values": {"home": "よそ", "note": "ちがう"}}, '"1"'
        yield "api-app-record", "PATCH", path, {"values": {"item": "よそ"}}, ""
        yield "api-app-record", "DELETE", path, None, '"1"'
    for record in Record.objects.filter(app=world.other):
        yield "api-app-record", "GET", f"records/{record.public_id}/", None, ""


def told_by_token(world: Secrets, peer: Peer, asked: Collection[tuple[Any, ...]]) -> dict[str, str]:
    """Everything the house answers a key, without any of it having happened afterwards."""
    found = {}
    for number, (name, method, path, body, match) in enumerate(asked):
        if number % 200 == 0:
            cache.clear()  # one key asks no more than so much a minute
        headers = {"if_match": match} if match else {}
        with transaction.atomic():
            got = peer.send(method, path, b"" if body is None else body, **headers)
            transaction.set_rollback(True)
        assert got.status_code < 500 and got.status_code != 429, path
        content = re.sub(r'"(made_at|changed_at)": "[^"]*"', "", got.content.decode())
        heads = f"{got.headers.get('Location', '')} {got.headers.get('ETag', '')}"
        found[f"{name} {method} {path} {body or ''} {match}"] = _named(world, f"{got.status_code} {heads}\n{content}")
    return found


def answer(client: Client, address: str, posted: Mapping[str, Any] | None) -> str:
    """What comes back, in words: status, where to, and the text of the page or of every part of a file.

    What is posted leads on to the page that says what came of it; nothing of it has happened afterwards.
    """
    if posted is None:
        got, way = client.get(address), ""
    else:
        with transaction.atomic():
            got = client.post(address, posted, follow=True)
            transaction.set_rollback(True)
        way = str(got.redirect_chain)
    assert got.status_code < 500, address
    heads = "\n".join(got.headers.get(one, "") for one in ("Location", "Content-Disposition"))
    return f"{got.status_code}\n{way}\n{unquote(heads)}\n{_in_words(got.getvalue())}"


def _named(world: Secrets, words: str) -> str:
    """Without the ids of what was made a moment ago: they are new each time."""
    return _ID.sub(lambda found: found[0] if found[0] in world.ids else "…", words)


def _in_words(content: bytes) -> str:
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = [one for one in parts.namelist() if not one.startswith("docProps/")]
            return "\n".join(f"{one}\n{_in_words(parts.read(one))}" for one in names)
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        for pattern in _SAME_FOR_ALL:
            text = re.sub(pattern, "", text)
        return html.unescape(text)
    return content.hex()


def told(world: Secrets, person: str, addresses: list[Address]) -> dict[str, str]:
    """Everything the house answers somebody: by address (and what was posted) → what came back."""
    client = sit(world.desk, person)
    world.ids = {*world.makers, world.app.public_id, world.other.public_id}
    by = world.desk.person(person)
    found = {}
    for words, address, posted in addresses:
        where = address
        if address.startswith(FILE):
            file = StoredFile.objects.get(public_id=address.removeprefix(FILE))
            where = file_link(file, to=by, purpose="appbuilder.file")
        found[f"{words} {address} {posted or ''}"] = _named(world, answer(client, where, posted))
    return found


def markers_in(world: Secrets, answers: Mapping[str, str], hidden: Mapping[str, set[str]]) -> list[str]:
    """The markers of cells that must not be seen (`hidden`: record → fields) and where they stand all the same."""
    secret = {
        marker: f"{key} of {world.makers[record]}"
        for (record, key), several in world.markers.items()
        if key in hidden.get(record, ())
        for marker in several
    }
    # What was asked for comes back in the search box: that is no answer.
    return [
        f"{marker} ({secret[marker]}) in {place}"
        for place, words in answers.items()
        for marker in secret
        if marker in words and marker not in place and quote(marker) not in place
    ]


def computed_from(hidden: set[str]) -> set[str]:
    """What is hidden together with some fields."""
    reads = {"twice": {"price"}, "called": {"item", "code"}}
    return hidden | {key for key, read in reads.items() if read & hidden}
