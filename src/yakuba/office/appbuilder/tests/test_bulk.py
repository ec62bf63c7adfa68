"""Many records changed or deleted at once: the same rules for each, and a word about each that could not be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.rules.bulk import bulk_fields, foreseen
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.services import change_record, change_records, delete_record
from yakuba.office.appbuilder.services.bulk import CHUNK
from yakuba.office.appbuilder.tests.lending import lending
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, cells_are_right, define, sit

ALL = {"name": "全員", "everybody": True, "create": True, "edit": True}


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def carried(page: Any) -> dict[str, Any]:
    """What the page sends back when its button is pressed."""
    form = page.context["form"]
    return {"of": page.context["chosen"].carried, **{part.html_name: part.value() for part in form.hidden()}}


class TestTheRules:
    def test_offer_neither_unique_nor_governed_nor_files(self) -> None:
        definition = define([*FIELDS, {"key": "photos", "label": "写真", "type": "photos"}])
        sight = Sight(see=True, edit=True, editable=frozenset(one.key for one in definition.fields))
        assert {"code", "twice", "photos"} & {one.key for one in bulk_fields(definition, sight)} == set()
        assert "state" in {one.key for one in bulk_fields(definition, sight)}

    def test_offer_no_state_that_buttons_move(self) -> None:
        definition = lending()
        assert definition.process is not None
        sight = Sight(see=True, edit=True, editable=frozenset(one.key for one in definition.fields))
        assert definition.process.field not in {one.key for one in bulk_fields(definition, sight)}

    @given(
        st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 2))),
        st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(0, 2)),
    )
    def test_foresee_every_record_once(self, current, wanted) -> None:
        result = foreseen(current, wanted)
        assert result.changing + result.same == len(current)
        assert all(count <= result.changing for count in result.by_field.values())


class TestTheVerb:
    def test_changes_each_under_its_own_rules(self, desk) -> None:
        one, busy, gone, same = desk.add(price=1), desk.add(price=2), desk.add(price=3), desk.add(price=9)
        change_record(by=desk.colleague, record=busy, values={"price": 5}, version=1, clock=CLOCK)
        delete_record(by=desk.maker, record=gone, version=1, clock=CLOCK)
        pairs = [(each, 1) for each in (one, busy, gone, same)]
        done = change_records(by=desk.maker, app=desk.app, records=pairs, values={"price": 9}, clock=CLOCK)
        assert [each.changed for each in done] == [True, False, False, False]
        assert ["変更しました" in done[1].reason, "削除した" in done[2].reason, done[3].reason] == [True, True, ""]
        assert Record.objects.get(pk=busy.pk).values["price"] == 5
        assert Record.objects.get(pk=one.pk).history.count() == 2
        cells_are_right(desk.app)

    def test_is_for_those_who_may_write_the_field(self, desk) -> None:
        desk.permit({**ALL, "columns": {"price": "view"}})
        record = desk.add(price=1)
        (done,) = change_records(
            by=desk.stranger, app=desk.app, records=[(record, 1)], values={"price": 9}, clock=CLOCK
        )
        assert "権限のない" in done.reason
        (done,) = change_records(
            by=desk.stranger, app=desk.app, records=[(record, 1)], values={"item": "棚"}, clock=CLOCK
        )
        assert done.changed

    def test_takes_no_more_than_a_chunk(self, desk) -> None:
        with pytest.raises(ValueError, match="more than"):
            change_records(by=desk.maker, app=desk.app, records=[(Record(), 1)] * (CHUNK + 1), values={}, clock=CLOCK)


class TestThePages:
    def test_show_what_will_happen_and_then_do_it(self, desk) -> None:
        records = [desk.add(item=f"机{n}", price=n) for n in range(3)]
        browser = sit(desk, "行政 主事")
        listed = text(browser.get(at(desk)))
        assert 'name="picked"' in listed and "まとめて変える" in listed
        picked = [one.public_id for one in records[:2]]
        page = browser.post(at(desk, "bulk/"), {"picked": picked, "scope": "picked", "what": "change"})
        assert '選んだ<strong class="number">2</strong>件' in text(page)
        typed = {"of": page.context["chosen"].carried, "step": "look", "on_price": "on", "f_price": "1", "f_note": "x"}
        page = browser.post(at(desk, "bulk/"), typed)
        assert page.context["result"].changing == 1 and page.context["result"].same == 1
        assert not Record.objects.filter(version__gt=1).exists()
        page = browser.post(at(desk, "bulk/"), {**carried(page), "step": "apply"})
        assert "1件を変更しました" in text(page) and "1件は、すでに同じ内容でした" in text(page)
        assert [one.values["price"] for one in Record.objects.order_by("pk")] == [1, 1, 2]
        assert not any("note" in one.values for one in Record.objects.all())

    def test_take_everything_the_list_shows(self, desk) -> None:
        for number in range(CHUNK + 5):
            desk.add(item=f"机{number}", state="out" if number else "in")
        browser = sit(desk, "行政 主事")
        page = browser.post(f"{at(desk, 'bulk/')}?f_state=out", {"scope": "all", "what": "delete"})
        assert page.context["count"] == CHUNK + 4
        typed = {"of": page.context["chosen"].carried, "what": "delete", "step": "apply"}
        assert f"{CHUNK + 4}件を削除しました" in text(browser.post(at(desk, "bulk/"), typed))
        assert desk.seen(desk.maker) == {"机0"}

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({}, "変える項目を選んでください"),
            ({f"on_{key}": "on" for key in ("item", "price", "note", "lent_on")}, "3項目まで"),
            ({"on_item": "on", "f_item": ""}, "必須です"),
            ({"on_price": "on", "f_price": "高い"}, "数として読めません"),
            ({"on_note": "on", "f_note": "123456789018"}, "個人番号"),
        ],
    )
    def test_refuse_what_cannot_be(self, desk, typed, words) -> None:
        record = desk.add()
        page = sit(desk, "行政 主事").post(at(desk, "bulk/"), {"of": f"{record.public_id}:1", "step": "look", **typed})
        assert page.status_code == 422 and words in text(page)

    @pytest.mark.parametrize("of", [[], ["x"], ["../..:1"], ["a" * 16 + ":1"], ["a" * 16 + ":٣"]])
    def test_of_nothing_say_so(self, desk, of) -> None:
        page = sit(desk, "行政 主事").post(at(desk, "bulk/"), {"of": of, "what": "delete", "step": "apply"})
        assert page.status_code == 422 and "記録が選ばれていません" in text(page)

    def test_never_reach_records_of_others_or_hidden_fields(self, desk) -> None:
        record = desk.add(price=1)
        stranger = sit(desk, "財政 主事")
        typed = {"of": f"{record.public_id}:1", "what": "change", "step": "apply", "on_price": "on", "f_price": "9"}
        assert stranger.post(at(desk, "bulk/"), typed).status_code == 404
        desk.permit({**ALL, "rows": "own"})
        assert stranger.post(at(desk, "bulk/"), typed).status_code == 422
        desk.permit({**ALL, "columns": {"price": "hide"}})
        page = stranger.post(at(desk, "bulk/"), typed)
        assert page.status_code == 422 and "価格" not in text(page)
        desk.permit({**ALL, "edit": False})
        assert stranger.post(at(desk, "bulk/"), typed).status_code == 403
        assert "まとめて" not in text(stranger.get(at(desk)))
        assert Record.objects.get().values["price"] == 1
