"""A removed field comes back with its values; before duplicates are forbidden, those there are are named."""

from __future__ import annotations

import re
from typing import Any

from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.queries.past_fields import collisions
from yakuba.office.appbuilder.services import delete_record, publish_version, reshape_chunk, save_definition
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, cells_are_right, define, sit


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def unique(*keys: str) -> list[dict[str, Any]]:
    return [{**one, "unique": True} if one["key"] in keys else one for one in FIELDS]


class TestARemovedField:
    def test_comes_back_with_key_type_and_values(self, desk) -> None:
        record = desk.add(price=1200)
        desk.publish([one for one in FIELDS if one["key"] not in ("price", "twice")])
        browser = sit(desk, "行政 主事")
        shown = text(browser.get(at(desk, "fields/")))
        assert "除いた項目" in shown and "fields/f/price/back/" in shown
        assert browser.post(at(desk, "fields/f/price/back/"), {"edition": "0"}).status_code == 302
        draft = desk.app.versions.get(state="draft")
        publish_version(by=desk.maker, app=desk.app, edition=draft.edition, apps={}, clock=CLOCK)
        while reshape_chunk(by=desk.maker, app=desk.app, clock=CLOCK):
            pass
        assert "1,200円" in text(browser.get(at(desk, f"r/{record.public_id}/")))
        cells_are_right(desk.app)

    def test_is_none_when_it_never_was_or_is_still_there(self, desk) -> None:
        browser = sit(desk, "行政 主事")
        for key in ("item", "nothing"):
            assert browser.post(at(desk, f"fields/f/{key}/back/"), {"edition": "0"}).status_code == 404
        assert sit(desk, "財政 主事").post(at(desk, "fields/f/item/back/"), {"edition": "0"}).status_code == 404

    def test_never_lends_its_key_to_another(self, desk) -> None:
        desk.publish([*FIELDS, {"key": "field_1", "label": "金庫の番号", "type": "short_text"}])
        desk.add(field_1="1234")
        desk.publish(FIELDS)
        typed = {"type": "short_text", "label": "公開するメモ", "edition": "0"}
        assert sit(desk, "行政 主事").post(at(desk, "fields/new/"), typed).status_code == 302
        assert desk.app.versions.get(state="draft").content.fields[-1].key == "field_2"


class TestNewlyForbiddenDuplicates:
    def test_are_named_before_the_version_is_used(self, desk) -> None:
        for item in ("机", "机", "椅子", "棚", "机"):
            desk.add(item=item)
        delete_record(by=desk.maker, record=Record.objects.get(number=5), version=1, clock=CLOCK)
        save_definition(by=desk.maker, app=desk.app, definition=define(unique("item", "code")), edition=0, clock=CLOCK)
        shown = text(sit(desk, "行政 主事").get(at(desk, "fields/")))
        assert "「品名」：同じ値の記録が1組、2件あります。「机」（番号1、2）。" in shown and "使い始める" in shown

    def test_are_none_where_nothing_collides_or_nothing_is_new(self, desk) -> None:
        desk.add(item="机", code="A-1"), desk.add(item="椅子")
        before = define(FIELDS).fields
        assert collisions(desk.app, define(unique("item")), before) == []
        desk.add(item="机")
        assert collisions(desk.app, define(unique("item")), define(unique("item")).fields) == []
        (found,) = collisions(desk.app, define(unique("item")), before)
        assert (found.groups, found.records, found.examples) == (1, 2, [("机", [1, 3])])
