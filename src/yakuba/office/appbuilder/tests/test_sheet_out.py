"""The same sheet out again: the clerk's own Excel and Word files filled from records."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, Side

from yakuba.kernel.files.api import get_for
from yakuba.office.appbuilder.models import AppSheet
from yakuba.office.appbuilder.queries.sheet_out import sheet_fields
from yakuba.office.appbuilder.tests.world import FIELDS, define, sit

ALL = {"name": "全員", "everybody": True, "create": True, "edit": True, "export": True}


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_slip() -> bytes:
    """A clerk's 方眼紙: narrow columns, merged cells, frames; no marks yet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "貸出票"
    line = Side(style="thin")
    for column in range(1, 31):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = 2.6
    sheet["A1"] = "備品貸出票"
    sheet.merge_cells("A1:AD2")
    sheet["A1"].font = Font(size=18, bold=True)
    for row, label in ((4, "品　名"), (6, "貸出日"), (8, "価格（円）"), (10, "備考")):
        sheet.cell(row, 1, label)
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=1, end_column=6)
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=7, end_column=30)
        sheet.cell(row, 7).border = Border(left=line, right=line, top=line, bottom=line)
    return saved(book)


def a_table() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["{{アプリの名前}}　{{件数}}件"])
    sheet.append(["番号", "品名", "貸出日", "価格", "在庫"])
    sheet.append(["{{#記録}}{{記録の番号}}", "{{品名}}", "{{貸出日|短い和暦}}", "{{価格}}", "{{状態：在庫}}{{/記録}}"])
    sheet.append(["合計", None, None, "=SUM(D3:D3)"])
    return saved(book)


def a_letter() -> bytes:
    paper = docx.Document()
    paper.add_paragraph("{{品名}}を{{貸出日}}に貸し出します。価格は{{価格|円}}です。")
    return saved(paper)


def put_in(desk: Any, content: bytes, name: str = "貸出票.xlsx", title: str = "貸出票") -> AppSheet:
    sent = sit(desk, "行政 主事").post(at(desk, "papers/"), {"title": title, "file": SimpleUploadedFile(name, content)})
    assert sent.status_code == 302, text(sent)
    return AppSheet.objects.latest("pk")


def got(response: Any) -> Any:
    assert response.status_code == 200, response.status_code
    return load_workbook(io.BytesIO(response.content)).active


class TestASheetWithoutMarks:
    def test_is_marked_by_choosing_among_the_cells_beside_its_words(self, desk) -> None:
        sheet = put_in(desk, a_slip())
        assert not sheet.is_ready
        browser = sit(desk, "行政 主事")
        page = browser.get(at(desk, f"papers/{sheet.public_id}/"))
        lines = {
            (line["place"].label, line["place"].cell): line["field"].value() for line in page.context["marks"].lines()
        }
        assert lines["品 名", "G4"] == "品名" and lines["貸出日", "G6"] == "貸出日" and lines["備考", "G10"] == "備考"
        assert lines["価格（円）", "G8"] == ""
        typed = {
            line["field"].html_name: line["field"].value() or ("価格" if "価格" in line["place"].label else "")
            for line in page.context["marks"].lines()
        }
        done = browser.post(at(desk, f"papers/{sheet.public_id}/marks/"), {**typed, "edition": "1"})
        assert done.status_code == 302
        left = browser.get(at(desk, f"papers/{sheet.public_id}/")).context["marks"].places
        assert {place.label for place in left} == {"備品貸出票"}  # the others have their marks
        sheet.refresh_from_db()
        assert sheet.is_ready and not sheet.is_table and sheet.edition == 2
        record = desk.add(item="プロジェクター", lent_on="2026-04-01", price=1200, note="=HYPERLINK(1)")
        out = got(browser.get(at(desk, f"r/{record.public_id}/sheet/{sheet.public_id}/")))
        assert [out[cell].value for cell in ("A1", "G4", "G8")] == ["備品貸出票", "プロジェクター", 1200]
        assert out["G6"].value.date() == date(2026, 4, 1)
        assert out["G10"].value == "=HYPERLINK(1)" and out["G10"].data_type != "f"
        assert out["A1"].font.size == 18 and "G4:AD5" in {str(one) for one in out.merged_cells.ranges}
        assert out["G4"].border.left.style == "thin"

    def test_is_not_offered_before(self, desk) -> None:
        sheet, record = put_in(desk, a_slip()), desk.add()
        browser = sit(desk, "行政 主事")
        assert "様式に出す" not in text(browser.get(at(desk, f"r/{record.public_id}/")))
        assert browser.get(at(desk, f"r/{record.public_id}/sheet/{sheet.public_id}/")).status_code == 404


class TestFilling:
    def test_a_table_of_many(self, desk) -> None:
        sheet = put_in(desk, a_table(), title="貸出台帳")
        assert sheet.is_table
        desk.add(item="机", price=100, lent_on="2026-04-01")
        desk.add(item="椅子", price=200, state="out")
        browser = sit(desk, "行政 主事")
        assert "様式に出す" in text(browser.get(at(desk)))
        sent = browser.post(at(desk, "papers/out/"), {"scope": "all", "sheet": sheet.public_id})
        rows = [[cell.value for cell in row] for row in got(sent).iter_rows()]
        assert rows[0][0] == "備品貸出　2件"
        assert rows[2] == [2, "椅子", None, 200, "□"] and rows[3] == [1, "机", "R8.4.1", 100, "☑"]
        assert rows[4][3] == "=SUM(D3:D4)"

    def test_a_file_for_each(self, desk) -> None:
        sheet = put_in(desk, a_letter(), "許可.docx")
        picked = [desk.add(item=name, price=1200, lent_on="2026-04-01").public_id for name in ("机", "椅子")]
        sent = sit(desk, "行政 主事").post(
            at(desk, "papers/out/"), {"scope": "picked", "picked": picked, "sheet": sheet.public_id}
        )
        package = zipfile.ZipFile(io.BytesIO(sent.content))
        assert package.namelist() == ["貸出票_1.docx", "貸出票_2.docx"]
        words = docx.Document(io.BytesIO(package.read("貸出票_2.docx"))).paragraphs[0].text
        assert words == "椅子を令和8年4月1日に貸し出します。価格は1,200円です。"

    def test_hidden_fields_stay_blank(self, desk) -> None:
        sheet = put_in(desk, a_table())
        record = desk.add(item="机", price=98765, state="in")
        desk.permit({**ALL, "columns": {"price": "hide", "state": "hide"}})
        browser = sit(desk, "財政 主事")
        for sent in (
            browser.get(at(desk, f"r/{record.public_id}/sheet/{sheet.public_id}/")),
            browser.post(at(desk, "papers/out/"), {"scope": "all", "sheet": sheet.public_id}),
        ):
            row = [cell.value for cell in got(sent)[3]]
            assert row[:2] == [1, "机"] and row[3] is None and row[4] in (None, "")

    def test_is_for_those_who_see_the_record_and_many_for_those_who_export(self, desk) -> None:
        sheet, record = put_in(desk, a_table()), desk.add()
        browser = sit(desk, "財政 主事")
        one, many = at(desk, f"r/{record.public_id}/sheet/{sheet.public_id}/"), at(desk, "papers/out/")
        typed = {"scope": "all", "sheet": sheet.public_id}
        assert (browser.get(one).status_code, browser.post(many, typed).status_code) == (404, 404)
        desk.permit({**ALL, "export": False})
        assert (browser.get(one).status_code, browser.post(many, typed).status_code) == (200, 403)
        desk.permit({**ALL, "rows": "own"})
        assert browser.get(one).status_code == 404
        assert browser.post(many, typed).status_code == 302  # nothing to put in it

    def test_every_field_has_its_own_name(self) -> None:
        fields = [
            {"key": "a", "label": "件数", "type": "number"},
            {"key": "b", "label": "{{#記録}}", "type": "short_text"},
            {"key": "c", "label": "記録", "type": "short_text"},
        ]
        names = [one.name for one in sheet_fields(define(fields))]
        assert len(set(names)) == len(names)


class TestTheManagersPages:
    @pytest.mark.parametrize("path", ["papers/", "papers/{}/", "papers/{}/try/", "papers/{}/blank/"])
    def test_are_for_managers(self, desk, path) -> None:
        sheet = put_in(desk, a_table())
        desk.permit(ALL)
        assert sit(desk, "行政 主事").get(at(desk, path.format(sheet.public_id))).status_code == 200
        assert sit(desk, "財政 主事").get(at(desk, path.format(sheet.public_id))).status_code == 404
        assert get_for(desk.maker, sheet.file.public_id)

    @pytest.mark.parametrize(
        "file",
        [
            SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"),
            SimpleUploadedFile("a.xlsx", b"\xd0\xcf\x11\xe0old"),
            SimpleUploadedFile("a.csv", "品名".encode()),
        ],
    )
    def test_refuse_a_hostile_file(self, desk, file) -> None:
        shown = sit(desk, "行政 主事").post(at(desk, "papers/"), {"title": "x", "file": file})
        assert shown.status_code == 422 and not AppSheet.objects.exists()

    def test_say_what_nobody_can_fill(self, desk) -> None:
        book = Workbook()
        book.active["B2"] = "{{品名}}{{値段}}"
        sheet = put_in(desk, saved(book))
        assert "B2：値段" in text(sit(desk, "行政 主事").get(at(desk, f"papers/{sheet.public_id}/")))

    def test_replace_and_remove(self, desk) -> None:
        sheet = put_in(desk, a_slip())
        browser = sit(desk, "行政 主事")
        page = at(desk, f"papers/{sheet.public_id}/")
        new = {"title": "貸出票", "file": SimpleUploadedFile("b.xlsx", a_table())}
        assert browser.post(page, {**new, "edition": "7"}).status_code == 422
        new = {"title": "貸出票", "file": SimpleUploadedFile("b.xlsx", a_table()), "edition": "1"}
        assert browser.post(page, new).status_code == 302
        assert AppSheet.objects.get().is_table
        assert browser.post(f"{page}remove/").status_code == 302
        assert browser.get(page).status_code == 404 and "様式はまだありません" in text(browser.get(at(desk, "papers/")))


class TestThePrintPage:
    def test_shows_what_the_person_sees(self, desk) -> None:
        desk.permit({**ALL, "columns": {"price": "hide"}})
        record = desk.add(item="机", price=98765, lent_on="2026-04-01")
        shown = text(sit(desk, "財政 主事").get(at(desk, f"r/{record.public_id}/print/")))
        assert "机" in shown and "令和8年4月1日" in shown and "98,765" not in shown and "印刷する" in shown

    def test_of_a_definition_with_every_choice_has_a_box(self) -> None:
        names = {one.name for one in sheet_fields(define(FIELDS))}
        assert {"状態：在庫", "状態：貸出中", "用途：会議"} <= names
