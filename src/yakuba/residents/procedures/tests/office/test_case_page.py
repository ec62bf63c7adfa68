"""The page of a case: what it shows and to whom, every act, refusals that keep what was typed, two at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.api import Arrival, Case, Party
from yakuba.kernel.cases.models import Note, Notice, OrderRequest, Proposal
from yakuba.kernel.cases.rules.consent import Invited
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services import (
    add_note,
    answer_correction,
    ask_correction,
    assign_case,
    complete_case,
    keep_template,
    make_notice,
    start_work,
)
from yakuba.kernel.cases.tests.deciding import decided, lettered, propose
from yakuba.kernel.cases.tests.test_protected_people import SECRETS, shelter
from yakuba.kernel.cases.tests.world import ANSWERS, CLOCK, HANAKO, TODAY
from yakuba.kernel.values.api import FixedClock
from yakuba.residents.procedures.queries.case_page import neighbours
from yakuba.residents.procedures.views.office.acts import ACTS

pytestmark = pytest.mark.django_db
MY_NUMBER = "123456789018"
CLERK = "行政 主事"


def words(answer) -> str:
    return answer.content.decode()


def url(case: Case, name: str = "office-case", *rest: str) -> str:
    return reverse(name, args=[case.public_id, *rest])


def do(client, case: Case, key: str, **sent):
    return client.post(url(case, "office-case-act", key), sent, follow=True)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


class TestReading:
    def test_the_answers_stand_beside_their_source_and_what_can_be_done(self, world, seat) -> None:
        case = world.submit()
        page = words(seat().get(url(case)))
        for part in (
            "見本",
            "勤務先に出すため",
            "1人目",
            "一郎",
            "600円",
            "対応を始める",
            "0242-00-0000",
            "字見本1番地",
        ):
            assert part in page, part
        assert "担当が審査を始めた" in page, "the reason stands beside the way on"

    def test_where_an_answer_came_from_is_said(self, world, seat) -> None:
        from yakuba.kernel.audit.api import unaudited_writes

        case = world.submit()
        with unaudited_writes("test"):
            case.answers.sources = {"reason": "register", "purpose": "clerk"}
            case.answers.save()
        page = words(seat().get(url(case)))
        assert "［住民記録から］" in page and "［職員が入力］" in page

    def test_nobody_of_another_section_reads_it(self, world, seat) -> None:
        case = world.submit()
        assert seat("教育 主事").get(url(case)).status_code == 404
        assert seat("町長 一郎").get(url(case)).status_code == 404
        assert seat().get(url(world.submit("school"))).status_code == 404
        assert seat().get(reverse("office-case", args=["nothing"])).status_code == 404

    def test_whoever_is_to_decide_reads_it_and_changes_nothing(self, world, seat) -> None:
        case = world.submit("school")
        assign_case(by=world.clerk("教育 主事"), case=case, to=world.hall.staff["教育 主事"], clock=CLOCK)
        propose(world, case, by="教育 主事")
        page = seat("教育 課長").get(url(case))
        assert page.status_code == 200
        assert seat("財政 課長").get(url(case)).status_code == 404

    def test_the_reading_stands_in_the_log(self, world, seat) -> None:
        case = world.submit()
        seat().get(url(case))
        event = AuditEvent.objects.filter(verb="cases.read").latest("pk")
        assert f"cases.case:{case.public_id}" in str(event.subjects)

    def test_the_page_takes_few_queries(self, world, seat, django_assert_max_num_queries) -> None:
        case = world.submit()
        client = seat()
        client.get(url(case))
        with django_assert_max_num_queries(62):
            client.get(url(case) + "?box=section")

    @pytest.mark.parametrize("query", ["box=nothing&at=x", "box=section&at=999999999999", "box=section&q=%00", "at=-1"])
    def test_a_hostile_address_gets_an_ordinary_page(self, world, seat, query) -> None:
        assert seat().get(f"{url(world.submit())}?{query}").status_code == 200


class TestAround:
    def test_next_and_previous_follow_the_list_one_came_from(self, world, seat) -> None:
        first, second, third = (world.submit("notification") for _ in range(3))
        page = seat().get(url(second) + "?box=section&kind=notification")
        assert page.context["list"]["before"] == url(first) + "?box=section&kind=notification"
        assert page.context["list"]["behind"] == url(third) + "?box=section&kind=notification"
        assert 'data-keys="j"' in words(page) and 'data-keys="k"' in words(page)

    def test_after_an_act_that_takes_the_case_out_of_the_list_the_next_one_waits_in_its_place(
        self, world, seat
    ) -> None:
        cases = [world.submit("notification") for _ in range(3)]
        client = seat()
        page = client.get(url(cases[1]) + "?box=unassigned")
        answer = client.post(page.context["forms"]["take"].url, {"edition": cases[1].edition}, follow=True)
        assert answer.context["case"].assignee.name == CLERK
        assert answer.context["list"]["behind"].startswith(url(cases[2]))
        assert answer.context["list"]["before"].startswith(url(cases[0]))

    @pytest.mark.parametrize(
        ("ids", "key", "at", "found"),
        [
            (["a", "b", "c"], "b", None, (1, "a", "c")),
            (["a"], "a", None, (0, "", "")),
            (["a", "c"], "b", 1, (None, "a", "c")),
            (["a"], "b", 1, (None, "a", "")),
            (["a", "b"], "z", None, (None, "", "a")),
            ([], "z", 3, (None, "", "")),
            (["a"], "z", 99, (None, "a", "")),
        ],
    )
    def test_neighbours(self, ids, key, at, found) -> None:
        assert neighbours(ids, key, at) == found


class TestWorking:
    def test_starting_takes_the_case_in_hand(self, world, seat) -> None:
        case = world.submit()
        assert "対応を始めました。" in words(do(seat(), case, "start"))
        case = fresh(case)
        assert (case.state, case.assignee.name) == ("examining", CLERK)

    def test_assigning_and_transferring(self, world, seat) -> None:
        case = world.submit()
        client = seat()
        to = world.hall.staff["行政 班長"]
        assert "担当を行政 班長さんにしました" in words(do(client, case, "assign", to=to.public_id, words=""))
        assert fresh(case).assignee == to
        foreign = world.hall.staff["教育 主事"].public_id
        assert do(client, case, "assign", to=foreign).status_code == 422
        section = world.hall.sections["教育課"]
        answer = do(client, case, "transfer", section=section.public_id, reason="担当の誤り")
        assert fresh(case).section == section
        assert answer.redirect_chain[-1][0] == reverse("office-cases"), "it is not theirs any more"

    def test_notes_and_contacts_are_kept_and_never_shown_to_residents(self, world, seat) -> None:
        case = world.submit()
        client = seat()
        do(client, case, "note", way="電話した", words="留守だった")
        assert Note.objects.get().words == "［電話した］留守だった"
        page = words(client.get(url(case)))
        assert "電話した" in page and "留守だった" in page

    def test_confirmations_are_asked_for_before_anything_is_decided(self, world, seat) -> None:
        case = world.submit("in_person", by=world.clerk("総務 主査"), channel=Arrival.COUNTER)
        client = seat("総務 主査")
        page = words(client.get(url(case)))
        assert "本人確認がまだです" in page
        assert do(client, case, "identity", how="").status_code == 422
        do(client, case, "identity", how="運転免許証")
        assert fresh(case).identity_note == "運転免許証"

    def test_an_agent_s_power_is_confirmed(self, world, seat) -> None:
        case = world.submit(
            by=world.clerk(), channel=Arrival.COUNTER, agent=Party(name="代理　三郎"), facts={"is_agent": True}
        )
        client = seat()
        assert "代理の権限（委任状）をまだ確かめていません" in words(client.get(url(case)))
        do(client, case, "mandate", how="委任状の原本")
        assert "代理の権限（委任状）をまだ確かめていません" not in words(client.get(url(case)))

    def test_consent_on_paper_is_recorded_for_one_co_applicant(self, world, seat) -> None:
        from yakuba.kernel.cases.api import submit_case
        from yakuba.kernel.cases.tests.world import APPLICANT

        case = submit_case(
            by=HANAKO,
            procedure=world.procedures["application"],
            filling=world.begin(),
            applicant=APPLICANT,
            cosigners=[Invited(name="見本　太郎", relation="父", mail="")],
            clock=CLOCK,
        )
        client = seat()
        assert "同意待ち" in words(client.get(url(case)))
        assert do(client, case, "consent", target="nobody", how="同意書").status_code == 422
        do(client, case, "consent", target=case.cosigners.get().public_id, how="同意書の原本")
        assert fresh(case).state == "received"

    def test_a_notification_is_completed_or_sent_back_with_a_reason(self, world, seat) -> None:
        done, back = world.submit("notification"), world.submit("notification")
        client = seat()
        do(client, done, "complete", words="")
        assert fresh(done).state == "completed"
        assert do(client, back, "return", reason="").status_code == 422
        do(client, back, "return", reason="署名がありません")
        assert fresh(back).state == "returned"
        assert "返戻の手紙を作っています" in words(do(client, back, "return-letter"))

    def test_a_sign_up_is_confirmed_or_waits(self, world, seat) -> None:
        case = world.submit("sign_up")
        client = seat()
        assert do(client, case, "place", lot="everything").status_code == 422
        do(client, case, "place", lot="waitlisted")
        assert fresh(case).state == "waitlisted"
        do(client, case, "place", lot="confirmed")
        assert fresh(case).state == "confirmed"
        do(client, case, "cancel", reason="講師の都合")
        assert fresh(case).state == "cancelled"

    def test_withdrawal_by_telephone_is_written_down(self, world, seat) -> None:
        case = world.submit()
        assert do(seat(), case, "withdraw", reason="").status_code == 422
        do(seat(), case, "withdraw", reason="電話で申し出")
        assert fresh(case).state == "withdrawn"

    def test_a_case_in_law_dispute_is_kept(self, world, seat) -> None:
        case = world.submit()
        client = seat()
        do(client, case, "hold", reason="審査請求")
        hold = case.holds.get()
        assert "廃棄を止めています" in words(client.get(url(case)))
        do(client, case, "end-hold", target=hold.public_id)
        assert "廃棄を止めています" not in words(client.get(url(case)))

    def test_templates_of_words_are_offered_where_they_belong(self, world, seat) -> None:
        case = world.submit("notification")
        keep_template(
            by=world.clerk(), section=world.hall.sections["行政管理班"], procedure=None, use="return",
            title="署名なし", words="署名をしてください。", clock=CLOCK,
        )  # fmt: skip
        page = words(seat().get(url(case)))
        assert 'data-words="署名をしてください。"' in page

    def test_every_act_that_is_offered_leads_somewhere(self, world, seat) -> None:
        """Whatever the page offers in any state answers with a page that says something, never with an error."""
        for kind in ("application", "notification", "sign_up", "consultation"):
            case = world.submit(kind)
            page = seat().get(url(case))
            for name in page.context["forms"]:
                answer = do(seat(), case, name.replace("_", "-"))
                assert answer.status_code in (200, 422), (kind, name)


class TestRefusing:
    def test_what_was_typed_stays_at_its_field(self, world, seat) -> None:
        case = world.submit("notification")
        answer = do(seat(), case, "return", reason="あ" * 1001)
        assert answer.status_code == 422 and "あ" * 1001 in words(answer)

    def test_a_my_number_is_refused_and_kept_nowhere(self, world, seat) -> None:
        case = world.submit()
        answer = do(seat(), case, "note", words=f"番号は{MY_NUMBER}")
        assert answer.status_code == 422 and "個人番号" in words(answer)
        assert not Note.objects.exists()

    def test_who_comes_second_sees_the_new_state_and_their_own_words(self, world, seat) -> None:
        case = world.submit("notification")
        edition = case.edition
        complete_case(by=world.clerk(), case=case, clock=CLOCK)
        answer = do(seat(), case, "return", reason="署名がありません", edition=edition)
        assert answer.status_code == 409
        assert "いまは「完了」" in words(answer) and "署名がありません" in words(answer)
        assert fresh(case).state == "completed"

    def test_the_second_may_send_again_when_it_still_fits(self, world, seat) -> None:
        case = world.submit("notification")
        edition = case.edition
        start_work(by=world.clerk(), case=case, clock=CLOCK)
        answer = do(seat(), case, "return", reason="署名がありません", edition=edition)
        assert answer.status_code == 409
        form = answer.context["forms"]["return"]
        do(seat(), case, "return", reason="署名がありません", edition=form["edition"].value())
        assert fresh(case).state == "returned"

    def test_an_act_that_does_not_fit_is_refused_with_the_reason(self, world, seat) -> None:
        case = world.submit()
        answer = do(seat(), case, "complete", words="急いで")
        assert answer.status_code == 422
        assert fresh(case).state == "received" and "急いで" in words(answer)

    def test_unknown_acts_and_get_are_not_there(self, world, seat) -> None:
        case = world.submit()
        assert do(seat(), case, "explode").status_code == 404
        assert seat().get(url(case, "office-case-act", "start")).status_code == 405

    @pytest.mark.parametrize("key", [one.key for one in ACTS])
    def test_only_who_works_on_the_case_acts(self, world, seat, key) -> None:
        case = world.submit()
        assert do(seat("教育 主事"), case, key, reason="x", how="x", words="x").status_code == 404
        assert fresh(case).edition == case.edition


class TestCorrecting:
    def ask(self, client, case: Case, **sent):
        deadline = TODAY + timedelta(days=700)
        return client.post(
            url(case, "office-case-correct"), {"deadline": deadline.isoformat(), "message": "", **sent}, follow=True
        )

    def open_day(self) -> str:
        from yakuba.kernel.cases.queries.calendar import town_calendar
        from yakuba.kernel.values.api import SystemClock

        return town_calendar().next_open(SystemClock().today() + timedelta(days=14)).isoformat()

    def test_single_answers_are_ticked_with_a_comment_each(self, world, seat) -> None:
        case = world.submit()
        client = seat()
        page = words(client.get(url(case, "office-case-correct")))
        assert 'value="children.1.birth"' in page and "2人目：生年月日" in page
        assert 'value="fee"' not in page, "what is computed cannot be asked for"
        self.ask(
            client, case, deadline=self.open_day(), path=["reason", "children.1.birth"],
            **{"comment:reason": "詳しく", "comment:children.1.birth": "年を確かめて", "comment:copies": "印のない答え"},
        )  # fmt: skip
        correction = fresh(case).corrections.get()
        assert [(one["path"], one["comment"]) for one in correction.items] == [
            ("reason", "詳しく"),
            ("children.1.birth", "年を確かめて"),
        ]

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({}, "選ばれていません"),
            ({"path": ["reason"], "comment:reason": " "}, "空です"),
            ({"path": ["reason"], "comment:reason": "直して", "deadline": "2020-01-01"}, "今日か、過ぎた"),
            ({"path": ["reason"], "comment:reason": "直して", "deadline": "いつか"}, "エラー"),
            ({"path": ["nothing"], "comment:nothing": "x"}, "選ばれていません"),
            ({"path": ["reason"], "comment:reason": f"番号 {MY_NUMBER}"}, "個人番号"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_ticked_stays(self, world, seat, sent, said) -> None:
        case = world.submit()
        answer = self.ask(seat(), case, **{"deadline": self.open_day(), **sent})
        assert answer.status_code == 422 and said in words(answer)
        if "直して" in str(sent):
            assert "直して" in words(answer) and "checked" in words(answer)
        assert fresh(case).state == "received"

    def test_the_deadline_is_suggested_as_the_town_has_set_it(self, world, seat) -> None:
        page = seat().get(url(world.submit(), "office-case-correct"))
        assert page.context["form"]["deadline"].value().isoformat() == self.open_day()

    def test_both_versions_are_compared_when_the_answer_came(self, world, seat) -> None:
        case = world.submit()
        ask_correction(
            by=world.clerk(),
            case=case,
            items=[("reason", "詳しく")],
            message="",
            deadline=date(2026, 11, 16),
            clock=CLOCK,
        )
        answer_correction(
            by=HANAKO,
            case=case,
            answers={**ANSWERS, "reason": "新しい理由"},
            sources={},
            clock=FixedClock(date(2026, 11, 5)),
        )
        page = words(seat().get(url(case)))
        assert "<del>" in page and "勤務先に出すため" in page and "新しい理由" in page

    def test_a_clerk_enters_the_answer_that_came_by_telephone(self, world, seat) -> None:
        case = world.submit()
        ask_correction(
            by=world.clerk(),
            case=case,
            items=[("reason", "詳しく")],
            message="",
            deadline=date(2026, 11, 16),
            clock=CLOCK,
        )
        client = seat()
        page = client.get(url(case, "office-case-answer"))
        assert "詳しく" in words(page)
        client.post(
            url(case, "office-case-answer"), {"reason": "電話で聞いた理由", "action": "send", "_shown": "reason"}
        )
        case = fresh(case)
        assert case.answers.every_answer()["reason"] == "電話で聞いた理由"
        assert case.answers.sources["reason"] == "clerk"
        assert case.phase == Phase.WORKING.value

    def test_strangers_ask_nothing(self, world, seat) -> None:
        case = world.submit()
        for name in ("office-case-correct", "office-case-answer", "office-case-propose"):
            assert seat("教育 主事").get(url(case, name)).status_code == 404


class TestDeciding:
    def send(self, client, case: Case, **sent):
        return client.post(
            url(case, "office-case-propose"), {"reasons": "", "conditions": "", "due": "", **sent}, follow=True
        )

    @pytest.fixture
    def case(self, world) -> Case:
        case = world.submit()
        start_work(by=world.clerk(), case=case, clock=CLOCK)
        return fresh(case)

    def test_the_page_begins_with_the_fee_the_form_worked_out(self, world, seat, case) -> None:
        page = words(seat().get(url(case, "office-case-propose")))
        assert 'value="手数料"' in page and 'value="600"' in page

    def test_a_proposal_goes_to_the_head(self, world, seat, case) -> None:
        answer = self.send(
            seat(),
            case,
            outcome="approved",
            fee_name_1="手数料",
            fee_yen_1="300",
            fee_count_1="2",
            conditions="毎年届け出ること",
        )
        assert "決裁を求めました" in words(answer)
        proposal = Proposal.objects.get()
        assert (proposal.outcome, proposal.fee, proposal.conditions) == ("approved", 600, "毎年届け出ること")
        assert fresh(case).state == "deciding"
        assert case.number in words(seat("総務 課長").get(reverse("approval-decisions")))

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({}, "認めるか、認めないか"),
            ({"outcome": "maybe"}, "エラー"),
            ({"outcome": "refused"}, "認めない理由が空"),
            ({"outcome": "approved", "fee_yen_1": "300"}, "手数料の内訳"),
            ({"outcome": "approved", "fee_name_1": "手数料", "fee_yen_1": "-1"}, "エラー"),
            ({"outcome": "refused", "reasons": f"番号 {MY_NUMBER}"}, "個人番号"),
        ],
    )
    def test_what_is_wrong_is_said_and_kept(self, world, seat, case, sent, said) -> None:
        answer = self.send(seat(), case, **{"conditions": "書いた条件", **sent})
        assert answer.status_code == 422 and said in words(answer) and "書いた条件" in words(answer)
        assert not Proposal.objects.exists()

    def test_the_letter_is_previewed_with_its_remedy_and_nothing_is_kept(self, world, seat, case) -> None:
        answer = self.send(seat(), case, outcome="refused", reasons="基準に当たらないため", preview="1")
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
        assert not Proposal.objects.exists() and not Notice.objects.exists()

    def test_a_proposal_is_taken_back(self, world, seat, case) -> None:
        propose(world, case)
        assert "案を引き戻しました" in words(do(seat(), case, "take-back-proposal", reason="計算の誤り"))
        assert fresh(case).state == "examining"

    def test_from_the_decision_to_the_letter_in_the_person_s_hand(self, world, seat, case) -> None:
        decided(world, case)
        client = seat()
        assert "通知書を作っています" in words(do(client, case, "make-notice"))
        notice = Notice.objects.get()
        assert do(client, case, "send", target=notice.public_id).status_code == 422, "it is not set yet"
        from yakuba.kernel.access.api import system_person
        from yakuba.kernel.cases.services import print_notice

        print_notice(by=system_person("jobs"), notice=notice, clock=CLOCK)
        assert "通知書（PDF）" in words(client.get(url(case)))
        do(client, case, "hand", target=notice.public_id, to_whom="見本 花子")
        assert fresh(case).state == "completed"

    def test_a_posted_letter_comes_back_and_goes_again(self, world, seat, case) -> None:
        decided(world, case)
        notice = lettered(world, fresh(case))
        client = seat()
        do(client, case, "send", target=notice.public_id)
        do(client, case, "came-back", target=notice.public_id, reason="あて所に尋ねあたりません")
        assert Notice.objects.get().state == "sent_back"
        do(client, case, "send", target=notice.public_id)
        assert Notice.objects.get().state == "sent"

    def test_only_a_pdf_takes_the_place_of_a_letter(self, world, seat, case) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        decided(world, case)
        notice = make_notice(by=world.clerk(), case=fresh(case), clock=CLOCK)
        client = seat()
        bad = SimpleUploadedFile("letter.pdf", b"MZ not a pdf", content_type="application/pdf")
        answer = do(client, case, "own-letter", target=notice.public_id, file=bad)
        assert answer.status_code == 422
        assert Notice.objects.get().file is None

    def test_fees_are_marked_paid_or_waived(self, world, seat, case) -> None:
        client = seat()
        do(client, case, "ask-fee", name="住民票の写し", yen="300", count="2")
        order = OrderRequest.objects.get()
        assert "600円" in words(client.get(url(case)))
        assert do(client, case, "paid", target=order.public_id, where="").status_code == 422
        do(client, case, "paid", target=order.public_id, where="会計窓口", slip="12")
        assert OrderRequest.objects.get().state == "paid"
        do(client, case, "ask-fee", name="写し", yen="10", count="1")
        second = OrderRequest.objects.get(state="unpaid")
        do(client, case, "drop-fee", target=second.public_id, way="waive", reason="災害")
        assert OrderRequest.objects.get(pk=second.pk).state == "waived"

    def test_foreign_letters_and_fees_cannot_be_reached_through_another_case(self, world, seat, case) -> None:
        other = world.submit("school")
        with_fee = OrderRequest.objects.none()
        from yakuba.kernel.cases.services import ask_fee

        order = ask_fee(
            by=world.clerk("教育 主事"), case=other, items=[{"name": "x", "yen": 1, "count": 1}], clock=CLOCK
        )
        assert do(seat(), case, "paid", target=order.public_id, where="会計").status_code == 422
        assert OrderRequest.objects.get().state == "unpaid" and not with_fee

    def test_the_receipt_is_printed_with_its_number(self, world, seat, case) -> None:
        answer = seat().get(url(case, "office-case-receipt"))
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
        assert seat("教育 主事").get(url(case, "office-case-receipt")).status_code == 404


class TestProtectedPeople:
    @pytest.fixture
    def case(self, world) -> Case:
        shelter()
        return world.submit()

    def test_no_page_says_where_they_are(self, world, seat, case) -> None:
        client = seat()
        for name in ("office-case", "office-case-correct", "office-case-propose"):
            page = words(client.get(url(case, name)))
            assert "支援措置の対象者がいる案件です" in page
            for secret in SECRETS:
                assert secret not in page, (name, secret)

    def test_the_contact_opens_for_a_reason_to_who_has_the_case_in_hand(self, world, seat, case) -> None:
        client = seat()
        refused = client.post(url(case, "office-case-contact"), {"role": "applicant", "reason": "電話のため"})
        assert refused.status_code == 422 and "担当者だけ" in words(refused)
        assign_case(by=world.clerk(), case=case, to=world.hall.staff[CLERK], clock=CLOCK)
        assert client.post(url(case, "office-case-contact"), {"role": "applicant", "reason": " "}).status_code == 422
        opened = words(client.post(url(case, "office-case-contact"), {"role": "applicant", "reason": "電話のため"}))
        assert "字見本1番地" in opened and "0242-00-0000" in opened
        assert "字見本1番地" not in words(client.get(url(case))), "it is hidden again on the next page"
        assert AuditEvent.objects.filter(verb="cases.read_place:applicant").exists()

    def test_their_answers_are_entered_only_after_opening(self, world, seat, case) -> None:
        ask_correction(
            by=world.clerk(), case=case, items=[("applicant_address", "番地")], message="",
            deadline=date(2026, 11, 16), clock=CLOCK,
        )  # fmt: skip
        answer = seat().get(url(case, "office-case-answer"), follow=True)
        assert "理由を書いて開いてから" in words(answer)
        for secret in SECRETS:
            assert secret not in words(answer)


def test_notes_of_a_case_stay_with_its_section(world, seat) -> None:
    case = world.submit()
    add_note(by=world.clerk(), case=case, words="内部の話", clock=CLOCK)
    assert "内部の話" in words(seat().get(url(case)))
    assert "内部の話" not in words(seat("教育 主事").get(reverse("office-cases")))
