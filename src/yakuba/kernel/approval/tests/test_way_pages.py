"""The page of a request on its way: stages, stamps, acts, and what each person may do there."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse

from yakuba.kernel.access.api import Role
from yakuba.kernel.approval.models import DecisionRequest, FormerContent, RouteAct, RouteStage, SealUse
from yakuba.kernel.approval.queries.stamps import stamps_of
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.services import act_on_request, amend_request, enter_absence, pull_back
from yakuba.kernel.approval.tests.test_pages import MY_NUMBER, address, seat, words
from yakuba.kernel.approval.tests.test_routes import CONSULT, DECIDE, ISSUE, LINE, SEE, grant, lay
from yakuba.kernel.approval.tests.town_hall import CONTENT, acting, ask
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
TODAY = CLOCK.today()


def does(hall: Any, name: str, request: DecisionRequest, act: Act, comment: str = "", **more: Any) -> RouteAct:
    return act_on_request(
        by=acting(hall.staff[name], TODAY), request=request, act=act, comment=comment, clock=CLOCK, **more
    )


def amend(hall: Any, request: DecisionRequest) -> DecisionRequest:
    return amend_request(
        by=acting(hall.staff["行政 主事"], TODAY),
        request=request,
        content={**CONTENT, "手数料": 4000},
        content_text="犬の登録を許可する。\n手数料 4,000円",
        reason="手数料の誤り",
        clock=CLOCK,
    )


def test_the_page_shows_every_stage_who_sits_there_and_why(hall: Any) -> None:
    lay(LINE, CONSULT, {**CONSULT, "title": "金がある時", "when": {"var": "spends_money"}}, DECIDE)
    request = ask(hall, clock=CLOCK)
    page = words(seat(hall, "行政 主事").get(address(request)))
    for said in ("行政管理班の長", "行政 班長", "財政課の長", "産業課の長", "支出を伴う", "省略", "待ち 1分未満"):
        assert said in page, said
    does(hall, "行政 班長", request, Act.AGREE, "よいと思う")
    page = words(seat(hall, "行政 主事").get(address(request)))
    assert "よいと思う" in page and "行政管理班 班長 行政 班長" in page and "かかった時間" in page
    assert [(one.post, one.name, one.state) for one in stamps_of(request)] == [
        ("起案", "行政", "done"),
        ("班長", "行政", "done"),
        ("財政課の長", "財政", "current"),
        ("産業課の長", "産業", "current"),
        ("財政課の長", "", ""),
        ("産業課の長", "", ""),
        ("決裁", "", ""),
    ]


def test_two_taps_agree_and_the_next_person_has_it(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    leader = seat(hall, "行政 班長")
    assert "犬の登録の許可" in words(leader.get(reverse("approval-decisions")))
    page = words(leader.get(address(request)))
    assert "回議に答える" in page and 'value="agree"' in page and 'value="refuse"' not in page
    answer = leader.post(address(request, "decide"), {"act": "agree", "seen_edition": 1}, follow=True)
    assert "承認しました" in words(answer)
    assert RouteStage.objects.get(request=request, kind="decide").state == "open"


def test_dissent_needs_its_reason_and_keeps_what_was_typed(hall: Any) -> None:
    lay(CONSULT, DECIDE)
    request = ask(hall, clock=CLOCK)
    head = seat(hall, "財政 課長")
    assert "同意する" in words(head.get(address(request)))
    refused = head.post(address(request, "decide"), {"act": "dissent", "comment": " ", "seen_edition": 1})
    assert refused.status_code == 422 and "不同意の理由が空" in words(refused)
    kept = head.post(address(request, "decide"), {"act": "dissent", "comment": f"番号 {MY_NUMBER}", "seen_edition": 1})
    assert kept.status_code == 422 and f"番号 {MY_NUMBER}" in words(kept)
    head.post(address(request, "decide"), {"act": "dissent", "comment": "財源がない", "seen_edition": 1})
    assert [one.state for one in stamps_of(request)][1] == "dissent"
    does(hall, "産業 課長", request, Act.AGREE)
    page = words(seat(hall, "行政 主事").get(address(request)))
    assert "財源がない" in page and "合議が調わなかった" in page


def test_a_draft_amended_meanwhile_is_not_approved_unread(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    leader = seat(hall, "行政 班長")
    leader.get(address(request))
    amend(hall, request)
    answer = leader.post(address(request, "decide"), {"act": "agree", "comment": "長く書いた", "seen_edition": 1})
    assert answer.status_code == 422
    page = words(answer)
    assert "内容を直しています" in page and "長く書いた" in page and 'name="seen_edition" value="2"' in page
    assert "手数料 4,000円" in page


def test_acts_on_a_former_content_are_marked_and_lead_to_a_comparison(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    does(hall, "行政 班長", request, Act.AGREE, "三千円ならよい")
    amend(hall, request)
    drafter = seat(hall, "行政 主事")
    page = words(drafter.get(address(request)))
    url = reverse("approval-former", args=[request.public_id, 1])
    assert "修正前の内容への承認" in page and url in page
    compared = words(drafter.get(url))
    assert "<del>手数料 3,000円</del>" in compared and "<ins>手数料 4,000円</ins>" in compared
    assert drafter.get(reverse("approval-former", args=[request.public_id, 2])).status_code == 404
    assert seat(hall, "教育 主事").get(url).status_code == 404
    assert FormerContent.objects.count() == 1


def test_it_goes_back_to_an_earlier_stage_that_is_chosen(hall: Any) -> None:
    lay(LINE, CONSULT, DECIDE)
    request = ask(hall, clock=CLOCK)
    does(hall, "行政 班長", request, Act.AGREE)
    head = seat(hall, "財政 課長")
    assert "1. 行政管理班の長" in words(head.get(address(request)))
    missing = head.post(address(request, "decide"), {"act": "return_to", "comment": "数字", "seen_edition": 1})
    assert missing.status_code == 422 and "戻す段階が選ばれていません" in words(missing)
    head.post(address(request, "decide"), {"act": "return_to", "back_to": "1", "comment": "数字", "seen_edition": 1})
    assert RouteStage.objects.get(request=request, position=1).state == "open"


def test_who_is_too_late_keeps_the_words(hall: Any) -> None:
    lay(CONSULT, DECIDE)
    request = ask(hall, clock=CLOCK)
    does(hall, "財政 課長", request, Act.AGREE)
    answer = seat(hall, "財政 課長").post(address(request, "decide"), {"act": "dissent", "comment": "書いた理由"})
    assert answer.status_code == 409 and "書いた理由" in words(answer)


def test_a_superior_lifts_with_a_reason(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    head = seat(hall, "総務 課長")
    assert "引き上げて承認する" in words(head.get(address(request)))
    assert head.post(address(request, "decide"), {"act": "lift"}).status_code == 422
    head.post(address(request, "decide"), {"act": "lift", "comment": "急ぐため", "seen_edition": 1})
    request.refresh_from_db()
    assert request.state == "approved"
    assert "引き上げ" in [one.note for one in stamps_of(request)]


def test_a_deputy_finds_an_entered_absence_preset_and_the_head_sees_it_afterwards(hall: Any) -> None:
    from datetime import timedelta

    request = ask(hall, clock=CLOCK)
    head = hall.staff["総務 課長"]
    enter_absence(
        by=acting(head, TODAY), staff=head, starts_on=TODAY, back_on=TODAY + timedelta(days=2), reason="", clock=CLOCK
    )
    deputy = seat(hall, "行政 班長")
    page = words(deputy.get(address(request)))
    assert "不在の登録があります" in page and "checked" in page and "代わって決裁する" in page
    deputy.post(address(request, "decide"), {"act": "approve", "said_absent": head.pk, "seen_edition": 1})
    client = seat(hall, "総務 課長")
    assert "後閲をお願いします" in words(client.get(address(request)))
    assert "犬の登録の許可" in words(client.get(reverse("approval-decisions"), {"box": "after"}))
    assert "後閲：犬の登録の許可" in words(client.get(reverse("office-home")))
    assert "後閲を済ませました" in words(client.post(address(request, "seen"), follow=True))
    assert "後閲をお願いします" not in words(client.get(address(request)))
    assert "後閲するものはありません" in words(client.post(address(request, "seen"), follow=True))


def test_important_matters_show_no_form_to_a_deputy(hall: Any) -> None:
    lay(DECIDE)
    request = ask(hall, facts={"is_important": True}, clock=CLOCK)
    page = words(seat(hall, "副長 二郎").get(address(request)))
    assert "代決できません" in page and 'value="approve"' not in page


def test_a_file_is_added_to_an_act_and_opened_by_the_others(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    leader = seat(hall, "行政 班長")

    def upload(name: str = "調べ.csv") -> io.BytesIO:
        file = io.BytesIO(b"no,name\r\n1,a\r\n")
        file.name = name
        return file

    bad = leader.post(address(request, "decide"), {"act": "agree", "seen_edition": 1, "attached": upload("x.exe")})
    assert bad.status_code == 422 and not RouteAct.objects.filter(act="agree").exists()
    refused = leader.post(address(request, "decide"), {"act": "return", "seen_edition": 1, "attached": upload()})
    page = words(refused)
    assert refused.status_code == 422 and "調べ.csv（受け取り済み）" in page
    kept = page.partition('name="kept" value="')[2].partition('"')[0]
    leader.post(address(request, "decide"), {"act": "agree", "seen_edition": 1, "kept": kept})
    made = RouteAct.objects.get(act="agree")
    assert [one["name"] for one in made.said.files] == ["調べ.csv"]
    url = reverse("approval-act-file", args=[request.public_id, made.public_id, 1])
    head = seat(hall, "総務 課長")
    assert url in words(head.get(address(request)))
    from yakuba.kernel.files.models import StoredFile

    with unaudited_writes("tests"):
        StoredFile.objects.update(state="stored")
    assert head.get(url).content.startswith(b"no,name")
    assert seat(hall, "教育 主事").get(url).status_code == 404
    assert head.get(reverse("approval-act-file", args=[request.public_id, made.public_id, 2])).status_code == 404


def test_the_drafter_issues_with_number_and_seal(hall: Any) -> None:
    with unaudited_writes("tests"):
        Authority.objects.filter(pk=hall.mayor.pk).update(seal_name="町長之印")
    lay(DECIDE, ISSUE, SEE)
    request = ask(hall, facts={"needs_seal": True}, clock=CLOCK)
    seat(hall, "総務 課長").post(address(request, "decide"), {"act": "approve", "seen_edition": 1})
    drafter = seat(hall, "行政 主事")
    page = words(drafter.get(address(request)))
    assert "施行する" in page and "町長之印" in page
    wrong = drafter.post(address(request, "issue"), {"on": "きのう", "seal_copies": "2"})
    assert wrong.status_code == 422 and "きのう" in words(wrong)
    done = drafter.post(address(request, "issue"), {"on": TODAY.isoformat(), "seal_copies": "2"}, follow=True)
    assert "施行しました" in words(done) and SealUse.objects.get().copies == 2
    again = drafter.post(address(request, "issue"), {"on": TODAY.isoformat()})
    assert again.status_code == 409
    viewer = seat(hall, "教育 課長")
    assert "供覧：犬の登録の許可" in words(viewer.get(reverse("office-home")))
    assert "供覧を済ませました" in words(
        viewer.post(address(request, "decide"), {"act": "see", "seen_edition": 1}, follow=True)
    )


def test_the_drafter_pulls_back_sends_again_and_reminds(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    drafter = seat(hall, "行政 主事")
    assert "行政 班長" in words(drafter.post(address(request, "remind"), follow=True))
    assert "今日はもう" in words(drafter.post(address(request, "remind"), follow=True))
    assert drafter.post(address(request, "pull"), {"reason": ""}).status_code == 422
    assert "引き戻しました" in words(drafter.post(address(request, "pull"), {"reason": "誤り"}, follow=True))
    head = seat(hall, "総務 課長")
    assert "引き戻して直しています" in words(head.get(address(request)))
    assert head.post(address(request, "decide"), {"act": "lift", "comment": "急"}).status_code == 409
    assert "出し直しました" in words(drafter.post(address(request, "again"), follow=True))
    assert "引き戻していません" in words(drafter.post(address(request, "again"), follow=True))


def test_others_neither_pull_back_nor_remind(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    leader = seat(hall, "行政 班長")
    assert leader.post(address(request, "pull"), {"reason": "x"}).status_code == 403
    assert "督促できるのは" in words(leader.post(address(request, "remind"), follow=True))
    stranger = seat(hall, "教育 主事")
    for act in ("pull", "again", "remind", "issue", "seen", "reroute"):
        assert stranger.post(address(request, act), {"reason": "x"}).status_code == 404


def test_the_head_changes_the_rest_of_the_route(hall: Any) -> None:
    lay(CONSULT, DECIDE)
    request = ask(hall, clock=CLOCK)
    head = seat(hall, "総務 課長")
    url = address(request, "reroute")
    assert url in words(head.get(address(request)))
    assert "1. 合議" in words(head.get(url))
    empty = head.post(url, {"reason": "不要"})
    assert empty.status_code == 422 and "変えるところが選ばれていません" in words(empty)
    half = head.post(url, {"add_kind": "consult", "reason": "教育に聞く"})
    assert half.status_code == 422 and "教育に聞く" in words(half)
    done = head.post(
        url, {"leave_out": ["1"], "add_kind": "consult", "sections": ["50"], "reason": "教育に聞く"}, follow=True
    )
    assert "ルートを変えました" in words(done) and "教育課の長" in words(done)
    assert seat(hall, "行政 主事").get(url).status_code == 403


def test_what_waits_in_line_is_agreed_to_at_once_with_a_result_for_each(hall: Any) -> None:
    lay(LINE, DECIDE)
    lay({**CONSULT, "seats": [{"who": "section", "section": "0101"}]}, DECIDE, key="other", kind="合議つき")
    first, second = ask(hall, clock=CLOCK), ask(hall, kind="申請の処分", title="猫", subject=_other(hall), clock=CLOCK)
    consulted = ask(hall, kind="合議つき", title="鳥", clock=CLOCK)
    leader = seat(hall, "行政 班長")
    assert "回議だけを選んで、まとめて承認する（2件）" in words(leader.get(reverse("approval-decisions")))
    page = words(leader.get(reverse("approval-decisions"), {"box": "decide", "stage": "line"}))
    assert f'value="{first.public_id}:1"' in page and "鳥" not in page
    amend(hall, second)
    answer = leader.post(
        reverse("approval-bulk"),
        {
            "picked": [first.public_id, second.public_id, consulted.public_id, "zzz"],
            "seen": [f"{first.public_id}:1", f"{second.public_id}:1", f"{consulted.public_id}:1"],
        },
    )
    said = words(answer)
    assert "3件のうち1件を済ませました" in said
    assert "内容を直しています" in said and "合議は、一件ずつ" in said
    assert RouteAct.objects.filter(act="agree").count() == 1
    assert "何も選ばれていません" in words(leader.post(reverse("approval-bulk"), {}))


def _other(hall: Any) -> Any:
    from yakuba.kernel.things.api import ref_of

    return ref_of(hall.sections["財政課"])


def test_nobody_answers_several_in_somebodys_place(hall: Any) -> None:
    lay(
        {"kind": "line", "seats": [{"who": "section", "section": "01"}]},
        {**DECIDE, "seats": [{"who": "authority_head"}]},
    )
    request = ask(hall, clock=CLOCK)
    deputy = seat(hall, "行政 班長")
    answer = deputy.post(reverse("approval-bulk"), {"picked": [request.public_id], "seen": [f"{request.public_id}:1"]})
    assert "代決は、一件ずつ" in words(answer) and not RouteAct.objects.filter(act="agree").exists()


def test_the_auditor_sees_the_way_and_no_form(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    grant(hall, "財政 主事", Role.AUDITOR)
    page = words(seat(hall, "財政 主事").get(address(request)))
    assert "行政管理班の長" in page and address(request, "decide") not in page


def test_a_pulled_back_draft_shows_where_to_mend_it(hall: Any) -> None:
    request = ask(hall, clock=CLOCK)
    pull_back(by=acting(hall.staff["行政 主事"], TODAY), request=request, reason="誤り", clock=CLOCK)
    page = words(seat(hall, "行政 主事").get(address(request)))
    assert "引戻し中" in page and "内容を変えずに出し直す" in page
