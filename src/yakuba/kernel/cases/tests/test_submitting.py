"""A case arrives."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from yakuba.kernel.access.api import VISITOR, NotVisible
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import (
    Arrival,
    Case,
    Party,
    ProofMissing,
    Shown,
    case_of_number,
    cases_of,
    get_for,
    submit_case,
    visible_to,
)
from yakuba.kernel.cases.models import CaseEvent, CaseParty
from yakuba.kernel.cases.services import withdraw_case
from yakuba.kernel.cases.tests.world import APPLICANT, AUDITOR, CLOCK, HANAKO, STRANGER, TARO
from yakuba.kernel.forms.api import Incomplete
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.identity.models import SignatureEvidence, SignatureOutcome
from yakuba.kernel.people.api import revoke_mandate
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.values.api import Refusal


def test_a_filled_form_becomes_a_case_with_a_number_and_the_section_in_charge(world) -> None:
    case = world.submit()
    assert case.number == "R8-00001-0" or case.number.startswith("R8-00001-")
    assert (case.state, case.phase, case.section) == ("received", "new", world.hall.sections["行政管理班"])
    assert case.fee == 600
    assert case.answers.every_answer()["reason"] == "勤務先に出すため"
    assert world.submit().number.startswith("R8-00002-")


@pytest.mark.parametrize(
    ("kind", "state"),
    [("application", "received"), ("notification", "arrived"), ("sign_up", "received"), ("consultation", "received")],
)
def test_each_kind_begins_in_its_own_state(world, kind, state) -> None:
    assert world.submit(kind).state == state


def test_a_second_press_of_the_button_gives_the_same_case(world) -> None:
    filling = world.begin()
    sent = [
        submit_case(
            by=HANAKO, procedure=world.procedures["application"], filling=filling, applicant=APPLICANT, clock=CLOCK
        )
        for _ in range(3)
    ]
    assert len({one.pk for one in sent}) == 1
    assert Case.objects.count() == 1
    assert AnswerSet.objects.count() == 1
    assert CaseEvent.objects.filter(what="received").count() == 1


def test_an_incomplete_form_is_no_case_and_takes_no_number(world) -> None:
    with pytest.raises(Incomplete):
        world.submit(reason=None)
    assert not Case.objects.exists()
    assert world.submit().number.startswith("R8-00001-")


def test_a_form_of_another_procedure_is_refused(world) -> None:
    with pytest.raises(Refusal, match="別の手続き"):
        submit_case(
            by=HANAKO,
            procedure=world.procedures["notification"],
            filling=world.begin("application"),
            applicant=APPLICANT,
            clock=CLOCK,
        )


class TestIdentity:
    def test_a_procedure_for_the_card_is_refused_without_it_and_nothing_is_lost(self, world) -> None:
        filling = world.begin("card")
        with pytest.raises(ProofMissing) as refused:
            submit_case(
                by=HANAKO, procedure=world.procedures["card"], filling=filling, applicant=APPLICANT, clock=CLOCK
            )
        assert refused.value.needed == "card"
        filling.refresh_from_db()
        assert filling.state == "open"
        case = submit_case(
            by=HANAKO,
            procedure=world.procedures["card"],
            filling=filling,
            applicant=APPLICANT,
            shown=Shown("card", "card", CLOCK.now()),
            clock=CLOCK,
        )
        assert case.identity_level == "card"

    def test_a_signature_counts_for_exactly_these_answers_only(self, world) -> None:
        card = Shown("card", "card", CLOCK.now())
        filling = world.begin("signed")

        def send() -> Case:
            return submit_case(
                by=HANAKO,
                procedure=world.procedures["signed"],
                filling=filling,
                applicant=APPLICANT,
                shown=card,
                clock=CLOCK,
            )

        with pytest.raises(ProofMissing) as refused:
            send()
        assert refused.value.needed == "signature"
        _sign(filling, "0" * 64)
        with pytest.raises(ProofMissing):
            send()
        _sign(filling, _digest_of(filling))
        assert send().signature is not None

    def test_a_refused_signature_is_none(self, world) -> None:
        filling = world.begin("signed")
        _sign(filling, _digest_of(filling), outcome=SignatureOutcome.NOT_CHECKABLE)
        with pytest.raises(ProofMissing):
            submit_case(
                by=HANAKO,
                procedure=world.procedures["signed"],
                filling=filling,
                applicant=APPLICANT,
                shown=Shown("card"),
                clock=CLOCK,
            )

    def test_what_can_only_be_shown_in_person_follows_later(self, world) -> None:
        case = world.submit("in_person")
        assert case.needs_identity
        assert case.needs_paper

    def test_what_arrives_at_the_counter_needs_no_online_proof(self, world) -> None:
        case = world.submit("signed", by=world.clerk("総務 主査"), channel=Arrival.COUNTER)
        assert case.needs_identity
        assert case.entered_by == world.hall.staff["総務 主査"]

    def test_a_resident_cannot_claim_to_stand_at_the_counter(self, world) -> None:
        with pytest.raises(PermissionDenied):
            world.submit("signed", channel=Arrival.COUNTER)

    def test_a_clerk_cannot_send_online_for_somebody(self, world) -> None:
        with pytest.raises(PermissionDenied):
            world.submit(by=world.clerk())


class TestAgents:
    agent = Party(name="代理　次郎", account_id=TARO.id)

    def test_an_agent_without_a_mandate_is_refused(self, world) -> None:
        with pytest.raises(Refusal, match="委任状"):
            world.submit(by=TARO, agent=self.agent, facts={"is_agent": True})

    def test_a_registered_mandate_for_the_procedure_is_found(self, world) -> None:
        with unaudited_writes("test"):
            mandate = Mandate.objects.create(
                kind="letter",
                principal_account=HANAKO.id,
                principal_name="見本　花子",
                agent_account=TARO.id,
                agent_name="代理　次郎",
                scope=["sample-application"],
                scope_words="見本",
                starts_on=CLOCK.today(),
                state="in_force",
                requested_by="x",
                requested_at=CLOCK.now(),
            )
        case = world.submit(by=TARO, agent=self.agent)
        party = CaseParty.objects.get(case=case, role="agent")
        assert party.mandate == mandate
        assert party.mandate_checked
        assert list(cases_of(TARO)) == [case]
        with pytest.raises(Refusal, match="委任状"):
            world.submit("notification", by=TARO, agent=self.agent)

    def chosen(self, **changed: Any) -> Mandate:
        given: dict[str, Any] = {
            "principal_name": "見本　花子",
            "principal_born_on": date(1980, 4, 1),
            "is_for_everything": True,
            "state": "in_force",
            **changed,
        }
        with unaudited_writes("test"):
            return Mandate.objects.create(
                kind="letter",
                agent_account=TARO.id,
                agent_name="代理　次郎",
                scope_words="すべての手続き",
                starts_on=CLOCK.today(),
                requested_by="x",
                requested_at=CLOCK.now(),
                **given,
            )

    def facts(self, mandate: Mandate) -> dict[str, Any]:
        return {"is_agent": True, "has_mandate": True, "mandate": mandate.public_id}

    def test_the_mandate_chosen_at_the_start_must_still_be_good(self, world) -> None:
        mandate, other = self.chosen(), self.chosen()
        with unaudited_writes("test"):
            Mandate.objects.filter(pk=mandate.pk).update(state="revoked")
        with pytest.raises(Refusal, match="もう使えません"):
            world.submit(by=TARO, agent=self.agent, facts=self.facts(mandate))
        assert not Case.objects.exists(), "another mandate does not stand in for it"
        case = world.submit(by=TARO, agent=self.agent, facts=self.facts(other))
        assert CaseParty.objects.get(case=case, role="agent").mandate == other

    @pytest.mark.parametrize(
        "changed", [{"principal_name": "見本　華子"}, {"principal_born_on": date(1990, 4, 1)}], ids=["name", "birth"]
    )
    def test_the_applicant_is_the_principal_even_where_the_accounts_agree(self, world, changed) -> None:
        mandate = self.chosen(principal_account=HANAKO.id, **changed)
        with pytest.raises(Refusal, match="委任の本人"):
            world.submit(by=TARO, agent=self.agent, facts=self.facts(mandate))
        with pytest.raises(Refusal, match="委任状が必要"):
            world.submit(by=TARO, agent=self.agent)

    def test_when_it_is_revoked_the_agent_loses_what_is_open_and_keeps_what_is_over(self, world) -> None:
        mandate = self.chosen()
        ended = world.submit(by=TARO, agent=self.agent, facts=self.facts(mandate))
        withdraw_case(by=TARO, case=ended, reason="", clock=CLOCK)
        case = world.submit(by=TARO, agent=self.agent, facts=self.facts(mandate))
        revoke_mandate(by=world.clerk(), mandate=mandate, reason="本人の申出", clock=CLOCK)
        assert list(cases_of(TARO)) == [ended]
        case.refresh_from_db()
        assert (case.agent_account, case.applicant_account) == ("", HANAKO.id)
        assert CaseParty.objects.get(case=case, role="agent").mandate == mandate, "on what ground it was sent stays"
        told = case.events.last()
        assert "委任が取り消された" in told.words and "本人に届きます" in told.resident_words

    def test_an_attached_letter_waits_for_the_clerk(self, world) -> None:
        case = world.submit(by=TARO, agent=self.agent, facts={"is_agent": True}, mandate=["0123456789abcdef"])
        party = CaseParty.objects.get(case=case, role="agent")
        assert party.mandate_file == "0123456789abcdef"
        assert not party.mandate_checked


class TestLookingUp:
    def test_number_and_password_open_a_case_of_somebody_without_account(self, world) -> None:
        case = world.submit(by=VISITOR, applicant=Party(name="見本　花子"), password="sakura-2026")
        assert case_of_number(case.number, "sakura-2026") == case
        assert case_of_number(case.number.lower().replace("-", ""), "sakura-2026") == case
        assert case_of_number(case.number, "Sakura-2026") is None
        assert "sakura" not in case.password_hash

    def test_nothing_opens_without_a_password(self, world) -> None:
        case = world.submit()
        assert case_of_number(case.number, "") is None
        assert case_of_number("R8-99999-9", "x" * 5000) is None

    def test_a_short_password_is_refused_before_anything_is_sent(self, world) -> None:
        with pytest.raises(Refusal, match="8文字"):
            world.submit(password="short")
        assert not Case.objects.exists()


class TestWhoSees:
    def test_the_section_and_the_sections_above_it_see_a_case_and_nobody_else(self, world) -> None:
        case = world.submit()
        for name in ("行政 主事", "行政 班長", "総務 課長"):
            assert list(visible_to(world.clerk(name))) == [case], name
        for name in ("財政 課長", "財政 主事", "教育 課長"):
            assert not visible_to(world.clerk(name)).exists(), name
        assert list(visible_to(AUDITOR)) == [case]
        assert list(visible_to(HANAKO)) == [case]
        assert not visible_to(STRANGER).exists()
        assert not visible_to(VISITOR).exists()
        with pytest.raises(NotVisible):
            get_for(STRANGER, case.public_id)

    def test_the_audit_seat_writes_nothing(self, world) -> None:
        with pytest.raises(PermissionDenied):
            world.submit(by=AUDITOR, channel=Arrival.COUNTER)


def _sign(filling, digest: str, outcome: str = SignatureOutcome.ACCEPTED) -> None:
    with unaudited_writes("test"):
        SignatureEvidence.objects.create(
            about=f"forms.filling:{filling.public_id}",
            title="申請",
            document_digest=digest,
            issuer="https://issuer.example",
            subject="subject",
            transaction=digest[:20] + str(SignatureEvidence.objects.count()),
            sealed="x",
            received_at=CLOCK.now(),
            outcome=outcome,
        )


def _digest_of(filling) -> str:
    from yakuba.kernel.forms.api import evaluation_of
    from yakuba.kernel.forms.sealing import digest

    return digest(filling.version.digest, evaluation_of(filling, clock=CLOCK).answers)
