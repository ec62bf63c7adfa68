"""A clerk makes a form from nothing, others check and decide it, a resident sends the first one; and the 質問一覧
workbook goes out, is edited in Excel, and comes in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from tests.harness.browser import DESKTOP, PHONE, axe
from tests.journeys.filling_in import STICKS_OUT, press, seat
from yakuba.kernel.approval.api import deciders_on, requests_on
from yakuba.kernel.cases.models import Case
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.forms.models import Form, FormVersion
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.identity.models import Account, Persona
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import ref_of
from yakuba.residents.procedures.tests.townspeople import town_at_work

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PROCEDURE = "direct-debit"  # a 申込 of the sample town that nobody takes online yet, and that asks for no account
TITLE = "口座振替の相談の申込"
QUESTIONS = "氏名\n電話番号\n相談したいこと\nその他の内容\n一緒に来る人"
NEXT = 'button[name="action"][value="next"]:not([aria-hidden])'


def clerk_of_section() -> Account:
    section = Procedure.objects.get(key=PROCEDURE).section
    assert section is not None
    person = town_at_work()._clerk(section)
    assert person is not None
    return Account.objects.get(public_id=person.id)


def begin_form(page: Page, questions: str = QUESTIONS) -> FormVersion:
    """A blank form with a list of questions pasted into it."""
    page.goto("/office/forms/")
    with page.expect_navigation():
        page.locator('main a[href$="/forms/new/"]').click()
    page.locator('[name="title"]').fill(TITLE)
    with page.expect_navigation():
        page.get_by_role("button", name="下書きを作る").click()
    page.locator('[name="lines"]').fill(questions)
    with page.expect_navigation():
        page.get_by_role("button", name="まとめて追加").click()
    return FormVersion.objects.get(form__title=TITLE)


def edit(page: Page, version: FormVersion, label: str, kind: str = "") -> None:
    page.goto(f"/office/forms/{version.public_id}/")
    with page.expect_navigation():
        page.locator("a.builder__label", has_text=label).first.click()
    if kind:
        page.get_by_text("種類を変える", exact=True).click()
        with page.expect_navigation():
            page.locator("details a.chip", has_text=kind).first.click()


def keep(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="保存する", exact=True).click()
    assert "保存しました" in page.locator("main").inner_text(), page.locator("main").inner_text()[:1500]


def ask_what_matters(page: Page, version: FormVersion) -> None:
    """A choice, a question that depends on it, a repeating group."""
    edit(page, version, "相談したいこと", "一つ選ぶ")
    page.locator('[name="options"]').fill("始めたい\nやめたい\nその他")
    keep(page)
    edit(page, version, "その他の内容")
    page.locator('fieldset[data-condition="when"] label', has_text="条件を選ぶ").click()
    page.locator('[data-condition="when"] [data-condition-subject]').select_option(label="相談したいこと")
    page.locator('[data-condition="when"] [data-condition-value] select').select_option(label="その他")
    page.locator('[data-sentence="when"]', has_text="「その他」のとき").wait_for()
    axe(page)
    keep(page)
    edit(page, version, "一緒に来る人", "繰り返し")
    page.locator('[name="row_label_ja"]').fill("人目")
    page.locator('[name="inside"]').fill("氏名\n年齢")
    keep(page)


def preview(page: Page, version: FormVersion) -> None:
    """The frame beside the questions is as narrow as a telephone, and the condition works in it."""
    page.goto(f"/office/forms/{version.public_id}/?preview-width=phone&preview-mode=live")
    axe(page)
    box = page.locator("iframe[data-preview]").bounding_box()
    assert box is not None and box["width"] <= 380
    frame = page.frame_locator("iframe[data-preview]")
    assert frame.get_by_text("相談したいこと").count() and not frame.get_by_text("その他の内容").count()
    choose(frame, "その他")
    frame.get_by_role("button", name="答えを反映する").click()
    frame.get_by_text("その他の内容").wait_for()


def choose(page: Any, words: str) -> None:
    page.locator("label.choice", has_text=words).first.click()


def fill_page(page: Page) -> None:
    """The page as a resident answers it: the condition brings one more question, the group one row."""
    for name, value in (("family", "例示"), ("given", "太郎"), ("family_kana", "レイジ"), ("given_kana", "タロウ")):
        page.locator(f'[name="name.{name}"]').fill(value)
    page.locator('[name="phone"]').fill("0242-00-0001")
    choose(page, "その他")
    press(page, 'button[name="action"][value^="add:"]')
    row = page.locator("fieldset.card", has_text="1人目")
    for name, value in (("family", "例示"), ("given", "花子"), ("family_kana", "レイジ"), ("given_kana", "ハナコ")):
        row.locator(f'[name$=".name.{name}"]').fill(value)
    row.locator('[name$=".age"]').fill("41")
    page.get_by_label("その他の内容").fill("口座を変えたい")
    press(page, NEXT)


def try_it(page: Page, version: FormVersion) -> None:
    page.goto(f"/office/forms/{version.public_id}/try/")
    axe(page)
    with page.expect_navigation():
        page.get_by_role("button", name="試し入力を始める").click()
    fill_page(page)
    words = page.locator("main").inner_text()
    assert "最後まで入力できました" in words and "口座を変えたい" in words and "1人目" in words
    axe(page)
    with page.expect_navigation():
        page.get_by_role("button", name="試し入力を終える").click()


def give_ground_and_way(page: Page, version: FormVersion) -> None:
    page.goto(f"/office/forms/{version.public_id}/ground/")
    for name, words in (
        ("law", "町税条例施行規則第10条"),
        ("online", "町の情報通信技術利用条例第3条"),
        ("signature", "署名・押印の定めはない。"),
        ("purpose", "相談の連絡に使います。"),
    ):
        page.locator(f'[name="{name}"]').fill(words)
    axe(page)
    with page.expect_navigation():
        page.get_by_role("button", name="保存する", exact=True).click()
    page.goto(f"/office/forms/{version.public_id}/check/")
    axe(page)
    assert "あなたは決裁を求められません" in page.locator("main").inner_text()
    key = page.locator("main dd code").inner_text()
    page.goto(f"/office/procedures/{PROCEDURE}/channels/new/")
    page.locator('[name="kind"]').select_option(label="町のオンライン申請")
    page.locator('[name="target"]').fill(key)
    with page.expect_navigation():
        page.locator('main form button[type="submit"].button--primary').click()


def check_and_decide(checker: Page, head: Page, version: FormVersion) -> None:
    checker.goto(f"/office/forms/{version.public_id}/check/")
    with checker.expect_navigation():
        checker.get_by_role("button", name="確かめたので、決裁を求める").click()
    request = requests_on(ref_of(version))[0]
    maybe = [one.staff for one in deciders_on(request, on=town_clock().today())]
    seat(head, next(one for pk in maybe if (one := Account.objects.filter(staff_id=pk).first()) is not None))
    head.goto(f"/office/decisions/{request.public_id}/")
    with head.expect_navigation():
        head.get_by_role("button", name="承認する").click()
    version.refresh_from_db()
    assert version.life is VersionState.LIVE


@pytest.mark.timeout(180)
def test_from_a_blank_page_to_the_first_application(open_sample_town: None, browse: Callable[..., Page]) -> None:
    clerk, other, resident = browse(size=DESKTOP), browse(size=DESKTOP), browse(size=PHONE)
    seat(clerk, clerk_of_section())
    version = begin_form(clerk)
    ask_what_matters(clerk, version)
    preview(clerk, version)
    try_it(clerk, version)
    give_ground_and_way(clerk, version)
    seat(other, Persona.objects.select_related("account").get(label="DX推進事務局").account)
    check_and_decide(other, browse(size=DESKTOP), version)

    resident.goto(f"/my/apply/{PROCEDURE}/")
    press(resident, 'main form button[type="submit"].button--primary')
    assert not resident.evaluate(STICKS_OUT)
    fill_page(resident)
    assert "/check/" in resident.url, resident.locator("main").inner_text()[:1500]
    press(resident, 'main form button[type="submit"].button--primary')
    assert "/receipt/" in resident.url, resident.locator("main").inner_text()[:1500]
    case = Case.objects.get(number=resident.locator("main strong.number").first.inner_text())
    assert case.answers.version == version and case.procedure.key == PROCEDURE

    clerk.goto("/office/cases/")
    with clerk.expect_navigation():
        clerk.locator("main a", has_text=case.number).first.click()
    words = clerk.locator("main").inner_text()
    assert "口座を変えたい" in words and "1人目" in words and "例示 花子" in words


def column(sheet: Any, title: str) -> int:
    return int(next(cell.column for cell in sheet[1] if cell.value == title))


def row_of(sheet: Any, label: str) -> int:
    at = column(sheet, "質問")
    return int(next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, at).value == label))


def send_in(page: Page, version: FormVersion, book: Path) -> None:
    page.goto(f"/office/forms/{version.public_id}/exchange/")
    page.locator('[name="file"]').set_input_files(book)
    with page.expect_navigation():
        page.get_by_role("button", name="違うところを見る").click()


@pytest.mark.timeout(120)
def test_the_list_of_questions_goes_through_excel(
    open_sample_town: None, browse: Callable[..., Page], tmp_path: Path
) -> None:
    page = browse(size=DESKTOP, expect_in_console=["422"])
    seat(page, clerk_of_section())
    version = begin_form(page, "氏名\n電話番号\n希望する日")
    page.goto(f"/office/forms/{version.public_id}/exchange/")
    axe(page)
    with page.expect_download() as out:
        page.locator('main a[href$="/exchange/question-list/"]').click()
    book = tmp_path / "質問一覧.xlsx"
    out.value.save_as(book)

    edited = load_workbook(book)
    sheet = edited["質問"]
    label, kind = column(sheet, "質問"), column(sheet, "種類")
    sheet.cell(row_of(sheet, "希望する日"), label, "相談に来る日")
    last = next(row for row in range(2, sheet.max_row + 2) if not sheet.cell(row, label).value)
    sheet.cell(last, label, "来る人の数")
    sheet.cell(last, kind, "すう")  # the mistake
    edited.save(book)
    send_in(page, version, book)
    words = page.locator("main").inner_text()
    assert "すう" in words, words[:900]
    axe(page)
    assert len(list(FormVersion.objects.get(pk=version.pk).read().questions())) == 3, "nothing is taken in by halves"
    with page.expect_download() as marked:
        page.locator('main a[href*="/forms/marked/"]').click()
    marked.value.save_as(book)

    corrected = load_workbook(book)
    sheet = corrected["質問"]
    assert "エラー" in [cell.value for cell in sheet[1]]
    sheet.cell(row_of(sheet, "来る人の数"), column(sheet, "種類"), "数")
    corrected.save(book)
    send_in(page, version, book)
    words = page.locator("main").inner_text()
    assert "相談に来る日" in words and "来る人の数" in words, words[:900]
    axe(page)
    with page.expect_navigation():
        page.get_by_role("button", name="下書きに取り込む").click()
    questions = list(FormVersion.objects.get(pk=version.pk).read().questions())
    assert [one.label.ja for one in questions] == ["氏名", "電話番号", "相談に来る日", "来る人の数"]
    assert questions[3].type == "number" and Form.objects.filter(title=TITLE).count() == 1
