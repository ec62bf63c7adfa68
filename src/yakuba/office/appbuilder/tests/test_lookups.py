"""Choosing a record of another app among more than a list can offer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries import names
from yakuba.office.appbuilder.tests.world import open_app, sit

ALL = {"name": "全員", "everybody": True, "create": True, "edit": True}


@pytest.fixture
def repairs(desk: Any, monkeypatch: Any) -> App:
    """An app of repairs; a list offers two things at once, of three."""
    fields = [
        {"key": "thing", "label": "物", "type": "lookup", "app": desk.app.public_id, "shows": "item", "required": True},
        {"key": "note", "label": "備考", "type": "short_text"},
    ]
    desk.things = [desk.add(item=name) for name in ("古い机", "椅子", "棚")]
    monkeypatch.setattr(names, "MOST_OFFERED", 2)
    monkeypatch.setattr("yakuba.office.appbuilder.views.records.MOST_OFFERED", 2)
    return open_app(desk.maker, fields, "修理")


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def offered(page: Any) -> list[str]:
    return [label for value, label in page.context["form"]["f_thing"].field.choices if value]


class TestALookup:
    def test_is_narrowed_by_a_word_and_nothing_typed_is_lost(self, desk, repairs) -> None:
        browser = sit(desk, "行政 主事")
        new = f"/office/apps/{repairs.public_id}/new/"
        page = browser.get(new)
        assert offered(page) == ["棚", "椅子"] and "絞り込む" in text(page)
        page = browser.post(new, {"q_thing": "机", "f_note": "脚が折れた", "narrow": "thing"})
        assert page.status_code == 200 and offered(page) == ["古い机"]
        assert "脚が折れた" in text(page) and "field--error" not in text(page)
        assert not Record.objects.filter(app=repairs).exists()
        made = browser.post(new, {"q_thing": "机", "f_note": "脚が折れた", "f_thing": desk.things[0].public_id})
        assert made.status_code == 302
        record = Record.objects.get(app=repairs)
        change = f"/office/apps/{repairs.public_id}/r/{record.public_id}/change/"
        assert offered(browser.get(change)) == ["古い机", "棚", "椅子"]
        page = browser.post(
            change, {"q_thing": "椅", "f_thing": desk.things[0].public_id, "narrow": "x", "version": "1"}
        )
        assert page.status_code == 200 and offered(page) == ["古い机", "椅子"]

    @pytest.mark.parametrize(("words", "found"), [("3", ["棚"]), ("古い 机", ["古い机"]), ("%", []), ("ない", [])])
    def test_is_found_by_number_or_words(self, desk, repairs, words, found) -> None:
        page = sit(desk, "行政 主事").post(f"/office/apps/{repairs.public_id}/new/", {"q_thing": words, "narrow": "1"})
        assert offered(page) == found

    def test_never_offers_what_the_person_does_not_see(self, desk, repairs) -> None:
        desk.permit(ALL, app=repairs)
        browser = sit(desk, "財政 主事")
        new = f"/office/apps/{repairs.public_id}/new/"
        typed = {"q_thing": "机", "f_thing": desk.things[0].public_id, "f_note": ""}
        assert offered(browser.post(new, {**typed, "narrow": "1"})) == []
        assert browser.post(new, typed).status_code == 422
        desk.permit({**ALL, "rows": "own"})
        assert offered(browser.post(new, {**typed, "narrow": "1"})) == []
        desk.permit({**ALL, "create": False, "columns": {"item": "hide"}})
        assert offered(browser.post(new, {**typed, "narrow": "1"})) == []
