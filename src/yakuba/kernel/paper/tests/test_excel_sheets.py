"""Excel sheets of the town (方眼紙 included), filled by named fields."""

from __future__ import annotations

import io
import re
import time
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as Picture
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.files.api import FileRefused, Reason
from yakuba.kernel.files.tests import making
from yakuba.kernel.paper.sheets.fields import FieldKind, SheetField, SheetKind
from yakuba.kernel.paper.sheets.fill import check_sheet, fill
from yakuba.kernel.paper.sheets.references import Insertion, moved_formula, moved_range
from yakuba.kernel.paper.tests.workbooks import saved, with_shared_string

FIELDS = (
    SheetField("氏名", "申請者", "会津 太郎"),
    SheetField("申請日", "申請した日", date(2026, 4, 1), FieldKind.DATE),
    SheetField("金額", "合計", 12345, FieldKind.MONEY),
    SheetField(
        "明細",
        "品目の一覧",
        [{"品名": "机", "数量": 2}],
        FieldKind.ROWS,
        (SheetField("品名", "品名", "机"), SheetField("数量", "数", 2, FieldKind.NUMBER)),
    ),
)
ITEMS = [{"品名": f"品{number}", "数量": number} for number in (1, 2, 3)]


def book(**cells: object) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.worksheets[0].title = "申請書"
    for place, value in cells.items():
        made.worksheets[0][place] = value
    return made


def filled_bytes(made: openpyxl.Workbook | bytes, **values: Any) -> bytes:
    content = made if isinstance(made, bytes) else saved(made)
    return fill(content, SheetKind.EXCEL, FIELDS, values, "様式.xlsx")


def filled(made: openpyxl.Workbook | bytes, **values: Any) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(filled_bytes(made, **values))).worksheets[0]


def check(made: openpyxl.Workbook | bytes) -> Any:
    content = made if isinstance(made, bytes) else saved(made)
    return check_sheet(content, SheetKind.EXCEL, FIELDS, "様式.xlsx")


class TestCells:
    def test_text_with_marks_is_text(self) -> None:
        page = filled(book(B2="申請者 {{氏名|様}}（{{申請日}}）"), 氏名="辻\U000e0101", 申請日=date(2026, 4, 1))
        assert page["B2"].value == "申請者 辻\U000e0101 様（令和8年4月1日）"

    def test_a_mark_alone_in_its_cell_gives_numbers_and_dates_as_such(self) -> None:
        page = filled(
            book(A1="{{金額}}", A2=" ｛｛申請日｝｝ ", A3="{{申請日|西暦}}"), 金額=12345, 申請日=date(2026, 4, 1)
        )
        assert (page["A1"].value, page["A1"].data_type) == (12345, "n")
        assert page["A2"].value == datetime.fromisoformat("2026-04-01") and page["A2"].is_date
        assert "ggge" in page["A2"].number_format
        assert page["A3"].value == "2026年4月1日"

    def test_the_clerks_own_number_format_wins(self) -> None:
        made = book(A1="{{申請日}}", A2="{{金額}}", A3="{{金額}}")
        page = made.worksheets[0]
        page["A1"].number_format, page["A2"].number_format, page["A3"].number_format = "yyyy/mm/dd", '#,##0"円"', "@"
        page = filled(made, 申請日=date(2026, 4, 1), 金額=5)
        assert page["A1"].number_format == "yyyy/mm/dd" and page["A1"].is_date
        assert (page["A2"].value, page["A2"].number_format) == (5, '#,##0"円"')
        assert (page["A3"].value, page["A3"].data_type) == ("5", "s") or page["A3"].data_type == "inlineStr"

    def test_numbers_too_long_for_excel_and_days_before_1900_stay_text(self) -> None:
        page = filled(book(A1="{{金額}}", A2="{{申請日}}"), 金額=1234567890123456, 申請日=date(1890, 1, 1))
        assert page["A1"].value == "1234567890123456" and page["A2"].value == "明治23年1月1日"
        assert filled(book(A1="{{金額}}"), 金額=Decimal("0.10"))["A1"].value == 0.1

    def test_workbooks_counting_from_1904_get_the_right_day(self) -> None:
        made = book(A1="{{申請日}}")
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        assert filled(made, 申請日=date(2026, 4, 1))["A1"].value == datetime.fromisoformat("2026-04-01")

    @pytest.mark.parametrize("text", ["=1+1", "=cmd|'/c calc'!A0", "@SUM(A1)", "+1+1", "-1-1", "＝1"])
    def test_no_value_becomes_a_formula(self, text: str) -> None:
        for mark in ("{{氏名}}", "{{氏名|様}}", "{{氏名}}{{金額}}"):
            page = filled(book(A1=mark, B1="=1+1"), 氏名=text)
            assert page["A1"].data_type in ("s", "inlineStr") and str(page["A1"].value).startswith(text)
            assert page["A1"].quotePrefix is True
            assert page["B1"].data_type == "f"

    @settings(max_examples=100, deadline=None)
    @given(st.text())
    def test_any_text_arrives_as_it_is(self, text: str) -> None:
        printable = "".join(
            one for one in text.replace("\r\n", "\n").replace("\r", "\n") if one.isprintable() or one in "\n\t"
        )
        page = filled(book(A1="[{{氏名}}]"), 氏名=printable)
        assert page["A1"].value == f"[{printable}]"

    def test_line_breaks_are_shown(self) -> None:
        assert filled(book(A1="{{氏名}}"), 氏名="一\n二")["A1"].alignment.wrap_text is True

    def test_marks_in_rich_shared_text_keep_the_fonts_around_them(self) -> None:
        item = (
            "<si><r><rPr><b/></rPr><t>申請者</t></r><r><rPr><i/></rPr><t>{{氏</t></r><r><t>名}} 様</t></r>"
            '<rPh sb="0" eb="1"><t>シンセイシャ</t></rPh></si>'
        )
        content = filled_bytes(with_shared_string(saved(book(A1="x")), "A1", item), 氏名="会津")
        written = making.member(content, "xl/worksheets/sheet1.xml").decode()
        assert "シンセイシャ" not in written
        page = openpyxl.load_workbook(io.BytesIO(content), rich_text=True).worksheets[0]
        assert str(page["A1"].value) == "申請者会津 様"
        assert page["A1"].value[0].font.b and page["A1"].value[1].font.i

    def test_named_cells_are_fields_too(self) -> None:
        made = book(A1="ここ")
        made.worksheets[0].merge_cells("C3:F4")
        made.defined_names["氏名"] = DefinedName("氏名", attr_text="申請書!$C$3:$F$4")
        made.defined_names["金額"] = DefinedName("金額", attr_text="申請書!$Z$99")
        page = filled(made, 氏名="会津", 金額=7)
        assert (page["C3"].value, page["Z99"].value) == ("会津", 7)
        assert check(made).used == ("氏名", "金額")

    def test_headers_footers_and_shapes_are_filled(self) -> None:
        made = book(A1="x")
        made.worksheets[0].oddHeader.center.text = "{{氏名}}"
        made.worksheets[0].add_image(Picture(io.BytesIO(making.picture("PNG"))), "B2")
        content = saved(made)
        drawing = making.member(content, "xl/drawings/drawing1.xml").decode()
        shape = (
            '<xdr:sp xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
            ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:txBody><a:p><a:r><a:t>{{氏</a:t></a:r>'
            "<a:r><a:t>名}}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
        )
        end = drawing.rindex("</")
        content = making.repacked(
            content, changed={"xl/drawings/drawing1.xml": (drawing[:end] + shape + drawing[end:]).encode()}
        )
        after = filled_bytes(content, 氏名="A&B")
        assert openpyxl.load_workbook(io.BytesIO(after)).worksheets[0].oddHeader.center.text == "A&&B"
        assert "A&amp;B</a:t>" in making.member(after, "xl/drawings/drawing1.xml").decode()
        assert {place for _name, place in check(making.repacked(content)).unknown} == set()


class TestNothingIsLost:
    def test_squared_paper_keeps_merged_cells_borders_widths_and_print_settings(self) -> None:
        made = book()
        page = made.worksheets[0]
        thin = Side(style="thin")
        for column in range(1, 41):
            page.column_dimensions[openpyxl.utils.get_column_letter(column)].width = 2.1
        for row in range(1, 31):
            page.merge_cells(start_row=row, start_column=5, end_row=row, end_column=20)
            page.cell(row, 5).border = Border(left=thin, right=thin, top=thin, bottom=thin)
            page.cell(row, 5).alignment = Alignment(horizontal="center")
            page.cell(row, 5).font = Font(name="ＭＳ 明朝", size=11)
        page["E5"] = "{{氏名}}"
        page.print_area = "A1:AN30"
        page.page_setup.orientation = "landscape"
        page.sheet_view.showGridLines = False
        page.protection.sheet = True
        before = openpyxl.load_workbook(io.BytesIO(saved(made))).worksheets[0]
        after = filled(made, 氏名="会津")
        assert after["E5"].value == "会津"
        assert sorted(map(str, after.merged_cells.ranges)) == sorted(map(str, before.merged_cells.ranges))
        for row in range(1, 31):
            assert repr(after.cell(row, 5).border) == repr(before.cell(row, 5).border)
            assert repr(after.cell(row, 5).font) == repr(before.cell(row, 5).font)
            assert repr(after.cell(row, 5).alignment) == repr(before.cell(row, 5).alignment)
        assert after.column_dimensions["A"].width == before.column_dimensions["A"].width
        assert after.print_area == before.print_area and after.page_setup.orientation == "landscape"
        assert after.sheet_view.showGridLines is False and after.protection.sheet is True

    def test_every_part_that_holds_no_mark_stays_byte_for_byte(self) -> None:
        made = book(A1="{{氏名}}")
        made.create_sheet("二枚目")["A1"] = "触らない"
        content = making.repacked(saved(made), added={"xl/printerSettings/printerSettings1.bin": b"\x00printer"})
        after = filled_bytes(content, 氏名="会津")
        assert making.names(after) == making.names(content)
        for part in ("xl/theme/theme1.xml", "xl/printerSettings/printerSettings1.bin", "docProps/core.xml"):
            assert making.member(after, part) == making.member(content, part)

    def test_formulas_are_computed_anew_when_the_file_is_opened(self) -> None:
        content = saved(book(A1="{{金額}}", A2="=A1*2"))
        sheet = (
            making.member(content, "xl/worksheets/sheet1.xml")
            .decode()
            .replace("<f>A1*2</f><v></v>", "<f>A1*2</f><v>0</v>")
        )
        after = filled_bytes(making.repacked(content, changed={"xl/worksheets/sheet1.xml": sheet.encode()}), 金額=5)
        assert "<v>0</v>" not in making.member(after, "xl/worksheets/sheet1.xml").decode()
        assert 'fullCalcOnLoad="1"' in making.member(after, "xl/workbook.xml").decode()

    def test_the_list_of_computing_order_is_dropped_with_its_references(self) -> None:
        content = making.with_content_type(
            saved(book(A1="{{金額}}")),
            "xl/calcChain.xml",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml",
            b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A9"/></calcChain>',
        )
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
        content = making.with_relation(content, "xl/_rels/workbook.xml.rels", kind, "calcChain.xml", external=False)
        after = filled_bytes(content, 金額=1)
        assert "xl/calcChain.xml" not in making.names(after)
        assert b"calcChain" not in making.member(after, "xl/_rels/workbook.xml.rels")
        assert b"calcChain" not in making.member(after, "[Content_Types].xml")


class TestRepeatingRows:
    def sheet(self) -> openpyxl.Workbook:
        made = book(
            A1="明細書 {{氏名}}", A2="品名", B2="数量", C2="単価×2",
            A3="{{#明細}}{{品名}}", B3="{{数量}}", C3="=B3*2", D3="{{/明細}}",
            A4="合計", B4="=SUM(B3:B3)", C4="=SUM(C3:C3)", A5="平均", B5="=B4/COUNT(B3)", A6="=A4",
        )  # fmt: skip
        made.worksheets[0].row_dimensions[3].height = 33
        made.worksheets[0]["A3"].fill = PatternFill("solid", start_color="FFEEEEEE")
        return made

    def test_rows_multiply_and_everything_below_moves(self) -> None:
        page = filled(self.sheet(), 氏名="会津", 明細=ITEMS)
        column = [[cell.value for cell in row] for row in page.iter_rows(min_row=2, max_row=8, max_col=3)]
        assert column == [
            ["品名", "数量", "単価×2"],
            ["品1", 1, "=B3*2"],
            ["品2", 2, "=B4*2"],
            ["品3", 3, "=B5*2"],
            ["合計", "=SUM(B3:B5)", "=SUM(C3:C5)"],
            ["平均", "=B6/COUNT(B3)", None],
            ["=A6", None, None],
        ]
        assert [page.row_dimensions[row].height for row in (3, 4, 5)] == [33, 33, 33]
        assert page["A5"].fill.start_color.rgb == "FFEEEEEE" and page["A6"].fill.fill_type is None
        assert page["A1"].value == "明細書 会津"

    def test_one_item_and_no_item_leave_the_sheet_as_tall_as_it_is(self) -> None:
        one = filled(self.sheet(), 明細=ITEMS[:1])
        assert [one["A3"].value, one["B3"].value, one["B4"].value] == ["品1", 1, "=SUM(B3:B3)"]
        none = filled(self.sheet(), 明細=[])
        assert [none["A3"].value, none["B3"].value, none["D3"].value, none["A4"].value] == [None, None, None, "合計"]

    def test_blocks_of_several_rows_with_merged_cells_repeat_whole(self) -> None:
        made = book(A3="{{#明細}}{{品名}}", A4="数量 {{数量}}{{/明細}}", A6="終わり")
        page = made.worksheets[0]
        page.merge_cells("A3:C3")
        page.merge_cells("D3:D4")
        page.merge_cells("A6:B6")
        page.merge_cells("F2:F6")
        after = filled(made, 明細=ITEMS)
        assert [after[f"A{row}"].value for row in range(3, 9)] == ["品1", "数量 1", "品2", "数量 2", "品3", "数量 3"]
        assert after["A10"].value == "終わり"
        assert sorted(map(str, after.merged_cells.ranges)) == sorted(
            ["A3:C3", "A5:C5", "A7:C7", "D3:D4", "D5:D6", "D7:D8", "A10:B10", "F2:F10"]
        )

    def test_two_lists_on_one_sheet_both_repeat(self) -> None:
        made = book(A1="{{#明細}}{{品名}}", A2="中", A3="{{#明細}}{{数量}}", A4="下")
        after = filled(made, 明細=ITEMS)
        assert [after[f"A{row}"].value for row in range(1, 9)] == ["品1", "品2", "品3", "中", 1, 2, 3, "下"]

    def test_print_area_checks_breaks_comments_and_pictures_move_along(self) -> None:
        made = self.sheet()
        page = made.worksheets[0]
        page.print_area = "A1:D6"
        page.print_title_rows = "2:2"
        page.row_breaks.append(Break(id=5))
        page["A5"].comment = Comment("確認", "総務課")
        page["A6"].hyperlink = "https://www.example.jp/"
        page.conditional_formatting.add("B3:B4", CellIsRule(operator="greaterThan", formula=["$B$4"]))
        check_list = DataValidation(type="list", formula1="$A$4:$A$5")
        check_list.add("B5")
        page.add_data_validation(check_list)
        page.add_image(Picture(io.BytesIO(making.picture("PNG"))), "A6")
        made.create_sheet("集計")["A1"] = "=申請書!B4+SUM(申請書!B3:B3)+B4"
        made.defined_names["合計欄"] = DefinedName("合計欄", attr_text="申請書!$B$4")
        content = filled_bytes(made, 明細=ITEMS)
        result = openpyxl.load_workbook(io.BytesIO(content))
        after = result.worksheets[0]
        assert after.print_area == "'申請書'!$A$1:$D$8" and after.print_title_rows == "$2:$2"
        assert [one.id for one in after.row_breaks.brk] == [7]
        assert after["A7"].comment is not None and after["A5"].comment is None
        assert after["A8"].hyperlink is not None
        ranges = [str(one.sqref) for one in after.conditional_formatting]
        assert ranges == ["B3:B6"]
        assert next(iter(after.conditional_formatting)).rules[0].formula == ["$B$6"]
        validation = after.data_validations.dataValidation[0]
        assert (str(validation.sqref), validation.formula1) == ("B7", "$A$6:$A$7")
        assert after._images[0].anchor._from.row == 7
        assert result["集計"]["A1"].value == "=申請書!B6+SUM(申請書!B3:B5)+B4"
        assert result.defined_names["合計欄"].attr_text == "申請書!$B$6"

    def test_shared_formulas_are_spelled_out(self) -> None:
        content = saved(book(A1="{{#明細}}{{品名}}", B3="=A3", B4="x", B5="x"))
        sheet = making.member(content, "xl/worksheets/sheet1.xml").decode()
        sheet = re.sub(r'(<c r="B3"[^>]*>)<f>A3</f>', r'\1<f t="shared" ref="B3:B5" si="0">A3</f>', sheet)
        for row in (4, 5):
            sheet = re.sub(rf'<c r="B{row}"[^>]*>.*?</c>', f'<c r="B{row}"><f t="shared" si="0"/></c>', sheet)
        after = filled(making.repacked(content, changed={"xl/worksheets/sheet1.xml": sheet.encode()}), 明細=ITEMS)
        assert [after[f"B{row}"].value for row in (5, 6, 7)] == ["=A5", "=A6", "=A7"]

    def test_three_hundred_rows_are_filled_quickly(self) -> None:
        started = time.process_time()
        items = [{"品名": f"品{number}", "数量": number} for number in range(300)]
        assert filled(self.sheet(), 明細=items)["B303"].value == "=SUM(B3:B302)"
        assert time.process_time() - started < 5


class TestReferences:
    INSERTION = Insertion("申請書", 3, 4, 3)  # two rows three times: four rows more

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("A1", "A1"), ("A3", "A3"), ("A5", "A9"), ("$A$5", "$A$9"), ("A1:B2", "A1:B2"), ("A3:A4", "A3:A8"),
            ("A1:A10", "A1:A14"), ("A5:B6", "A9:B10"), ("5:6", "9:10"), ("A:C", "A:C"), ("A1 B5 C3:C4", "A1 B9 C3:C8"),
        ],
    )  # fmt: skip
    def test_ranges_move_and_grow(self, before: str, after: str) -> None:
        assert moved_range(before, self.INSERTION) == after

    @pytest.mark.parametrize(
        ("before", "copy", "after"),
        [
            ("B5+1", None, "B9+1"),
            ("SUM(B3:B4)", None, "SUM(B3:B8)"),
            ("B3*C4+B1+B7", 2, "B7*C8+B1+B11"),
            ("SUM(B3:C4)", 1, "SUM(B5:C6)"),
            ("'別 紙'!B5+申請書!B5", None, "'別 紙'!B5+申請書!B9"),
            ('IF(A5="B5",B5,"")', None, 'IF(A9="B5",B9,"")'),
            ("SUM(合計欄,$B$5)", None, "SUM(合計欄,$B$9)"),
            ("LOG10(B5)", None, "LOG10(B9)"),
        ],
    )
    def test_formulas_follow_their_cells_and_texts_stay(self, before: str, copy: int | None, after: str) -> None:
        assert moved_formula(before, self.INSERTION, sheet="申請書", copy=copy) == after


class TestCheck:
    def test_unknown_marks_are_named_with_sheet_and_cell(self) -> None:
        made = book(B3="{{指名}}", B4="{{氏名}}")
        made.create_sheet("別紙")["C7"] = "{{#明細}}{{品目}}"
        found = check(made)
        assert found.unknown == (("指名", "シート「申請書」B3"), ("品目", "シート「別紙」C7"))
        assert found.used == ("氏名", "明細") and "明細の品名" in found.lacking

    def test_braces_that_do_not_close_are_named(self) -> None:
        assert any("B3" in told for told in check(book(B3="{{氏名")).problems)

    def test_hostile_workbooks_are_refused(self) -> None:
        for content, reason in (
            (making.repacked(saved(book()), added={"xl/vbaProject.bin": b"x"}), Reason.MACRO),
            (making.excel('=WEBSERVICE("http://x")'), Reason.ACTIVE_CONTENT),
            (making.word(), Reason.UNSUPPORTED),
        ):
            with pytest.raises(FileRefused) as caught:
                check(content)
            assert caught.value.reason is reason
