"""Labels with a code that lead to a record, and the sheet that leads to a new one."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno

from yakuba.kernel.access.api import Face
from yakuba.office.appbuilder.tests.world import sit

ALL = {"name": "全員", "everybody": True, "create": True}


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def drawn(address: str) -> str:
    """The path of the drawing of an address."""
    svg = segno.make(address, error="q", micro=False).svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
    return re.findall(r' d="([^"]+)"', svg)[-1]


def test_a_label_leads_to_the_record(desk, settings) -> None:
    record = desk.add(item="<机>")
    shown = sit(desk, "行政 主事").get(at(desk, f"r/{record.public_id}/label/")).content.decode()
    assert drawn(f"http://testserver{record.get_absolute_url()}") in shown
    assert "&lt;机&gt;" in shown and "番号1" in shown
    settings.YAKUBA_FACE_HOSTS = {Face.OFFICE: "testserver"}
    shown = sit(desk, "行政 主事").get(at(desk, f"r/{record.public_id}/label/")).content.decode()
    assert drawn(f"http://testserver{record.get_absolute_url()}") in shown


def test_twenty_four_stand_on_a_sheet_and_used_places_stay_free(desk) -> None:
    records = [desk.add(item=f"机{number}") for number in range(25)]
    browser = sit(desk, "行政 主事")
    sent = browser.post(at(desk, "labels/choose/"), {"picked": [one.public_id for one in records], "scope": "picked"})
    page = browser.get(sent.url)
    assert [len(sheet) for sheet in page.context["sheets"]] == [24, 1]
    page = browser.get(sent.url + "&skip=23")
    assert [len(sheet) for sheet in page.context["sheets"]] == [24, 24]
    assert page.context["sheets"][0][22] is None and page.context["sheets"][0][23]["title"] == "机0"
    everything = browser.post(at(desk, "labels/choose/"), {"scope": "all"})
    assert browser.get(everything.url).context["count"] == 25


@pytest.mark.parametrize("asked", ["", "?of=", "?of=x.y", "?of=" + "a" * 16, "?of=%00&skip=%FF", "?skip=-1"])
def test_of_nothing_there_are_none(desk, asked) -> None:
    page = sit(desk, "行政 主事").get(at(desk, f"labels/{asked}"))
    assert page.status_code == 200 and page.context["sheets"] == []


def test_are_only_of_records_and_fields_the_person_sees(desk) -> None:
    record = desk.add(item="秘密の机")
    browser = sit(desk, "財政 主事")
    one, many = at(desk, f"r/{record.public_id}/label/"), at(desk, f"labels/?of={record.public_id}")
    assert (browser.get(one).status_code, browser.get(many).status_code) == (404, 404)
    desk.permit({**ALL, "rows": "own"})
    assert browser.get(one).status_code == 404 and browser.get(many).context["count"] == 0
    desk.permit({**ALL, "create": False, "columns": {"item": "hide"}})
    assert all("秘密の机" not in browser.get(path).content.decode() for path in (one, many))


def test_the_sheet_for_the_wall_is_for_those_who_may_add(desk) -> None:
    desk.permit({**ALL, "see": False})
    shown = sit(desk, "財政 主事").get(at(desk, "new/code/")).content.decode()
    assert drawn(f"http://testserver{at(desk, 'new/')}") in shown
    desk.permit({**ALL, "create": False})
    assert sit(desk, "財政 主事").get(at(desk, "new/code/")).status_code == 403
