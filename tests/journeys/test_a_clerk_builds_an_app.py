"""A new clerk turns a 方眼紙 of 300 rows into an app of the section: types, lookup, board, process with a decision, a notice
when something is overdue, chart, a hidden column, entry by telephone, and the same sheet out again.

Each step prints the seconds it took. The clerk's own reading and thinking is not in them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from tests.harness.browser import DESKTOP, PHONE, axe
from tests.journeys.filling_in import STICKS_OUT, press, seat
from yakuba.kernel.identity.models import Account, Persona

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "備品貸出簿"
ROWS = 300
THINGS = ("プロジェクター", "スクリーン", "折りたたみ机", "テント", "放送設備", "発電機", "延長コード", "三脚")
TO = ("見本町内会", "見本子ども会", "見本スポーツ少年団", "総務課", "教育課")
WRONG = {17: ("lent_on", "四月ごろ"), 140: ("count", "たくさん"), 251: ("due_on", "R8.13.1")}
"""Rows a clerk has written so that nobody can read them, by their number among the 300."""


def persona(label: str) -> Account:
    return Persona.objects.select_related("account").get(label=label).account


# The clerk's sheet


def row(number: int) -> dict[str, Any]:
    """One line of the book, as people write: days in eras, as Western text and as real dates, figures in full width."""
    month, day = number % 12 + 1, number % 27 + 1
    lent_on: Any = (f"令和7年{month}月{day}日", f"R7.{month}.{day}", f"2025/{month}/{day}")[number % 3]
    due_on = f"令和7年{month}月{min(day + 3, 28)}日"
    values = {
        "no": f"Ｂ－{number + 1:03}" if number % 4 == 0 else f"B-{number + 1:03}",
        "thing": THINGS[number % len(THINGS)],
        "to": TO[number % len(TO)],
        "contact": f"0242-84-{1000 + number}",
        "lent_on": lent_on,
        "due_on": due_on,
        "count": "１２"[number % 2] if number % 5 == 0 else number % 3 + 1,
        "price": f"{(number % 9 + 1) * 1000:,}円",
        "state": ("予約", "貸出中", "返却済")[number % 3],
        "note": "" if number % 7 else "返却のときに清掃を確認",
    }
    if number in WRONG:
        key, text = WRONG[number]
        values[key] = text
    return values


KEYS = list(row(0))
HEADS = (("備品番号", ""), ("品名", ""), ("貸出", "貸出先"), ("", "連絡先"), ("", "貸出日"), ("", "返却予定日"),
         ("数量", ""), ("価格", ""), ("状態", ""), ("備考", ""))  # fmt: skip


def frame(sheet: Worksheet) -> None:
    """Title over the whole width, the section, two rows of heads with merged cells."""
    sheet.title = "貸出簿"
    sheet["A1"] = "令和７年度　備品貸出簿"
    sheet.merge_cells("A1:J1")
    sheet["H2"] = "所管：総務課"
    sheet.merge_cells("H2:J2")
    for column, (above, below) in enumerate(HEADS, start=1):
        if above:
            sheet.cell(3, column, above)
        if below:
            sheet.cell(4, column, below)
        else:
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet.merge_cells("C3:F3")


def grid(target: Path) -> Path:
    """The book with 300 rows, a total and a note below."""
    book = Workbook()
    sheet = book.active
    frame(sheet)
    for number in range(ROWS):
        for column, value in enumerate(row(number).values(), start=1):
            sheet.cell(5 + number, column, value if value != "" else None)
    sheet.cell(5 + ROWS, 1, "合計")
    sheet.cell(5 + ROWS, 7, f"=SUM(G5:G{4 + ROWS})")
    sheet.cell(6 + ROWS, 1, "※返却がおくれるときは、総務課に電話すること。")
    sheet.merge_cells(start_row=6 + ROWS, end_row=6 + ROWS, start_column=1, end_column=10)
    book.save(target)
    return target


def form_to_fill(target: Path) -> Path:
    """The same sheet with one line in which the clerk has written the names of the fields."""
    book = Workbook()
    sheet = book.active
    frame(sheet)
    names = [
        "備品番号",
        "品名",
        "貸出先",
        "連絡先",
        "貸出日|短い和暦",
        "返却予定日|短い和暦",
        "数量",
        "価格",
        "状態",
        "備考",
    ]
    marks = [f"{{{{{name}}}}}" for name in names]
    marks[0], marks[-1] = "{{#記録}}" + marks[0], marks[-1] + "{{/記録}}"
    for column, mark in enumerate(marks, start=1):
        sheet.cell(5, column, mark)
    sheet.cell(6, 1, "※返却がおくれるときは、総務課に電話すること。")
    book.save(target)
    return target


def mended(marked: Path, target: Path) -> Path:
    """What the clerk does with the sheet that came back: the marked cells put right."""
    book = load_workbook(marked)
    sheet = book.active
    heads = [cell.value for line in sheet.iter_rows(min_row=1, max_row=4) for cell in line]
    assert "エラー" in heads
    at = next(cell.column for line in sheet.iter_rows(min_row=1, max_row=4) for cell in line if cell.value == "エラー")
    faulty = [line for line in range(5, sheet.max_row + 1) if sheet.cell(line, at).value]
    assert faulty == [5 + number for number in WRONG], faulty
    for line, (key, _) in zip(faulty, WRONG.values(), strict=True):
        sheet.cell(line, KEYS.index(key) + 1, 2 if key == "count" else "令和7年4月20日")
    book.save(target)
    return target


# The steps


class Steps:
    """What took how long."""

    def __init__(self) -> None:
        self.took: list[tuple[str, float]] = []

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.took.append((words, time.perf_counter() - begun))
        print(f"{self.took[-1][1]:6.1f} s  {words}", flush=True)


def save(page: Page, words: str) -> None:
    """Press the button and be told no fault."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()
    faults = page.locator(".field__error:visible, .error-summary:visible")
    assert not faults.count(), f"{page.url}: {' / '.join(faults.all_inner_texts())}"


def tick(page: Page, name: str, words: str) -> None:
    """Tick the box or choose the circle with these words."""
    page.locator(f'label:has(input[name="{name}"])', has_text=words).first.click()


def send_sheet(page: Page, file: Path) -> None:
    page.goto("/office/apps/")
    page.get_by_role("link", name="Excelから作る").first.click()
    page.locator('[name="sheet"]').set_input_files(file)
    save(page, "読み込んで確かめる")


def correct_types(page: Page) -> None:
    """What was guessed is looked at, and put right: names of things are no choice, remarks may be long."""
    page.locator('[name="title"]').fill(TITLE)
    kinds = {
        one.locator("strong").first.inner_text(): one.locator('select[name^="type_"]').input_value()
        for one in page.locator('main tr:has(select[name^="type_"])').all()
    }
    assert kinds == {
        "備品番号": "short_text", "品名": "choice", "貸出／貸出先": "choice", "貸出／連絡先": "phone", "貸出／貸出日": "date",
        "貸出／返却予定日": "date", "数量": "number", "価格": "yen", "状態": "status", "備考": "short_text",
    }, kinds  # fmt: skip
    for name, kind in (("品名", "short_text"), ("備考", "long_text")):
        line = page.locator('main tr:has(select[name^="type_"])', has=page.get_by_text(name, exact=True))
        line.locator("select").select_option(kind)


def make_app(page: Page, folder: Path) -> str:
    """From the sheet to the list of 300; returns the address of the app."""
    send_sheet(page, grid(folder / "備品貸出簿.xlsx"))
    axe(page)
    correct_types(page)
    create = f"アプリを作り、{ROWS}件を取り込む"
    with page.expect_navigation():
        page.get_by_role("button", name=create).click()
    words = page.locator("main").inner_text()
    assert all(text in words for _, text in WRONG.values()), words[:1500]
    with page.expect_download() as marked:
        page.get_by_role("button", name="エラーの付いた表を受け取る").click()
    marked.value.save_as(folder / "marked.xlsx")
    send_sheet(page, mended(folder / "marked.xlsx", folder / "備品貸出簿2.xlsx"))
    correct_types(page)
    with page.expect_navigation():
        page.get_by_role("button", name=create).click()
    expect(page.locator("main")).to_contain_text(f"{ROWS}件を取り込みました")
    expect(page.locator("h1")).to_have_text(TITLE)
    return page.url.split("?")[0]


def put_to_use(page: Page, home: str) -> None:
    page.goto(f"{home}fields/")
    words = page.locator("main").inner_text()
    assert "使い始められます" in words, words[:1500]
    with page.expect_navigation():
        page.get_by_role("button", name="この下書きを使い始める").click()


def add_lookup(page: Page, home: str) -> None:
    page.goto(f"{home}fields/")
    page.get_by_label("種類", exact=True).select_option(label="ほかのアプリの記録")
    with page.expect_navigation():
        page.get_by_role("button", name="加える").click()
    page.locator('[name="label"]').fill("前の貸出")
    page.locator('[name="source"]').select_option(label="備品貸出（見本）　品名")
    save(page, "下書きに保存する")


def add_view(page: Page, home: str, kind: str, name: str, **choose: str) -> None:
    page.goto(f"{home}views/")
    page.locator("#new-kind").select_option(label=kind)
    with page.expect_navigation():
        page.get_by_role("button", name="アプリの見方を加える").click()
    page.locator('[name="name"]').fill(name)
    for key, label in choose.items():
        control = page.locator(f'select[name="{key}"]')
        if control.count():
            control.select_option(label=label)
        else:
            tick(page, key, label)
    save(page, "下書きに保存する")


def add_process(page: Page, home: str) -> None:
    page.goto(f"{home}process/")
    page.get_by_role("link", name="「状態」の流れを作る").click()
    page.locator('[name="start"]').select_option(label="予約")
    tick(page, "ends", "返却済")
    save(page, "下書きに保存する")
    add_button(page, "貸し出す", "予約", "貸出中", rule="「価格」< 5000")
    add_button(page, "決裁を受けて貸し出す", "予約", "貸出中", rule="「価格」>= 5000", kind="備品の貸出")
    add_button(page, "返却を受ける", "貸出中", "返却済")
    axe(page)


def add_button(page: Page, label: str, state: str, to: str, *, rule: str = "", kind: str = "") -> None:
    page.get_by_role("link", name="ボタンを加える").first.click()
    page.locator('[name="label"]').fill(label)
    tick(page, "states", state)
    page.locator('[name="to"]').select_option(label=to)
    tick(page, "groups", "管理する人")
    tick(page, "groups", "自分の課")
    page.locator('[name="rule"]').fill(rule)
    page.locator('[name="kind"]').fill(kind)
    save(page, "下書きに保存する")


def add_overdue_notice(page: Page, home: str) -> None:
    page.goto(f"{home}automations/")
    page.locator("#new-when").select_option("day")
    with page.expect_navigation():
        page.get_by_role("button", name="加える").click()
    page.locator('[name="name"]').fill("返却のお願い")
    page.locator('[name="day_field"]').select_option(label="返却予定日")
    page.locator('[name="rule"]').fill('「状態」= "貸出中"')
    save(page, "保存して、することを決める")
    page.locator("#new-does").select_option("notify")
    with page.expect_navigation():
        page.get_by_role("button", name="加える").click()
    page.locator('[name="text"]').fill("「品名」（「貸出先」）の返却予定日「返却予定日」を過ぎています。")
    tick(page, "maker", "記録を作った人")
    save(page, "下書きに保存する")


def try_notice(page: Page, home: str) -> None:
    page.goto(f"{home}automations/")
    page.get_by_role("link", name="ためしてみる").click()
    press(page, 'main form button:has-text("ためす")')
    page.locator("main tr", has_text="合う").filter(has_not_text="合わない").get_by_role(
        "link", name="何が起こるか"
    ).first.click()
    expect(page.locator("main")).to_contain_text("を過ぎています")
    axe(page)


def hide_contact(page: Page, home: str) -> None:
    page.goto(f"{home}rights/")
    page.get_by_role("link", name="グループを加える").first.click()
    page.locator('[name="name"]').fill("そのほかの職員")
    tick(page, "everybody", "すべての職員")
    page.get_by_label("連絡先").select_option(label="見えない")
    save(page, "保存する")


def enter_by_phone(page: Page, address: str) -> str:
    """What the code on the wall leads to; returns the address of the new record."""
    page.goto(address)
    assert not page.evaluate(STICKS_OUT)
    axe(page)
    page.get_by_label("備品番号").fill("B-301")
    page.get_by_label("品名").fill("大型テント")
    page.get_by_label("貸出先").select_option(label="見本町内会")
    page.get_by_label("連絡先").fill("０２４２８４９９９９")
    page.get_by_label("貸出日").fill("2026-11-20")
    page.get_by_label("返却予定日").fill("2026-11-27")
    page.get_by_label("数量").fill("２")
    page.get_by_label("価格").fill("58,000")
    save(page, "加える")
    assert not page.evaluate(STICKS_OUT)
    return page.url


def ask_for_decision(page: Page, record: str) -> None:
    page.goto(record)
    page.get_by_role("link", name="決裁を受けて貸し出す").click()
    axe(page)
    save(page, "決裁を求める")
    expect(page.locator("main")).to_contain_text("決裁中です")


def decide(head: Page, words: str) -> None:
    head.goto("/office/")
    head.get_by_role("link", name=words).first.click()
    expect(head.locator("main")).to_contain_text(TITLE)
    press(head, 'button[name="act"][value="approve"]')


def sheet_out(page: Page, home: str, folder: Path) -> Worksheet:
    page.goto(f"{home}papers/")
    page.locator('[name="title"]').fill("貸出簿（様式）")
    page.locator('[name="file"]').set_input_files(form_to_fill(folder / "様式.xlsx"))
    with page.expect_navigation():
        page.locator("main form button.button--primary").first.click()
    expect(page.locator("main")).to_contain_text("項目が11個入っています")
    page.goto(f"{home}?all=1&q=B-30")
    page.locator("summary", has_text="選んだ記録を").click()
    page.locator("label", has_text="条件に合うすべて").click()
    with page.expect_download() as out:
        page.get_by_role("button", name="様式に出す").first.click()
    out.value.save_as(folder / "out.xlsx")
    return load_workbook(folder / "out.xlsx").active


def walk(open_page: Callable[..., Page], sit_down: Callable[[Page, str], None], folder: Path) -> Steps:
    """The whole way, at whatever town hall these pages lead to."""
    steps = Steps()
    clerk = open_page(size=DESKTOP, expect_in_console=["422"])
    sit_down(clerk, "担当者")
    with steps.step("方眼紙 300 rows → app, three faulty cells mended"):
        home = make_app(clerk, folder)
    with steps.step("lookup to another app"):
        add_lookup(clerk, home)
    with steps.step("board and chart"):
        add_view(clerk, home, "ボード", "状態の板", title="品名", group="状態")
        add_view(clerk, home, "グラフ", "品名ごと", group="貸出先")
    with steps.step("lending process with a decision"):
        add_process(clerk, home)
    with steps.step("notice when overdue"):
        add_overdue_notice(clerk, home)
    with steps.step("put to use"):
        put_to_use(clerk, home)
    with steps.step("dry run of the notice"):
        try_notice(clerk, home)
    with steps.step("a hidden column for others"):
        hide_contact(clerk, home)
    with steps.step("the head confirms that everybody may see it"):
        head = open_page(size=DESKTOP)
        sit_down(head, "所属長")
        decide(head, f"アプリ「{TITLE}」の権限を広げる確認")
    with steps.step("board and chart looked at"):
        clerk.goto(home)
        clerk.get_by_role("link", name="状態の板").click()
        expect(clerk.locator("main")).to_contain_text("プロジェクター")
        axe(clerk)
        clerk.get_by_role("link", name="品名ごと").click()
        expect(clerk.locator("main")).to_contain_text("見本町内会")
        axe(clerk)
    with steps.step("entry by telephone"):
        clerk.goto(home)
        clerk.get_by_role("link", name="スマートフォンで加える").click()
        address = clerk.get_by_role("link", name="記録を加える画面").get_attribute("href")
        assert address and clerk.locator("svg.label__code").count()
        phone = open_page(size=PHONE)
        sit_down(phone, "担当者")
        record = enter_by_phone(phone, address)
    with steps.step("asked for, decided by the head"):
        ask_for_decision(clerk, record)
        decide(head, "決裁を受けて貸し出す")
        clerk.goto(record)
        expect(clerk.locator("main")).to_contain_text("貸出中")
        expect(clerk.get_by_role("button", name="返却を受ける")).to_be_visible()
    with steps.step("somebody else does not see the telephone number"):
        other = open_page(size=DESKTOP)
        sit_down(other, "DX推進事務局")
        other.goto(record)
        words = other.locator("main").inner_text()
        assert "大型テント" in words and "9999" not in words and "連絡先" not in words
    with steps.step("the same sheet out again"):
        sheet = sheet_out(clerk, home, folder)
        lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
        assert lines[0][0] == "令和７年度　備品貸出簿" and "A1:J1" in {str(one) for one in sheet.merged_cells.ranges}
        found = next(line for line in lines if line[0] == "B-301")
        assert found[1] == "大型テント" and found[6] == 2 and found[7] == 58_000 and found[8] == "貸出中", found
        assert found[3] == "0242-84-9999" and "R8" in str(found[4]).replace("令和", "R"), found
    return steps


@pytest.mark.timeout(300)
def test_from_a_clerks_sheet_to_a_lending_app(
    open_sample_town: None, browse: Callable[..., Page], tmp_path: Path
) -> None:
    steps = walk(browse, lambda page, label: seat(page, persona(label)), tmp_path)
    print(f"{sum(seconds for _, seconds in steps.took):6.1f} s  the whole way")
