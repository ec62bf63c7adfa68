"""Views: what is wrong with one, who sees it, what its pages show."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder import access
from yakuba.office.appbuilder.models import App, SavedView
from yakuba.office.appbuilder.rules.check import problems_of
from yakuba.office.appbuilder.rules.definition import AppDefinition, read_definition
from yakuba.office.appbuilder.rules.permissions import Column, visible_fields
from yakuba.office.appbuilder.rules.tallies import steps_between
from yakuba.office.appbuilder.rules.view_check import as_seen, fields_behind, problems_of_view
from yakuba.office.appbuilder.rules.view_words import read_test, write_values
from yakuba.office.appbuilder.rules.views import Step, Test, read_view
from yakuba.office.appbuilder.services import drop_view, publish_version, save_definition, save_view
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, define, sit

ALL = {"name": "全員", "everybody": True}
TABLE = {
    "key": "out",
    "name": "貸出中",
    "filters": [{"field": "state", "values": ["out"]}],
    "columns": ["item", "price"],
}
BOARD = {"key": "board", "name": "ボード", "kind": "board", "group": {"field": "state"}, "columns": ["item", "price"]}
CALENDAR = {"key": "cal", "name": "暦", "kind": "calendar", "day": "lent_on", "columns": ["item", "price"]}
CHART = {"key": "chart", "name": "状態別", "kind": "chart", "group": {"field": "state"}}
CROSS = {
    "key": "cross", "name": "月と状態", "kind": "cross", "group": {"field": "lent_on"}, "split": {"field": "state"},
    "measures": [{"how": "sum", "field": "price"}],
}  # fmt: skip
EVERY = [TABLE, BOARD, CALENDAR, CHART, CROSS]


def defined(*views: dict[str, Any], **more: Any) -> AppDefinition:
    definition = define(FIELDS)
    return definition.model_copy(update={"views": tuple(map(read_view, views)), **more})


def wrong(view: dict[str, Any]) -> str:
    return " ".join(message for message, _ in problems_of_view(read_view(view), define(FIELDS)))


class TestADefinition:
    def test_comes_back_from_json_with_its_views(self) -> None:
        definition = defined(*EVERY, opens_with="board")
        assert read_definition(json.loads(json.dumps(definition.to_json()))) == definition
        assert problems_of(definition, apps={}) == ()

    @pytest.mark.parametrize(
        ("view", "message"),
        [
            ({**TABLE, "filters": [{"field": "gone", "test": "empty"}]}, "ありません"),
            ({**TABLE, "filters": [{"field": "note", "test": "empty"}]}, "絞り込みに使えない"),
            (
                {**TABLE, "filters": [{"field": "state", "test": "contains", "values": ["o"]}]},
                "絞り込むことはできません",
            ),
            ({**TABLE, "filters": [{"field": "state", "values": ["lost"]}]}, "値が正しくありません"),
            (
                {**TABLE, "filters": [{"field": "price", "test": "between", "values": ["9", "1"]}]},
                "値が正しくありません",
            ),
            ({**TABLE, "filters": [{"field": "lent_on", "test": "span", "values": ["ever"]}]}, "値が正しくありません"),
            ({**TABLE, "filters": [{"field": "item", "values": ["a\x00b"]}]}, "値が正しくありません"),
            ({**TABLE, "rule": {"==": [{"var": "gone"}, 1]}}, "条件"),
            ({**TABLE, "sort": "note"}, "並べ替え"),
            ({**TABLE, "columns": ["gone"]}, "表示する項目"),
            ({**TABLE, "group": {"field": "price"}}, "まとめる項目に使えません"),
            ({**TABLE, "measures": [{"how": "sum", "field": "item"}]}, "合計できません"),
            ({**BOARD, "group": {"field": "lent_on"}}, "ボードの列"),
            ({**BOARD, "columns": []}, "題名"),
            ({**BOARD, "columns": ["item", "code", "price", "state", "note"]}, "3項目まで"),
            ({**CALENDAR, "day": "item"}, "日付の項目"),
            ({**CALENDAR, "day": ""}, "選ばれていません"),
            ({**CHART, "group": None}, "「何ごとに」の項目"),
            ({**CHART, "split": {"field": "broken"}}, "積み上げ棒"),
            ({**CHART, "drawn": "stacked"}, "系列の項目"),
            ({**CHART, "drawn": "line"}, "折れ線"),
            ({**CHART, "drawn": "share", "measures": [{"how": "average", "field": "price"}]}, "足し合わせ"),
            ({**CHART, "drawn": "share", "group": {"field": "tags"}}, "何度も数える"),
            ({**CROSS, "split": {"field": "lent_on"}}, "同じ項目"),
        ],
    )
    def test_says_what_is_wrong_with_a_view(self, view, message) -> None:
        assert message in wrong(view)

    def test_names_views_once_and_opens_with_one_there_is(self) -> None:
        words = [
            one.words() for one in problems_of(defined(TABLE, {**BOARD, "name": "貸出中"}, opens_with="x"), apps={})
        ]
        assert sum("同じ名前の見方" in one for one in words) == 2 and any("最初に開く見方" in one for one in words)

    def test_without_a_field_that_a_view_uses_is_not_published(self, desk) -> None:
        definition = defined(CHART)
        left = definition.model_copy(update={"fields": tuple(one for one in definition.fields if one.key != "state")})
        saved = save_definition(by=desk.maker, app=desk.app, definition=left, edition=0, clock=CLOCK)
        with pytest.raises(Refusal, match="見方「状態別」"):
            publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps={}, clock=CLOCK)

    @pytest.mark.parametrize(
        "written", [{"key": "x"}, {"key": "X Y", "name": "a"}, {"key": "x", "name": "a", "js": 1}, [], "x"]
    )
    def test_refuses_json_that_is_no_view(self, written) -> None:
        with pytest.raises(Refusal):
            read_view(written)


class TestAFilterInWords:
    @pytest.mark.parametrize(
        ("key", "test", "typed", "values"),
        [
            ("state", Test.IS, "貸出中、在庫", ("out", "in")),
            ("price", Test.BETWEEN, "１００〜５００円", ("100", "500")),
            ("price", Test.BETWEEN, "〜500", ("", "500")),
            ("lent_on", Test.BETWEEN, "R8.4.1から", ("2026-04-01", "")),
            ("lent_on", Test.SPAN, "今年度", ("year",)),
            ("broken", Test.IS, "はい", ("1",)),
            ("twice", Test.BETWEEN, "1.5〜", ("1.5", "")),
        ],
    )
    def test_is_read_and_written_back(self, key, test, typed, values) -> None:
        one = define(FIELDS).field(key)
        assert one is not None
        if key == "twice":
            one = one.model_copy(update={"gives": "number"})
        asked = read_test(one, test, typed)
        assert asked.values == values
        assert read_test(one, test, write_values(one, asked)) == asked

    @pytest.mark.parametrize(
        ("key", "test", "typed"),
        [
            ("state", Test.IS, "紛失"),
            ("price", Test.BETWEEN, "安い〜高い"),
            ("lent_on", Test.SPAN, "昔"),
            ("item", Test.IS, ""),
        ],
    )
    def test_that_cannot_be_read_says_so(self, key, test, typed) -> None:
        one = define(FIELDS).field(key)
        assert one is not None
        with pytest.raises(Refusal):
            read_test(one, test, typed)


def test_months_without_records_stand_between_those_with_some() -> None:
    assert steps_between(["2026-01-01", "", "2026-04-01"], Step.MONTH) == [
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
        "2026-04-01",
    ]
    assert len(steps_between(["0001-01-01", "9999-12-31"], Step.DAY)) == 2
    assert steps_between([""], Step.MONTH) == []


class TestWhatIsHidden:
    @pytest.mark.parametrize(
        "view",
        [
            {**TABLE, "filters": [{"field": "price", "test": "filled"}]},
            {**TABLE, "rule": {">": [{"var": "price"}, 1]}},
            {**TABLE, "rule": {">": [{"var": "twice"}, 1]}},
            {**TABLE, "sort": "price"},
            {**TABLE, "measures": [{"how": "sum", "field": "price"}]},
            {**TABLE, "group": {"field": "state"}, "measures": [{"how": "most", "field": "twice"}]},
            {**BOARD, "columns": ["price", "item"]},
            {**CALENDAR, "columns": ["price"]},
            CROSS,
        ],
    )
    def test_a_view_that_depends_on_it_is_refused_with_the_reason(self, view) -> None:
        definition = define(FIELDS)
        visible = visible_fields({"price": Column.HIDE}, definition)
        with pytest.raises(Refusal, match="見えない項目"):
            as_seen(read_view(view), definition, visible)

    def test_a_column_of_it_is_left_out(self) -> None:
        for view in (TABLE, BOARD, CALENDAR):
            seen = as_seen(read_view(view), define(FIELDS), {"item", "state", "lent_on"})
            assert seen.columns == ("item",)

    def test_everything_a_view_decides_by_counts(self) -> None:
        view = read_view(
            {**CROSS, "rule": {"var": "broken"}, "sort": "code", "filters": [{"field": "tags", "test": "filled"}]}
        )
        assert fields_behind(view) == {"lent_on", "state", "price", "broken", "code", "tags"}


@pytest.fixture
def maker(desk: Any) -> Any:
    return sit(desk, "行政 主事")


@pytest.fixture
def stranger(desk: Any) -> Any:
    return sit(desk, "財政 主事")


def use(desk: Any, *views: dict[str, Any], **more: Any) -> None:
    """Put a version with views to use."""
    saved = save_definition(by=desk.maker, app=desk.app, definition=defined(*views, **more), edition=0, clock=CLOCK)
    publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps={}, clock=CLOCK)


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def stock(desk: Any) -> None:
    desk.add(item="机", price=300, state="out", lent_on="2026-04-01", tags=["a"])
    desk.add(item="椅子", price=100, state="in", lent_on="2026-04-20", tags=["a", "b"])
    desk.add(item="棚", state="out", lent_on="2026-05-03")


class TestTheList:
    @pytest.mark.parametrize(
        ("asked", "items"),
        [
            ({"f_price_from": "200"}, {"机"}),
            ({"f_price_from": "100", "f_price_to": "299"}, {"椅子"}),
            ({"f_lent_on_from": "2026-04-02", "f_lent_on_to": "2026-05-03"}, {"椅子", "棚"}),
            ({"f_lent_on_to": "2026-04-01", "f_state": "out"}, {"机"}),
            ({"f_price_from": "安い", "f_lent_on_from": "9999-99-99"}, {"机", "椅子", "棚"}),
        ],
    )
    def test_is_narrowed_by_numbers_and_days(self, desk, maker, asked, items) -> None:
        stock(desk)
        shown = text(maker.get(at(desk), asked))
        assert {one for one in ("机", "椅子", "棚") if f">{one}<" in shown} == items

    def test_is_put_together_with_sums_and_leads_to_the_records_of_a_group(self, desk, maker) -> None:
        stock(desk)
        shown = text(maker.get(at(desk), {"group": "state"}))
        assert "状態ごと" in shown and "価格の合計（円）" in shown
        assert re.search(r"貸出中</a></th><td class=\"cell--number\">2</td><td class=\"cell--number\">300</td>", shown)
        assert "f_state=out" in shown
        assert ">棚<" in text(maker.get(at(desk), {"f_state": "out", "group": "none"}))
        months = text(maker.get(at(desk), {"group": "lent_on"}))
        assert "2026年4月" in months and "f_lent_on_from=2026-04-01&amp;f_lent_on_to=2026-04-30" in months

    def test_goes_out_as_json_with_what_the_person_sees(self, desk, maker, stranger) -> None:
        stock(desk)
        desk.permit({**ALL, "export": True, "columns": {"price": "hide"}})
        answer = stranger.get(at(desk), {"export": "json", "f_state": "out", "sort": "f_item"})
        found = json.loads(answer.content)
        assert [row["f_item"] for row in found["rows"]] == ["机", "棚"]
        assert found["rows"][0]["f_lent_on"] == "2026-04-01"
        assert {one["key"] for one in found["columns"]} & {"f_price", "f_twice"} == set()
        assert json.loads(maker.get(at(desk), {"export": "json"}).content)["rows"][-1]["f_price"] == 300
        assert AuditEvent.objects.filter(kind="view", verb="appbuilder.records:json").exists()
        desk.permit(ALL)
        assert stranger.get(at(desk), {"export": "json"}).status_code == 403

    def test_goes_out_with_no_cell_that_runs(self, desk, maker) -> None:
        desk.add(item="=HYPERLINK(1)", code="+1", note="@SUM(A1)")
        sheet = load_workbook(io.BytesIO(maker.get(at(desk), {"export": "xlsx"}).content)).active
        cells = {cell.value: cell for cell in sheet[2]}
        for value in ("=HYPERLINK(1)", "+1", "@SUM(A1)"):
            assert cells[value].data_type == "s" and cells[value].quotePrefix
        rows = maker.get(at(desk), {"export": "csv"}).content.decode("utf-8-sig")
        assert "'=HYPERLINK(1)" in rows and "'+1" in rows and "'@SUM(A1)" in rows


class TestAViewOfTheApp:
    def test_of_every_kind_has_its_page(self, desk, maker) -> None:
        use(desk, *EVERY)
        stock(desk)
        table = text(maker.get(at(desk, "v/out/")))
        assert ">机<" in table and ">椅子<" not in table and "状態：貸出中" in table
        assert "bulk/?all=1&amp;view=out" in table, "what is done with all of the list keeps to the view"
        board = text(maker.get(at(desk, "v/board/")))
        assert re.search(r"在庫 <span class=\"board__count\">1件", board) and "300円" in board
        month = text(maker.get(at(desk, "v/cal/"), {"month": "2026-04"}))
        assert "机" in month and "椅子" in month and "棚" not in month and "?month=2026-05" in month
        assert "2026年5月" in text(maker.get(at(desk, "v/cal/"), {"month": "2026-05"}))
        chart = text(maker.get(at(desk, "v/chart/")))
        assert "<svg" in chart and "数値を表で見る" in chart and "記録 3件から" in chart
        cross = text(maker.get(at(desk, "v/cross/")))
        assert (
            "2026年4月" in cross
            and "価格の合計" in cross
            and ">400<" in cross.replace("<strong>", "").replace("</strong>", "")
        )
        assert AuditEvent.objects.filter(kind="view", verb="appbuilder.view:board").exists()

    @pytest.mark.parametrize("month", ["", "2026-13", "9999-12", "x", "0001-01"])
    def test_opens_its_calendar_on_any_month_asked(self, desk, maker, month) -> None:
        use(desk, CALENDAR)
        assert maker.get(at(desk, "v/cal/"), {"month": month}).status_code == 200

    def test_shows_only_records_the_person_sees(self, desk, stranger) -> None:
        use(desk, *EVERY)
        desk.permit({**ALL, "rows": "own"})
        stock(desk)
        for key in ("out", "board", "cal", "chart", "cross"):
            shown = text(stranger.get(at(desk, f"v/{key}/"), {"month": "2026-04"}))
            assert "机" not in shown and ">300" not in shown and "2件" not in shown

    def test_that_uses_a_hidden_field_is_neither_named_nor_opened(self, desk, stranger) -> None:
        use(desk, {**CHART, "name": "高い物", "measures": [{"how": "sum", "field": "price"}]}, BOARD)
        desk.permit({**ALL, "columns": {"price": "hide"}})
        stock(desk)
        assert "高い物" not in text(stranger.get(at(desk)))
        refused = stranger.get(at(desk, "v/chart/"))
        assert refused.status_code == 403 and "見えない項目" in text(refused) and "高い物" not in text(refused)
        assert "300" not in text(stranger.get(at(desk, "v/board/")))

    def test_is_what_the_app_opens_with(self, desk, maker, stranger) -> None:
        use(desk, BOARD, CHART, opens_with="board")
        desk.permit({**ALL, "columns": {"state": "hide"}})
        assert maker.get(at(desk)).url == at(desk, "v/board/")
        assert maker.get(at(desk), {"all": "1"}).status_code == 200
        assert stranger.get(at(desk)).status_code == 200  # who does not see the state opens the list

    def test_with_a_condition_no_database_answers_is_refused_over_many_records(self, desk, maker, monkeypatch) -> None:
        use(desk, {**CHART, "rule": {">": [{"length": {"var": "item"}}, 1]}})
        stock(desk)
        assert "記録 1件から" in text(maker.get(at(desk, "v/chart/")))
        monkeypatch.setattr(access, "MOST_ROW_BY_ROW", 1)
        refused = maker.get(at(desk, "v/chart/"))
        assert refused.status_code == 422 and "見方「状態別」の条件" in text(refused) and "理由" in text(refused)

    def test_is_built_on_the_draft(self, desk, maker) -> None:
        typed = {"name": "月の件数", "group": "lent_on", "group_step": "month", "number": "count:", "drawn": "line",
                 "field_0": "state", "test_0": "is", "value_0": "貸出中", "rule": "「価格」>= 100", "edition": "0"}  # fmt: skip
        answer = maker.post(at(desk, "views/new/") + "?kind=chart", typed)
        assert answer.status_code == 302, text(answer)
        view = App.objects.get(pk=desk.app.pk).versions.get(state="draft").content.views[0]
        assert (view.key, view.drawn.value, view.filters[0].values) == ("v1", "line", ("out",))
        assert view.rule == {">=": [{"var": "price"}, 100]}
        again = text(maker.get(at(desk, "views/v/v1/")))
        assert "月の件数" in again and 'value="貸出中"' in again and "「価格」" in again
        maker.post(at(desk, "views/arrange/"), {"key": "v1", "to": "open", "edition": "1"})
        assert "最初に開く" in text(maker.get(at(desk, "views/")))
        maker.post(at(desk, "views/arrange/"), {"key": "v1", "to": "remove", "edition": "2"})
        draft = App.objects.get(pk=desk.app.pk).versions.get(state="draft").content
        assert draft.views == () and draft.opens_with == ""

    @pytest.mark.parametrize("kind", ["table", "board", "calendar", "chart", "cross"])
    def test_is_built_from_a_page_that_says_what_is_wrong(self, desk, maker, kind) -> None:
        page = at(desk, "views/new/") + f"?kind={kind}"
        assert maker.get(page).status_code == 200
        refused = maker.post(
            page, {"name": "", "field_0": "price", "test_0": "contains", "value_0": "3", "edition": "0"}
        )
        assert refused.status_code == 422
        assert "使えるのは" in text(
            maker.post(at(desk, "views/new/"), {"name": "x", "field_0": "price", "test_0": "contains", "value_0": "3"})
        )

    def test_is_built_by_managers_only(self, desk, stranger) -> None:
        desk.permit({**ALL, "edit": True})
        assert stranger.get(at(desk, "views/new/")).status_code == 404
        assert stranger.post(at(desk, "views/arrange/"), {"key": "", "to": "open"}).status_code == 404
        assert "アプリの見方を加える" not in text(stranger.get(at(desk, "views/")))
        assert stranger.get(at(desk, "views/new/") + "?kind=magic").status_code == 404


class TestASavedView:
    def test_begins_with_what_the_list_was_narrowed_to(self, desk, maker) -> None:
        stock(desk)
        asked = {"f_state": "out", "f_price_from": "100", "sort": "-f_price", "group": "state"}
        link = re.search(r'href="([^"]*views/own/new/[^"]*)"', maker.get(at(desk), asked).content.decode())
        assert link
        shown = text(maker.get(link[1].replace("&amp;", "&")))
        assert 'value="貸出中"' in shown and 'value="100〜"' in shown
        typed = {"name": "高い貸出中", "field_0": "state", "test_0": "is", "value_0": "貸出中", "columns": ["item"]}
        made = maker.post(at(desk, "views/own/new/") + "?kind=table", typed)
        assert made.status_code == 302
        assert ">机<" in text(maker.get(made.url)) and "高い貸出中" in text(maker.get(at(desk)))

    def test_is_its_owners_unless_shared_by_who_may_edit(self, desk, stranger) -> None:
        desk.permit(ALL)
        view = read_view(TABLE)
        own = save_view(by=desk.maker, app=desk.app, view=view, is_shared=False, clock=CLOCK)
        address = own.get_absolute_url()
        assert stranger.get(address).status_code == 404
        with pytest.raises(NotAllowed):
            save_view(by=desk.stranger, app=desk.app, view=view, is_shared=True, clock=CLOCK)
        save_view(by=desk.maker, app=desk.app, view=view, is_shared=True, clock=CLOCK, saved=own)
        assert stranger.get(address).status_code == 200
        with pytest.raises(NotAllowed):
            save_view(by=desk.stranger, app=desk.app, view=view, is_shared=False, clock=CLOCK, saved=own)
        with pytest.raises(NotAllowed):
            drop_view(by=desk.stranger, saved=own)
        assert stranger.get(at(desk, f"views/own/{own.public_id}/")).status_code == 404
        theirs = save_view(by=desk.stranger, app=desk.app, view=view, is_shared=False, clock=CLOCK)
        with pytest.raises(NotAllowed):
            drop_view(by=desk.maker, saved=theirs)

    def test_is_changed_and_dropped_by_its_owner(self, desk, maker) -> None:
        own = save_view(by=desk.maker, app=desk.app, view=read_view(CHART), is_shared=False, clock=CLOCK)
        page = at(desk, f"views/own/{own.public_id}/")
        assert "状態別" in text(maker.get(page))
        typed = {"name": "故障", "group": "broken", "number": "count:", "drawn": "bar", "shared": "on"}
        assert maker.post(page, typed).status_code == 302
        own.refresh_from_db()
        assert own.is_shared and own.content.group.field == "broken"
        maker.post(f"{page}drop/")
        assert not SavedView.objects.exists()

    def test_never_uses_a_field_the_person_does_not_see(self, desk, stranger) -> None:
        desk.permit({**ALL, "columns": {"price": "hide"}})
        with pytest.raises(Refusal, match="見えない項目"):
            save_view(
                by=desk.stranger, app=desk.app, view=read_view({**TABLE, "sort": "price"}), is_shared=False, clock=CLOCK
            )
        page = at(desk, "views/own/new/") + "?kind=table"
        assert "価格" not in text(stranger.get(page))
        refused = stranger.post(page, {"name": "x", "rule": "「価格」> 100"})
        assert refused.status_code == 422 and "「価格」という項目はありません" in text(refused)
        shared = save_view(
            by=desk.maker, app=desk.app, view=read_view({**CROSS, "name": "値段"}), is_shared=True, clock=CLOCK
        )
        assert stranger.get(shared.get_absolute_url()).status_code == 403
        assert "値段" not in text(stranger.get(at(desk, "views/")))

    def test_of_today_asks_for_the_person_who_looks(self, desk, maker, stranger) -> None:
        fields = [*FIELDS, {"key": "who", "label": "担当", "type": "person", "filterable": True}]
        desk.publish(fields)
        desk.permit(ALL)
        desk.add(item="机", who=desk.hall.staff["行政 主事"].public_id)
        desk.add(item="椅子", who=desk.hall.staff["財政 主事"].public_id)
        view = read_view({"key": "mine", "name": "自分の分", "filters": [{"field": "who", "values": ["me"]}]})
        shared = save_view(by=desk.maker, app=App.objects.get(pk=desk.app.pk), view=view, is_shared=True, clock=CLOCK)
        for client, item in ((maker, "机"), (stranger, "椅子")):
            shown = text(client.get(shared.get_absolute_url()))
            assert f">{item}<" in shown and '<strong class="number">1</strong>件' in shown and "担当：自分" in shown


def test_views_of_apps_have_their_addresses() -> None:
    assert reverse("office-app-view", args=["a", "b_1"]) == "/office/apps/a/v/b_1/"
