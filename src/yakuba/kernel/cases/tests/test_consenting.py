"""Co-applicants agree by link and code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Party
from yakuba.kernel.cases.models import Case, Cosigner
from yakuba.kernel.cases.rules.consent import MOST_WRONG_CODES, CodeWrong, Invited
from yakuba.kernel.cases.services import (
    assign_case,
    confirm_cosigner,
    cosigner_of,
    invite_cosigner,
    record_consent,
    submit_case,
)
from yakuba.kernel.cases.tests.world import APPLICANT, CLOCK, HANAKO, STRANGER
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.notify.models import Delivery, Message
from yakuba.kernel.values.api import FixedClock, Refusal

LATER = FixedClock(CLOCK.now() + timedelta(days=3))


def send(world, *names: str, procedure: str = "application") -> Case:
    return submit_case(
        by=HANAKO,
        procedure=world.procedures[procedure],
        filling=world.begin(procedure),
        applicant=APPLICANT,
        cosigners=[Invited(name, "父") for name in names],
        clock=CLOCK,
    )


def invite(case: Case, place: int = 0):
    return invite_cosigner(by=HANAKO, cosigner=list(case.cosigners.all())[place], clock=CLOCK)


def agree(
    invitation, *, code: str | None = None, agrees: bool = True, name: str = "見本 太郎", clock=LATER
) -> Cosigner:
    return confirm_cosigner(
        by=VISITOR,
        token=invitation.token,
        code=invitation.code if code is None else code,
        agrees=agrees,
        typed_name=name,
        clock=clock,
    )


def test_a_case_waits_until_everybody_agreed_and_the_period_begins_then(world) -> None:
    case = send(world, "見本　太郎", "見本　次郎")
    assert (case.state, case.phase, case.due_on) == ("awaiting_consent", "consent", None)
    agree(invite(case, 0))
    assert Case.objects.get().state == "awaiting_consent"
    agree(invite(case, 1), name="見本　次郎")
    case = Case.objects.get()
    assert case.state == "received"
    assert case.counts_from == LATER.today()
    assert case.due_on is not None
    first = case.cosigners.first()
    assert "私も申請者の一人として申請することに同意します" in first.statement
    assert case.number in first.statement


def test_the_code_is_needed_beside_the_link(world) -> None:
    invitation = invite(send(world, "見本　太郎"))
    wrong = "000000" if invitation.code != "000000" else "111111"
    with pytest.raises(CodeWrong):
        agree(invitation, code=wrong)
    assert Cosigner.objects.get().wrong_codes == 1
    full_width = invitation.code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert agree(invitation, code=f" {full_width} ").state == "agreed"


def test_five_wrong_codes_end_the_link_and_a_new_one_begins_afresh(world) -> None:
    case = send(world, "見本　太郎")
    invitation = invite(case)
    wrong = "000000" if invitation.code != "000000" else "111111"
    for _ in range(MOST_WRONG_CODES):
        with pytest.raises(CodeWrong):
            agree(invitation, code=wrong)
    with pytest.raises(Refusal, match="使えなくなりました"):
        agree(invitation)
    again = invite(case)
    assert cosigner_of(invitation.token) is None
    assert agree(again).state == "agreed"


def test_a_link_expires(world) -> None:
    invitation = invite(send(world, "見本　太郎"))
    with pytest.raises(Refusal, match="期限"):
        agree(invitation, clock=FixedClock(CLOCK.now() + timedelta(days=14)))


def test_a_link_answers_once(world) -> None:
    invitation = invite(send(world, "見本　太郎"))
    agree(invitation)
    with pytest.raises(Refusal):
        agree(invitation)


def test_who_types_another_name_agrees_to_nothing(world) -> None:
    invitation = invite(send(world, "見本　太郎"))
    with pytest.raises(Refusal, match="氏名"):
        agree(invitation, name="別人")
    assert Cosigner.objects.get().state == "asked"


def test_who_does_not_agree_keeps_the_case_waiting_and_may_be_asked_again(world) -> None:
    case = send(world, "見本　太郎")
    assert agree(invite(case), agrees=False, name="").state == "refused"
    assert Case.objects.get().state == "awaiting_consent"
    assert agree(invite(case)).state == "agreed"


def declined_again(world) -> Case:
    """Asked twice, declined twice."""
    case = send(world, "見本　太郎")
    agree(invite(case), agrees=False, name="")
    agree(invite(case), agrees=False, name="", clock=FixedClock(LATER.now() + timedelta(hours=1)))
    return case


def test_the_applicant_is_told_each_time_that_somebody_declined(world) -> None:
    with unaudited_writes("test"):
        Account.objects.create(
            public_id=HANAKO.id, kind=AccountKind.RESIDENT, sign_in_name="h", email="h@example.jp", display_name="花子"
        )
    case = declined_again(world)
    told = Message.objects.filter(kind="cases.consent_declined")
    assert [(one.account, one.link) for one in told] == [(HANAKO.id, f"/my/cases/{case.public_id}/")] * 2
    assert "見本　太郎さんは同意しませんでした" in told[0].texts["body"]["ja"]
    assert told[0].texts["body"]["en"].startswith("見本　太郎 did not agree")
    assert Delivery.objects.filter(message__in=told, channel="mail").count() == 2


def test_an_applicant_without_account_is_told_by_mail_or_nothing_fails(world) -> None:
    for applicant, number in ((replace(APPLICANT, account_id=""), 1), (Party(name="見本　花子"), 0)):
        case = submit_case(
            by=VISITOR,
            procedure=world.procedures["application"],
            filling=world.begin("application", by=VISITOR),
            applicant=applicant,
            password="sakura-2026",
            cosigners=[Invited("見本　太郎", "父")],
            clock=CLOCK,
        )
        invitation = invite_cosigner(by=VISITOR, cosigner=case.cosigners.get(), clock=CLOCK)
        agree(invitation, agrees=False, name="")
        about = Message.objects.filter(kind="cases.consent_declined", about_id=case.public_id)
        assert about.count() == number
        assert {one.link for one in about} <= {"/my/lookup/"}


def test_who_has_the_case_in_hand_is_told_too(world) -> None:
    with unaudited_writes("test"):
        clerk = world.hall.staff["行政 主事"]
        Account.objects.create(
            public_id="clerkaccount0001", kind=AccountKind.STAFF, sign_in_name=clerk.number, staff=clerk
        )
    case = send(world, "見本　太郎")
    assign_case(by=world.clerk("行政 班長"), case=case, to=world.hall.staff["行政 主事"], clock=CLOCK)
    agree(invite(case), agrees=False, name="")
    subjects = [one.texts["subject"]["ja"] for one in Message.objects.filter(account="clerkaccount0001")]
    assert any(one.startswith("一緒に申請する人が、同意しませんでした") for one in subjects)


def test_who_declined_may_still_agree_on_paper(world) -> None:
    case = declined_again(world)
    record_consent(by=world.clerk(), cosigner=case.cosigners.get(), how="同意書の原本", clock=LATER)
    assert Case.objects.get().state == "received"


def test_a_clerk_records_consent_on_paper(world) -> None:
    case = send(world, "見本　太郎")
    cosigner = case.cosigners.get()
    with pytest.raises(PermissionDenied):
        record_consent(by=STRANGER, cosigner=cosigner, how="紙", clock=CLOCK)
    with pytest.raises(Refusal):
        record_consent(by=world.clerk(), cosigner=cosigner, how="", clock=CLOCK)
    record_consent(by=world.clerk(), cosigner=cosigner, how="同意書の原本", clock=CLOCK)
    assert Case.objects.get().state == "received"


def test_only_the_parties_make_links(world) -> None:
    case = send(world, "見本　太郎")
    with pytest.raises(PermissionDenied):
        invite_cosigner(by=STRANGER, cosigner=case.cosigners.get(), clock=CLOCK)


@pytest.mark.parametrize(("names", "why"), [(("",), "氏名"), (("見本　花子",), "同じ人"), (("甲", "甲"), "同じ人")])
def test_whom_one_asks_is_checked(world, names, why) -> None:
    with pytest.raises(Refusal, match=why):
        send(world, *names)


def test_a_notification_knows_no_consent(world) -> None:
    with pytest.raises(Refusal, match="一人で"):
        send(world, "見本　太郎", procedure="notification")
