"""Tables going out, and error sheets going back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yakuba.kernel.paper.tables.converters import whole_number
from yakuba.kernel.paper.tables.error_sheet import error_sheet
from yakuba.kernel.paper.tables.formulas import harmless, restored
from yakuba.kernel.paper.tables.read import read_table
from yakuba.kernel.paper.tables.table import Findings
from yakuba.kernel.paper.tables.write import CsvEncoding, write_csv, write_xlsx
from yakuba.kernel.paper.tests.workbooks import opened, saved, workbook

DANGEROUS = [
    "=1+1",
    "+cmd|'/c calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "＝1+1",
    "＠x",
    "\t=1",
    "  =1",
    "　＋1",
    "\r=1",
    "'=1",
    "''-a",
]
PLAIN = ["会津", "-", "－", "-5", "+81", "3.5", "'quoted'", "a=b", "", "090-1234-5678", "0242"]


class TestCsv:
    def test_excel_opens_it_by_a_double_click(self) -> None:
        written = write_csv(["氏名", "生年月日"], [["髙橋", date(2026, 4, 1)]])
        assert written.content == "\ufeff氏名,生年月日\r\n髙橋,2026-04-01\r\n".encode()
        assert written.unfit == ()

    def test_every_kind_of_value_has_one_form(self) -> None:
        row = [1200, Decimal("0.10"), True, False, None, datetime(2026, 4, 1, 0, 30, tzinfo=UTC), -5]
        text = write_csv(["a"] * 7, [row]).content.decode("utf-8-sig")
        assert text.splitlines()[1] == "1200,0.10,○,,,2026-04-01 09:30,-5"

    def test_characters_that_do_not_fit_are_listed_with_their_place_and_replaced_visibly(self) -> None:
        written = write_csv(["番号", "氏名"], [[1, "髙﨑"], [2, "𠮷田"], [3, "辻\U000e0101 😀"]], CsvEncoding.CP932)
        assert [(one.position.row, one.name, one.code, one.replaced_by) for one in written.unfit] == [
            (3, "氏名", "U+20BB7", "吉"),
            (4, "氏名", "U+8FBB U+E0101", "辻"),
            (4, "氏名", "U+1F600", "〓"),
        ]
        lines = written.content.decode("cp932").splitlines()
        assert lines[1:] == ["1,髙﨑", "2,吉田", "3,辻 〓"]

    @settings(max_examples=200, deadline=None)
    @example([[";", ";"], [";", ";"]])
    @given(
        st.lists(
            st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2),
            min_size=1,
            max_size=5,
        )
    )
    def test_whatever_is_written_comes_back_the_same(self, rows: list[list[str]]) -> None:
        written = write_csv(["一", "二"], rows).content
        back = [[row["一"], row["二"]] for row in read_table(written, "a.csv", required=["一", "二"])]
        assert back == [[one.strip() for one in row] for row in rows if any(one.strip() for one in row)]

    @pytest.mark.parametrize("encoding", list(CsvEncoding))
    @given(text=st.text())
    def test_nothing_written_can_run(self, encoding: CsvEncoding, text: str) -> None:
        content = write_csv(["見出し"], [[text]], encoding).content.decode(encoding.value)
        cell = list(csv.reader(io.StringIO(content, newline="")))[1:]
        for row in cell:
            for value in row:
                begins = value.lstrip(" \u3000\u00a0")[:1]
                assert begins not in ("=", "@", "＝", "＠") or len(value) == 1
                assert (
                    begins not in ("+", "-", "＋", "－")
                    or len(value) == 1
                    or value.lstrip("+-").replace(".", "").isdigit()
                )


class TestFormulas:
    @pytest.mark.parametrize("text", DANGEROUS)
    def test_what_would_run_gets_an_apostrophe_and_loses_it_on_the_way_back(self, text: str) -> None:
        assert harmless(text) == "'" + text
        assert restored(harmless(text)) == text

    @pytest.mark.parametrize("text", PLAIN)
    def test_what_would_not_run_stays(self, text: str) -> None:
        assert harmless(text) == text == restored(text)

    @given(st.text(st.sampled_from("'=+-@＝ 　1a.\t")))
    def test_there_and_back_changes_nothing(self, text: str) -> None:
        assert restored(harmless(text)) == text


class TestExcel:
    def test_the_sheet_is_ready_to_use(self) -> None:
        content = write_xlsx(
            ["氏名", "金額", "日付", "日時", "済"],
            [["辻\U000e0101", 1200, date(2026, 4, 1), datetime(2026, 4, 1, 0, 30, tzinfo=UTC), True]],
            sheet="一覧/表",
            title="令和8年度",
            notes=["出典：総務課"],
        )
        page = opened(content)
        assert page.title == "一覧_表"
        assert page["A1"].value == "令和8年度" and page["A6"].value == "出典：総務課"
        assert page.freeze_panes == "A4" and page.auto_filter.ref == "A3:E4"
        assert [cell.value for cell in page[4]] == [
            "辻\U000e0101", 1200, datetime.fromisoformat("2026-04-01"), datetime.fromisoformat("2026-04-01 09:30"), "○",
        ]  # fmt: skip
        assert page["C4"].number_format == "yyyy-mm-dd" and page["B4"].data_type == "n"

    @pytest.mark.parametrize("text", [*DANGEROUS, "a\x00b\x1fc", "\ud800"])
    def test_text_stays_text_even_when_somebody_edits_the_cell(self, text: str) -> None:
        page = opened(write_xlsx(["値", "x"], [[text, 1]]))
        cell = page["A2"]
        assert cell.data_type in ("s", "inlineStr")
        if harmless(text) != text:
            assert cell.quotePrefix is True

    def test_an_empty_list_is_a_sheet_with_headings(self) -> None:
        assert [cell.value for cell in opened(write_xlsx(["a", "b"], []))[1]] == ["a", "b"]


class TestErrorSheet:
    def test_the_same_sheet_comes_back_with_marks_and_ways_out(self) -> None:
        sent = workbook([["名簿"], ["氏名", "年齢"], ["甲", "三十"], ["乙", 40]])
        table = read_table(sent, "名簿.xlsx", required=["氏名", "年齢"])
        findings = Findings(table)
        for row in table:
            findings.take(row, "年齢", whole_number)
        returned = error_sheet(table, findings.problems)
        assert returned.filename == "名簿_エラー.xlsx"
        page = opened(returned.content)
        assert page["C2"].value == "エラー"
        assert (
            page["C3"].value == "年齢「三十」：「三十」は整数として読めません。数字だけを入力してください（例：1200）。"
        )
        assert page["B3"].fill.start_color.rgb == "FFFFD7D7" and page["B4"].fill.fill_type is None
        assert page["C4"].value is None and page["A4"].value == "乙"

    def test_corrected_it_can_be_sent_as_it_is_and_errors_do_not_pile_up(self) -> None:
        table = read_table(workbook([["氏名", "年齢"], ["甲", "三十"], ["乙", "四十"]]), "a.xlsx")
        first = error_sheet(table, [row.problem("年齢", "だめ") for row in table])
        book = openpyxl.load_workbook(io.BytesIO(first.content))
        book.worksheets[0]["B2"] = 30
        again = read_table(saved(book), "a.xlsx", required=["氏名", "年齢"])
        assert again.unknown == () and [row["年齢"] for row in again] == ["30", "四十"]
        second = opened(error_sheet(again, [again.rows[1].problem("年齢", "まだ")]).content)
        assert [cell.value for cell in second["C"]] == ["エラー", None, "年齢「四十」：まだ"]
        assert second.max_column == 3

    def test_a_csv_comes_back_as_a_workbook_with_its_zeros(self) -> None:
        table = read_table("番号,名\n007,=1+1\n".encode("cp932"), "一覧.csv")
        page = opened(error_sheet(table, [table.rows[0].problem("名", "だめ", "直す")]).content)
        assert (page["A2"].value, page["A2"].data_type) == ("007", "s")
        assert (page["B2"].value, page["B2"].data_type) == ("=1+1", "s")
        assert page["C2"].value == "名「=1+1」：だめ直す"

    def test_a_problem_in_a_merged_cell_marks_its_first_cell(self) -> None:
        sent = workbook([["課", "氏名"], ["総務", "甲"], [None, "乙"]], merged=["A2:A3"])
        table = read_table(sent, "a.xlsx")
        page = opened(error_sheet(table, [table.rows[1].problem("課", "ない課です")]).content)
        assert page["A2"].fill.start_color.rgb == "FFFFD7D7" and page["C3"].value == "課「総務」：ない課です"
