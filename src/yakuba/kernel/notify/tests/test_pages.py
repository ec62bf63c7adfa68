"""Pages of notify: notices of residents and staff, the log, letters from writing to their return; who sees what."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from yakuba.kernel.access.api import Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_resident_account, a_section, a_staff_account, sign_in
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify import jobs
from yakuba.kernel.notify.api import unfetched
from yakuba.kernel.notify.models import Bundle, Delivery, District, Letter, Mailing, Message
from yakuba.kernel.notify.tests.arranged import (
    CLOCK,
    PAPER,
    TODAY,
    a_letter,
    by_post,
    protected_now,
    to_account,
    told,
)
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import FixedClock

pytestmark = pytest.mark.django_db

SECRET_PLACE = "避難先字見本7番地"


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path) -> None:
    settings.YAKUBA_HOME = tmp_path


def seated(account: Account) -> Client:
    client = Client()
    sign_in(client, account)
    return client


def clerk(section: Section | None = None, **more: Any) -> Client:
    return seated(a_staff_account(section=section or a_section(), **more))


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code} {answer.content.decode()[:600]}"
    return answer.content.decode()


def worked() -> None:
    for _ in range(30):
        waiting = list(Job.objects.filter(state="queued", name__startswith="notify.").exclude(name="notify.send"))
        if not waiting:
            return
        for work in waiting:
            function = {
                "notify.sort_bundle": jobs.sort_bundle,
                "notify.print_part": jobs.print_part,
                "notify.write_letters": jobs.write_letters,
            }[work.name]
            function(**work.arguments)
            with unaudited_writes("test"):
                Job.objects.filter(pk=work.pk).update(state="done")


@pytest.mark.database
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_a_resident_reads_what_the_town_told(language: str) -> None:
    hanako, taro = a_resident_account(), a_resident_account()
    message = told(to_account(hanako), link="/my/")
    client = seated(hanako)
    client.cookies["yakuba_language"] = language
    page = words(client, "/my/notices/")
    assert message.subject(language) in page and "見本の理由" not in page
    assert client.head(f"/my/notices/{message.public_id}/").status_code == 200
    message.refresh_from_db()
    assert message.opened_at is None, "asking whether a page is there is not reading it"
    page = words(client, f"/my/notices/{message.public_id}/")
    assert "見本の理由" in page and 'href="/my/"' in page
    message.refresh_from_db()
    first = message.opened_at
    assert first is not None
    words(client, f"/my/notices/{message.public_id}/")
    message.refresh_from_db()
    assert message.opened_at == first
    words(seated(taro), f"/my/notices/{message.public_id}/", 404)
    assert message.subject(language) not in words(seated(taro), "/my/notices/")
    assert Client().get(f"/my/notices/{message.public_id}/").status_code == 302


def test_many_notices_are_turned_over_page_by_page() -> None:
    hanako = a_resident_account()
    for number in range(25):
        told(to_account(hanako), key=f"case:{number}", values={"name": f"申請{number}", "on": TODAY, "outcome": "x"})
    client = seated(hanako)
    assert "申請24" in words(client, "/my/notices/") and "申請4<" not in words(client, "/my/notices/")
    assert "申請4」" in words(client, "/my/notices/?page=2")
    for odd in ("?page=99", "?page=x", "?page=-1"):
        words(client, f"/my/notices/{odd}")


def test_staff_read_their_notices_in_the_office() -> None:
    account = a_staff_account("9001")
    message = told(to_account(account), kind=PAPER)
    client = seated(account)
    assert "未読" in words(client, "/office/notices/")
    assert "本文" in words(client, f"/office/notices/{message.public_id}/")
    assert Message.objects.get().opened_at is not None
    words(clerk(), f"/office/notices/{message.public_id}/", 404)
    assert "件名" in words(client, "/office/") or "お知らせ" in words(client, "/office/")


@pytest.mark.database
def test_the_section_sees_its_log_and_others_see_nothing_of_it() -> None:
    hanako = a_resident_account("hanako@example.jp", name="見本　花子")
    message = told(to_account(hanako))
    jobs.send()
    own, path = clerk(), f"/office/messages/{message.public_id}/"
    page = words(own, "/office/messages/")
    assert "見本　花子" in page and "メール：送信済み" in page and "未開封" in page
    page = words(own, path)
    assert "見本の理由" in page and "h…@example.jp" in page and "hanako@example.jp" not in page.split("本人に見える")[0]
    assert "Decided on" in page and "【会津坂下町】お知らせがあります" in page
    event = AuditEvent.objects.filter(verb__startswith="notify.message").latest("pk")
    assert f"identity.account:{hanako.public_id}" in event.subjects
    for roles in ((), (Role.CLERK,), (Role.SECRETARIAT,), (Role.IT,), (Role.SECTION_HEAD,)):
        stranger = clerk(a_section("99", "別の課"), roles=roles)
        assert "見本　花子" not in words(stranger, "/office/messages/")
        words(stranger, path, 404)
        assert stranger.get(f"{path}post").status_code == 404
    auditor = clerk(a_section("98", "監査"), roles=(Role.AUDITOR,))
    page = words(auditor, path)
    assert "見本の理由" not in page and "担当の所属の職員だけ" in page
    assert seated(hanako).get(path).status_code == 302, "to the office's own door"


def test_a_section_above_and_its_successor_see_what_its_units_told() -> None:
    unit = a_section("131", "窓口班")
    with unaudited_writes("test"):
        unit.parent = a_section("130", "戸籍税務課")
        unit.save()
    told(by_post(name="見本　花子"), section=unit)
    assert "見本　花子" in words(clerk(a_section("130", "戸籍税務課")), "/office/messages/")
    assert "見本　花子" not in words(clerk(a_section("99", "別の課")), "/office/messages/")


@pytest.mark.parametrize("state", ["failed", "unread", "waiting", "post"])
def test_the_log_is_narrowed_by_how_far_messages_came(state: str) -> None:
    told(to_account(a_resident_account(name="読まない人")))
    told(by_post(name="郵便の人"), key="case:2")
    failing = told(to_account(a_resident_account(name="届かない人")), key="case:3")
    with unaudited_writes("test"):
        failing.deliveries.update(state="bounced")
        Message.objects.filter(pk=failing.pk).update(opened_at=CLOCK.now())
    shown = {"failed": "届かない人", "unread": "読まない人", "waiting": "読まない人", "post": "郵便の人"}[state]
    page = words(clerk(), f"/office/messages/?state={state}")
    assert [name for name in ("読まない人", "郵便の人", "届かない人") if name in page] == [shown]
    assert "郵便の人" in words(clerk(), "/office/messages/?q=郵便の")


def test_a_failed_mail_is_sent_again_and_a_bounce_is_noted() -> None:
    message = told(to_account(a_resident_account("hanako@example.jp")))
    with unaudited_writes("test"):
        message.deliveries.update(state="failed", error="送れません")
    client, delivery = clerk(), Delivery.objects.get()
    act = f"/office/messages/deliveries/{delivery.public_id}/"
    assert "もう一度送る" in words(client, f"/office/messages/{message.public_id}/")
    assert clerk(a_section("99", "別の課")).post(f"{act}retry").status_code == 404
    assert client.post(f"{act}retry").status_code == 302
    jobs.send()
    assert client.post(f"{act}bounced", {"reason": ""}).status_code == 422
    assert client.post(f"{act}bounced", {"reason": "宛先不明"}).status_code == 302
    assert Delivery.objects.get().state == "bounced"
    assert "届かなかったメール" in words(client, "/office/messages/")
    assert "知らせ" in words(client, f"/office/messages/{message.public_id}/post")
    typed = {"postal_code": "969-6547", "address": "福島県見本町1　見本荘"}
    assert client.post(f"/office/messages/{message.public_id}/post", {**typed, "postal_code": "1"}).status_code == 422
    assert client.post(f"/office/messages/{message.public_id}/post", typed).status_code == 302
    assert client.post(f"/office/messages/{message.public_id}/post", typed).status_code == 302
    assert Letter.objects.get().address_lines == ["福島県見本町1", "見本荘"], "once only"


@pytest.mark.database
def test_what_nobody_opens_goes_on_paper() -> None:
    from yakuba.kernel.identity.persons import person_of
    from yakuba.kernel.people.api import save_profile
    from yakuba.kernel.people.tests.persons import entry

    with_address, without = a_resident_account(name="住所のある人"), a_resident_account(name="住所のない人")
    save_profile(by=person_of(with_address, TODAY), entry=entry(), version=0, clock=CLOCK)
    ago = FixedClock(CLOCK.now() - timedelta(days=8))
    first = told(to_account(with_address), clock=ago)
    second = told(to_account(without), key="case:2", clock=ago)
    fresh = told(to_account(without), key="case:3")
    assert list(unfetched(7, clock=CLOCK)) == [first, second]
    assert list(unfetched(0, clock=CLOCK)) == [first, second, fresh]
    client = clerk()
    page = words(client, "/office/messages/unread/")
    assert page.count('name="work"') == 2 and fresh.public_id not in page
    answer = client.post(
        "/office/messages/unread/", {"work": [first.public_id, second.public_id, "x", fresh.public_id]}
    )
    assert answer.status_code == 302
    assert Letter.objects.get().message == first
    page = words(client, "/office/messages/unread/")
    assert first.public_id not in page and second.public_id in page and "住所の登録がない" in page
    assert (
        clerk(a_section("99", "別の課")).post("/office/messages/unread/", {"work": [second.public_id]}).status_code
        == 302
    )
    assert Letter.objects.count() == 1


def test_every_kind_is_shown_as_people_see_it() -> None:
    client = clerk()
    assert "手続きのお知らせ" in words(client, "/office/messages/kinds/")
    page = words(client, "/office/messages/kinds/notify.tests.decision/")
    assert "所得証明書" in page and "Result of" in page and "中身は書きません" in page
    words(client, "/office/messages/kinds/nobody.knows/", 404)


TYPED = {
    "name": "渡邉\U000e0100　花子", "honorific": "様", "postal_code": "969-6547", "address": "会津坂下町塔寺1　見本荘",
    "number_of_register": "", "title": "お知らせ", "text": "本文です。\n二つめ。", "number": "8坂第1号",
    "service": "ordinary",
}  # fmt: skip


@pytest.mark.database
def test_a_clerk_writes_bundles_prints_posts_and_takes_back_a_letter() -> None:
    client = clerk()
    assert client.post("/office/letters/new", {**TYPED, "section": a_section().public_id}).status_code == 302
    letter = Letter.objects.get()
    assert letter.number == "8坂第1号" and letter.parts[0]["paragraphs"] == ["本文です。", "二つめ。"]
    one = f"/office/letters/{letter.public_id}/"
    assert "本文です。" in words(client, one)
    printed = client.get(f"{one}letter.pdf")
    assert printed["Content-Type"] == "application/pdf"
    assert "渡邉\U000e0100　花子" in PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert "1</strong> 通" in words(client, "/office/letters/")
    made = client.post(
        "/office/letters/bundles/new",
        {"section": a_section().public_id, "order": "district", "service": "ordinary"},
    )
    bundle_page = made["Location"]
    assert "準備中" in words(client, bundle_page)
    worked()
    page = words(client, bundle_page)
    assert "第1部を開く" in page and "発送を記録する" in page
    part = client.get(f"{bundle_page}parts/1.pdf")
    assert len(PdfReader(io.BytesIO(part.content)).pages) == 2
    words(client, f"{bundle_page}parts/2.pdf", 404)
    assert client.post(f"{bundle_page}post", {"posted_on": "2099-01-01"}).status_code == 422
    answer = client.post(f"{bundle_page}post", {"posted_on": TODAY.isoformat()}, follow=True)
    assert "1通、110円" in answer.content.decode()
    listed = client.get(f"{bundle_page}list.pdf").content
    assert "渡邉\U000e0100　花子" in PdfReader(io.BytesIO(listed)).pages[0].extract_text()
    came_back = {"returned_on": TODAY.isoformat(), "reason": "moved", "new_address": "福島県見本市1", "note": ""}
    assert client.post(f"{one}return", {**came_back, "reason": "eaten"}).status_code == 422
    assert client.post(f"{one}return", came_back).status_code == 302
    assert "福島県見本市1" in words(client, f"{one}resend")
    again = client.post(f"{one}resend", {"address": "福島県見本市1", "postal_code": "", "service": "recorded"})
    assert "この郵便のつながり" in words(client, again["Location"])
    assert client.post(f"{one}close", {"reason": "x"}).status_code == 422, "sent again already"


def test_a_refused_letter_keeps_what_was_typed() -> None:
    client = clerk()
    for changed in (
        {"postal_code": "12"},
        {"address": ""},
        {"title": ""},
        {"address": "あ" * 200},
        {"name": "x" * 121},
    ):
        answer = client.post("/office/letters/new", {**TYPED, "section": a_section().public_id, **changed})
        page = answer.content.decode()
        assert answer.status_code == 422 and "二つめ。" in page
    stranger = a_section("99", "別の課")
    assert client.post("/office/letters/new", {**TYPED, "section": stranger.public_id}).status_code == 422
    assert not Letter.objects.exists()


@pytest.mark.database
def test_letters_stay_with_their_section() -> None:
    letter = a_letter(1, name="見本　花子")
    stranger = clerk(a_section("99", "別の課"), roles=(Role.SECRETARIAT, Role.IT))
    assert "見本　花子" not in words(stranger, "/office/letters/")
    for path in ("", "letter.pdf", "cancel"):
        words(stranger, f"/office/letters/{letter.public_id}/{path}", 404)
    auditor = clerk(a_section("98", "監査"), roles=(Role.AUDITOR,))
    assert "見本　花子" in words(auditor, "/office/letters/"), "the auditor examines the posting list"
    assert "<p>本文</p>" not in words(auditor, f"/office/letters/{letter.public_id}/")
    words(auditor, f"/office/letters/{letter.public_id}/letter.pdf", 403)
    assert auditor.post(f"/office/letters/{letter.public_id}/cancel", {"reason": "x"}).status_code == 403


@pytest.mark.database
def test_a_protected_persons_place_is_nowhere() -> None:
    protected_now(name="見本　安心", born_on=None)
    client = clerk()
    for number, name in enumerate(("見本　安心", "見本　花子"), start=1):
        typed = {**TYPED, "name": name, "section": a_section().public_id, "address": f"会津坂下町{SECRET_PLACE}"}
        if number == 2:
            typed["address"] = "会津坂下町塔寺2"
        assert client.post("/office/letters/new", typed).status_code == 302
    hidden = Letter.objects.get(is_protected=True)
    client.post(
        "/office/letters/bundles/new",
        {"section": a_section().public_id, "order": "district", "service": "ordinary"},
    )
    worked()
    bundle = Bundle.objects.get()
    client.post(f"/office/letters/bundles/{bundle.public_id}/post", {"posted_on": TODAY.isoformat()})
    seen = [
        words(client, path)
        for path in (
            "/office/letters/", "/office/letters/?state=by_hand", f"/office/letters/{hidden.public_id}/",
            f"/office/letters/bundles/{bundle.public_id}/", "/office/messages/",
            f"/office/messages/{hidden.message.public_id}/", "/office/",
        )
    ]  # fmt: skip
    seen.append(client.get("/office/letters/?export=csv").content.decode("utf-8-sig"))
    book = load_workbook(io.BytesIO(client.get("/office/letters/?export=xlsx").content))
    seen.append(repr([[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]))
    for path in (
        f"/office/letters/{hidden.public_id}/letter.pdf", f"/office/letters/bundles/{bundle.public_id}/list.pdf",
        f"/office/letters/bundles/{bundle.public_id}/parts/1.pdf", "/office/letters/posting-list.pdf",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        seen.append("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages))
    assert not [text for text in seen if SECRET_PLACE in text or "避難先" in text]
    assert "（保護対象）" in seen[0] and "見本　安心" not in seen[0] + seen[7] + seen[8]
    assert "条件に合うものがありません" in words(client, "/office/letters/?q=安心"), "no hit tells who is protected"
    assert client.post(f"/office/letters/{hidden.public_id}/hand", {"reason": "窓口で渡した"}).status_code == 302
    views = AuditEvent.objects.filter(kind="view", verb__startswith="notify.letter:")
    assert views.exists() and all(event.is_withheld for event in views)


def sheet(text: str, name: str = "宛先.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8-sig"))


MAILING = {"title": "{{氏名}}様へ", "text": "納期限は{{納期限}}です。", "number": "", "service": "ordinary"}


@pytest.mark.database
def test_a_list_becomes_letters_each_with_its_own_words() -> None:
    protected_now(name="見本　安心", born_on=None)
    rows = "氏名,住所,郵便番号,納期限\n" + "".join(
        f"見本　{n}郎,会津坂下町塔寺{n},969-6547,12月{n}日\n" for n in range(1, 31)
    )
    rows += f"見本　安心,会津坂下町{SECRET_PLACE},,12月31日\n"
    client = clerk()
    given = {**MAILING, "section": a_section().public_id, "act": "make"}
    answer = client.post("/office/letters/mailings/new", {**given, "file": sheet(rows)})
    assert answer.status_code == 302, answer.content.decode()
    assert Mailing.objects.get().wanted == 31
    worked()
    found = Mailing.objects.get()
    assert (found.written, found.by_hand, found.rows) == (31, 1, [])
    third = Letter.objects.get(name="見本　3郎")
    assert (third.title, third.parts[0]["paragraphs"]) == ("見本　3郎様へ", ["納期限は12月3日です。"])
    assert "31 / 31" in words(client, answer["Location"]) or "31" in words(client, answer["Location"])
    assert Letter.objects.filter(state="by_hand").count() == 1
    assert "避難先" not in repr(list(Letter.objects.values())) + repr(list(Mailing.objects.values()))
    words(clerk(a_section("99", "別の課")), answer["Location"], 404)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("氏名,住所\n,会津坂下町1\n", "空欄です"),
        ("氏名,住所,郵便番号\n花子,会津坂下町1,12\n", "郵便番号ではありません"),
        ("氏名,住所\n花子," + "あ" * 300 + "\n", "長すぎます"),
        ("氏名,住所,敬称\n花子,会津坂下町1,殿下\n", "敬称"),
        ("氏名\n花子\n", "必要な列"),
        ("氏名,住所\n", "宛先が一件もありません"),
        ("氏名,住所\n花子,123456789018\n", "個人番号"),
    ],
)
def test_a_list_with_a_fault_makes_nothing(rows: str, said: str) -> None:
    given = {
        **MAILING,
        "title": "題",
        "text": "文",
        "section": a_section().public_id,
        "act": "make",
        "file": sheet(rows),
    }
    answer = clerk().post("/office/letters/mailings/new", given)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Mailing.objects.exists() and not Letter.objects.exists()


def test_a_mark_without_column_is_named_and_a_list_can_be_checked_first() -> None:
    client = clerk()
    given = {**MAILING, "section": a_section().public_id, "act": "make"}
    rows = "氏名,住所\n花子,会津坂下町1\n,x\n"
    answer = client.post("/office/letters/mailings/new", {**given, "file": sheet(rows)})
    assert answer.status_code == 422 and "差し込みの印「{{納期限}}」" in answer.content.decode()
    checked = client.post("/office/letters/mailings/new", {**given, "text": "文", "act": "check", "file": sheet(rows)})
    book = load_workbook(io.BytesIO(checked.content))
    assert "空欄です" in repr([[cell.value for cell in row] for row in book.worksheets[0].iter_rows()])
    assert not Mailing.objects.exists()


@pytest.mark.database
def test_districts_come_in_as_a_list() -> None:
    client = clerk(roles=(Role.SECTION_HEAD,))
    good = "コード,行政区,並び順,町名\n1,塔寺区,2,塔寺\n1,塔寺区,2,気多宮\n2,坂下区,1,字市中\n"
    assert client.post("/office/letters/districts/", {"file": sheet(good), "act": "use"}).status_code == 302
    assert [(one.name, one.areas) for one in District.objects.all()] == [
        ("坂下区", ["字市中"]),
        ("塔寺区", ["塔寺", "気多宮"]),
    ]
    bad = "コード,行政区,町名\n1,塔寺区,a\n1,別の区,b\n3,塔寺区,c\n"
    answer = client.post("/office/letters/districts/", {"file": sheet(bad), "act": "use"})
    assert answer.status_code == 422 and "使われています" in answer.content.decode() and District.objects.count() == 2
    checked = client.post("/office/letters/districts/", {"file": sheet(bad), "act": "check"})
    assert "spreadsheet" in checked["Content-Type"]
    assert clerk().get("/office/letters/districts/").status_code == 403


def test_a_print_is_thrown_away_in_time_and_the_list_stays() -> None:
    client = clerk()
    a_letter(1)
    client.post(
        "/office/letters/bundles/new", {"section": a_section().public_id, "order": "postal_code", "service": "ordinary"}
    )
    worked()
    bundle = Bundle.objects.get()
    client.post(f"/office/letters/bundles/{bundle.public_id}/post", {"posted_on": TODAY.isoformat()})
    with unaudited_writes("test"):
        Bundle.objects.update(made_at=CLOCK.now() - timedelta(days=91))
    jobs.forget()
    assert StoredFile.objects.get().state == "discarded"
    page = client.get(f"/office/letters/bundles/{bundle.public_id}/parts/1.pdf")
    assert page.status_code == 422 and "保存期間が過ぎた" in page.content.decode()
    assert client.get(f"/office/letters/bundles/{bundle.public_id}/list.pdf").status_code == 200


def test_everything_is_forgotten_when_its_years_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    told(to_account(a_resident_account()))
    a_letter(2)
    later = FixedClock(CLOCK.now() + timedelta(days=365 * 6 + 200))
    monkeypatch.setattr(jobs, "town_clock", lambda: FixedClock(CLOCK.now() + timedelta(days=365 * 4)))
    jobs.forget()
    assert Message.objects.count() == 2
    monkeypatch.setattr(jobs, "town_clock", lambda: later)
    jobs.forget()
    assert not Message.objects.exists() and not Letter.objects.exists() and not Delivery.objects.exists()


def test_no_page_of_notify_speaks_of_a_machine_term() -> None:
    client = clerk()
    a_letter(1)
    for path in ("/office/letters/", "/office/messages/", "/office/letters/bundles/", "/office/messages/kinds/"):
        assert not re.search(r">\s*(?:None|False|True|waiting|bundled)\s*<", words(client, path))


@pytest.mark.database
def test_who_is_protected_after_the_letter_went_is_nowhere_either() -> None:
    """The posting list of last month holds the place of somebody who has fled since."""
    client = clerk()
    for name, place in (("見本　安心", SECRET_PLACE), ("見本　花子", "塔寺2")):
        typed = {**TYPED, "name": name, "section": a_section().public_id, "address": f"会津坂下町{place}"}
        assert client.post("/office/letters/new", typed).status_code == 302
    client.post(
        "/office/letters/bundles/new",
        {"section": a_section().public_id, "order": "district", "service": "ordinary"},
    )
    worked()
    bundle = Bundle.objects.get()
    client.post(f"/office/letters/bundles/{bundle.public_id}/post", {"posted_on": TODAY.isoformat()})
    letter = Letter.objects.get(name="見本　安心")
    assert letter.state == "posted" and SECRET_PLACE in words(client, "/office/letters/")
    protected_now(name="見本　安心", born_on=None)
    auditor = clerk(a_section("98", "監査"), roles=(Role.AUDITOR,))
    for reader in (client, auditor):
        assert "塔寺2" in words(reader, "/office/letters/")
        for path in ("", "?export=csv", f"{letter.public_id}/", f"{letter.public_id}/return"):
            page = reader.get(f"/office/letters/{path}").content.decode()
            assert SECRET_PLACE not in page, path
        assert "会津坂下町塔寺2" in words(reader, "/office/letters/?q=花子")
        for asked in ("安心", "見本 安心", "安心　見本", "%00安心"):
            hits = words(reader, f"/office/letters/?q={asked}")
            assert str(letter.public_id) not in hits, "a hit would say who it is"
    for path in (
        "posting-list.pdf?posted=month",
        f"bundles/{bundle.public_id}/list.pdf",
        f"{letter.public_id}/letter.pdf",
    ):
        paper = client.get(f"/office/letters/{path}")
        assert paper["Content-Type"] == "application/pdf", path
        assert SECRET_PLACE not in "".join(one.extract_text() for one in PdfReader(io.BytesIO(paper.content)).pages)
    assert client.get(f"/office/letters/bundles/{bundle.public_id}/parts/1.pdf").status_code == 422
    letter.refresh_from_db()
    assert letter.address_lines and not letter.is_protected, "the rows stay: a namesake's list is whole again later"
