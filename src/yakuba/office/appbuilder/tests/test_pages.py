"""The pages of self-built apps, as a clerk, a colleague and a stranger meet them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from yakuba.kernel.audit.models import AuditEvent
from yakuba.office.appbuilder.models import App, ImportBatch, Record
from yakuba.office.appbuilder.queries import checking
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import FieldType
from yakuba.office.appbuilder.services import delete_record
from yakuba.office.appbuilder.tests.world import CLOCK, cells_are_right, sit

ALL = {"name": "全員", "everybody": True}


@pytest.fixture
def maker(desk: Any) -> Any:
    return sit(desk, "行政 主事")


@pytest.fixture
def stranger(desk: Any) -> Any:
    return sit(desk, "財政 主事")


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


class TestMyApps:
    def test_an_empty_page_leads_on(self, stranger) -> None:
        shown = text(stranger.get("/office/apps/"))
        assert "使えるアプリはまだありません" in shown
        assert "Excelから作る" in shown and "はじめから作る" in shown

    def test_shows_only_what_the_person_may_use(self, desk, maker, stranger) -> None:
        assert "備品貸出" in text(maker.get("/office/apps/"))
        assert "備品貸出" not in text(stranger.get("/office/apps/"))
        assert "備品貸出" in text(maker.get("/office/search/", {"q": "備品"}, follow=True))

    def test_a_visitor_is_led_to_the_sign_in(self, client, db) -> None:
        assert client.get("/office/apps/").status_code == 302


class TestBuilding:
    def test_from_blank_to_the_first_record(self, desk, maker) -> None:
        made = maker.post("/office/apps/new/", {"title": "鍵の貸出", "description": ""})
        app = App.objects.get(title="鍵の貸出")
        fields = f"/office/apps/{app.public_id}/fields/"
        assert made.url == fields
        assert "入力する項目が一つもありません" in text(maker.get(fields))
        typed = {"type": "short_text", "label": "鍵の名前", "required": "on", "in_list": "on", "edition": "1"}
        assert maker.post(f"{fields}new/", typed).status_code == 302
        typed = {"type": "choice", "label": "どこの", "choices": "庁舎\n公民館", "in_list": "on", "edition": "2"}
        assert maker.post(f"{fields}new/", typed).status_code == 302
        assert "使い始められます" in text(maker.get(fields))
        assert maker.post(f"{fields}publish/", {"edition": "3"}).url == f"/office/apps/{app.public_id}/"
        key = Shapes(App.objects.get(pk=app.pk)).definition.fields[0].key
        maker.post(f"/office/apps/{app.public_id}/new/", {f"f_{key}": "正面玄関"})
        assert "正面玄関" in text(maker.get(f"/office/apps/{app.public_id}/"))

    @pytest.mark.parametrize("kind", [one.value for one in FieldType])
    def test_every_type_has_its_page(self, desk, maker, kind) -> None:
        shown = maker.get(at(desk, "fields/new/"), {"type": kind})
        assert shown.status_code == 200 and FieldType(kind).label in text(shown)

    def test_a_formula_is_read_and_shown_again(self, desk, maker) -> None:
        typed = {"type": "computed", "label": "税込", "rule": "切捨て(「価格」*1.1)", "gives": "yen", "edition": "0"}
        assert maker.post(at(desk, "fields/new/"), typed).status_code == 302
        draft = desk.app.versions.get(state="draft").content
        assert draft.fields[-1].rule == {"round_down": [{"*": [{"var": "price"}, 1.1]}]}
        assert "切捨て(「価格」 * 1.1)" in text(maker.get(at(desk, f"fields/f/{draft.fields[-1].key}/")))

    def test_a_formula_that_cannot_be_read_stays_typed(self, desk, maker) -> None:
        typed = {"type": "computed", "label": "税込", "rule": "「値段」*", "gives": "yen", "edition": "0"}
        shown = maker.post(at(desk, "fields/new/"), typed)
        assert (
            shown.status_code == 422 and "「値段」という項目はありません" in text(shown) and "「値段」*" in text(shown)
        )

    def test_what_somebody_else_saved_is_not_overwritten(self, desk, maker) -> None:
        typed = {"type": "date", "label": "日", "edition": "0"}
        maker.post(at(desk, "fields/new/"), typed)
        shown = maker.post(at(desk, "fields/new/"), {**typed, "label": "日2"})
        assert shown.status_code == 422 and "ほかの人が先に保存しました" in text(shown)

    def test_fields_are_moved_and_removed(self, desk, maker) -> None:
        desk.add(code="A-1")
        maker.post(at(desk, "fields/arrange/"), {"key": "code", "to": "up", "edition": "0"})
        assert [one.key for one in desk.app.versions.get(state="draft").content.fields][:2] == ["code", "item"]
        assert "値のある記録が1件" in text(maker.get(at(desk, "fields/f/code/remove/")))
        maker.post(at(desk, "fields/f/code/remove/"), {"edition": "1"})
        assert "一覧と画面から消える項目：備品番号" in text(maker.get(at(desk, "fields/")))

    @pytest.mark.parametrize("path", ["fields/", "fields/new/", "rights/", "rights/new/", "rights/seen-as/", "import/"])
    def test_is_for_managers(self, desk, stranger, path) -> None:
        assert stranger.get(at(desk, path)).status_code == 404
        assert sit(desk, "総務 課長").get(at(desk, path)).status_code == 404


class TestRecords:
    def test_are_listed_filtered_sorted_and_searched(self, desk, maker) -> None:
        desk.add(item="机", price=300, state="out", lent_on="2026-04-01")
        desk.add(item="椅子", price=100, tags=["a", "b"])
        desk.add(item="棚", broken=True)
        shown = text(maker.get(at(desk), {"sort": "f_price"}))
        assert shown.index("椅子") < shown.index(">机<") < shown.index("棚")
        shown = text(maker.get(at(desk), {"sort": "-f_price"}))
        assert shown.index(">机<") < shown.index("椅子") < shown.index("棚")
        for asked, found in (
            ({"f_state": "out"}, "机"),
            ({"f_tags": "b"}, "椅子"),
            ({"f_broken": "1"}, "棚"),
            ({"q": "椅"}, "椅子"),
        ):
            shown = text(maker.get(at(desk), asked))
            assert f">{found}<" in shown and '<strong class="number">1</strong>件' in shown

    def test_reading_is_recorded(self, desk, maker) -> None:
        record = desk.add()
        maker.get(at(desk))
        maker.get(at(desk, f"r/{record.public_id}/"))
        seen = set(AuditEvent.objects.filter(kind="view").values_list("verb", flat=True))
        assert {"appbuilder.records:page", "appbuilder.record"} <= seen

    def test_go_out_as_a_file(self, desk, maker) -> None:
        desk.add(item="=1+1", price=300, note="長い話")
        sheet = load_workbook(io.BytesIO(maker.get(at(desk), {"export": "xlsx"}).content)).active
        heads, row = [[cell.value for cell in line] for line in sheet.iter_rows(max_row=2)]
        assert dict(zip(heads, row, strict=True))["価格（円）"] == 300
        assert dict(zip(heads, row, strict=True))["備考"] == "長い話"
        lines = list(csv.reader(io.StringIO(maker.get(at(desk), {"export": "csv"}).content.decode("utf-8-sig"))))
        assert lines[1][1] == "'=1+1"

    def test_are_made_with_every_fault_at_its_field_and_nothing_lost(self, desk, maker) -> None:
        shown = maker.post(at(desk, "new/"), {"f_item": "", "f_price": "安い", "f_note": "メモ"})
        assert shown.status_code == 422
        for part in ("「品名」を入力してください", "数として読めません", "安い", "メモ"):
            assert part in text(shown)
        assert not Record.objects.exists()

    def test_never_take_a_my_number(self, desk, maker) -> None:
        shown = maker.post(at(desk, "new/"), {"f_item": "机", "f_note": "123456789018"})
        assert shown.status_code == 422 and not Record.objects.exists()

    def test_are_changed_and_both_values_shown_on_a_conflict(self, desk, maker) -> None:
        record = desk.add(item="机", price=100)
        page = at(desk, f"r/{record.public_id}/change/")
        assert (
            maker.post(page, {"f_item": "椅子", "f_price": "100", "f_state": "in", "version": "1"}).status_code == 302
        )
        shown = sit(desk, "総務 課長").post(page, {"f_item": "棚", "f_price": "200", "f_state": "in", "version": "1"})
        assert shown.status_code == 409
        for part in ("ほかの人が同じ項目を先に変えました", "<td>品名</td>", "椅子", "棚", 'name="version" value="2"'):
            assert part in text(shown)
        assert 'value="200"' in text(shown)
        assert Record.objects.get().values["item"] == "椅子"

    def test_are_deleted_and_brought_back(self, desk, maker) -> None:
        record = desk.add(item="机")
        maker.post(at(desk, f"r/{record.public_id}/delete/"), {"version": "1"})
        assert maker.get(at(desk, f"r/{record.public_id}/")).status_code == 404
        assert "机" in text(maker.get(at(desk, "deleted/")))
        maker.post(at(desk, f"r/{record.public_id}/restore/"))
        assert maker.get(at(desk, f"r/{record.public_id}/")).status_code == 200
        cells_are_right(desk.app)

    def test_go_back_from_the_history(self, desk, maker) -> None:
        record = desk.add(item="机")
        page = at(desk, f"r/{record.public_id}/")
        maker.post(f"{page}change/", {"f_item": "椅子", "f_state": "in", "version": "1"})
        assert "机 → 椅子" in text(maker.get(page))
        maker.post(f"{page}go-back/", {"to": "1", "version": "2"})
        assert Record.objects.get().values["item"] == "机"


class TestNothingLeaks:
    def hidden(self, desk: Any) -> Any:
        desk.permit({**ALL, "rows": "own", "create": True, "edit": True, "columns": {"price": "hide"}})
        return desk.add(item="机", price=98765, code="SECRET-1")

    def test_by_id(self, desk, stranger) -> None:
        record = self.hidden(desk)
        for path in ("", "change/"):
            assert stranger.get(at(desk, f"r/{record.public_id}/{path}")).status_code == 404
        for act in ("delete", "go-back", "restore", "change"):
            assert stranger.post(at(desk, f"r/{record.public_id}/{act}/"), {"version": "1"}).status_code == 404
        delete_record(by=desk.maker, record=record, version=1, clock=CLOCK)
        assert stranger.post(at(desk, f"r/{record.public_id}/restore/")).status_code == 404

    def test_by_count_search_filter_or_sort(self, desk, stranger) -> None:
        desk.permit({**ALL, "columns": {"price": "hide", "code": "hide", "state": "hide"}})
        desk.add(item="机", price=2, code="SECRET-1", state="out")
        desk.add(item="椅子", price=1)
        plain = text(stranger.get(at(desk)))
        assert "SECRET" not in plain and "価格" not in plain and "状態" not in plain
        for asked in ({"q": "SECRET"},):
            assert '<strong class="number">0</strong>件' in text(stranger.get(at(desk), asked))
        for asked in ({"f_state": "out"}, {"f_price": "2"}):
            assert '<strong class="number">2</strong>件' in text(stranger.get(at(desk), asked))
        orders = []
        for asked in ({"sort": "f_price"}, {"sort": "-f_price"}, {"sort": "f_twice"}, {"sort": "-f_twice"}):
            shown = text(stranger.get(at(desk), asked))
            orders.append(shown.index(">机<") < shown.index(">椅子<"))
        assert len(set(orders)) == 1

    def test_by_rows_of_other_people(self, desk, stranger) -> None:
        self.hidden(desk)
        for asked in ({}, {"q": "机"}, {"sort": "f_item"}, {"f_state": "in"}):
            assert "98765" not in text(stranger.get(at(desk), asked))
            assert '<strong class="number">0</strong>件' in text(stranger.get(at(desk), asked))

    def test_by_history(self, desk, stranger) -> None:
        desk.permit({**ALL, "columns": {"price": "hide"}})
        record = desk.add(item="机", price=98765)
        shown = text(stranger.get(at(desk, f"r/{record.public_id}/")))
        assert "机" in shown and "98765" not in shown and "197,530" not in shown

    def test_by_export(self, desk, stranger) -> None:
        desk.permit({**ALL, "columns": {"price": "hide"}})
        desk.add(item="机", price=98765)
        assert stranger.get(at(desk), {"export": "csv"}).status_code == 403
        assert "書き出し" not in text(stranger.get(at(desk)))
        desk.permit({**ALL, "export": True, "columns": {"price": "hide"}})
        written = stranger.get(at(desk), {"export": "csv"}).content.decode("utf-8-sig")
        assert "机" in written and "98765" not in written and "197530" not in written

    def test_by_writing_a_hidden_or_read_only_field(self, desk, stranger) -> None:
        desk.permit({**ALL, "create": True, "edit": True, "columns": {"price": "hide", "note": "view"}})
        stranger.post(at(desk, "new/"), {"f_item": "机", "f_state": "in", "f_price": "5", "f_note": "x"})
        assert Record.objects.get().values == {"item": "机", "state": "in"}


class TestRights:
    def test_are_changed_by_group(self, desk, maker, stranger) -> None:
        desk.add()
        section = desk.hall.sections["財政課"].public_id
        typed = {"name": "財政", "sections": section, "see": "on", "rows": "rule", "rule": "「状態」=\"在庫\"", "edition": "1",
                 **{f"column_{one.key}": "edit" if one.type.is_typed else "view"
                    for one in Shapes(desk.app).definition.stored}, "column_price": "hide"}  # fmt: skip
        assert maker.post(at(desk, "rights/new/"), typed).status_code == 302
        group = App.objects.get().rights.groups[-1]
        assert group.rule == {"==": [{"var": "state"}, "in"]}
        assert stranger.get(at(desk)).status_code == 200
        shown = text(maker.get(at(desk, "rights/")))
        assert "見えない：価格" in shown and "「状態」 = &quot;在庫&quot;" in shown

    def test_show_what_a_person_sees(self, desk, maker) -> None:
        desk.permit({**ALL, "columns": {"price": "hide"}})
        desk.add(item="机", price=98765)
        other = desk.hall.staff["財政 主事"].public_id
        shown = text(maker.get(at(desk, "rights/seen-as/"), {"staff": other}))
        assert "全員" in shown and "価格、価格の2倍" in shown and "98" + "765" not in shown and "机" in shown

    def test_can_be_ordered_but_never_without_a_keeper(self, desk, maker) -> None:
        maker.post(at(desk, "rights/arrange/"), {"group": "0", "to": "remove", "edition": "1"})
        assert any(one.manage for one in App.objects.get().rights.groups)
        maker.post(at(desk, "rights/arrange/"), {"group": "1", "to": "remove", "edition": "1"})
        assert len(App.objects.get().rights.groups) == 1


def a_book(rows: list[list[Any]]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("備品台帳.xlsx", out.getvalue())


def a_grid() -> SimpleUploadedFile:
    """A clerk's sheet: a title, two header rows with merged cells, dates as text in eras, blank cells."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "令和8年度　備品貸出簿"
    sheet.merge_cells("A1:F1")
    for column, (top, below) in enumerate(
        [("品名", None), ("貸出", "貸出先"), (None, "貸出日"), ("数量", None), ("状態", None), ("連絡先", None)],
        start=1,
    ):
        sheet.cell(2, column, top)
        sheet.cell(3, column, below)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    for column in "DEF":
        sheet.merge_cells(f"{column}2:{column}3")
    for number in range(12):
        sheet.append(
            [
                f"机{number}",
                "町内会",
                f"令和8年4月{number + 1}日",
                number,
                ("貸出中", "返却済")[number % 2],
                "0242-84-1503",
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("備品貸出簿.xlsx", out.getvalue())


def confirmed(page: Any) -> dict[str, Any]:
    """What a clerk sends who agrees with every guess."""
    form = page.context["form"]
    return {name: value for name, value in form.initial.items() if value not in (False, None)}


class TestFromASheet:
    def test_a_clerks_grid_becomes_an_app_with_its_records(self, desk, stranger) -> None:
        sent = stranger.post("/office/apps/sheet/", {"sheet": a_grid()})
        page = stranger.get(sent.url)
        kinds = {one.name: one.type for one in page.context["guesses"]}
        assert {"date", "status", "phone", "number"} <= {one.value for one in kinds.values()}
        assert "令和8年4月1日" in text(page) and "確か" in text(page)
        made = stranger.post(sent.url, confirmed(page))
        assert made.status_code == 302, text(made)
        app = App.objects.get(title="備品貸出簿")
        assert Record.objects.filter(app=app).count() == 12
        cells_are_right(app)
        assert "机11" in text(stranger.get(made.url))

    def test_a_sheet_becomes_a_draft_where_the_town_wants_every_app_checked(
        self, desk, stranger, checks, monkeypatch
    ) -> None:
        monkeypatch.setattr(checking, "whole_on", lambda *_: 1)
        sent = stranger.post("/office/apps/sheet/", {"sheet": a_grid()})
        made = stranger.post(sent.url, confirmed(stranger.get(sent.url)))
        assert made.status_code == 302 and made.url.endswith("/fields/")
        assert App.objects.get(title="備品貸出簿").versions.get().state == "draft"

    def test_a_wrong_guess_is_corrected(self, desk, stranger) -> None:
        sent = stranger.post("/office/apps/sheet/", {"sheet": a_book([["番", "額"], *[[n, n] for n in range(1, 9)]])})
        typed = confirmed(stranger.get(sent.url)) | {"type_0": "short_text", "label_0": "番号", "type_1": ""}
        assert stranger.post(sent.url, typed).status_code == 302
        fields = Shapes(App.objects.get(title="備品台帳")).definition.fields
        assert [(one.label, one.type.value) for one in fields] == [("番号", "short_text")]

    def test_one_bad_row_brings_nothing_in_and_the_sheet_comes_back_marked(self, desk, stranger) -> None:
        rows = [["品名", "日"], *[[f"机{n}", f"R8.4.{n}"] for n in range(1, 20)], ["椅子", "いつか"]]
        sent = stranger.post("/office/apps/sheet/", {"sheet": a_book(rows)})
        typed = confirmed(stranger.get(sent.url))
        shown = stranger.post(sent.url, typed)
        assert shown.status_code == 422 and "いつか" in text(shown) and "21行目" in text(shown)
        assert not App.objects.filter(title="備品台帳").exists() and not ImportBatch.objects.exists()
        back = load_workbook(io.BytesIO(stranger.post(sent.url, {**typed, "errors": "1"}).content)).active
        assert back.cell(1, 3).value == "エラー" and "いつか" in str(back.cell(21, 3).value)
        assert back.cell(2, 3).value is None

    def test_rows_are_added_to_an_app_all_or_none(self, desk, maker) -> None:
        desk.add(code="A-1")
        bad = a_book([["品名", "備品番号"], ["机", "A-1"], ["椅子", "A-2"]])
        sent = maker.post(at(desk, "import/"), {"sheet": bad})
        assert "すでにある記録と同じ値です" in text(maker.get(sent.url))
        maker.post(sent.url)
        assert Record.objects.count() == 1
        good = a_book(
            [["品名", "備品番号", "貸出日", "メモ"], ["机", "A-3", "R8.4.1", "x"], ["椅子", "A-2", None, None]]
        )
        sent = maker.post(at(desk, "import/"), {"sheet": good})
        assert "取り込まない列：メモ" in text(maker.get(sent.url))
        assert maker.post(sent.url).status_code == 302
        assert Record.objects.count() == 3
        cells_are_right(desk.app)

    @pytest.mark.parametrize(
        "sheet",
        [
            SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"),
            SimpleUploadedFile("a.csv", b"\x00\x01\x02"),
            SimpleUploadedFile("a.xlsx", b"\xd0\xcf\x11\xe0old"),
            SimpleUploadedFile("a.csv", "名,番号\n花子,123456789018\n".encode()),
            SimpleUploadedFile("a.csv", "名,番号\n".encode()),
        ],
    )
    def test_a_hostile_or_unreadable_file_is_refused_with_a_way_out(self, desk, maker, sheet) -> None:
        shown = maker.post("/office/apps/sheet/", {"sheet": sheet})
        assert shown.status_code == 422 and "field__error" in text(shown)
        assert "123456789018" not in text(shown)

    def test_the_sheet_of_somebody_else_is_not_there(self, desk, maker, stranger) -> None:
        sent = maker.post("/office/apps/sheet/", {"sheet": a_grid()})
        assert stranger.get(sent.url).status_code == 404
