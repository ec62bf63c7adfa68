"""Roll-ups: what the records of another app come to, for whoever looks."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.queries.rollups import rolled_up, rolls_for
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.check import problems_of
from yakuba.office.appbuilder.rules.definition import AppField, FieldType, read_definition
from yakuba.office.appbuilder.rules.permissions import Column, visible_fields
from yakuba.office.appbuilder.rules.rollup import rollup_problems
from yakuba.office.appbuilder.services import NotReady, add_record, delete_record
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, TODAY, define, open_app, sit

ALL = {"name": "全員", "everybody": True}


def repairs(desk: Any) -> App:
    """An app of repairs, each of one thing of the desk."""
    fields = [
        {
            "key": "thing",
            "label": "物",
            "type": "lookup",
            "app": desk.app.public_id,
            "shows": "item",
            "filterable": True,
        },
        {"key": "cost", "label": "費用", "type": "yen", "sortable": True},
        {"key": "done_on", "label": "終わった日", "type": "date", "sortable": True},
        {"key": "length", "label": "長さ", "type": "number", "decimals": 1, "filterable": True, "unit": "m"},
        {"key": "note", "label": "備考", "type": "long_text"},
    ]
    return open_app(desk.maker, fields, "修理")


def roll(app: App, key: str, how: str = "count", of: str = "", gives: str = "number") -> dict[str, Any]:
    return {
        "key": key,
        "label": key,
        "type": "rollup",
        "app": app.public_id,
        "via": "thing",
        "how": how,
        "of": of,
        "gives": gives,
    }


@pytest.fixture
def mended(desk: Any) -> Any:
    """Two things, one of them mended twice, with every way of summing up."""
    desk.repairs = repairs(desk)
    desk.publish([*FIELDS, roll(desk.repairs, "times"), roll(desk.repairs, "paid", "sum", "cost", "yen"),
                  roll(desk.repairs, "last", "max", "done_on", "date"), roll(desk.repairs, "mean", "avg", "length")])  # fmt: skip
    desk.first, desk.second = desk.add(item="机"), desk.add(item="椅子")
    for cost, day, size in ((1000, "2026-04-01", "1.5"), (500, "2026-05-01", "2")):
        values = {"thing": desk.first.public_id, "cost": cost, "done_on": day, "length": size}
        desk.last = add_record(by=desk.maker, app=desk.repairs, values=values, clock=CLOCK)
    return desk


def seen(desk: Any, person: Any) -> dict[str, Any]:
    fields = Shapes(App.objects.get(pk=desk.app.pk)).definition.fields
    return rolled_up(person, fields, [desk.first, desk.second], today=TODAY)[desk.first.pk]


class TestTheValues:
    def test_sum_up_what_leads_to_the_record(self, mended) -> None:
        assert seen(mended, mended.maker) == {"times": "2", "paid": "1500", "last": "2026-05-01", "mean": "1.75"}
        fields = Shapes(App.objects.get(pk=mended.app.pk)).definition.fields
        assert rolled_up(mended.maker, fields, [mended.second], today=TODAY)[mended.second.pk] == {
            "times": "0", "paid": None, "last": None, "mean": None,
        }  # fmt: skip

    def test_follow_what_is_deleted(self, mended) -> None:
        delete_record(by=mended.maker, record=mended.last, version=1, clock=CLOCK)
        assert seen(mended, mended.maker)["paid"] == "1000"

    def test_count_only_what_the_person_sees(self, mended) -> None:
        mended.permit(ALL)
        assert seen(mended, mended.stranger) == {}
        mended.permit({**ALL, "rows": "own"}, app=mended.repairs)
        assert seen(mended, mended.stranger)["times"] == "0"
        mended.permit({**ALL, "columns": {"cost": "hide"}}, app=mended.repairs)
        assert seen(mended, mended.stranger) == {"times": "2", "last": "2026-05-01", "mean": "1.75"}
        mended.permit({**ALL, "columns": {"thing": "hide"}}, app=mended.repairs)
        assert seen(mended, mended.stranger) == {}

    def test_cost_one_query_a_field_however_many_records(self, mended) -> None:
        fields = Shapes(App.objects.get(pk=mended.app.pk)).definition.fields
        counts = []
        for records in ([mended.first], [mended.first, mended.second, *(mended.add() for _ in range(10))]):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                rolled_up(mended.maker, fields, records, today=TODAY)
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestThePages:
    def test_show_and_write_them_out(self, mended) -> None:
        browser = sit(mended, "行政 主事")
        page = f"/office/apps/{mended.app.public_id}/"
        shown = browser.get(f"{page}r/{mended.first.public_id}/").content.decode()
        assert "1,500円" in shown and "令和8年5月1日" in shown
        assert "f_times" not in browser.get(page).content.decode()  # neither sorted nor filtered by
        sheet = load_workbook(io.BytesIO(browser.get(page, {"export": "xlsx"}).content)).active
        heads, *rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
        assert [row[heads.index("paid")] for row in rows] == [None, 1500]

    def test_hide_them_like_any_field(self, mended) -> None:
        mended.permit({**ALL, "columns": {"paid": "hide"}})
        mended.permit(ALL, app=mended.repairs)
        shown = sit(mended, "財政 主事").get(f"/office/apps/{mended.app.public_id}/r/{mended.first.public_id}/")
        assert "1,500円" not in shown.content.decode() and "times" in shown.content.decode()

    def test_let_the_builder_choose_what_is_summed_up(self, desk) -> None:
        other = repairs(desk)
        browser = sit(desk, "行政 主事")
        page = f"/office/apps/{desk.app.public_id}/fields/new/"
        shown = re.sub(r"\s+", " ", browser.get(page, {"type": "rollup"}).content.decode())
        assert "修理（物） 件数" in shown and "「費用」の平均" in shown and "備考" not in shown
        typed = {"type": "rollup", "label": "修理の費用", "roll": f"{other.public_id}:thing:sum:cost", "edition": "0"}
        assert browser.post(page, typed).status_code == 302
        made = desk.app.versions.get(state="draft").content.fields[-1]
        assert (made.how.value, made.of, made.gives.value, made.in_list) == ("sum", "cost", "yen", False)
        for wrong in ("", "x", f"{other.public_id}:thing:sum:note", "a:b:c:d"):
            assert browser.post(page, {**typed, "roll": wrong, "edition": "1"}).status_code == 422


class TestTheChecks:
    def test_name_what_leads_nowhere(self, desk) -> None:
        other = repairs(desk)
        rolls = rolls_for(desk.maker, desk.app)
        good = define([*FIELDS, roll(other, "paid", "sum", "cost", "yen")])
        assert not list(rollup_problems(good, rolls)) and read_definition(good.to_json()) == good
        for changed in (
            {"app": "x" * 16},
            {"via": "cost"},
            {"of": "note"},
            {"of": ""},
            {"how": "sum", "of": "done_on"},
        ):
            wrong = define([*FIELDS, {**roll(other, "paid", "sum", "cost"), **changed}])
            assert [one.key for one in rollup_problems(wrong, rolls)] == ["paid"]
        with pytest.raises(NotReady, match="集計する項目"):
            desk.publish([*FIELDS, roll(other, "paid", "sum", "note")])

    @pytest.mark.parametrize("mark", ["filterable", "sortable", "unique", "required"])
    def test_allow_neither_filter_nor_sort(self, desk, mark) -> None:
        definition = define([*FIELDS, {**roll(repairs(desk), "times"), mark: True}])
        field = definition.field("times")
        assert field is not None and not field.has_cell
        assert bool(problems_of(definition, apps={})) is (mark != "required")

    def test_keep_formulas_away(self, desk) -> None:
        fields = [*FIELDS, roll(repairs(desk), "times"),
                  {"key": "more", "label": "more", "type": "computed", "gives": "number", "rule": {"+": [{"var": "times"}, 1]}}]  # fmt: skip
        assert any(one.key == "more" for one in problems_of(define(fields), apps={}))

    def test_are_hidden_by_key(self) -> None:
        one = AppField(key="times", label="回数", type=FieldType.ROLLUP)
        definition = define(FIELDS).model_copy(update={"fields": (one,)})
        assert visible_fields({"times": Column.HIDE}, definition) == frozenset()
