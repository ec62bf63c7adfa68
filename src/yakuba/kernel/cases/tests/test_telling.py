"""People are told in the transaction of what happened; nobody's case fails because nobody can be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Arrival, Party
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.services import (
    answer_correction,
    ask_correction,
    assign_case,
    return_case,
    send_notice,
    start_work,
    withdraw_case,
)
from yakuba.kernel.cases.services.telling import called
from yakuba.kernel.cases.tests.deciding import decided, lettered, propose
from yakuba.kernel.cases.tests.world import ANSWERS, APPLICANT, CLOCK, HANAKO, TARO
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.notify.models import Delivery, Letter, Message
from yakuba.kernel.values.api import Refusal, Text


@pytest.fixture
def accounts(world) -> Any:
    """Accounts of the resident, of an agent and of the clerk."""
    with unaudited_writes("test"):
        for person, mail in ((HANAKO, "hanako@example.jp"), (TARO, "taro@example.jp")):
            Account.objects.create(
                public_id=person.id,
                kind=AccountKind.RESIDENT,
                sign_in_name=mail,
                email=mail,
                display_name=person.name,
            )
        clerk = world.hall.staff["行政 主事"]
        Account.objects.create(
            public_id="clerkaccount0001", kind=AccountKind.STAFF, sign_in_name=clerk.number, staff=clerk
        )
    return world


def told() -> list[tuple[str, str]]:
    return [(one.kind, one.account) for one in Message.objects.order_by("pk")]


def test_an_arrival_is_confirmed_once_without_telling_more_than_the_number(accounts) -> None:
    case = accounts.submit()
    message = Message.objects.get()
    assert (message.kind, message.account, message.section) == ("cases.received", HANAKO.id, case.section)
    assert case.number in message.texts["body"]["ja"]
    assert case.number in message.texts["body"]["en"]
    assert "勤務先に出すため" not in str(message.texts)
    assert message.link == f"/my/cases/{case.public_id}/"


def test_an_agent_is_told_in_place_of_the_applicant(accounts) -> None:
    accounts.submit(
        by=TARO,
        agent=Party(name="代理　次郎", account_id=TARO.id),
        facts={"is_agent": True},
        mandate=["0123456789abcdef"],
    )
    message = Message.objects.get()
    assert (message.account, message.name) == (TARO.id, "代理　次郎")


def test_somebody_with_a_mail_address_only_is_led_to_the_look_up(world) -> None:
    world.submit(by=VISITOR, applicant=Party(name="見本　花子", mail="hanako@example.jp"), password="sakura-2026")
    message = Message.objects.get()
    assert message.link == "/my/lookup/"
    assert [one.channel for one in Delivery.objects.all()] == ["mail"]


def test_nobody_to_tell_is_no_fault(world) -> None:
    case = world.submit(by=world.clerk(), channel=Arrival.COUNTER, applicant=Party(name="見本　花子"))
    assert not Message.objects.exists()
    ask_correction(
        by=world.clerk(), case=case, items=[("reason", "?")], message="", deadline=date(2026, 11, 16), clock=CLOCK
    )
    assert not Message.objects.exists()
    assert Case.objects.get().state == "correcting"


def test_a_correction_reaches_somebody_without_account_by_post(world) -> None:
    applicant = replace(APPLICANT, account_id="", mail="")
    case = world.submit(by=world.clerk(), channel=Arrival.COUNTER, applicant=applicant)
    assert not Message.objects.exists()
    ask_correction(
        by=world.clerk(), case=case, items=[("reason", "詳しく")], message="", deadline=date(2026, 11, 16), clock=CLOCK
    )
    letter = Letter.objects.get()
    assert "理由：詳しく" in str(letter.parts)
    assert letter.postal_code == "9696543"


def test_question_and_answer_reach_the_right_people(accounts) -> None:
    clerk = accounts.clerk()
    case = start_work(by=clerk, case=accounts.submit(), clock=CLOCK)
    ask_correction(
        by=clerk, case=case, items=[("reason", "詳しく")], message="", deadline=date(2026, 11, 16), clock=CLOCK
    )
    answer_correction(by=HANAKO, case=case, answers=ANSWERS, sources={}, clock=CLOCK)
    assert told()[1:] == [("cases.correction_asked", HANAKO.id), ("cases.to_staff", "clerkaccount0001")]
    asked = Message.objects.get(kind="cases.correction_asked")
    assert "理由：詳しく" in asked.texts["body"]["ja"]
    assert "令和8年11月16日" in asked.texts["body"]["ja"]


def test_what_is_sent_back_says_why(accounts) -> None:
    case = accounts.submit("notification")
    return_case(by=accounts.clerk(), case=case, reason="届出人の欄が空です", clock=CLOCK)
    assert "届出人の欄が空です" in Message.objects.get(kind="cases.returned").texts["body"]["ja"]


def test_who_is_given_a_case_knows_it(accounts) -> None:
    case = accounts.submit()
    assign_case(by=accounts.clerk("行政 班長"), case=case, to=accounts.hall.staff["行政 主事"], clock=CLOCK)
    assert told()[1:] == [("cases.to_staff", "clerkaccount0001")]
    withdraw_case(by=HANAKO, case=case, reason="", clock=CLOCK)
    assert told()[2:] == [("cases.to_staff", "clerkaccount0001")]


def test_an_electronic_letter_is_announced_and_tells_no_outcome(accounts) -> None:
    case = decided(accounts, accounts.submit(accepts_enotice=True))
    send_notice(by=accounts.clerk(), notice=lettered(accounts, case), clock=CLOCK)
    message = Message.objects.get(kind="cases.notice_ready")
    assert "令和8年11月12日" in message.texts["body"]["ja"]
    assert "決定" not in str(message.texts)
    assert not Letter.objects.exists()


def test_a_letter_on_paper_goes_to_the_letters_of_the_house(accounts) -> None:
    case = decided(accounts, accounts.submit())
    notice = send_notice(by=accounts.clerk(), notice=lettered(accounts, case), clock=CLOCK)
    letter = Letter.objects.get()
    assert (letter.number, letter.name, letter.account) == (notice.number.written, "見本　花子", "")
    assert "審査請求" in str(letter.parts)
    assert not Message.objects.filter(kind="cases.letter").exclude(account="").exists()


def test_a_letter_the_post_office_brings_back_is_known_at_the_case(accounts, monkeypatch) -> None:
    from yakuba.kernel.cases import jobs

    case = decided(accounts, accounts.submit())
    notice = send_notice(by=accounts.clerk(), notice=lettered(accounts, case), clock=CLOCK)
    monkeypatch.setattr(jobs, "town_clock", lambda: CLOCK)
    jobs.follow_notices()
    assert Case.objects.get().notices.get().state == "sent"
    with unaudited_writes("test"):
        Letter.objects.update(state="returned", return_reason="moved", posted_on=CLOCK.today(), postage=110)
    jobs.follow_notices()
    jobs.follow_notices()
    notice.refresh_from_db()
    assert notice.state == "sent_back"
    assert case.events.filter(words__startswith="通知書が返ってきた").count() == 1


def test_a_message_vanishes_with_what_it_tells(accounts) -> None:
    case = accounts.submit("consultation")
    before = Message.objects.count()
    with pytest.raises(Refusal):
        ask_correction(
            by=accounts.clerk(),
            case=case,
            items=[("reason", "?")],
            message="",
            deadline=date(2026, 11, 16),
            clock=CLOCK,
        )
    assert Message.objects.count() == before


def test_the_clerk_learns_that_it_was_decided(accounts) -> None:
    case = start_work(by=accounts.clerk(), case=accounts.submit(), clock=CLOCK)
    proposal = propose(accounts, case)
    from yakuba.kernel.cases.tests.deciding import verdict

    verdict(accounts, proposal)
    assert Message.objects.filter(kind="cases.to_staff").last().texts["subject"]["ja"].startswith("決裁が下りました")


def test_readers_of_english_know_the_case_by_its_english_name() -> None:
    procedure = SimpleNamespace(
        values={"title": "…"}, title=Text("設置補助", easy="おぎなう お金", en="Grant for tanks")
    )
    first = called(SimpleNamespace(procedure=procedure, stage="", title="設置補助"))  # type: ignore[arg-type]
    assert first.en == "Grant for tanks"
    later = called(SimpleNamespace(procedure=procedure, stage="report", title="設置補助（実績報告）"))  # type: ignore[arg-type]
    assert (later.ja, later.easy, later.en) == (
        "設置補助（実績報告）",
        "おぎなう お金（おわった ことの 報告）",
        "Grant for tanks (report)",
    )
    unknown = SimpleNamespace(values={}, title=None)
    assert called(SimpleNamespace(procedure=unknown, stage="", title="旧い手続き")).ja == "旧い手続き"  # type: ignore[arg-type]
