"""Tables as people really send them."""

from __future__ import annotations

from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.kernel.files.api import FileRefused, Reason
from yakuba.kernel.files.tests import making
from yakuba.kernel.japan.api import parse_date
from yakuba.kernel.paper.tables.converters import as_text, truth, whole_number
from yakuba.kernel.paper.tables.grid import TableLimits
from yakuba.kernel.paper.tables.read import read_table
from yakuba.kernel.paper.tables.table import Findings, TableRefused
from yakuba.kernel.paper.tests.workbooks import saved, with_shared_string, workbook
from yakuba.kernel.values.api import Refusal

MORNING = datetime.fromisoformat("2026-04-01 09:30")
PEOPLE = [
    ["職員番号", "氏名", "生年月日"],
    ["00123", "髙橋 花子", "S60.4.1"],
    ["00124", "辻\U000e0101 太郎", "1990/1/2"],
]


def refused(content: bytes, name: str = "名簿.xlsx", **reading: object) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        read_table(content, name, **reading)  # type: ignore[arg-type]
    return caught.value


class TestExcel:
    def test_rows_come_as_text_by_column_name(self) -> None:
        table = read_table(workbook(PEOPLE), "名簿.xlsx")
        assert [column.name for column in table.columns] == ["職員番号", "氏名", "生年月日"]
        assert [row["氏名"] for row in table] == ["髙橋 花子", "辻\U000e0101 太郎"]
        assert table.rows[0]["職員番号"] == "00123"
        assert table.rows[1].position("氏名").words("氏名") == "シート「名簿」3行目 B列（氏名）"

    def test_the_header_is_found_below_titles_and_blank_rows(self) -> None:
        rows = [["令和8年度 職員名簿"], [], ["作成", "総務課"], ["※ 太枠の中に入力してください"], *PEOPLE]
        for declared in ((), ("氏名", "職員番号")):
            table = read_table(workbook(rows), "名簿.xlsx", required=declared)
            assert table.header_row == 5 and len(table) == 2

    def test_columns_are_recognised_whatever_their_width_spaces_and_marks(self) -> None:
        rows = [["職員番号※", "氏　名\n（必須）", "ﾒｰﾙ"], ["1", "甲", "a@example.jp"]]
        table = read_table(workbook(rows), "a.xlsx", required=["職員番号", "氏名"], optional=["メール", "電話"])
        assert (table.rows[0]["氏名"], table.rows[0]["メール"], table.rows[0]["電話"]) == ("甲", "a@example.jp", "")
        assert table.missing == ("電話",) and table.unknown == ()

    def test_columns_nobody_asked_for_are_named(self) -> None:
        table = read_table(workbook([["氏名", "備考"], ["甲", "x"]]), "a.xlsx", required=["氏名"])
        assert table.unknown == ("備考",)

    def test_a_missing_column_is_named_together_with_those_there_are(self) -> None:
        answer = refused(workbook(PEOPLE), required=["氏名", "所属"])
        assert "「所属」" in answer.message and "1 行目" in answer.message
        assert answer.hint and "「生年月日」" in answer.hint

    def test_a_doubled_column_is_refused_with_both_places(self) -> None:
        answer = refused(workbook([["氏名", "年齢", "氏名"], ["甲", 1, "乙"]]), required=["氏名"])
        assert "A列とC列" in answer.message

    def test_two_rows_of_headings_become_one_name(self) -> None:
        rows = [["番号", "氏名", None, "備考"], [None, "姓", "名", None], [1, "会津", "太郎", "x"]]
        table = read_table(workbook(rows, merged=["B1:C1", "A1:A2", "D1:D2"]), "a.xlsx")
        assert [column.name for column in table.columns] == ["番号", "氏名／姓", "氏名／名", "備考"]
        assert table.rows[0]["氏名／名"] == "太郎"

    def test_a_cell_merged_downwards_counts_for_each_row(self) -> None:
        rows = [["課", "氏名"], ["総務課", "甲"], [None, "乙"], [None, "丙"], ["税務課", "丁"]]
        table = read_table(workbook(rows, merged=["A2:A4"]), "a.xlsx")
        assert [row["課"] for row in table] == ["総務課", "総務課", "総務課", "税務課"]

    def test_dates_times_numbers_and_zeros_are_read_as_they_are_shown(self) -> None:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        page.append(["日", "時刻", "日時", "和暦", "番号", "率", "金額", "端数", "可"])
        page.append([date(2026, 4, 1), time(9, 30), MORNING, date(2026, 4, 1), 123, 0.5, 1200, 4.1, True])
        page["D2"].number_format = '[$-411]ggge"年"m"月"d"日"'
        page["E2"].number_format = "00000"
        page["F2"].number_format = "0%"
        row = read_table(saved(book), "a.xlsx").rows[0]
        assert list(row.cells.values()) == [
            "2026-04-01", "09:30", "2026-04-01 09:30", "2026-04-01", "00123", "50%", "1200", "4.1", "TRUE",
        ]  # fmt: skip

    @pytest.mark.parametrize("serial", [1, 59, 61, 46113, 46113.3958333333])
    def test_serial_dates_agree_with_the_library(self, serial: float) -> None:
        from openpyxl.utils.datetime import from_excel

        book = openpyxl.Workbook()
        page = book.worksheets[0]
        page.append(["日", "x"])
        page.append([serial, 1])
        page["A2"].number_format = "yyyy/m/d h:mm:ss"
        read = read_table(saved(book), "a.xlsx").rows[0]["日"]
        expected = from_excel(serial)
        assert isinstance(expected, datetime)
        assert datetime.fromisoformat(read).replace(microsecond=0) == expected.replace(microsecond=0)

    def test_formulas_without_a_stored_result_and_error_values_are_problems_with_their_place(self) -> None:
        table = read_table(workbook([["氏名", "合計"], ["甲", "=SUM(A1:A9)"], ["乙", "#N/A"]]), "a.xlsx")
        words = [problem.words() for problem in table.problems]
        assert "2行目 B列（合計）" in words[0] and "保存されていません" in words[0]
        assert "3行目 B列（合計）" in words[1] and "エラー" in words[1]

    def test_examples_are_passed_over_and_hidden_rows_are_mentioned(self) -> None:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        for row in (["区分", "氏名"], ["（例）", "役場 太郎"], ["本人", "甲"], ["本人", "乙"]):
            page.append(row)
        page.row_dimensions[4].hidden = True
        table = read_table(saved(book), "a.xlsx")
        assert [row["氏名"] for row in table] == ["甲", "乙"]
        assert "2行目" in table.notes[0] and "1 行" in table.notes[1]

    def test_the_sheet_that_fits_is_taken_and_hidden_ones_are_not(self) -> None:
        book = openpyxl.Workbook()
        book.worksheets[0].title = "説明"
        book.worksheets[0].append(["この表の使い方"])
        hidden = book.create_sheet("リスト")
        hidden.append(["氏名", "職員番号"])
        hidden.sheet_state = "hidden"
        right = book.create_sheet("入力")
        right.append(["氏名", "職員番号"])
        right.append(["甲", "1"])
        assert read_table(saved(book), "a.xlsx", required=["氏名", "職員番号"]).sheet == "入力"
        assert refused(saved(book), sheet="ない").message == "「名簿.xlsx」にシート「ない」がありません。"

    def test_readings_above_names_do_not_get_into_the_names(self) -> None:
        spoken = '<si><r><t>甲</t></r><r><t>野</t></r><rPh sb="0" eb="1"><t>コウノ</t></rPh></si>'
        table = read_table(with_shared_string(workbook([["氏名", "x"], ["甲野", "y"]]), "A2", spoken), "a.xlsx")
        assert table.rows[0]["氏名"] == "甲野"

    def test_a_cell_at_the_far_end_costs_nothing_and_too_much_is_refused(self) -> None:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        page.append(["a", "b"])
        page["A1048576"] = "x"
        assert len(read_table(saved(book), "a.xlsx")) == 1
        page["XFD2"] = "x"
        assert "列が多すぎます" in refused(saved(book)).message
        many = workbook([["a", "b"], *[[number, 1] for number in range(20)]])
        assert "行が多すぎます" in refused(many, limits=TableLimits(max_rows=10)).message
        assert "長すぎる値" in refused(workbook([["a" * 50, "b"]]), limits=TableLimits(max_cell=10)).message

    def test_hostile_and_broken_workbooks_are_refused(self) -> None:
        with pytest.raises(FileRefused) as caught:
            read_table(making.repacked(workbook(PEOPLE), added={"xl/vbaProject.bin": b"x"}), "名簿.xlsx")
        assert caught.value.reason is Reason.MACRO
        assert "ではありません" in refused(making.word()).message
        torn = with_shared_string(workbook(PEOPLE), "A2", "")
        assert "壊れて" in refused(torn).message
        assert "古い形式" in refused(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls").message
        assert "空です" in refused(b"").message
        assert "見出し" in (refused(workbook([[]])).hint or "")

    def test_a_workbook_of_ten_thousand_rows_is_read_quickly(self) -> None:
        import time as stopwatch

        content = workbook(
            [["番号", "氏名", "住所"], *[[number, f"氏名{number}", "会津坂下町"] for number in range(10_000)]]
        )
        started = stopwatch.process_time()
        assert len(read_table(content, "a.xlsx")) == 10_000
        assert stopwatch.process_time() - started < 5


class TestCsv:
    TEXT = '職員番号,氏名,備考\r\n00123,髙橋 花子,"一行目\n二行目"\r\n00124,会津 太郎,\r\n'

    @pytest.mark.parametrize(
        ("encoding", "named"),
        [
            ("utf-8", "UTF-8"),
            ("utf-8-sig", "UTF-8（BOM 付き）"),
            ("cp932", "Shift_JIS（CP932）"),
            ("utf-16", "UTF-16"),
        ],
    )
    def test_every_usual_encoding_is_recognised_over_the_whole_file(self, encoding: str, named: str) -> None:
        padding = "".join(f"{number},ascii only,\r\n" for number in range(5_000))
        content = f"職員番号,氏名,備考\r\n{padding}00123,髙橋 花子,x\r\n".encode(encoding)
        table = read_table(content, "名簿.csv", required=["氏名"])
        assert table.encoding == named
        assert table.rows[-1]["氏名"] == "髙橋 花子" and table.rows[-1]["職員番号"] == "00123"

    def test_half_width_kana_of_cp932_are_not_taken_for_accented_letters(self) -> None:
        content = "ｶﾅ,ﾊﾞﾝｺﾞｳ\r\nﾂｱ,1\r\n".encode("cp932")
        assert read_table(content, "a.csv").columns[0].name == "ｶﾅ"

    def test_rows_count_as_the_spreadsheet_shows_them(self) -> None:
        table = read_table(self.TEXT.encode("cp932"), "a.csv")
        assert table.rows[0]["備考"] == "一行目\n二行目"
        assert table.rows[1].position("氏名").words("氏名") == "3行目 B列（氏名）"

    def test_tabs_and_semicolons_divide_too(self) -> None:
        assert read_table("氏名\t年齢\n甲\t3\n".encode("utf-16"), "a.txt").rows[0]["年齢"] == "3"
        assert read_table("氏名;年齢\n甲;3\n".encode(), "a.csv").rows[0]["年齢"] == "3"

    def test_mixed_encodings_are_refused_with_line_and_byte(self) -> None:
        content = "氏名,x\n".encode() + b"abc,1\n" + b"\xe3\x81,\xff\n"
        answer = refused(content, "a.csv")
        assert "3 行目" in answer.message and "読めない文字コード" in answer.message

    def test_an_open_quote_is_refused_with_its_row(self) -> None:
        answer = refused('氏名,備考\n甲,"開いたまま\n'.encode(), "a.csv")
        assert "引用符" in answer.message and "行目" in answer.message

    def test_binary_is_not_a_csv(self) -> None:
        assert "CSV ではありません" in refused(b"a,b\n\x00\x01,2\n", "a.csv").message

    def test_blank_rows_are_passed_over_and_keep_the_numbering(self) -> None:
        table = read_table("氏名,年齢\n\n,\n甲,3\n".encode(), "a.csv")
        assert [row.number for row in table] == [4]

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=300))
    def test_whatever_is_sent_is_a_table_or_a_refusal(self, content: bytes) -> None:
        try:
            read_table(content, "a.csv")
        except Refusal as answer:
            assert answer.message and answer.hint


class TestFindings:
    def test_all_problems_are_collected_with_their_places(self) -> None:
        rows = [["氏名", "年齢", "生年月日"], ["甲", "三十", "R8.4.1"], ["", "４０", "2月30日"]]
        table = read_table(workbook(rows), "a.xlsx", required=["氏名", "年齢", "生年月日"])
        findings = Findings(table)
        read = [
            (
                findings.take(row, "氏名", as_text),
                findings.take(row, "年齢", whole_number),
                findings.take(row, "生年月日", parse_date),
            )
            for row in table
        ]
        assert read == [("甲", None, date(2026, 4, 1)), (None, 40, None)]
        words = [problem.words() for problem in findings.problems]
        assert len(words) == 3
        assert words[0] == (
            "シート「名簿」2行目 B列（年齢）「三十」：「三十」は整数として読めません。数字だけを入力してください（例：1200）。"
        )
        assert words[1].startswith("シート「名簿」3行目 A列（氏名）：空欄です。")

    def test_an_optional_empty_cell_is_no_problem(self) -> None:
        table = read_table(workbook([["氏名", "年齢"], ["甲", None]]), "a.xlsx")
        findings = Findings(table)
        assert findings.take(table.rows[0], "年齢", whole_number, required=False) is None
        assert not findings

    @pytest.mark.parametrize(
        ("text", "number"),
        [("1200", 1200), ("１，２００円", 1200), ("¥1,200", 1200), ("-5", -5), ("△5", -5), ("▲１２", -12), ("3.0", 3)],
    )
    def test_numbers_are_read_as_people_type_them(self, text: str, number: int) -> None:
        assert whole_number(text) == number

    @pytest.mark.parametrize("text", ["", "1.5", "十", "1 2", "1e5", "0x10", "1234567890123456789012"])
    def test_what_is_no_whole_number_is_refused(self, text: str) -> None:
        with pytest.raises(Refusal):
            whole_number(text)

    def test_marks_are_read_as_yes_and_no(self) -> None:
        assert all(map(truth, ["○", "〇", "はい", "有り", "１", "TRUE", "✓"]))
        assert not any(map(truth, ["×", "いいえ", "無", "0", "false"]))
        with pytest.raises(Refusal):
            truth("たぶん")
