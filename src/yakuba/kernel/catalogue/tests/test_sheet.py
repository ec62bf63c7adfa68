"""The catalogue as a sheet: out, edited, back in; every row is answered for."""

from __future__ import annotations

import csv
import io

import pytest

from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.models import Procedure, Source
from yakuba.kernel.catalogue.queries.delivery import delivered_catalogue
from yakuba.kernel.catalogue.rules import sheet_cells as cells
from yakuba.kernel.catalogue.sheet import apply_sheet, read_sheet, write_sheet
from yakuba.kernel.catalogue.tests.arranged import CLOCK, SECRETARY, SYSTEM, brought_in
from yakuba.kernel.paper.api import CsvEncoding, TableRefused

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def out(*, encoding: CsvEncoding = CsvEncoding.UTF8) -> list[dict[str, str]]:
    """The catalogue as written, row by row."""
    content, _ = write_sheet(Procedure.objects.order_by("number"), encoding)
    return list(csv.DictReader(io.StringIO(content.decode(encoding.value))))


def sheet(rows: list[dict[str, str]], columns: list[str] | None = None) -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def test_the_whole_catalogue_comes_back_unchanged_from_both_encodings() -> None:
    services.deliver(by=SYSTEM, delivery=delivered_catalogue(), clock=CLOCK)
    content, told = write_sheet(Procedure.objects.order_by("number"))
    read = read_sheet(content, "catalogue.csv")
    assert (read.problems, read.changes, told) == ((), (), [])
    assert read.unchanged == Procedure.objects.count()
    shifted, told = write_sheet(Procedure.objects.order_by("number"), CsvEncoding.CP932)
    if not told:
        assert read_sheet(shifted, "catalogue.csv").unchanged == Procedure.objects.count()


def test_an_edited_sheet_changes_what_was_edited_and_nothing_else() -> None:
    brought_in(), brought_in("moving-out")
    rows = out()
    row = next(one for one in rows if one[cells.KEY] == "dog-registration")
    row[cells.DAYS], row["確認：手数料"], row["出典：手数料"] = "5", "○", "町手数料条例 別表"
    read = read_sheet(sheet(rows), "edited.csv")
    assert ([one.key for one in read.changes], read.unchanged) == (["dog-registration"], 1)
    assert apply_sheet(read, by=SECRETARY, note="一斉点検", clock=CLOCK) == (1, [])
    dog = Procedure.objects.get(key="dog-registration")
    newest = dog.editions.first()
    assert newest is not None
    assert (dog.standard_days, newest.source, newest.note) == (5, Source.SHEET, "一斉点検")
    assert "unconfirmed:fee" not in dog.missing


def test_columns_left_out_are_left_alone_and_empty_cells_take_away() -> None:
    brought_in()
    rows = out()
    rows[0][cells.DAYS] = ""
    read = read_sheet(sheet(rows, [cells.KEY, cells.EDITION, cells.DAYS]), "short.csv")
    apply_sheet(read, by=SECRETARY, note="", clock=CLOCK)
    dog = Procedure.objects.get()
    assert (dog.standard_days, dog.title_ja) == (None, "犬の登録申請")


def test_a_row_with_a_new_key_becomes_a_procedure() -> None:
    brought_in()
    row = out()[0] | {cells.KEY: "cat-help", cells.NUMBER: "", cells.EDITION: "", "手続名": "猫の相談"}
    read = read_sheet(sheet([row]), "new.csv")
    assert apply_sheet(read, by=SECRETARY, note="", clock=CLOCK) == (1, [])
    assert Procedure.objects.get(key="cat-help").title_ja == "猫の相談"


def test_every_fault_is_marked_in_its_cell_and_nothing_is_written() -> None:
    brought_in()
    rows = out()
    rows[0][cells.DAYS] = "たぶん3日"
    rows[0][cells.FEES] = "登録｜｜｜三千円"
    rows.append(rows[0] | {cells.KEY: "dog-registration"})
    rows.append(rows[0] | {cells.KEY: "Bad Key", cells.NUMBER: "", cells.DAYS: "", cells.FEES: ""})
    read = read_sheet(sheet(rows), "bad.csv")
    told = [one.words() for one in read.problems]
    assert any("たぶん3日" in one for one in told)
    assert any("金額" in one for one in told)
    assert any("同じ識別名" in one for one in told)
    assert any("半角の英小文字" in one for one in told)
    assert read.changes == ()
    assert read.errors is not None
    assert read.errors.filename == "bad_エラー.xlsx"
    assert Procedure.objects.count() == 1


def test_a_row_written_before_somebody_elses_change_is_refused() -> None:
    dog = brought_in()
    rows = out()
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 5}, note="", clock=CLOCK
    )
    rows[0][cells.YEARS] = "9"
    read = read_sheet(sheet(rows), "late.csv")
    assert any("書き出した後に変えられています" in one.words() for one in read.problems)


def test_a_number_cannot_be_changed_by_a_sheet() -> None:
    brought_in()
    rows = out()
    rows[0][cells.NUMBER] = "3"
    assert any("番号は72" in one.words() for one in read_sheet(sheet(rows), "x.csv").problems)


def test_unknown_columns_are_told_and_a_file_without_a_table_is_refused() -> None:
    brought_in()
    rows = [one | {"備考": "x"} for one in out()]
    assert any("備考" in note for note in read_sheet(sheet(rows), "x.csv").notes)
    with pytest.raises(TableRefused):
        read_sheet(b"", "empty.csv")


def test_text_that_would_run_as_a_formula_is_harmless_and_comes_back() -> None:
    dog = brought_in()
    title = {"ja": "=HYPERLINK(1)", "ja-easy": "犬", "en": "Dog"}
    services.edit_procedure(by=SECRETARY, procedure=dog, seen_edition=1, parts={"title": title}, note="", clock=CLOCK)
    content, _ = write_sheet(Procedure.objects.all())
    assert b"'=HYPERLINK" in content
    assert read_sheet(content, "x.csv").unchanged == 1
