"""People who apply together: the applicant passes on a link and a code, each of them reads what it is and answers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.models import Case, CaseParty, Cosigner
from yakuba.kernel.cases.rules.consent import MOST_WRONG_CODES
from yakuba.kernel.cases.tests.world import live_version, small_form
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.tests.people import sign_in
from yakuba.kernel.parameters.api import town_clock
from yakuba.residents.procedures.tests.counter import TYPED, start_of
from yakuba.residents.procedures.tests.own import answer
from yakuba.residents.procedures.views.office.worklist import DECLINED

TOGETHER = {"cosigners.rows": "1", "cosigners.0.name": "見本　太郎", "cosigners.0.relation": "父"}
CONTACT = {
    "applicant_address.postal_code": "969-6543",
    "applicant_address.place": "福島県河沼郡会津坂下町字見本",
    "applicant_address.lot": "77番地",
    "applicant_phone": "0242-00-7777",
}


@pytest.fixture
def joint(counter: Any) -> Any:
    """An application that several people may make together."""
    form = small_form("joint-form")
    words = dict.fromkeys(("ja", "ja-easy", "en"), "一緒に申請する人")
    texts = [
        {"type": "short_text", "key": key, "label": words, "required": key == "name"} for key in ("name", "relation")
    ]
    form["steps"][1]["questions"].append(
        {
            "type": "group",
            "key": "cosigners",
            "label": words,
            "row_label": words,
            "least": 0,
            "most": 3,
            "required": False,
            "questions": texts,
        }
    )
    with unaudited_writes("test"):
        counter.versions["joint"] = live_version("joint-form", form)
        Channel.objects.filter(procedure=counter.procedures["application"]).update(target="joint-form")
    return counter


def send(client: Client, joint: Any, **more: str) -> Case:
    page = client.post(start_of(joint, "application"), follow=True)
    page = answer(client, page, **{name.replace(".", "__"): value for name, value in CONTACT.items()})
    fields = {
        **TYPED["what"],
        **TOGETHER,
        **more,
        "edition": page.context["filling"].edition,
        "_shown": page.context["shown"].shown,
    }
    page = client.post(page.request["PATH_INFO"], {**fields, "action": "add:cosigners"}, follow=True)
    fields |= {"edition": page.context["filling"].edition, "_shown": page.context["shown"].shown}
    page = client.post(page.request["PATH_INFO"], {**fields, "action": "next"}, follow=True)
    receipt = client.post(page.request["PATH_INFO"], follow=True)
    assert "/receipt/" in receipt.request["PATH_INFO"], receipt.content.decode()[-3000:]
    assert "一緒に申請する人へ同意をお願いしてください" in receipt.content.decode()
    return Case.objects.get(pk=receipt.context["case"].pk)


def invite(client: Client, case: Case) -> tuple[str, str]:
    """Link (its path) and code, as the page tells them."""
    cosigner = case.cosigners.get()
    page = client.post(f"/my/cases/{case.public_id}/consent/{cosigner.public_id}/")
    html = page.content.decode()
    link = re.search(r'value="http://testserver(/my/consent/[^"]+/)"', html)[1]
    return link, re.search(r'<strong class="number">(\d{6})</strong>', html)[1]


def open_link(link: str, code: str) -> tuple[Client, Any]:
    browser = Client()
    assert "確認番号" in browser.get(link).content.decode()
    return browser, browser.post(link, {"code": code}, follow=True)


def test_the_case_is_received_once_the_other_person_agreed(client, joint) -> None:
    case = send(client, joint)
    assert case.state == "awaiting_consent"
    own = f"/my/cases/{case.public_id}/"
    assert "まだお願いしていません" in client.get(own).content.decode()
    link, code = invite(client, case)
    assert "返事を待っています" in client.get(own).content.decode()
    browser, page = open_link(link, code)
    html = page.content.decode()
    assert "私も申請者の一人として申請することに同意します" in html and "勤務先に出すため" in html
    done = browser.post(link, {"answer": "yes", "typed_name": "見本太郎"})
    assert "同意を受け取りました" in done.content.decode()
    case.refresh_from_db()
    assert case.state == "received"
    assert "に同意しました" in client.get(own).content.decode()
    again = browser.get(link)
    assert again.status_code == 410 and "もう答えたか" in again.content.decode()


def test_the_code_comes_before_anything_of_the_application(client, joint) -> None:
    case = send(client, joint)
    link, _ = invite(client, case)
    html = Client().get(link).content.decode()
    assert "勤務先に出すため" not in html and case.number not in html
    assert "見本　花子" in html, "but who asks, so that they know whom to call"


def test_the_other_person_reads_no_place_and_no_contact(client, joint) -> None:
    link, code = invite(client, send(client, joint))
    _, page = open_link(link, code)
    html = page.content.decode()
    assert "77番地" not in html and "0242-00-7777" not in html


def test_of_a_protected_applicant_nothing_is_shown(client, joint) -> None:
    case = send(client, joint)
    with unaudited_writes("test"):
        CaseParty.objects.filter(case=case).update(
            is_protected=True, postal_code="", address="", phone="", mail="", sealed="x"
        )
    link, code = invite(client, case)
    _, page = open_link(link, code)
    html = page.content.decode()
    assert "勤務先に出すため" not in html and "ここには出せません" in html


def test_who_declines_leaves_the_case_waiting_and_can_be_asked_again(client, joint) -> None:
    case = send(client, joint)
    link, code = invite(client, case)
    browser, _ = open_link(link, code)
    done = browser.post(link, {"answer": "no"})
    assert "このままでは受け付けません" in done.content.decode()
    case.refresh_from_db()
    assert case.state == "awaiting_consent"
    assert "同意しません」と答えました" in client.get(f"/my/cases/{case.public_id}/").content.decode()
    link, code = invite(client, case)
    browser, _ = open_link(link, code)
    browser.post(link, {"answer": "yes", "typed_name": "見本 太郎"})
    case.refresh_from_db()
    assert case.state == "received"


def test_who_declined_is_named_where_the_applicant_and_the_clerk_look(client, joint) -> None:
    case = send(client, joint)
    clerk = Client()
    with unaudited_writes("test"):
        staff = joint.hall.staff["行政 主事"]
        account = Account.objects.create(kind=AccountKind.STAFF, sign_in_name=staff.number, staff=staff)
    sign_in(clerk, account)
    waiting = clerk.get("/office/cases/", {"box": "waiting"}).content.decode()
    assert "同意待ち" in waiting and DECLINED not in waiting
    link, code = invite(client, case)
    open_link(link, code)[0].post(link, {"answer": "no"})
    own = f"/my/cases/{case.public_id}/"
    assert "見本　太郎さんは、同意しませんでした" in client.get(own).content.decode()
    for language, said in (("en", "見本　太郎 did not agree."), ("ja-easy", "「いいです」と 言（い）いませんでした")):
        client.cookies["yakuba_language"] = language
        assert said in client.get(own).content.decode()
    assert DECLINED in clerk.get("/office/cases/", {"box": "waiting"}).content.decode()
    page = clerk.get(f"/office/cases/{case.public_id}/").content.decode()
    assert "見本　太郎さんが同意しませんでした" in page and "書面や窓口で同意を確かめた" in page
    client.cookies["yakuba_language"] = "ja"
    link, code = invite(client, case)
    assert "同意しませんでした。</strong>" not in client.get(own).content.decode(), "asked again, it is open again"
    open_link(link, code)[0].post(link, {"answer": "yes", "typed_name": "見本 太郎"})
    assert DECLINED not in clerk.get("/office/cases/", {"box": "section"}).content.decode()


def test_a_yes_needs_the_name_and_a_choice(client, joint) -> None:
    link, code = invite(client, send(client, joint))
    browser, _ = open_link(link, code)
    other = browser.post(link, {"answer": "yes", "typed_name": "別人 三郎"})
    assert other.status_code == 422 and "別人 三郎" in other.content.decode()
    assert "「見本　太郎」と入力してください" in other.content.decode()
    assert browser.post(link, {"answer": ""}).status_code == 422
    assert Cosigner.objects.get().state == "asked"


def test_a_guessed_code_closes_the_link_and_says_so(client, joint) -> None:
    case = send(client, joint)
    link, code = invite(client, case)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    browser = Client()
    for _ in range(MOST_WRONG_CODES):
        page = browser.post(link, {"code": wrong})
    assert page.status_code == 410 and "何度も間違えた" in page.content.decode()
    assert browser.post(link, {"code": code}).status_code == 410
    fresh, new_code = invite(client, case)
    assert fresh != link
    assert open_link(fresh, new_code)[1].status_code == 200


def test_links_that_are_over_replaced_or_made_up_say_what_to_do(client, joint) -> None:
    case = send(client, joint)
    link, _ = invite(client, case)
    with unaudited_writes("test"):
        case.cosigners.update(expires_at=town_clock().now() - timedelta(minutes=1))
    late = Client().get(link)
    assert late.status_code == 410 and "期限が過ぎています" in late.content.decode()
    invite(client, case)
    for address in (link, "/my/consent/made-up/", f"/my/consent/{'x' * 200}/"):
        page = Client().get(address)
        assert page.status_code == 410 and "新しいリンクと確認番号" in page.content.decode()
    link, _ = invite(client, case)
    client.post(f"/my/cases/{case.public_id}/withdraw/", {"reason": ""})
    gone = Client().get(link)
    assert gone.status_code == 410 and "いまは同意を待っていません" in gone.content.decode()


def test_nobody_else_makes_links(client, joint) -> None:
    case = send(client, joint)
    address = f"/my/cases/{case.public_id}/consent/{case.cosigners.get().public_id}/"
    assert Client().post(address).status_code == 404
    assert client.get(address).status_code == 405
    assert client.post(f"/my/cases/{case.public_id}/consent/0123456789abcdef/").status_code == 404


def test_applying_alone_waits_for_nobody(client, joint) -> None:
    page = client.post(start_of(joint, "application"), follow=True)
    page = answer(client, answer(client, page))
    receipt = client.post(page.request["PATH_INFO"], follow=True)
    assert Case.objects.get(pk=receipt.context["case"].pk).state == "received"
    assert 'id="cosigners"' not in client.get(f"/my/cases/{receipt.context['case'].public_id}/").content.decode()
