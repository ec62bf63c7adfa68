"""Sending: intent, call, outcome; a crash in between loses nothing and can be recognised."""

from __future__ import annotations

import email
import os
import signal
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message as Mail
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_resident_account, a_section
from yakuba.kernel.jobs.api import OutsideCallInTransaction
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify import jobs
from yakuba.kernel.notify.channels.base import Outcome, Parcel, Reached, Verdict
from yakuba.kernel.notify.channels.registry import channel_of, outside_channel
from yakuba.kernel.notify.channels.vendors.mail import MailChannel, is_mail_address, mail_of
from yakuba.kernel.notify.checkups import notices as look_at_notices
from yakuba.kernel.notify.models import Delivery
from yakuba.kernel.notify.rules.deliveries import LEASE, RETRY_MINUTES
from yakuba.kernel.notify.services.deliver import begin_sending, note_bounce, retry_delivery, settle_delivery
from yakuba.kernel.notify.tests.arranged import section_staff, to_account, told
from yakuba.kernel.things.api import Level
from yakuba.kernel.values.api import FixedClock, Refusal, SystemClock

pytestmark = pytest.mark.django_db
SYSTEM = jobs.SYSTEM
CLOCK = SystemClock()


@dataclass
class Relay:
    """A strict mail relay: answers each address as told, and remembers every mail."""

    answers: dict[str, Exception] = field(default_factory=dict)
    got: list[Any] = field(default_factory=list)
    opened: int = 0
    is_down: bool = False


RELAY = Relay()


class RelayBackend(BaseEmailBackend):
    def open(self) -> bool:
        if RELAY.is_down:
            raise ConnectionRefusedError
        RELAY.opened += 1
        return True

    def send_messages(self, messages: Any) -> int:
        for one in messages:
            assert len(one.recipients()) == 1
            fault = RELAY.answers.get(one.to[0])
            if fault is not None:
                raise fault
            RELAY.got.append(one)
        return len(messages)


@pytest.fixture
def relay(settings) -> Iterator[Relay]:
    RELAY.answers, RELAY.got, RELAY.opened, RELAY.is_down = {}, [], 0, False
    settings.EMAIL_BACKEND = f"{__name__}.RelayBackend"
    yield RELAY


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):
    """Let the jobs' clock stand at some time from now."""

    def at(**after: float) -> datetime:
        moment = CLOCK.now() + timedelta(**after)
        monkeypatch.setattr(jobs, "town_clock", lambda: FixedClock(moment))
        return moment

    return at


def to_somebody(number: int = 1) -> Account:
    account = a_resident_account(f"somebody{number}@example.jp")
    told(to_account(account), key=f"case:{number}")
    return account


@pytest.mark.database
def test_each_mail_is_settled_for_itself(relay: Relay) -> None:
    for number in range(1, 5):
        to_somebody(number)
    relay.answers = {
        "somebody1@example.jp": smtplib.SMTPRecipientsRefused({"somebody1@example.jp": (550, b"no such user")}),
        "somebody3@example.jp": smtplib.SMTPRecipientsRefused({"somebody3@example.jp": (450, b"mailbox busy")}),
    }
    jobs.send()
    states = [(one.state, one.attempts, one.error) for one in Delivery.objects.order_by("pk")]
    assert [state for state, _, _ in states] == ["bounced", "sent", "waiting", "sent"]
    assert "550" in states[0][2] and "450" in states[2][2]
    assert relay.opened == 1, "one connection for the chunk"
    assert Delivery.objects.filter(state="sent").first().sent_to == "s…@example.jp"
    events = AuditEvent.objects.filter(verb="notify.settle_delivery")
    assert events.count() == 4 and "somebody" not in repr([(one.subjects, one.digest) for one in events])


def test_what_failed_is_tried_again_later_and_given_up_to_a_person(relay: Relay, later) -> None:
    to_somebody()
    relay.answers = {"somebody1@example.jp": smtplib.SMTPDataError(451, b"later")}
    jobs.send()
    jobs.send()
    assert Delivery.objects.get().attempts == 1, "not before its time"
    passed = 0
    for minutes in RETRY_MINUTES:
        passed += minutes + 1
        later(minutes=passed)
        jobs.send()
    found = Delivery.objects.get()
    assert (found.state, found.attempts) == ("failed", len(RETRY_MINUTES) + 1)
    later(days=30)
    jobs.send()
    assert Delivery.objects.get().attempts == len(RETRY_MINUTES) + 1
    with pytest.raises(NotAllowed):
        retry_delivery(by=section_staff(a_section("99", "別の課")), delivery=found, clock=CLOCK)
    relay.answers = {}
    retry_delivery(by=section_staff(), delivery=found, clock=CLOCK)
    jobs.send()
    assert Delivery.objects.get().state == "sent"


def test_a_relay_that_is_down_costs_no_attempt(relay: Relay, later) -> None:
    to_somebody(1), to_somebody(2)
    relay.is_down = True
    for hours in (0, 1, 2):
        later(hours=hours)
        jobs.send()
    assert set(Delivery.objects.values_list("state", "attempts")) == {("waiting", 0)}
    assert [finding.level for finding in look_at_notices()][-1] is Level.GOOD, "not slow yet by the real clock"
    relay.is_down = False
    later(hours=3)
    jobs.send()
    assert len(relay.got) == 2


def test_a_line_that_breaks_gives_the_rest_back(relay: Relay) -> None:
    for number in range(1, 4):
        to_somebody(number)
    relay.answers = {"somebody2@example.jp": smtplib.SMTPServerDisconnected("gone")}
    jobs.send()
    assert list(Delivery.objects.order_by("pk").values_list("state", "attempts")) == [
        ("sent", 1), ("waiting", 0), ("waiting", 0),
    ]  # fmt: skip


@pytest.mark.database
def test_many_leave_in_chunks_over_few_connections(relay: Relay) -> None:
    hanako = a_resident_account("hanako@example.jp")
    for number in range(230):
        told(to_account(hanako), key=f"case:{number}")
    jobs.send()
    assert (len(relay.got), relay.opened) == (230, 3)
    assert len({one.message()["Message-ID"] for one in relay.got}) == 230


def test_a_job_stops_in_time_and_the_next_goes_on(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 4):
        to_somebody(number)
    moments = iter([0.0, 1.0, 50.0, 50.0, 50.0, 50.0])
    monkeypatch.setattr(jobs.time, "monotonic", lambda: next(moments))
    before = Job.objects.filter(name="notify.send").count()
    jobs.send()
    assert len(relay.got) == 1
    assert Job.objects.filter(name="notify.send").count() == before + 1
    assert list(Delivery.objects.order_by("pk").values_list("state", "attempts"))[1:] == [("waiting", 0)] * 2


def test_an_intent_without_outcome_is_taken_again_when_its_lease_is_over(relay: Relay, later) -> None:
    to_somebody()
    assert len(begin_sending(by=SYSTEM, channel="mail", clock=CLOCK)) == 1  # and then the process died
    jobs.send()
    assert relay.got == [], "somebody may still be at it"
    later(seconds=LEASE.total_seconds() + 5)
    jobs.send()
    assert len(relay.got) == 1 and Delivery.objects.get().state == "sent"


def test_the_word_of_an_older_attempt_counts_only_if_it_arrived() -> None:
    to_somebody()
    begin_sending(by=SYSTEM, channel="mail", clock=CLOCK)
    again = FixedClock(CLOCK.now() + LEASE + timedelta(seconds=9))
    begin_sending(by=SYSTEM, channel="mail", clock=again)
    delivery = Delivery.objects.get()
    late = {"by": SYSTEM, "delivery": delivery, "attempt": 1, "sent_to": "x@example.jp", "clock": again}
    assert not settle_delivery(outcome=Outcome(Verdict.NEVER, "断られた"), **late)
    assert settle_delivery(outcome=Outcome(Verdict.SENT), **late)
    assert not settle_delivery(outcome=Outcome(Verdict.NEVER, "断られた"), **{**late, "attempt": 2})
    assert Delivery.objects.get().state == "sent"


def test_an_account_that_was_closed_is_written_to_no_more(relay: Relay) -> None:
    from yakuba.kernel.audit.api import unaudited_writes

    account = to_somebody()
    with unaudited_writes("test"):
        Account.objects.filter(pk=account.pk).update(is_active=False, email="")
    jobs.send()
    assert relay.got == [] and Delivery.objects.get().state == "cancelled"


def test_a_bounce_that_came_later_is_noted_by_the_section(relay: Relay) -> None:
    to_somebody()
    jobs.send()
    sent = Delivery.objects.get()
    with pytest.raises(NotAllowed):
        note_bounce(by=section_staff(a_section("99", "別の課")), delivery=sent, reason="x", clock=CLOCK)
    with pytest.raises(Refusal, match="理由"):
        note_bounce(by=section_staff(), delivery=sent, reason=" ", clock=CLOCK)
    assert note_bounce(by=section_staff(), delivery=sent, reason="宛先不明で戻った", clock=CLOCK).state == "bounced"


def test_nothing_is_called_inside_a_verb() -> None:
    from yakuba.kernel.audit.api import unaudited_writes

    with unaudited_writes("inside"), pytest.raises(OutsideCallInTransaction), MailChannel().opened():
        pass


def mails_in(folder: Path) -> list[Mail]:
    found = []
    for file in sorted(folder.iterdir()):
        for part in file.read_text("utf-8").split("-" * 79):
            if part.strip():
                found.append(email.message_from_string(part.strip("\n")))
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
@pytest.mark.parametrize("when", ["before the call", "after the call"])
def test_killed_between_intent_and_outcome_a_mail_goes_out_at_least_once_and_is_recognised(
    settings, tmp_path: Path, later, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    to_somebody(1), to_somebody(2)
    connections.close_all()
    child = os.fork()
    if child == 0:  # this process is killed in the middle of its work

        def die(*args: Any, **kwargs: Any) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        if when == "before the call":
            MailChannel.opened = die  # type: ignore[method-assign]
        else:
            jobs.settle_delivery = die
        jobs.send()
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sending"}, "the intent was committed"
    later(seconds=LEASE.total_seconds() + 5)
    jobs.send()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    references = [one["Message-ID"] for one in mails_in(tmp_path)]
    assert len(set(references)) == 2, "every mail went out, and a repetition has the same Message-ID"
    assert len(references) == (2 if when == "before the call" else 3)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("hanako@example.jp", True),
        ("hanako.yamada+town@mail.example.jp", True),
        ("", False),
        ("a@b@c.jp", False),
        ("a@example.jp\n", False),
        ("a@example.jp,b@example.jp", False),
        ("Hanako <a@example.jp>", False),
        ("a@example.jp\r\nTo: b@example.jp", False),
    ],
)
def test_a_mail_goes_to_one_address(address: str, is_one: bool) -> None:
    assert is_mail_address(address) is is_one
    assert bool(MailChannel().address_of(Reached("", address))) is is_one


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_a_mail_says_where_to_read_and_that_it_is_automatic(language: str) -> None:
    parcel = Parcel(
        "0123456789abcdef", "a@example.jp", language, "手続き\r\nBcc: x@example.jp", "http://localhost/my/n/"
    )
    made = mail_of(parcel)
    raw = made.message()
    assert raw["Bcc"] is None and raw["Auto-Submitted"] == "auto-generated"
    assert raw["Message-ID"].startswith("<0123456789abcdef@") and "http://localhost/my/n/" in made.body
    assert ("notice" in made.subject) is (language == "en")


def test_a_further_channel_plugs_in_without_touching_the_engine() -> None:
    assert channel_of("mail") is not None and channel_of("line") is None
    assert outside_channel(MailChannel()).key == "mail"

    class Impostor(MailChannel):
        pass

    with pytest.raises(ValueError, match="already"):
        outside_channel(Impostor())
    assert mail.outbox == []
