"""Word sheets of the town, filled by named fields."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.kernel.files.api import FileRefused, Reason
from yakuba.kernel.files.tests import making
from yakuba.kernel.paper.sheets.fields import FieldKind, SheetField, SheetKind
from yakuba.kernel.paper.sheets.fill import check_sheet, fill

ROWS = SheetField(
    "明細",
    "品目の一覧",
    [{"品名": "机", "数量": 2}],
    FieldKind.ROWS,
    (SheetField("品名", "品名", "机"), SheetField("数量", "数", 2, FieldKind.NUMBER)),
)
FIELDS = (
    SheetField("氏名", "申請者", "会津 太郎"),
    SheetField("申請日", "申請した日", date(2026, 4, 1), FieldKind.DATE),
    SheetField("金額", "合計", 12345, FieldKind.MONEY),
    SheetField("減免", "減免するか", True, FieldKind.YES_NO),
    ROWS,
)


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def filled(document: Document | bytes, **values: Any) -> Document:
    content = document if isinstance(document, bytes) else saved(document)
    return docx.Document(io.BytesIO(fill(content, SheetKind.WORD, FIELDS, values, "様式.docx")))


def check(document: Document | bytes) -> Any:
    content = document if isinstance(document, bytes) else saved(document)
    return check_sheet(content, SheetKind.WORD, FIELDS, "様式.docx")


def one(text: str) -> Document:
    document = docx.Document()
    document.add_paragraph(text)
    return document


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


class TestMarks:
    @pytest.mark.parametrize(
        ("written", "printed"),
        [
            ("氏名：{{氏名}}", "氏名：辻\U000e0101 太郎"),
            ("{{ 氏名 }}殿 {{氏名|様}}", "辻\U000e0101 太郎殿 辻\U000e0101 太郎 様"),
            ("｛｛氏名｝｝", "辻\U000e0101 太郎"),
            ("{{申請日}}", "令和8年4月1日"),
            ("{{申請日|西暦}} {{申請日｜短い和暦}} {{申請日|和暦曜日}}", "2026年4月1日 R8.4.1 令和8年4月1日（水）"),
            ("令和{{申請日|年}}年{{申請日|月}}月{{申請日|日}}日", "令和8年4月1日"),
            (
                "{{金額}} {{金額|円}} {{金額|金}} {{金額|全角}} {{金額|数字}}",
                "12,345 12,345円 金12,345円 １２，３４５ 12345",
            ),
            ("{{減免}} {{減免|丸}} {{減免|有無}}", "☑ ○ 有"),
            ("{{未知}}はそのまま", "{{未知}}はそのまま"),
            ("{ {氏名} } {氏名}", "{ {氏名} } {氏名}"),
        ],
    )
    def test_marks_become_values_in_the_form_they_ask_for(self, written: str, printed: str) -> None:
        values = {"氏名": "辻\U000e0101 太郎", "申請日": date(2026, 4, 1), "金額": 12345, "減免": True}
        assert texts(filled(one(written), **values)) == [printed]

    def test_a_mark_split_over_many_runs_is_found_and_takes_the_look_of_its_first_piece(self) -> None:
        document = docx.Document()
        paragraph = document.add_paragraph("")
        for index, piece in enumerate(["前{", "{", "氏", "名", "}", "}後"]):
            paragraph.add_run(piece).bold = index == 0
        result = filled(document, 氏名="会津").paragraphs[0]
        assert result.text == "前会津後"
        assert result.runs[0].text == "前会津" and result.runs[0].bold

    @settings(max_examples=100, deadline=None)
    @given(
        st.lists(st.integers(0, 40), max_size=8), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
    )
    def test_however_word_splits_a_line_the_result_is_the_same(self, cuts: list[int], name: str) -> None:
        line = "（{{氏名}}）は{{金額|円}}を{{氏名}}へ{{未知}}"
        points = sorted({0, len(line), *(cut for cut in cuts if cut < len(line))})
        document = docx.Document()
        paragraph = document.add_paragraph("")
        for start, end in pairwise(points):
            paragraph.add_run(line[start:end])
        expected = f"（{name}）は1,000円を{name}へ{{{{未知}}}}"
        assert texts(filled(document, 氏名=name, 金額=1000)) == [expected]

    def test_markup_and_marks_in_values_are_printed_as_they_are(self) -> None:
        nasty = "<w:p/>&amp; {{金額}} \x00\x0b"
        assert texts(filled(one("{{氏名}}"), 氏名=nasty, 金額=1)) == ["<w:p/>&amp; {{金額}} "]

    def test_line_breaks_and_tabs_stay_line_breaks_and_tabs(self) -> None:
        assert texts(filled(one("[{{氏名}}]"), 氏名="一行目\r\n二行目\t三")) == ["[一行目\n二行目\t三]"]

    def test_a_field_without_a_value_is_left_blank(self) -> None:
        assert texts(filled(one("氏名（{{氏名}}）{{申請日}}"))) == ["氏名（）"]

    def test_a_value_nobody_declared_is_a_fault_of_the_program(self) -> None:
        with pytest.raises(ValueError, match="住所"):
            filled(one(""), 住所="x")


class TestPlaces:
    def test_headers_footers_tables_and_merged_cells_are_filled(self) -> None:
        document = docx.Document()
        section = document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.header.paragraphs[0].text = "頭 {{氏名}}"
        section.footer.paragraphs[0].text = "足 {{金額|円}}"
        table = document.add_table(3, 3)
        table.cell(0, 0).merge(table.cell(1, 1)).text = "結合 {{氏名}}"
        inner = table.cell(2, 2).add_table(1, 1)
        inner.cell(0, 0).text = "入れ子 {{氏名}}"
        result = filled(document, 氏名="会津", 金額=5)
        assert result.sections[0].header.paragraphs[0].text == "頭 会津"
        assert result.sections[0].footer.paragraphs[0].text == "足 5円"
        assert result.tables[0].cell(1, 1).text.strip() == "結合 会津"
        assert result.tables[0].cell(2, 2).tables[0].cell(0, 0).text == "入れ子 会津"
        assert result.sections[0].orientation == WD_ORIENT.LANDSCAPE

    def test_text_boxes_are_filled_in_both_of_their_forms(self) -> None:
        box = (
            '<w:r xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
            ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
            ' xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent>'
            '<mc:Choice Requires="wps"><wps:txbx><w:txbxContent><w:p><w:r><w:t>{{氏</w:t></w:r><w:r><w:t>名}}印</w:t></w:r>'
            "</w:p></w:txbxContent></wps:txbx></mc:Choice>"
            "<mc:Fallback><v:textbox><w:txbxContent><w:p><w:r><w:t>{{氏名}}印</w:t></w:r></w:p></w:txbxContent>"
            "</v:textbox></mc:Fallback></mc:AlternateContent></w:r>"
        )
        word = saved(one("外 {{氏名}}"))
        body = making.member(word, "word/document.xml").decode().replace("</w:p>", f"{box}</w:p>", 1)
        content = fill(
            making.repacked(word, changed={"word/document.xml": body.encode()}),
            SheetKind.WORD,
            FIELDS,
            {"氏名": "会津"},
            "a",
        )
        written = making.member(content, "word/document.xml").decode()
        assert "{{" not in written and written.count("会津") == 3

    def test_everything_else_of_the_document_stays(self) -> None:
        document = one("{{氏名}}")
        document.add_picture(io.BytesIO(making.picture()))
        before = saved(document)
        after = fill(before, SheetKind.WORD, FIELDS, {"氏名": "会津"}, "a.docx")
        assert making.names(after) == making.names(before)
        for part in making.names(before):
            if part != "word/document.xml":
                assert docx.Document(io.BytesIO(after))
                if not part.endswith((".xml", ".rels")):
                    assert making.member(after, part) == making.member(before, part)

    def test_the_same_values_give_the_same_bytes(self) -> None:
        content = saved(one("{{氏名}}"))
        assert len({fill(content, SheetKind.WORD, FIELDS, {"氏名": "会津"}, "a") for _ in range(2)}) == 1


class TestRepeatingRows:
    def table(self, *rows: tuple[str, ...]) -> Document:
        document = docx.Document()
        table = document.add_table(0, len(rows[0]))
        for row in rows:
            cells = table.add_row().cells
            for cell, text in zip(cells, row, strict=True):
                cell.text = text
        return document

    def rows_of(self, document: Document) -> list[list[str]]:
        return [[cell.text for cell in row.cells] for row in document.tables[0].rows]

    def test_one_row_becomes_as_many_as_there_are_items(self) -> None:
        sheet = self.table(("品名", "数量"), ("{{#明細}}{{品名}}", "{{数量}}{{/明細}}"), ("合計", "{{金額|円}}"))
        items = [{"品名": f"品{number}", "数量": number * 1000} for number in range(1, 4)]
        assert self.rows_of(filled(sheet, 明細=items, 金額=9)) == [
            ["品名", "数量"],
            ["品1", "1,000"],
            ["品2", "2,000"],
            ["品3", "3,000"],
            ["合計", "9円"],
        ]

    def test_several_rows_repeat_together_and_outer_fields_are_known_inside(self) -> None:
        sheet = self.table(("{{#明細}}{{品名}}", "{{氏名}}"), ("数", "{{数量}}{{/明細}}"))
        items = [{"品名": "机", "数量": 1}, {"品名": "椅子", "数量": 2}]
        assert self.rows_of(filled(sheet, 明細=items, 氏名="会津")) == [
            ["机", "会津"], ["数", "1"], ["椅子", "会津"], ["数", "2"],
        ]  # fmt: skip

    def test_without_items_one_blank_row_stays(self) -> None:
        sheet = self.table(("品名", "数量"), ("{{#明細}}{{品名}}", "{{数量}}"))
        assert self.rows_of(filled(sheet, 明細=[])) == [["品名", "数量"], ["", ""]]

    def test_a_hundred_rows_keep_their_order(self) -> None:
        sheet = self.table(("{{#明細}}{{品名}}", "{{数量}}"))
        result = self.rows_of(filled(sheet, 明細=[{"品名": str(number), "数量": number} for number in range(100)]))
        assert [row[0] for row in result] == [str(number) for number in range(100)]


class TestCheck:
    def test_a_sheet_that_shows_every_field_fits(self) -> None:
        sheet = TestRepeatingRows().table(
            ("{{氏名}}{{申請日}}{{金額}}{{減免}}", ""), ("{{#明細}}{{品名}}", "{{数量}}{{/明細}}")
        )
        found = check(sheet)
        assert found.fits and found.lacking == () and found.unknown == ()
        assert "明細の品名" in found.used

    def test_unknown_marks_and_lacking_fields_are_named_with_their_places(self) -> None:
        document = one("{{指名}} {{氏名}}")
        document.sections[0].header.paragraphs[0].text = "{{課名}}"
        document.add_table(1, 1).cell(0, 0).text = "{{番号}}"
        found = check(document)
        assert set(found.unknown) == {("指名", "本文"), ("課名", "ヘッダー"), ("番号", "本文の表")}
        assert found.used == ("氏名",)
        assert found.lacking == ("申請日", "金額", "減免", "明細", "明細の品名", "明細の数量")
        assert not found.fits

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ("{{氏名|和暦}}", "書式「和暦」は使えません"),
            ("{{明細}}", "繰り返す行です"),
            ("{{#氏名}}", "繰り返す行ではありません"),
            ("{{#明細}}{{/明細}}", "表の行の中に"),
            ("{{氏名", "閉じていません"),
            ("氏名}}", "閉じていません"),
        ],
    )
    def test_marks_that_do_not_work_are_explained(self, written: str, told: str) -> None:
        assert any(told in sentence for sentence in check(one(written)).problems)

    def test_mail_merge_fields_are_pointed_out(self) -> None:
        word = saved(one("{{氏名}}"))
        field = '<w:fldSimple w:instr=" MERGEFIELD 住所 \\* MERGEFORMAT "><w:r><w:t>«住所»</w:t></w:r></w:fldSimple>'
        body = making.member(word, "word/document.xml").decode().replace("</w:p>", f"{field}</w:p>", 1)
        found = check(making.repacked(word, changed={"word/document.xml": body.encode()}))
        assert any("差し込み印刷の項目「住所」" in sentence for sentence in found.problems)

    def test_hostile_documents_and_the_wrong_kind_are_refused(self) -> None:
        for content, reason in (
            (making.repacked(saved(one("")), added={"word/vbaProject.bin": b"x"}), Reason.MACRO),
            (making.excel(), Reason.UNSUPPORTED),
            (making.zipped({"a.txt": b"a"}), Reason.UNSUPPORTED),
            (b"not a package", Reason.BROKEN),
        ):
            with pytest.raises(FileRefused) as caught:
                check(content)
            assert caught.value.reason is reason
