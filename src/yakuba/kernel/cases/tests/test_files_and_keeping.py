"""My Numbers in files; retention, holds and disposal."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from yakuba.kernel.access.api import NotVisible
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases import jobs
from yakuba.kernel.cases.api import Case
from yakuba.kernel.cases.models import DisposalItem, DisposalList, FileCheck
from yakuba.kernel.cases.queries.keeping import due_for_disposal
from yakuba.kernel.cases.rules.keeping import ToDispose, kept_until, why_kept
from yakuba.kernel.cases.rules.texts_in_files import my_numbers_in, text_in
from yakuba.kernel.cases.services import (
    approve_disposal,
    check_files,
    complete_case,
    dispose_some,
    draw_up_disposal,
    drop_disposal,
    end_hold,
    release_file,
    remove_file,
    set_hold,
    submit_case,
)
from yakuba.kernel.cases.tests.deciding import SYSTEM, decided, lettered
from yakuba.kernel.cases.tests.world import APPLICANT, AUDITOR, CLOCK, HANAKO, TODAY
from yakuba.kernel.files.api import get_for, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.forms.sealing import seal_answers, unseal_answers
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import FixedClock, Refusal

NUMBER = "1234-5678-9018"  # twelve digits whose check digit is right
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def word(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "123456", "789018"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(*cells: object) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def blank_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class TestReadingFiles:
    def test_a_number_in_word_or_excel_is_found_with_its_page(self) -> None:
        found = my_numbers_in(text_in(word("番号は", f"個人番号 {NUMBER} です"), DOCX))
        assert (found.places, found.pages) == (1, (1,))
        assert my_numbers_in(text_in(excel("個人番号", NUMBER.replace("-", "")), XLSX)).places == 1
        assert my_numbers_in(text_in(excel("個人番号", 123456789018), XLSX)).places == 1

    def test_cells_beside_each_other_do_not_make_a_number(self) -> None:
        assert my_numbers_in(text_in(word("何もない"), DOCX)).places == 0
        assert my_numbers_in(text_in(excel("123456", "789018"), XLSX)).places == 0

    def test_a_page_that_is_a_picture_counts_as_not_readable(self) -> None:
        assert not text_in(blank_pdf(), "application/pdf").is_readable
        assert not text_in(b"\x89PNG", "image/png").is_readable

    @given(st.binary(max_size=300), st.sampled_from(["application/pdf", DOCX, XLSX, "text/plain", "image/png", ""]))
    def test_whatever_the_bytes_are_nothing_breaks(self, content, kind) -> None:
        my_numbers_in(text_in(content, kind))


class TestSuspectFiles:
    def case_with(self, world, content: bytes, name: str) -> tuple[Case, StoredFile]:
        filling = world.begin()
        file = receive_file(
            by=HANAKO, stream=content, filename=name, clock=CLOCK, owner=Ref("forms.filling", filling.public_id)
        )
        with unaudited_writes("test"):
            filling.answers = seal_answers({**unseal_answers(filling.answers), "photo": [file.public_id]})
            filling.save()
        case = submit_case(
            by=HANAKO, procedure=world.procedures["application"], filling=filling, applicant=APPLICANT, clock=CLOCK
        )
        return case, file

    def test_a_suspect_file_opens_only_to_the_clerks_who_judge(self, world) -> None:
        case, file = self.case_with(world, word(f"個人番号 {NUMBER}"), "写し.docx")
        assert get_for(HANAKO, file.public_id) == file
        jobs.look_into_files(case=case.public_id)
        jobs.look_into_files(case=case.public_id)
        check = FileCheck.objects.get()
        assert (check.finding, check.places) == ("suspect", 1)
        assert NUMBER not in case.events.last().words
        assert get_for(world.clerk(), file.public_id) == file
        for person in (HANAKO, AUDITOR, world.clerk("財政 主事")):
            with pytest.raises(NotVisible):
                get_for(person, file.public_id)
        with pytest.raises(Refusal, match="判断待ち"):
            decided(world, case)
        with pytest.raises(Refusal, match="理由"):
            release_file(by=world.clerk(), check=check, why="", clock=CLOCK)
        release_file(by=world.clerk(), check=check, why="水道のお客様番号", clock=CLOCK)
        assert get_for(HANAKO, file.public_id) == file
        assert decided(world, case).state == "approved"

    def test_a_real_one_is_discarded_and_the_person_told(self, world) -> None:
        case, file = self.case_with(world, word(f"個人番号 {NUMBER}"), "写し.docx")
        check = check_files(by=SYSTEM, case=case, clock=CLOCK)[0]
        with pytest.raises(PermissionDenied):
            remove_file(by=world.clerk("財政 主事"), check=check, why="x", clock=CLOCK)
        remove_file(by=world.clerk(), check=check, why="通知カードの写し", clock=CLOCK)
        file.refresh_from_db()
        assert file.state == "discarded"
        assert "マイナンバー" in case.events.last().resident_words

    def test_a_clear_file_stays_open_and_a_picture_is_said_to_be_unreadable(self, world) -> None:
        case, _ = self.case_with(world, word("番号はない"), "理由.docx")
        assert check_files(by=SYSTEM, case=case, clock=CLOCK)[0].finding == "clear"
        case, _ = self.case_with(world, blank_pdf(), "写真.pdf")
        check = check_files(by=SYSTEM, case=case, clock=CLOCK)[0]
        assert (check.finding, check.detail) == ("unreadable", "画像の文字は読み取れないため、目で確かめてください")


class TestRetention:
    @pytest.mark.parametrize(
        ("completed", "years", "until"),
        [
            (date(2026, 11, 2), 5, date(2032, 4, 1)),
            (date(2027, 3, 31), 5, date(2032, 4, 1)),
            (date(2027, 4, 1), 5, date(2033, 4, 1)),
            (date(2026, 11, 2), 0, date(2027, 4, 1)),
            (date(2026, 11, 2), 1, date(2028, 4, 1)),
            (date(2026, 11, 2), None, date(2037, 4, 1)),
        ],
    )
    def test_years_count_from_the_first_of_april_after_completion(self, completed, years, until) -> None:
        assert kept_until(completed, years) == until

    def test_why_a_case_is_kept(self) -> None:
        day = date(2032, 4, 1)
        assert why_kept(ToDispose(True, day), on=day) == ""
        assert why_kept(ToDispose(True, day), on=day - timedelta(days=1)).startswith("保存期間が2032-04-01")
        assert why_kept(ToDispose(False, day), on=day) == "まだ終わっていない"
        assert why_kept(ToDispose(True, day, holds=1), on=day) == "廃棄が止められている"
        assert "段階" in why_kept(ToDispose(True, day, grant_is_open=True), on=day)

    def test_the_list_holds_exactly_what_may_go(self, world) -> None:
        old = complete_case(by=world.clerk(), case=world.submit("notification"), clock=CLOCK)
        world.submit("notification")  # still open
        section = world.hall.sections["行政管理班"]
        assert not due_for_disposal(section, date(2032, 3, 31)).exists()
        assert list(due_for_disposal(section, date(2032, 4, 1))) == [old]
        held = set_hold(by=world.clerk(), case=old, reason="審査請求の係属中", clock=CLOCK)
        assert not due_for_disposal(section, date(2032, 4, 1)).exists()
        end_hold(by=world.clerk(), hold_on=held, clock=CLOCK)
        assert list(due_for_disposal(section, date(2032, 4, 1))) == [old]
        with unaudited_writes("test"):
            world.procedures["notification"].retention_years = None
            world.procedures["notification"].save()
        assert not due_for_disposal(section, date(2036, 4, 1)).exists()
        assert list(due_for_disposal(section, date(2037, 4, 1))) == [old]


class TestDisposal:
    later = FixedClock(date(2032, 4, 1))

    def done(self, world, **changed) -> Case:
        return complete_case(by=world.clerk(), case=world.submit("notification", **changed), clock=CLOCK)

    def draw_up(self, world) -> DisposalList:
        return draw_up_disposal(
            by=world.clerk(on=self.later.today()),
            section=world.hall.sections["行政管理班"],
            until=self.later.today(),
            clock=self.later,
        )

    def test_another_person_approves_and_nothing_but_the_line_stays(self, world) -> None:
        case = self.done(world)
        decision = decided(world, world.submit())
        lettered(world, decision)
        number = case.number
        disposal = self.draw_up(world)
        for by in (world.clerk(on=self.later.today()), HANAKO, world.clerk("財政 課長", self.later.today())):
            with pytest.raises(PermissionDenied):
                approve_disposal(by=by, disposal=disposal, clock=self.later)
        approve_disposal(by=world.clerk("総務 課長", self.later.today()), disposal=disposal, clock=self.later)
        assert dispose_some(by=SYSTEM, disposal=disposal, clock=self.later).state == "done"
        assert not Case.objects.filter(number=number).exists()
        item = DisposalItem.objects.get()
        assert (item.number, item.disposed_on, item.case) == (number, self.later.today(), None)
        assert Case.objects.get() == decision
        assert AnswerSet.objects.count() == 1

    def test_whoever_draws_it_up_never_approves_it(self, world) -> None:
        self.done(world)
        head = world.clerk("総務 課長", self.later.today())
        disposal = draw_up_disposal(
            by=head, section=world.hall.sections["行政管理班"], until=self.later.today(), clock=self.later
        )
        with pytest.raises(PermissionDenied, match="自分で作った"):
            approve_disposal(by=head, disposal=disposal, clock=self.later)
        approve_disposal(by=world.clerk("町長 一郎", self.later.today()), disposal=disposal, clock=self.later)

    def test_a_hold_set_after_the_approval_still_keeps_the_case(self, world) -> None:
        case = self.done(world)
        disposal = self.draw_up(world)
        approve_disposal(by=world.clerk("総務 課長", self.later.today()), disposal=disposal, clock=self.later)
        set_hold(by=world.clerk(on=self.later.today()), case=case, reason="訴訟", clock=self.later)
        dispose_some(by=SYSTEM, disposal=disposal, clock=self.later)
        assert Case.objects.filter(pk=case.pk).exists()
        assert DisposalItem.objects.get().left_because == "廃棄が止められている"
        assert DisposalList.objects.get().state == "done"

    def test_a_list_may_be_given_up_before_it_is_approved(self, world) -> None:
        self.done(world)
        disposal = self.draw_up(world)
        drop_disposal(by=world.clerk(on=self.later.today()), disposal=disposal, clock=self.later)
        with pytest.raises(Refusal, match="取りやめ"):
            approve_disposal(by=world.clerk("総務 課長", self.later.today()), disposal=disposal, clock=self.later)

    def test_a_decided_case_goes_with_letters_and_what_was_decided(self, world) -> None:
        from yakuba.kernel.cases.services import hand_notice

        case = decided(world, world.submit())
        notice = lettered(world, case)
        hand_notice(by=world.clerk(), notice=notice, to_whom="本人", clock=CLOCK)
        assert Case.objects.get().state == "completed"
        disposal = self.draw_up(world)
        approve_disposal(by=world.clerk("町長 一郎", self.later.today()), disposal=disposal, clock=self.later)
        dispose_some(by=SYSTEM, disposal=disposal, clock=self.later)
        assert not Case.objects.exists()
        assert not AnswerSet.objects.exists()
        request = DecisionRequest.objects.get()
        assert (request.content, request.title) == ("", "（保存期間が終わり、廃棄しました）")
        assert StoredFile.objects.get().state == "discarded"

    def test_nothing_is_listed_too_early(self, world) -> None:
        self.done(world)
        with pytest.raises(Refusal, match="ありません"):
            draw_up_disposal(by=world.clerk(), section=world.hall.sections["行政管理班"], until=TODAY, clock=CLOCK)
        with pytest.raises(Refusal, match="先の日"):
            draw_up_disposal(
                by=world.clerk(),
                section=world.hall.sections["行政管理班"],
                until=TODAY + timedelta(days=1),
                clock=CLOCK,
            )
