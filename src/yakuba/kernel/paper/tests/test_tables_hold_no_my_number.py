"""A table with a My Number is refused whole, with the places and without the number."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from yakuba.kernel.paper.tables.read import read_table
from yakuba.kernel.paper.tables.table import TableRefused
from yakuba.kernel.paper.tests.workbooks import saved, workbook

MINE = "123456789018"  # a made-up number with a valid check digit
HEAD = ["職員番号", "氏名", "備考"]


def refused(content: bytes, name: str = "名簿.xlsx", **reading: object) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        read_table(content, name, **reading)  # type: ignore[arg-type]
    said = f"{caught.value.message}{caught.value.hint}"
    assert not [digits for digits in (MINE, "1234-5678-9018", "9018") if digits in said]
    assert "個人番号（マイナンバー）" in said and caught.value.hint
    return caught.value


@pytest.mark.parametrize("typed", [MINE, int(MINE), "１２３４－５６７８－９０１８", f"本人 {MINE}"])
def test_the_cell_of_a_workbook_is_named(typed: object) -> None:
    answer = refused(workbook([HEAD, ["1", "甲", ""], ["2", "乙", typed]]))
    assert "シート「名簿」3行目 C列" in answer.message


def test_the_cell_of_a_csv_is_named() -> None:
    answer = refused(f"職員番号,氏名,備考\r\n1,甲,\r\n{MINE},乙,\r\n".encode(), "名簿.csv")
    assert "3行目 A列" in answer.message


def test_the_number_that_a_formula_gives_is_found() -> None:
    from yakuba.kernel.files.tests import making

    content = workbook([HEAD, ["1", "甲", 5]])
    part = "xl/worksheets/sheet1.xml"
    computed = making.member(content, part).decode().replace("<v>5</v>", f"<f>A1*2</f><v>{MINE}</v>")
    assert "2行目 C列" in refused(making.repacked(content, changed={part: computed.encode()})).message


def test_titles_columns_nobody_reads_and_other_sheets_are_looked_at_too() -> None:
    assert "1行目 A列" in refused(workbook([[f"名簿 {MINE}"], HEAD, ["1", "甲", ""]])).message
    assert "2行目 C列" in refused(workbook([HEAD, ["1", "甲", MINE]]), required=["氏名"]).message
    book = openpyxl.Workbook()
    for row in (HEAD, ["1", "甲", ""]):
        book.worksheets[0].append(row)
    hidden = book.create_sheet("控え")
    hidden["D7"] = MINE
    hidden.sheet_state = "hidden"
    assert "シート「控え」7行目 D列" in refused(saved(book), required=["氏名"], sheet="Sheet").message


def test_many_places_are_named_up_to_ten_and_the_rest_is_counted() -> None:
    answer = refused(workbook([HEAD, *([str(n), "甲", MINE] for n in range(13))]))
    assert "2行目 C列" in answer.message and "11行目 C列" in answer.message
    assert "12行目" not in answer.message and "ほか3か所" in answer.message


@pytest.mark.parametrize("typed", ["123456789019", 7000012050002, "090-1234-5678", f"{MINE}3456", "2026-04-01 12:30"])
def test_other_numbers_are_read(typed: object) -> None:
    assert len(read_table(workbook([HEAD, ["1", "甲", typed]]), "名簿.xlsx")) == 1


def test_a_mean_with_many_digits_behind_the_point_is_no_my_number() -> None:
    mean = Decimal(f"100.{MINE}")
    assert read_table(workbook([HEAD, ["1", "甲", mean]]), "a.xlsx").rows[0]["備考"] == str(mean)
    assert read_table(f"氏名,点\r\n甲,-3.{MINE}\r\n".encode(), "a.csv").rows[0]["点"] == f"-3.{MINE}"
