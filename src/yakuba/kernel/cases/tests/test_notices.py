"""Letters: made with number and 教示, sent as accepted, arrived once."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from pypdf import PdfReader

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.approval.models import DocumentNumber
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Party
from yakuba.kernel.cases.models import Case, Handling, Notice, NoticeKind, Outcome
from yakuba.kernel.cases.prints.letters import receipt_pdf
from yakuba.kernel.cases.queries.notices import fee_items_of, not_opened_in_time, notices_of, paper_list
from yakuba.kernel.cases.services import (
    ask_correction,
    close_posted,
    hand_notice,
    make_notice,
    mark_paid,
    notice_came_back,
    put_on_paper,
    record_notice_opened,
    replace_notice,
    return_case,
    send_notice,
)
from yakuba.kernel.cases.tests.deciding import SYSTEM, decided, lettered
from yakuba.kernel.cases.tests.world import CLOCK, HANAKO, STRANGER
from yakuba.kernel.files.api import get_for, read_content
from yakuba.kernel.values.api import FixedClock, Refusal


def words_in(notice: Notice) -> str:
    """The text of the PDF without the blanks and line ends of its setting."""
    pages = PdfReader(BytesIO(read_content(notice.file))).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_a_letter_bears_number_recipient_decision_and_remedies(world) -> None:
    case = decided(
        world, world.submit(), fee_items=[{"name": "手数料", "yen": 300, "count": 2}], conditions="写しを返すこと"
    )
    notice = lettered(world, case)
    assert notice.number.written == "8坂総第1号" or notice.number.written.endswith("第1号")
    words = words_in(notice)
    for part in (
        "決定通知書",
        notice.number.written,
        "見本花子",
        "969-6543",
        "字見本1番地",
        "町長一郎",
        "600円",
        "写しを返すこと",
    ):
        assert "".join(part.split()) in words, part
    assert "審査請求" in words
    assert "取消しを求める訴え" in words


def test_a_refusal_tells_reasons_and_remedies(world) -> None:
    notice = lettered(world, decided(world, world.submit(), outcome=Outcome.REFUSED))
    words = words_in(notice)
    assert notice.kind == "refusal"
    for part in ("却下通知書", "基準第3号に当たる事実がないため", "審査請求"):
        assert part in words


def test_what_is_no_disposition_carries_no_remedies(world) -> None:
    with unaudited_writes("test"):
        Handling.objects.create(
            procedure=world.procedures["application"], act_kind="other", changed_at=CLOCK.now(), changed_name="x"
        )
    notice = lettered(world, decided(world, world.submit()))
    assert "審査請求" not in words_in(notice)


def test_somebody_who_reads_english_finds_a_note_and_the_remedies_below(world) -> None:
    case = world.submit()
    with unaudited_writes("test"):
        Case.objects.update(language="en")
    words = words_in(lettered(world, decided(world, case)))
    assert "TheJapanesetextisauthoritative" in words
    assert "administrativereview" in words


def test_a_letter_is_made_once_and_after_the_decision_only(world) -> None:
    case = world.submit()
    with pytest.raises(Refusal, match="まだ決定していない"):
        make_notice(by=world.clerk(), case=case, clock=CLOCK)
    case = decided(world, case)
    lettered(world, case)
    with pytest.raises(Refusal, match="すでにあります"):
        make_notice(by=world.clerk(), case=case, clock=CLOCK)
    assert DocumentNumber.objects.count() == 1


def test_a_letter_given_up_leaves_its_number_void(world) -> None:
    case = decided(world, world.submit())
    first = lettered(world, case)
    replace_notice(by=world.clerk(), notice=first, reason="宛名を直す", clock=CLOCK)
    second = lettered(world, case)
    assert first.number.is_void
    assert second.number.number == first.number.number + 1


class TestElectronic:
    def sent(self, world, **changed) -> Notice:
        case = decided(world, world.submit(accepts_enotice=True), **changed)
        return send_notice(by=world.clerk(), notice=lettered(world, case), clock=CLOCK)

    def test_only_with_the_persons_acceptance_for_this_case(self, world) -> None:
        assert lettered(world, decided(world, world.submit())).way == "post"
        assert lettered(world, decided(world, world.submit(accepts_enotice=True))).way == "electronic"
        no_way_back = world.submit(by=VISITOR, applicant=Party(name="見本　花子"), accepts_enotice=True)
        assert lettered(world, decided(world, no_way_back)).way == "post"
        assert lettered(world, decided(world, world.submit(accepts_enotice=True)), on_paper=True).way == "post"

    def test_the_first_opening_is_the_arrival_and_stays_it(self, world) -> None:
        notice = self.sent(world)
        assert Case.objects.get().state == "notified"
        assert notices_of(notice.case) == [notice]
        first = FixedClock(CLOCK.now() + timedelta(days=2))
        opened = record_notice_opened(by=HANAKO, notice=notice, clock=first)
        assert opened.arrived_at == first.now()
        again = record_notice_opened(by=HANAKO, notice=notice, clock=FixedClock(CLOCK.now() + timedelta(days=5)))
        assert again.arrived_at == first.now()
        assert Case.objects.get().state == "completed"
        assert notice.case.events.filter(resident_words="通知書が届きました。").count() == 1

    def test_a_fee_keeps_the_case_open_until_it_is_paid(self, world) -> None:
        notice = self.sent(world, fee_items=[{"name": "手数料", "yen": 300, "count": 1}])
        record_notice_opened(by=HANAKO, notice=notice, clock=CLOCK)
        assert Case.objects.get().state == "notified"
        mark_paid(by=world.clerk(), order=notice.case.orders.get(), where="会計窓口", slip="", clock=CLOCK)
        assert Case.objects.get().state == "completed"

    def test_nobody_elses_opening_counts(self, world) -> None:
        notice = self.sent(world)
        for by in (STRANGER, VISITOR):
            with pytest.raises(PermissionDenied):
                record_notice_opened(by=by, notice=notice, clock=CLOCK)
        with pytest.raises(Refusal, match="職員"):
            record_notice_opened(by=world.clerk(), notice=notice, clock=CLOCK)

    def test_the_file_opens_to_the_person_once_it_is_sent(self, world) -> None:
        case = decided(world, world.submit(accepts_enotice=True))
        notice = lettered(world, case)
        assert get_for(world.clerk(), notice.file.public_id) == notice.file
        with pytest.raises(Exception, match=r"^$"):
            get_for(HANAKO, notice.file.public_id)
        send_notice(by=world.clerk(), notice=notice, clock=CLOCK)
        assert get_for(HANAKO, notice.file.public_id) == notice.file

    def test_what_is_not_opened_in_time_goes_on_paper_and_arrives_only_so(self, world) -> None:
        notice = self.sent(world)
        early, late = FixedClock(CLOCK.now() + timedelta(days=9)), FixedClock(CLOCK.now() + timedelta(days=10))
        assert put_on_paper(by=SYSTEM, notice=notice, clock=early).way == "electronic"
        assert not not_opened_in_time(early).exists()
        assert list(not_opened_in_time(late)) == [notice]
        moved = put_on_paper(by=SYSTEM, notice=notice, clock=late)
        assert (moved.way, moved.state, moved.to_paper_on) == ("post", "ready", late.today())
        assert list(paper_list(world.clerk())) == [moved]
        assert notices_of(notice.case) == []
        with pytest.raises(Refusal, match="電子では開けません"):
            record_notice_opened(by=HANAKO, notice=notice, clock=late)
        assert put_on_paper(by=SYSTEM, notice=notice, clock=late).to_paper_on == late.today()

    def test_what_was_opened_never_goes_on_paper(self, world) -> None:
        notice = self.sent(world)
        record_notice_opened(by=HANAKO, notice=notice, clock=CLOCK)
        late = FixedClock(CLOCK.now() + timedelta(days=30))
        assert put_on_paper(by=SYSTEM, notice=notice, clock=late).way == "electronic"


class TestOnPaper:
    def test_posted_returned_posted_again_and_done_in_time(self, world) -> None:
        notice = send_notice(by=world.clerk(), notice=lettered(world, decided(world, world.submit())), clock=CLOCK)
        with pytest.raises(Refusal, match="理由"):
            notice_came_back(by=world.clerk(), notice=notice, reason="", clock=CLOCK)
        notice_came_back(by=world.clerk(), notice=notice, reason="転居先不明", clock=CLOCK)
        assert list(paper_list(world.clerk())) == [notice]
        assert Case.objects.get().state == "notified"
        send_notice(by=world.clerk(), notice=notice, clock=CLOCK)
        close_posted(by=SYSTEM, notice=notice, clock=FixedClock(CLOCK.now() + timedelta(days=13)))
        assert Case.objects.get().state == "notified"
        close_posted(by=SYSTEM, notice=notice, clock=FixedClock(CLOCK.now() + timedelta(days=14)))
        assert Case.objects.get().state == "completed"
        assert Notice.objects.get().arrived_at is None

    def test_handed_over_at_the_counter_has_arrived(self, world) -> None:
        notice = lettered(world, decided(world, world.submit()))
        with pytest.raises(Refusal, match="渡した相手"):
            hand_notice(by=world.clerk(), notice=notice, to_whom="", clock=CLOCK)
        handed = hand_notice(by=world.clerk(), notice=notice, to_whom="本人", clock=CLOCK)
        assert (handed.way, handed.arrived_at) == ("counter", CLOCK.now())
        assert Case.objects.get().state == "completed"


def test_letters_about_corrections_and_returns(world) -> None:
    case = world.submit()
    ask_correction(
        by=world.clerk(),
        case=case,
        items=[("reason", "詳しく書いてください")],
        message="お手数です",
        deadline=CLOCK.today().replace(day=16),
        clock=CLOCK,
    )
    words = words_in(lettered(world, case, kind=NoticeKind.CORRECTION))
    assert "令和8年11月16日" in words
    assert "詳しく書いてください" in words
    other = world.submit("notification")
    return_case(by=world.clerk(), case=other, reason="届出人の欄が空です", clock=CLOCK)
    assert "届出人の欄が空です" in words_in(lettered(world, other, kind=NoticeKind.RETURN))


def test_a_receipt_bears_number_and_code_and_neither_place_nor_password(world) -> None:
    case = world.submit(password="sakura-2026")
    pdf = receipt_pdf(
        case, look_up_url=f"https://town.example/my/lookup?n={case.number}", language="ja", printed_at=CLOCK.now()
    )
    reader = PdfReader(BytesIO(pdf))
    words = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert case.number in words
    assert "字見本" not in words
    assert "sakura" not in words
    assert len(reader.pages[0].images) == 1


def test_the_fee_of_the_form_is_proposed(world) -> None:
    assert fee_items_of(world.submit(copies=3).answers) == [{"name": "手数料", "yen": 900, "count": 1}]
