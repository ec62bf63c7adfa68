"""Telling: once, in the caller's transaction, over the right channels, and nothing of it in a mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.tests.people import a_resident_account, a_section, a_staff_account
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify.api import CannotBeReached, PostalTo, Recipient, messages_about, tell, unread_count, unread_of
from yakuba.kernel.notify.jobs import send
from yakuba.kernel.notify.models import Delivery, Letter, Message
from yakuba.kernel.notify.services.open_notice import open_notice
from yakuba.kernel.notify.tests.arranged import (
    CLOCK,
    DECISION,
    IVS,
    PAPER,
    TODAY,
    VALUES,
    by_post,
    decide,
    protected_now,
    section_staff,
    to_account,
    told,
)
from yakuba.kernel.people.api import NoticePreference, save_profile
from yakuba.kernel.people.tests.persons import entry
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Refusal

pytestmark = pytest.mark.django_db


def channels_of(message: Message) -> set[str]:
    return {one.channel for one in message.deliveries.all()} | ({"post"} if message.letters.exists() else set())


@pytest.mark.database
def test_a_resident_is_told_in_the_house_and_by_mail_that_there_is_something() -> None:
    hanako = a_resident_account("hanako@example.jp", name="花子")
    message = told(to_account(hanako), letter_number="8坂第1号")
    assert channels_of(message) == {"mail"} and message.account == hanako.public_id
    assert message.texts["body"]["en"] == "Decided on 23 November 2026.\nOutcome: 不交付（見本の理由）"
    me = person_of(hanako, TODAY)
    assert (unread_count(me), unread_of(me)) == (1, [message])
    assert list(messages_about(Ref("cases.case", "0123456789abcdef"))) == [message]
    send()
    (sent,) = mail.outbox
    assert sent.to == ["hanako@example.jp"]
    assert "お知らせがあります" in sent.subject and "手続きのお知らせ" in sent.subject
    assert f"/my/notices/{message.public_id}/" in sent.body
    whole = sent.message().as_string() + sent.subject + sent.body
    for secret in ("不交付", "見本の理由", "所得証明書", "花子", "決定", "0123456789abcdef"):
        assert secret not in whole, "nothing of what was told stands in the mail"


@pytest.mark.database
def test_what_fails_later_in_the_transaction_was_never_told() -> None:
    hanako = a_resident_account()
    with pytest.raises(RuntimeError, match="the decision failed"):
        told(to_account(hanako, address=PostalTo.of("9696547", "見本1")), kind=PAPER, fails=True)
    assert not Message.objects.exists() and not Delivery.objects.exists() and not Letter.objects.exists()
    assert not Job.objects.filter(name="notify.send").exists()


def test_told_twice_with_the_same_key_is_told_once() -> None:
    first = told(by_post(), kind=PAPER)
    again = told(by_post(name="別の人"), kind=PAPER)
    assert first == again and Letter.objects.count() == 1
    assert told(by_post(), kind=PAPER, key="case:2") != first


def test_telling_belongs_into_a_verb() -> None:
    with pytest.raises(RuntimeError, match="verb"):
        tell(
            by=section_staff(), recipient=by_post(), kind=PAPER, about=None, values={"title": "", "text": ""}, key="k",
            clock=CLOCK,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("preference", "channels"),
    [
        (NoticePreference.MAIL, {"mail"}),
        (NoticePreference.INBOX, set()),
        (NoticePreference.POST, {"post"}),
    ],
)
def test_the_wish_of_the_profile_is_followed(preference: NoticePreference, channels: set[str]) -> None:
    hanako = a_resident_account("hanako@example.jp")
    save_profile(by=person_of(hanako, TODAY), entry=entry(preference=preference, language="en"), version=0, clock=CLOCK)
    message = told(to_account(hanako))
    assert channels_of(message) == channels and message.language == "en"
    if channels == {"post"}:
        letter = message.letters.get()
        assert (letter.name, letter.postal_code) == (f"{IVS}　花子", "9696547")
        assert letter.address_lines == ["福島県河沼郡会津坂下町字見本1番地", "見本荘101号"]
        assert letter.title == "Result of 所得証明書" and len(letter.parts) == 2, "English first, then Japanese"


def test_without_an_account_mail_or_post_lead_there() -> None:
    mailed = told(Recipient(name="花子", mail="hanako@example.jp"), link="/procedures/look-up/")
    assert channels_of(mailed) == {"mail"} and mailed.account == ""
    send()
    assert "/procedures/look-up/" in mail.outbox[-1].body and "/my/notices/" not in mail.outbox[-1].body
    assert Delivery.objects.get().mail == "", "the address goes when the mail is out"
    assert channels_of(told(by_post(), key="case:2")) == {"post"}
    with pytest.raises(CannotBeReached) as refused:
        told(Recipient(name="だれか"), key="case:3")
    assert refused.value.hint and Message.objects.count() == 2


@pytest.mark.parametrize(
    "address",
    [
        "hanako@example.jp\r\nBcc: all@example.jp",
        "hanako@example.jp, other@example.jp",
        "花子 <hanako@example.jp>",
        "hanako@example.jp\x00",
        "a" * 300 + "@example.jp",
        "no address",
    ],
)
def test_an_address_that_is_more_than_one_address_leads_nowhere(address: str) -> None:
    with pytest.raises(CannotBeReached):
        told(Recipient(name="花子", mail=address))


def test_no_name_and_no_value_becomes_a_header() -> None:
    evil = "花子\r\nBcc: all@example.jp\r\n\r\nbody"
    hanako = a_resident_account("hanako@example.jp", name=evil[:80])
    told(to_account(hanako, name=evil), values={**VALUES, "name": evil, "outcome": evil})
    send()
    (sent,) = mail.outbox
    assert sent.recipients() == ["hanako@example.jp"]
    raw = sent.message()
    assert raw["Bcc"] is None and raw.get_all("To") == ["hanako@example.jp"]
    assert "all@example.jp" not in raw.as_string()
    message = Message.objects.get()
    assert "\r" not in message.name + message.subject("ja") and "\n" not in message.subject("ja")


@pytest.mark.parametrize(
    "link", ["https://evil.example", "//evil.example", "/\\evil", "javascript:alert(1)", "/a b", "/\n"]
)
def test_a_notice_leads_to_pages_of_ours_only(link: str) -> None:
    with pytest.raises(ValueError, match="no path"):
        told(by_post(), link=link)


def test_staff_are_told_in_the_house_only() -> None:
    clerk = a_staff_account("9001")
    message = told(to_account(clerk), kind=PAPER)
    assert (message.audience, channels_of(message)) == ("staff", set())
    assert unread_count(person_of(clerk, TODAY)) == 1


@pytest.mark.database
def test_a_protected_person_gets_no_letter_with_a_place() -> None:
    protected_now(number="M3")
    message = told(by_post(number="M3"), kind=PAPER)
    letter = message.letters.get()
    assert letter.is_protected and letter.state == "by_hand" and "支援措置" in letter.hand_reason
    assert (letter.postal_code, letter.address_lines, letter.district) == ("", [], "")
    stored = repr(Letter.objects.values().get()) + repr(Message.objects.values().get())
    assert "塔寺" not in stored and "見本荘" not in stored
    flagged = told(by_post(name="別の人", is_protected=True), kind=PAPER, key="case:2")
    assert flagged.letters.get().state == "by_hand", "the register's word counts as well"


def test_the_database_itself_keeps_places_off_protected_letters() -> None:
    from django.db import IntegrityError, transaction

    letter = told(by_post(), kind=PAPER).letters.get()
    for changed in ({"postal_code": "9696547"}, {"district": "塔寺"}, {"new_address": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic(), unaudited_writes("test"):
            Letter.objects.filter(pk=letter.pk).update(is_protected=True, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"address": PostalTo("9696547", ("あ" * 121,))},
        {"address": PostalTo("9696547", ("一", "二", "三", "四", "五"))},
        {"address": PostalTo("9696547", (" ",))},
        {"address": PostalTo("969-654", ("一",))},
        {"name": " "},
    ],
)
def test_what_cannot_stand_on_an_envelope_is_refused(changed: dict[str, Any]) -> None:
    given = {"name": "花子", "address": PostalTo("9696547", ("見本1",)), **changed}
    with pytest.raises(Refusal):
        told(Recipient(**given), kind=PAPER)


@pytest.mark.database
def test_the_first_opening_is_the_arrival_and_only_ones_own() -> None:
    hanako, taro = a_resident_account(), a_resident_account()
    message = told(to_account(hanako))
    with pytest.raises(NotAllowed):
        open_notice(by=person_of(taro, TODAY), message=message, clock=CLOCK)
    with pytest.raises(NotAllowed):
        open_notice(by=section_staff(), message=message, clock=CLOCK)
    opened = open_notice(by=person_of(hanako, TODAY), message=message, clock=CLOCK).opened_at
    again = open_notice(by=person_of(hanako, TODAY), message=message, clock=CLOCK)
    assert opened is not None and again.opened_at == opened and Message.objects.get().opened_at == opened


def test_a_thousand_messages_in_a_moment_wake_a_handful_of_jobs() -> None:
    a_section()
    for number in range(30):
        told(Recipient(name="花子", mail=f"h{number}@example.jp"), key=f"case:{number}")
    assert Job.objects.filter(name="notify.send").count() <= 4
    send()
    assert len(mail.outbox) == 30


def test_a_kind_nobody_declared_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no message kind"):
        decide(
            by=section_staff(), recipient=by_post(), kind="nobody.knows", about=None, values={}, key="k", clock=CLOCK
        )
    with pytest.raises(KeyError):
        told(by_post(), values={"name": "x"})
    assert DECISION.places == {"name", "on", "outcome"}
