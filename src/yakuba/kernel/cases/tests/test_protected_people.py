"""支援措置: nobody finds where a protected person is, on no page, list, export, search, letter or count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases import sheets
from yakuba.kernel.cases.api import Case, Party, Wanted, contact_of, protected_cases, work_rows, worklist
from yakuba.kernel.cases.models import CaseParty, Correction
from yakuba.kernel.cases.prints.letters import receipt_pdf
from yakuba.kernel.cases.queries.answers import answers_for, correction_compared
from yakuba.kernel.cases.queries.areas import area_of, counts_by_area
from yakuba.kernel.cases.rules.parties import PartyRole
from yakuba.kernel.cases.services import answer_correction, ask_correction, open_contact, start_work
from yakuba.kernel.cases.tests.deciding import decided, lettered
from yakuba.kernel.cases.tests.test_notices import words_in
from yakuba.kernel.cases.tests.world import ANSWERS, APPLICANT, AUDITOR, CLOCK, HANAKO, TARO, TODAY
from yakuba.kernel.people.rules.protections import Ground
from yakuba.kernel.people.services.protect import protect
from yakuba.kernel.values.api import Refusal

SECRETS = ("字見本", "1番地", "9696543", "969-6543", "0242-00-0000", "hanako@example.jp")


KEEPER = Person(
    id="keeper", name="住民 係", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.PROTECTION}), staff_id=None
)
OTHER = replace(APPLICANT, name="別人　次郎", kana="ベツジン", account_id="acct-other", birth_date=date(1990, 1, 1))


def shelter() -> None:
    """Protect 見本 花子."""
    protect(
        by=KEEPER,
        name="見本　花子",
        born_on=date(1980, 4, 1),
        account="",
        number="",
        ground=Ground.VIOLENCE,
        note="",
        starts_on=TODAY,
        last_day=date(2027, 10, 31),
        clock=CLOCK,
    )


def nothing_told(*things: object) -> None:
    written = "".join(str(one) for one in things)
    for secret in SECRETS:
        assert secret not in written, secret


@pytest.fixture(params=["before", "after"])
def case(world, request) -> Case:
    """A case of a protected person; the protection was there before, or began after the case arrived."""
    if request.param == "before":
        shelter()
    found = world.submit()
    if request.param == "after":
        shelter()
    return found


def test_a_place_known_before_is_stored_sealed_only(world) -> None:
    shelter()
    case = world.submit()
    party = CaseParty.objects.get(case=case)
    nothing_told(*(getattr(party, field.attname) for field in party._meta.concrete_fields))
    assert party.opened().address == APPLICANT.address


def test_every_list_and_page_withholds_it(world, case) -> None:
    clerk = world.clerk()
    rows = work_rows(worklist(clerk, Wanted(), on=TODAY), on=TODAY)
    assert [one.is_protected for one in rows] == [True]
    nothing_told(*(vars(one.case) for one in rows))
    party = CaseParty.objects.get(case=case)
    for person in (clerk, world.clerk("総務 課長"), AUDITOR, TARO):
        nothing_told(contact_of(person, party, on=TODAY))
        nothing_told(answers_for(person, case, on=TODAY))
    assert contact_of(HANAKO, party, on=TODAY).address == APPLICANT.address
    assert "1番地" in str(answers_for(HANAKO, case, on=TODAY))


def test_the_agent_does_not_read_it_either(world) -> None:
    case = world.submit(
        by=TARO,
        agent=Party(name="代理　次郎", account_id=TARO.id),
        facts={"is_agent": True},
        mandate=["0123456789abcdef"],
    )
    assert "1番地" in str(answers_for(TARO, case, on=TODAY))
    shelter()
    nothing_told(answers_for(TARO, case, on=TODAY))
    nothing_told(*(contact_of(TARO, one, on=TODAY) for one in case.parties.filter(role="applicant")))


def test_no_search_finds_it(world, case) -> None:
    for words in SECRETS:
        assert not worklist(world.clerk(), Wanted(words=words), on=TODAY).exists()
    nothing_told(case.search_words)


def test_a_comparison_of_answers_withholds_it(world, case) -> None:
    ask_correction(
        by=world.clerk(),
        case=case,
        items=[("applicant_address", "番地を確かめてください")],
        message="",
        deadline=date(2026, 11, 16),
        clock=CLOCK,
    )
    moved = {**ANSWERS["applicant_address"], "lot": "99番地"}
    answer_correction(by=HANAKO, case=case, answers={**ANSWERS, "applicant_address": moved}, sources={}, clock=CLOCK)
    compared = correction_compared(world.clerk(), Correction.objects.get(), on=TODAY)
    assert [(one.before, one.after) for one in compared] == [("（非表示）", "（非表示）")]
    assert "99番地" in str(correction_compared(HANAKO, Correction.objects.get(), on=TODAY))


def test_no_letter_no_receipt_and_no_proposal_bears_it(world, case) -> None:
    notice = lettered(world, decided(world, case))
    nothing_told(notice.content, words_in(notice), sheets.decision_notice(notice=notice))
    assert notice.content["by_hand"]
    proposal = case.proposals.get()
    nothing_told(proposal.content)
    from yakuba.kernel.approval.models import DecisionRequest

    nothing_told(*(vars(one) for one in DecisionRequest.objects.all()))
    pdf = receipt_pdf(case, look_up_url="", language="ja", printed_at=CLOCK.now())
    assert pdf
    nothing_told(sheets.receipt(case=case))


def test_no_history_and_no_log_bears_it(world, case) -> None:
    start_work(by=world.clerk(), case=case, clock=CLOCK)
    nothing_told(*(vars(one) for one in case.events.all()))
    nothing_told(*(vars(one) for one in AuditEvent.objects.all()))


def test_no_count_by_area_holds_it(world, case) -> None:
    for _ in range(12):
        world.submit(applicant=OTHER, by=Person(id="acct-other", name="別人", kind=PersonKind.RESIDENT))
    assert counts_by_area(Case.objects.all(), on=TODAY) == {"字見本": 12}


def test_few_cases_of_an_area_are_not_told_apart(world) -> None:
    for address in ("福島県河沼郡会津坂下町字甲1番地", "福島県河沼郡会津坂下町字乙2番地", "東京都千代田区1-1", ""):
        world.submit(applicant=replace(OTHER, address=address), by=HANAKO)
    assert counts_by_area(Case.objects.all(), on=TODAY) == {}


def test_others_are_not_hidden(world, case) -> None:
    other = world.submit(applicant=OTHER, by=Person(id="acct-other", name="別人", kind=PersonKind.RESIDENT))
    assert protected_cases([case, other], on=TODAY) == {case.pk}
    assert contact_of(world.clerk(), other.parties.get(), on=TODAY).address == APPLICANT.address
    assert lettered(world, decided(world, other)).content["recipient"]["address"]


def test_who_has_the_case_in_hand_opens_the_contact_with_a_reason_that_stays(world, case) -> None:
    clerk = world.clerk()

    def opened(by: Person, reason: str = "補正について電話するため") -> Party:
        return open_contact(by=by, case=case, role=PartyRole.APPLICANT, reason=reason, clock=CLOCK)

    with pytest.raises(PermissionDenied, match="担当者だけ"):
        opened(clerk)
    start_work(by=clerk, case=case, clock=CLOCK)
    for by in (world.clerk("総務 課長"), HANAKO):
        with pytest.raises(PermissionDenied):
            opened(by)
    with pytest.raises(Refusal, match="理由"):
        opened(clerk, " ")
    assert opened(clerk).phone == APPLICANT.phone
    assert case.events.last().words == "連絡先を確かめた：補正について電話するため"


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("福島県河沼郡会津坂下町字見本1番地", "字見本"),
        ("福島県河沼郡会津坂下町大字金上字村中123", "大字金上字村中"),
        ("会津坂下町字市中一番甲3662", "字市中一番甲"),
        ("会津坂下町字五反田　見本荘101", "字五反田"),
        ("東京都千代田区千代田1-1", "町外"),
        ("", "不明"),
    ],
)
def test_the_area_of_an_address(address, area) -> None:
    assert area_of(address) == area
