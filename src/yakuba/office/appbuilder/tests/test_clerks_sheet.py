"""From a real clerk's Excel: 方眼紙, titles above, two header rows, eras and full width, sums and notes below."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from yakuba.kernel.paper.api import NoTableFound
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.queries.sheets import Reading, read_sheet
from yakuba.office.appbuilder.rules.guessing import guess_column
from yakuba.office.appbuilder.rules.sheet_rows import rows_left_out
from yakuba.office.appbuilder.tests.world import cells_are_right, sit

COLUMNS = (("番号", 2, 3), ("品　名", 4, 9), ("数量", 22, 23), ("状態", 24, 25), ("連絡先", 26, 30), ("備考", 31, 36))
BELOW = (("貸出先", 10, 14), ("貸出日", 15, 18), ("返却日", 19, 21))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(sheet: Any, row: int, first: int, last: int, value: Any, rows: int = 1) -> None:
    sheet.cell(row, first, value)
    sheet.merge_cells(start_row=row, end_row=row + rows - 1, start_column=first, end_column=last)


def graph_paper(rows: int) -> bytes:
    """A lending book as clerks keep them: narrow columns, every value in a merged cell."""
    book = Workbook()
    sheet = book.active
    sheet.title = "R8"
    put(sheet, 1, 2, 36, "見本町　備品貸出簿（令和８年度）")
    sheet["B2"], sheet["AF2"] = "総務課", "令和8年11月1日現在"
    for name, first, last in COLUMNS:
        put(sheet, 4, first, last, name, rows=2)
    put(sheet, 4, 10, 21, "貸出")
    for name, first, last in BELOW:
        put(sheet, 5, first, last, name)
    days = ("令和８年４月１日", "R8.4.2", "2026/4/3", "令和8.4.4", "H31.4.30")
    for number in range(rows):
        row = 6 + number
        values = {
            "番号": number + 1, "品　名": f"折りたたみ机{number}", "貸出先": "見本町内会", "貸出日": days[number % 5],
            "返却日": None if number % 5 else "R8.5.1", "数量": ("１台", "2台", "３ 台")[number % 3],
            "状態": ("貸出中", "返却済")[number % 2], "連絡先": "０２４２－８４－１５０３", "備考": None if number % 9 else "脚に傷",
        }  # fmt: skip
        for name, first, last in (*COLUMNS, *BELOW):
            put(sheet, row, first, last, values[name])
    put(sheet, 6 + rows, 4, 9, "合　計")
    sheet.cell(6 + rows, 22, f"=SUM(V6:V{5 + rows})")
    sheet.cell(8 + rows, 2, "※貸出は３日前までに申し込むこと。")
    sheet.cell(9 + rows, 2, "※破損したときは、弁償していただきます。")
    return saved(book)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def confirmed(page: Any) -> dict[str, Any]:
    return {name: value for name, value in page.context["form"].initial.items() if value not in (False, None)}


class TestGraphPaper:
    @pytest.mark.parametrize("rows", [30, pytest.param(300, marks=pytest.mark.prove)])
    def test_becomes_an_app_without_sums_and_notes(self, desk, rows) -> None:
        maker = sit(desk, "行政 主事")
        file = SimpleUploadedFile("備品貸出簿.xlsx", graph_paper(rows))
        sent = maker.post("/office/apps/sheet/", {"sheet": file})
        page = maker.get(sent.url)
        shown = text(page)
        assert f"見出し：4〜5行目 データ：6〜{5 + rows}行目（{rows}行） 取り込まない行：3" in shown
        assert f"{6 + rows}行目「合 計」（合計の行）" in shown and "※破損したときは" in shown
        kinds = {guess.name: guess.type.value for guess in page.context["guesses"]}
        assert kinds == {
            "番号": "short_text", "品 名": "short_text", "貸出／貸出先": "short_text", "貸出／貸出日": "date",
            "貸出／返却日": "date", "数量": "number", "状態": "status", "連絡先": "phone", "備考": "short_text",
        }  # fmt: skip
        made = maker.post(sent.url, confirmed(page))
        assert made.status_code == 302, text(made)
        app = App.objects.get(title="備品貸出簿")
        fields = {one.label: one for one in Shapes(app).definition.fields}
        assert set(fields) >= {"品名", "貸出先", "貸出日", "数量"} and fields["数量"].unit == "台"
        assert Record.objects.filter(app=app).count() == rows
        values = Record.objects.get(app=app, number=5).values
        assert values[fields["貸出日"].key] == "2019-04-30" and values[fields["数量"].key] == 2
        assert values[fields["連絡先"].key] == "0242-84-1503"
        cells_are_right(app)

    def test_is_read_from_where_the_clerk_says(self, desk) -> None:
        maker = sit(desk, "行政 主事")
        file = SimpleUploadedFile("a.xlsx", graph_paper(20))
        url = maker.post("/office/apps/sheet/", {"sheet": file}).url
        page = maker.get(url, {"top": "5", "bottom": "5", "last": "10"})
        assert [guess.name for guess in page.context["guesses"]] == ["貸出先", "貸出日", "返却日"]
        assert "データ：6〜10行目（5行）" in text(page)
        made = maker.post(f"{url}?top=5&bottom=5&last=10", confirmed(page))
        assert made.status_code == 302 and Record.objects.filter(app__title="a").count() == 5

    @pytest.mark.parametrize(
        "how", [{"top": "900"}, {"top": "4", "last": "2"}, {"sheet": "ない"}, {"top": "9" * 30, "last": "x"}]
    )
    def test_and_asks_again_when_nothing_is_there(self, desk, how) -> None:
        maker = sit(desk, "行政 主事")
        url = maker.post("/office/apps/sheet/", {"sheet": SimpleUploadedFile("a.xlsx", graph_paper(8))}).url
        page = maker.get(url, how)
        assert page.status_code in (200, 422) and "データの最後の行" in text(page)

    def test_rows_for_an_app_are_read_the_same_way(self, desk) -> None:
        book = Workbook()
        for row in (
            ["備品の追加"],
            ["品　名", "価　格", None],
            ["机", "1,200円", "あ"],
            ["椅子", "９８０", "い"],
            ["計", "2,180"],
        ):
            book.active.append(row)
        maker = sit(desk, "行政 主事")
        page = f"/office/apps/{desk.app.public_id}/import/"
        url = maker.post(page, {"sheet": SimpleUploadedFile("a.xlsx", saved(book))}).url
        assert "表の場所を教える" in text(maker.get(url))  # a column without a name: the header is not sure
        url += "?top=2&bottom=2"
        shown = text(maker.get(url))
        assert "「計」（合計の行）" in shown and "見出しのない列（C列）に値があります" in shown
        assert maker.post(url).status_code == 302
        assert sorted(one.values["price"] for one in Record.objects.all()) == [980, 1200]

    def test_without_a_header_asks_where_it_is(self, desk) -> None:
        book = Workbook()
        for row in (["机", "机"], ["椅子", "椅子"], ["棚", "棚"]):
            book.active.append(row)
        maker = sit(desk, "行政 主事")
        sent = maker.post("/office/apps/sheet/", {"sheet": SimpleUploadedFile("a.xlsx", saved(book))})
        assert sent.status_code == 302
        page = maker.get(sent.url)
        assert page.status_code == 422 and "表の場所を教える" in text(page) and "机 ｜ 机" in text(page)
        assert maker.get(sent.url, {"top": "1", "bottom": "1"}).status_code == 200

    def test_with_a_my_number_anywhere_is_refused_whole(self, desk) -> None:
        book = Workbook()
        for row in (["氏名", "備考"], ["会津 花子", ""], ["合計", ""], ["※123456789018"]):
            book.active.append(row)
        shown = sit(desk, "行政 主事").post("/office/apps/sheet/", {"sheet": SimpleUploadedFile("a.xlsx", saved(book))})
        assert shown.status_code == 422 and "個人番号" in text(shown) and "123456789018" not in text(shown)
        with pytest.raises(Refusal):
            read_sheet(saved(book), "a.xlsx", Reading(top=1, bottom=1, last=2))


class TestWhichRowsAreRecords:
    def test_sums_anywhere_and_notes_at_the_end_are_not(self) -> None:
        def row(*texts: str) -> dict[str, str]:
            return dict(zip("abcd", (*texts, *[""] * 4), strict=False))

        rows = [
            (2, row("机", "1", "x", "y")), (3, row("小計", "1")), (4, row("※特別な机", "2", "x", "y")),
            (5, row("合計", "会社", "x", "y")), (6, row("棚", "3", "x")), (8, row("（注）税込みの価格です")),
            (9, row("以上")),
        ]  # fmt: skip
        assert [one.number for one in rows_left_out(rows)] == [3, 8, 9]

    def test_a_table_of_one_column_loses_nothing_but_sums(self) -> None:
        rows = [(number, {"a": text}) for number, text in enumerate(("会議室", "これは一つの長い文章の記録です", "計"))]
        assert [one.number for one in rows_left_out(rows)] == [2]

    @given(st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=4), max_size=8))
    def test_whatever_stands_there_each_row_is_judged_once(self, texts) -> None:
        rows = [(number, dict(enumerate(map(str, row)))) for number, row in enumerate(texts)]
        numbers = [one.number for one in rows_left_out(rows)]  # type: ignore[arg-type]  # keys do not matter
        assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("texts", "kind", "unit"),
    [
        (["3台", "１２台", "4"], "number", "台"),
        (["3.5 m", "2m"], "number", "m"),
        (["3階", "4階"], "short_text", ""),
        (["100円", "200円"], "yen", ""),
        (["4月", "5月"], "short_text", ""),
    ],
)
def test_a_unit_behind_the_numbers_is_understood(texts, kind, unit) -> None:
    guess = guess_column("量", texts)
    assert (guess.type.value, guess.unit) == (kind, unit)


def test_nothing_but_a_header_is_said_to_be_so() -> None:
    with pytest.raises(Refusal) as refused:
        read_sheet("名,番号\n".encode(), "a.csv")
    assert not isinstance(refused.value, NoTableFound)
