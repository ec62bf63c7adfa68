"""The pages of decisions and document numbers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from yakuba.kernel.access.api import Role
from yakuba.kernel.approval.api import Outcome, decide, issue_document_number, withdraw_request
from yakuba.kernel.approval.models import Decision, DecisionRequest, DocumentNumber, SectionSymbol
from yakuba.kernel.approval.tests.town_hall import CONTENT, acting, ask, subject_of
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.files.api import receive_file
from yakuba.kernel.home.api import work_of
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.tests.people import sign_in
from yakuba.kernel.organisation import services as organisation
from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
TODAY = CLOCK.today()
#: A number of the form of a My Number, made up: 11 digits and their check digit.
MY_NUMBER = "123456789018"


@pytest.fixture
def asked(hall):
    return ask(hall, clock=CLOCK)


def seat(hall, name: str) -> Client:
    """A browser of that member of staff."""
    staff = hall.staff[name]
    with unaudited_writes("tests"):
        account, _ = Account.objects.get_or_create(
            staff=staff,
            defaults={"kind": AccountKind.STAFF, "sign_in_name": staff.number, "display_name": staff.name},
        )
    client = Client()
    sign_in(client, account)
    return client


def address(request: DecisionRequest, act: str = "decision") -> str:
    return reverse(f"approval-{act}", args=[request.public_id])


def words(answer) -> str:
    return answer.content.decode()


def test_the_head_finds_the_request_at_home_and_in_the_first_box(hall, asked):
    head = seat(hall, "総務 課長")
    for name in ("office-home", "approval-decisions"):
        shown = words(head.get(reverse(name)))
        assert "犬の登録の許可" in shown and address(asked) in shown
    assert "自分の番" in words(head.get(reverse("approval-decisions")))


def test_two_taps_decide_a_request(hall, asked):
    head = seat(hall, "総務 課長")
    page = words(head.get(address(asked)))
    assert "犬の登録を許可する。" in page and "手数料 3,000円" in page
    answer = head.post(address(asked, "decide"), {"act": "approve", "comment": ""}, follow=True)
    assert "承認しました" in words(answer)
    assert Decision.objects.get().decided_name == "総務 課長"
    assert "総務課 課長 総務 課長" in words(answer)


def test_after_one_decision_the_next_one_is_open(hall, asked):
    other = ask(hall, kind="別の決裁", title="猫の登録", clock=CLOCK)
    head = seat(hall, "総務 課長")
    answer = head.post(address(asked, "decide"), {"act": "approve"}, follow=True)
    assert answer.redirect_chain == [(address(other), 302)]
    assert "あと1件" in words(answer)


@pytest.mark.parametrize(("outcome", "why"), [("refuse", "否決の理由が空"), ("return", "差し戻す意見が空")])
def test_a_missing_reason_is_said_at_its_field_and_decides_nothing(hall, asked, outcome, why):
    answer = seat(hall, "総務 課長").post(address(asked, "decide"), {"act": outcome, "comment": " "})
    assert answer.status_code == 422
    assert why in words(answer) and 'id="id_comment"' in words(answer)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"act": "maybe"}, {"act": "withdraw"}, {"act": ["approve", "x"]}])
def test_a_decision_that_is_none_is_refused(hall, asked, sent):
    answer = seat(hall, "総務 課長").post(address(asked, "decide"), sent | {"comment": "書いた文"})
    assert answer.status_code == 422
    assert "書いた文" in words(answer)
    assert not Decision.objects.exists()


def test_a_my_number_in_the_reason_is_refused_and_the_text_is_kept(hall, asked):
    answer = seat(hall, "総務 課長").post(
        address(asked, "decide"), {"act": "refuse", "comment": f"番号 {MY_NUMBER} の方"}
    )
    assert answer.status_code == 422
    assert "個人番号" in words(answer) and f"番号 {MY_NUMBER} の方" in words(answer)
    assert not Decision.objects.exists()


def test_too_long_words_are_refused_and_kept(hall, asked):
    answer = seat(hall, "総務 課長").post(address(asked, "decide"), {"act": "refuse", "comment": "あ" * 2001})
    assert answer.status_code == 422
    assert "あ" * 2001 in words(answer)


def test_who_comes_second_reads_who_was_faster_and_keeps_what_was_typed(hall, asked):
    head = seat(hall, "総務 課長")
    decide(
        by=acting(hall.staff["行政 班長"], TODAY),
        request=asked,
        outcome=Outcome.RETURNED,
        comment="直してください",
        clock=CLOCK,
        principal_is_absent=True,
    )
    answer = head.post(address(asked, "decide"), {"act": "refuse", "comment": "長い理由を書いた"})
    assert answer.status_code == 409
    assert "行政 班長さんが「差戻し」" in words(answer) and "長い理由を書いた" in words(answer)
    assert Decision.objects.get().outcome == "returned"


def test_a_deputy_must_say_that_the_head_is_away(hall, asked):
    deputy = seat(hall, "行政 班長")
    assert "代決できるもの 1 件" in words(deputy.get(reverse("office-home")))
    assert "犬の登録の許可" in words(deputy.get(reverse("approval-decisions"), {"box": "deputy"}))
    assert "総務 課長さんが不在のため" in words(deputy.get(address(asked)))
    refused = deputy.post(address(asked, "decide"), {"act": "approve"})
    assert refused.status_code == 422 and "不在" in words(refused)
    done = deputy.post(
        address(asked, "decide"), {"act": "approve", "said_absent": str(hall.staff["総務 課長"].pk)}, follow=True
    )
    assert "総務課 課長 総務 課長の代決" in words(done)


def test_the_drafter_sees_who_decides_but_no_button(hall, asked):
    drafter = seat(hall, "行政 主事")
    page = words(drafter.get(address(asked)))
    assert "自分が起案したものは決裁できません" in page and "総務 課長" in page
    assert "承認する" not in page
    answer = drafter.post(address(asked, "decide"), {"act": "approve", "comment": ""})
    assert answer.status_code == 409
    assert not Decision.objects.exists()


def test_strangers_find_nothing(hall, asked):
    stranger = seat(hall, "財政 課長")
    for url in (address(asked), reverse("approval-file", args=[asked.public_id, 1])):
        assert stranger.get(url).status_code == 404
    for act in ("decide", "withdraw", "receive"):
        assert stranger.post(address(asked, act), {"act": "approve", "reason": "x"}).status_code == 404
    assert "犬の登録" not in words(stranger.get(reverse("approval-decisions"), {"box": "all"}))
    assert "犬の登録" not in words(stranger.get(reverse("approval-decisions"), {"box": "all", "export": "csv"}))


def test_the_auditor_reads_everything_and_decides_nothing(hall, asked):
    organisation.grant_role(
        by=SYSTEM, staff=hall.staff["財政 主事"], role=Role.AUDITOR, starts_on=FOUNDED, ground="議会の同意"
    )
    auditor = seat(hall, "財政 主事")
    assert "犬の登録の許可" in words(auditor.get(reverse("approval-decisions")))
    assert "承認する" not in words(auditor.get(address(asked)))
    assert auditor.post(address(asked, "decide"), {"act": "approve"}).status_code == 403


def test_reading_a_request_is_logged_with_what_it_is_about(hall, asked):
    seat(hall, "総務 課長").get(address(asked))
    event = AuditEvent.objects.filter(verb="approval.request_page").latest("id")
    assert event.subjects == [str(subject_of(hall))]


def test_the_drafter_takes_the_draft_back_with_a_reason(hall, asked):
    drafter = seat(hall, "行政 主事")
    missing = drafter.post(address(asked, "withdraw"), {"reason": ""})
    assert missing.status_code == 422
    answer = drafter.post(address(asked, "withdraw"), {"reason": "申請者が取り下げた"}, follow=True)
    assert "取り下げました" in words(answer) and "申請者が取り下げた" in words(answer)
    again = drafter.post(address(asked, "withdraw"), {"reason": "もう一度"})
    assert again.status_code == 409 and "もう一度" in words(again)


def test_what_was_sent_back_waits_at_home_until_it_is_taken_up(hall, asked):
    head, drafter = seat(hall, "総務 課長"), seat(hall, "行政 主事")
    head.post(address(asked, "decide"), {"act": "return", "comment": "日付を直してください"})
    assert "差戻し：犬の登録の許可" in words(drafter.get(reverse("office-home")))
    assert "日付を直してください" in words(drafter.get(address(asked)))
    drafter.post(address(asked, "receive"))
    assert "差戻し：犬の登録の許可" not in words(drafter.get(reverse("office-home")))


def test_a_new_request_shows_what_was_said_to_the_one_before(hall, asked):
    head = seat(hall, "総務 課長")
    head.post(address(asked, "decide"), {"act": "return", "comment": "日付を直してください"})
    again = ask(hall, clock=CLOCK)
    assert "日付を直してください" in words(head.get(address(again)))


def test_a_changed_subject_is_shown_before_and_after_the_decision(hall, asked):
    def rename(name: str) -> None:
        section = hall.section("産業課")
        organisation.correct_section(
            by=SYSTEM,
            section=section,
            version=section.version,
            name=name,
            kind=section.kind,
            authority=section.authority,
            parent=None,
            starts_on=section.starts_on,
            order=section.order,
        )

    head = seat(hall, "総務 課長")
    rename("産業振興課")
    assert "起案のあとで対象が変わっています" in words(head.get(address(asked)))
    answer = head.post(address(asked, "decide"), {"act": "approve"})
    assert answer.status_code == 422 and not Decision.objects.exists()
    rename("産業課")
    head.post(address(asked, "decide"), {"act": "approve"})
    assert "対象が変わっています" not in words(head.get(address(asked)))
    rename("産業振興課")
    assert "決裁のあとで対象が変わっています" in words(head.get(address(asked)))


def test_a_file_is_opened_by_who_decides_and_only_as_it_was(hall):
    import io

    clerk = acting(hall.staff["行政 主事"], TODAY)
    file = receive_file(by=clerk, stream=io.BytesIO(b"no,name\r\n1,a\r\n"), filename="一覧.csv", clock=CLOCK)
    with unaudited_writes("tests"):
        type(file).objects.update(state="stored")
    request = ask(hall, files=[ref_of(file)], content={**CONTENT, "添付": [str(ref_of(file))]}, clock=CLOCK)
    head = seat(hall, "総務 課長")
    assert "一覧.csv" in words(head.get(address(request)))
    answer = head.get(reverse("approval-file", args=[request.public_id, 1]))
    assert answer.status_code == 200 and answer.content.startswith(b"no,name")
    assert AuditEvent.objects.filter(verb="approval.request_file").exists()
    assert head.get(reverse("approval-file", args=[request.public_id, 2])).status_code == 404
    with unaudited_writes("tests"):
        type(file).objects.update(sha256="f" * 64)
    assert head.get(reverse("approval-file", args=[request.public_id, 1])).status_code != 200


def test_marks_in_a_title_and_text_are_shown_as_written(hall):
    request = ask(hall, title="<b>太字</b>", content_text="<script>alert(1)</script>", clock=CLOCK)
    page = words(seat(hall, "総務 課長").get(address(request)))
    assert "<b>太字" not in page and "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("box", ["decide", "deputy", "asked", "decided", "all", "../etc", "", "９"])
def test_every_box_opens_whatever_the_address_says(hall, asked, box):
    assert seat(hall, "総務 課長").get(reverse("approval-decisions"), {"box": box}).status_code == 200


def test_the_home_of_who_has_nothing_to_decide_asks_little(hall, django_assert_max_num_queries):
    person = acting(hall.staff["教育 主事"], TODAY)
    from yakuba.kernel.home.kernel_work import decisions

    with django_assert_max_num_queries(3):
        assert not decisions(person, CLOCK)
    assert not [one for one in work_of(person, CLOCK) if one.kind == "決裁"]


# ── the book of numbers


def take(hall, **more) -> DocumentNumber:
    return issue_document_number(
        by=acting(hall.staff["総務 主査"], TODAY), section=hall.section("総務課"), on=TODAY, clock=CLOCK, **more
    )


def test_the_book_shows_numbers_with_their_titles_and_voids_with_their_reasons(hall):
    number = take(hall, title="道路占用の許可", about=subject_of(hall))
    clerk = seat(hall, "総務 主査")
    shown = words(clerk.get(reverse("approval-numbers")))
    assert number.written in shown and "道路占用の許可" in shown
    url = reverse("approval-void", args=[number.public_id])
    assert clerk.post(url, {"reason": ""}).status_code == 422
    kept = clerk.post(url, {"reason": f"番号 {MY_NUMBER}"})
    assert kept.status_code == 422 and MY_NUMBER in words(kept)
    done = clerk.post(url, {"reason": "施行前に取りやめた"}, follow=True)
    assert "欠番" in words(done) and "施行前に取りやめた" in words(done)
    assert clerk.post(url, {"reason": "もう一度"}).status_code == 422
    listed = words(clerk.get(reverse("approval-numbers"), {"state": "void"}))
    assert number.written in listed
    assert number.written not in words(clerk.get(reverse("approval-numbers"), {"state": "used"}))
    assert "施行前に取りやめた" in clerk.get(reverse("approval-numbers"), {"export": "csv"}).content.decode("utf-8-sig")


def test_another_section_does_not_see_the_number(hall):
    number = take(hall, title="秘密の件")
    stranger = seat(hall, "財政 主事")
    assert stranger.get(reverse("approval-number", args=[number.public_id])).status_code == 404
    assert stranger.post(reverse("approval-void", args=[number.public_id]), {"reason": "x"}).status_code == 404
    assert "秘密の件" not in words(stranger.get(reverse("approval-numbers")))


def test_who_keeps_the_records_registers_symbols(hall):
    keeper = seat(hall, "総務 主査")
    page = words(keeper.get(reverse("approval-symbols")))
    assert "未登録" in page and "案：産" in page
    section = hall.section("産業課")
    url = reverse("approval-symbol", args=[section.public_id])
    assert 'value="産"' in words(keeper.get(url))
    refused = keeper.post(url, {"symbol": "総", "starts_on": TODAY.isoformat()})
    assert refused.status_code == 422 and "総務課" in words(refused)
    keeper.post(url, {"symbol": "産", "starts_on": "R8.4.1"})
    assert SectionSymbol.objects.get(section_code=section.code).symbol == "産"


def test_nobody_else_registers_symbols(hall):
    clerk = seat(hall, "財政 主事")
    assert clerk.get(reverse("approval-symbols")).status_code == 200
    assert clerk.get(reverse("approval-symbol", args=[hall.section("産業課").public_id])).status_code == 404


def test_a_withdrawn_request_needs_no_decision(hall, asked):
    withdraw_request(by=acting(hall.staff["行政 主事"], TODAY), request=asked, reason="不要", clock=CLOCK)
    page = words(seat(hall, "総務 課長").get(address(asked)))
    assert "取下げ" in page and "承認する" not in page
