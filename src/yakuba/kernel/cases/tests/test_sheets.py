"""The town's own sheets."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from yakuba.kernel.cases import sheets
from yakuba.kernel.cases.models import Notice, NoticeKind, Outcome
from yakuba.kernel.cases.services import ask_correction
from yakuba.kernel.cases.tests.deciding import decided, lettered
from yakuba.kernel.cases.tests.world import CLOCK
from yakuba.kernel.paper.api import fill_sheet
from yakuba.kernel.paper.sheets.fields import declaration_of_sheet


def words_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


@pytest.mark.django_db
@pytest.mark.parametrize("key", [sheets.DECISION, sheets.REFUSAL, sheets.CORRECTION, sheets.RECEIPT])
def test_the_shipped_sheets_fit_their_fields_and_are_filled_whole(key) -> None:
    declaration = declaration_of_sheet(key)
    filled = fill_sheet(key, declaration.sample_values())
    assert filled.check.fits, filled.check
    assert "{{" not in words_of(filled.content)


def test_a_decision_stands_on_the_towns_own_sheet(world) -> None:
    case = decided(world, world.submit(), conditions="写しを返すこと")
    notice = lettered(world, case)
    words = words_of(fill_sheet(sheets.DECISION, sheets.decision_notice(notice=notice)).content)
    for part in (
        notice.number.written,
        "969-6543",
        "見本　花子",
        "申請のとおり認める",
        "写しを返すこと",
        "審査請求",
        "町長　町長 一郎",
    ):
        assert part in words, part


def test_a_refusal_and_a_correction_too(world) -> None:
    notice = lettered(world, decided(world, world.submit(), outcome=Outcome.REFUSED))
    assert "基準第3号" in words_of(fill_sheet(sheets.REFUSAL, sheets.refusal_notice(notice=notice)).content)
    case = world.submit()
    correction = ask_correction(
        by=world.clerk(),
        case=case,
        items=[("reason", "詳しく"), ("copies", "多すぎませんか")],
        message="お手数です",
        deadline=CLOCK.today().replace(day=16),
        clock=CLOCK,
    )
    letter: Notice = lettered(world, case, kind=NoticeKind.CORRECTION)
    words = words_of(
        fill_sheet(sheets.CORRECTION, sheets.correction_request(notice=letter, correction=correction)).content
    )
    assert "多すぎませんか" in words
    assert "11月16日" in words


def test_a_receipt_tells_no_place(world) -> None:
    words = words_of(fill_sheet(sheets.RECEIPT, sheets.receipt(case=world.submit())).content)
    assert "オンライン" in words
    assert "字見本" not in words
