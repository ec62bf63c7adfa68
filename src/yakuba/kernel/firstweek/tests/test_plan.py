"""What a workbook would do, and what is wrong with it: pure rules on rows of text."""

from __future__ import annotations

from typing import Any

import pytest

from yakuba.kernel.firstweek.rules.lines import ADD, RawRow, Stored
from yakuba.kernel.firstweek.rules.plan import plan
from yakuba.kernel.firstweek.rules.sheets import SHEETS
from yakuba.kernel.firstweek.tests.workbooks import TOWN, town_with


def raw(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[RawRow]]:
    return {
        name: [RawRow(number, {key: str(value) for key, value in row.items()}) for number, row in enumerate(some, 6)]
        for name, some in rows.items()
    }


def faults(rows: dict[str, list[dict[str, Any]]], stored: Stored | None = None) -> list[tuple[str, int, str]]:
    found = plan(raw(rows), stored or Stored()).faults
    assert all(one.message and one.hint for one in found), "every fault says what to do"
    return [(one.sheet, one.row, one.column) for one in found]


def test_a_whole_town_is_understood_with_parents_before_their_units():
    made = plan(raw(TOWN), Stored())
    assert made.faults == () and made.notices == ()
    assert {line.action for line in made.lines} == {ADD}
    sections = [line.values["code"] for line in made.lines if line.sheet == "所属"]
    assert sections.index("01") < sections.index("0101")
    assert made.counts()["発令"] == {"add": 5, "change": 0, "same": 0, "faults": 0}


CASES = [
    ("執行機関", 0, {"執行機関コード": "町長"}, "執行機関コード"),
    ("執行機関", 1, {"執行機関コード": "mayor"}, "執行機関コード"),
    ("外部団体", 0, {"種別": "その他"}, "種別"),
    ("外部団体", 0, {"開始日": "昨日"}, "開始日"),
    ("所属", 0, {"上位の所属コード": "99"}, "上位の所属コード"),
    ("所属", 0, {"上位の所属コード": ""}, "上位の所属コード"),
    ("所属", 0, {"執行機関コード": "nobody"}, "執行機関コード"),
    ("所属", 0, {"設置日": "H30.4.1"}, "上位の所属コード"),
    ("所属", 2, {"名称": "総務課"}, "名称"),
    ("所属", 1, {"所属コード": "0 1"}, "所属コード"),
    ("所属", 1, {"名称": "長" * 61}, "名称"),
    ("職", 0, {"順位": "高い"}, "順位"),
    ("職", 0, {"順位": "1000"}, "順位"),
    ("職", 1, {"職名": "課長"}, "職名"),
    ("職員", 0, {"職員番号": "=1+1"}, "職員番号"),
    ("職員", 0, {"氏名": ""}, "氏名"),
    ("職員", 0, {"氏名": "山田\n太郎"}, "氏名"),
    ("職員", 0, {"採用日": "44652"}, "採用日"),
    ("職員", 0, {"採用日": "9999-12-31"}, "採用日"),
    ("職員", 0, {"最後の在職日": "H20.3.31"}, "最後の在職日"),
    ("職員", 2, {"最後の在職日": ""}, "最後の在職日"),
    ("職員", 0, {"任用の種類": "外部の人"}, "外部団体"),
    ("職員", 0, {"外部団体": "株式会社まちのホール"}, "外部団体"),
    ("職員", 0, {"外部団体": "知らない団体"}, "外部団体"),
    ("職員", 0, {"メール": "花子"}, "メール"),
    ("職員", 1, {"職員番号": "０００１"}, "職員番号"),
    ("発令", 0, {"職員番号": "9999"}, "職員番号"),
    ("発令", 0, {"所属コード": "77"}, "所属コード"),
    ("発令", 0, {"職名": "部長"}, "職名"),
    ("発令", 1, {"本務・兼務": "本務"}, "発令日"),
    ("発令", 3, {"発令日": "R7.4.1"}, "発令日"),
    ("発令", 3, {"終了日": "R10.3.31"}, "発令日"),
    ("発令", 0, {"発令日": "R1.4.1"}, "発令日"),
    ("発令", 0, {"発令日": "H31.4.1"}, "所属コード"),
    ("権限", 0, {"根拠": ""}, "根拠"),
    ("権限", 0, {"権限": "職員"}, "権限"),
    ("権限", 0, {"終了日": "R8.3.1"}, ""),
    ("代決", 0, {"代決者の職員番号": "0001"}, "代決者の職員番号"),
    ("代決", 0, {"順位": "0"}, "順位"),
    ("代決", 0, {"代決者の職員番号": "0404"}, "代決者の職員番号"),
]


@pytest.mark.parametrize(("sheet", "row", "changed", "column"), CASES)
def test_what_is_wrong_is_named_by_sheet_row_and_column(sheet, row, changed, column):
    found = faults(town_with(sheet, row, **changed))
    assert found, "not noticed"
    assert {one[0] for one in found} >= {sheet}
    rows_at_fault = {one[1] for one in found if one[0] == sheet}
    assert rows_at_fault & {row + 6, 6, 7}
    assert column in {one[2] for one in found if one[0] == sheet}


def test_all_faults_come_at_once():
    rows = town_with("職員", 0, 氏名="", 採用日="いつか")
    rows["職"][0]["順位"] = "高い"
    assert len(faults(rows)) >= 3


def test_a_row_that_points_at_a_faulty_row_says_so():
    found = plan(raw(town_with("職員", 0, 採用日="いつか")), Stored()).faults
    assert any(one.sheet == "発令" and "シート「職員」の行に誤り" in one.message for one in found)
    assert not any("ありません" in one.message for one in found)


def test_sections_that_stand_below_each_other_are_refused():
    rows = town_with("所属", 1, 上位の所属コード="50", 種別="出先・施設")
    rows["所属"][2].update(上位の所属コード="01", 種別="出先・施設")
    assert ("所属", 7, "上位の所属コード") in faults(rows)


def test_a_town_without_keepers_or_heads_is_told_so():
    rows = town_with("権限", 0, 権限="DX推進リーダー")
    del rows["発令"][4]
    notices = plan(raw(rows), Stored()).notices
    assert any("人事担当" in one for one in notices)
    assert any("教育課" in one for one in notices)
    assert any("0004" in one for one in notices)


def test_an_empty_workbook_does_nothing():
    made = plan({}, Stored())
    assert (made.lines, made.faults, made.notices) == ((), (), ())


@pytest.mark.parametrize("column", [column for sheet in SHEETS for column in sheet.columns if column.example])
def test_every_example_of_the_template_is_itself_correct(column):
    column.read(column.example)


def test_every_required_column_has_an_example():
    without = [
        (sheet.name, column.name)
        for sheet in SHEETS
        for column in sheet.columns
        if column.required and not column.example
    ]
    assert without == []
