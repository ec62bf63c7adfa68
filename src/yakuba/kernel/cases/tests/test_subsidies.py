"""A 補助金 over its stages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import GrantStage
from yakuba.kernel.cases.models import Case, Grant, Outcome, Programme
from yakuba.kernel.cases.queries.grants import account_of, carried_answers, following, next_stage_facts
from yakuba.kernel.cases.rules.grants import (
    BudgetExceeded,
    StageCase,
    check_stage,
    committed_after,
    next_stages,
    report_day,
    stage_of_form,
)
from yakuba.kernel.cases.services import (
    payment_came_back,
    record_payment,
    return_case,
    send_notice,
    send_to_payment,
    set_programme,
    start_work,
    withdraw_case,
)
from yakuba.kernel.cases.tests.deciding import decided, lettered, propose, verdict
from yakuba.kernel.cases.tests.world import CLOCK, HANAKO, STRANGER, live_version
from yakuba.kernel.forms.api import begin_filling
from yakuba.kernel.forms.fillings import answers_of
from yakuba.kernel.values.api import FiscalYear, Refusal

ACCOUNT = {
    "bank_name": "見本銀行",
    "bank_code": "0001",
    "branch_name": "坂下",
    "branch_code": "001",
    "kind": "ordinary",
    "number": "0012345",
    "holder": "ミホン ハナコ",
}
CLERK, HEAD = "産業 課長", "町長 一郎"


@pytest.fixture
def town(world) -> Any:
    """A 補助金 with forms for every stage and a budget of 500,000 yen."""
    with unaudited_writes("test"):
        for stage in ("change", "report", "claim"):
            key = f"small-form-{stage}"
            world.versions[key] = live_version(key)
    budget(world, 500_000)
    return world


def budget(world, ceiling: int, *, edition: int = 0, most: int | None = None) -> Programme:
    return set_programme(
        by=world.clerk(CLERK),
        procedure=world.procedures["subsidy"],
        year=FiscalYear(2026),
        ceiling=ceiling,
        most_per_grant=most,
        report_by=date(2027, 3, 20),
        ground="見本の補助金交付要綱",
        seen_edition=edition,
        clock=CLOCK,
    )


def apply_for(town, **changed) -> Case:
    return town.submit("subsidy", account=ACCOUNT, **changed)


def grant(town, case: Case, amount: int | None) -> Case:
    case = decided(town, case, by=CLERK, by_head=HEAD, amount=amount)
    send_notice(by=town.clerk(CLERK), notice=lettered(town, case, by=CLERK), clock=CLOCK)
    return Case.objects.get(pk=case.pk)


def go_on(town, case: Case, stage: str, **changed) -> Case:
    facts = next_stage_facts(case, GrantStage(stage))
    return town.submit("subsidy", version=f"small-form-{stage}", facts=facts, **changed)


@pytest.fixture(autouse=True)
def symbols(world) -> None:
    from yakuba.kernel.approval.services import name_section_symbol
    from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM

    name_section_symbol(by=SYSTEM, section=world.hall.sections["産業課"], symbol="産", starts_on=FOUNDED)


def test_from_the_application_to_the_payment(town) -> None:
    first = apply_for(town)
    assert (first.stage, first.title) == ("apply", "見本の手続き（subsidy）（交付申請）")
    assert following(first) == ()
    first = grant(town, first, 200_000)
    found = Grant.objects.get()
    assert (found.state, found.granted, found.committed, found.report_by) == (
        "granted",
        200_000,
        200_000,
        date(2027, 3, 20),
    )
    assert following(first) == (GrantStage.CHANGE, GrantStage.REPORT)

    change = grant(town, go_on(town, first, "change"), 250_000)
    assert Grant.objects.get().granted == 250_000
    report = grant(town, go_on(town, change, "report"), 230_000)
    found = Grant.objects.get()
    assert (found.state, found.fixed, found.committed) == ("fixed", 230_000, 230_000)
    assert Programme.objects.get().committed == 230_000
    assert following(report) == (GrantStage.CLAIM,)

    claim = go_on(town, report, "claim")
    start_work(by=town.clerk(CLERK), case=claim, clock=CLOCK)
    send_to_payment(by=town.clerk(CLERK), case=claim, clock=CLOCK)
    payment_came_back(by=town.clerk(CLERK), case=claim, reason="名義の誤り", clock=CLOCK)
    send_to_payment(by=town.clerk(CLERK), case=claim, clock=CLOCK)
    assert record_payment(by=town.clerk(CLERK), case=claim, paid_on=CLOCK.today(), clock=CLOCK).state == "paid"
    found = Grant.objects.get()
    assert (found.state, found.paid) == ("paid", 230_000)
    assert [one.case.stage for one in found.stages.all()] == ["apply", "change", "report", "claim"]
    assert following(claim) == ()


def test_the_account_is_asked_for_once_and_kept_sealed(town) -> None:
    first = grant(town, apply_for(town), 100_000)
    found = Grant.objects.get()
    assert "0012345" not in found.account
    assert account_of(found)["number"] == "0012345"
    assert next_stage_facts(first, GrantStage.REPORT)["has_account"] is True
    assert carried_answers(first)["account"]["number"] == "0012345"
    assert carried_answers(first)["reason"] == "勤務先に出すため"


def test_the_form_of_the_next_stage_begins_with_the_answers_of_those_before(town) -> None:
    first = grant(town, apply_for(town), 100_000)
    begun = begin_filling(
        by=HANAKO,
        version=town.versions["small-form-report"],
        about=first.procedure.key,
        language="ja",
        facts=next_stage_facts(first, GrantStage.REPORT),
        known={},
        carried=carried_answers(first),
        clock=CLOCK,
    )
    answers = answers_of(begun.filling)
    assert answers["reason"] == "勤務先に出すため"
    assert answers["children"][1]["name"] == "二郎"
    assert answers["account"]["number"] == "0012345"
    assert begun.filling.sources["reason"] == "earlier"
    assert "photo" not in answers


def test_the_letter_names_the_amount_and_the_stage(town) -> None:
    case = decided(town, apply_for(town), by=CLERK, by_head=HEAD, amount=200_000)
    notice = lettered(town, case, by=CLERK)
    assert notice.content["title"] == "補助金交付決定通知書"
    assert ["交付決定額", "金200,000円"] in notice.content["items"]
    refused = decided(town, apply_for(town), by=CLERK, by_head=HEAD, outcome=Outcome.REFUSED)
    assert lettered(town, refused, by=CLERK).content["title"] == "補助金不交付決定通知書"
    assert list(Grant.objects.values_list("state", flat=True).order_by("pk")) == ["granted", "ended"]


class TestTheBudget:
    def test_nothing_is_proposed_that_it_does_not_hold(self, town) -> None:
        grant(town, apply_for(town), 400_000)
        with pytest.raises(BudgetExceeded, match="100,000円"):
            propose(town, apply_for(town), by=CLERK, amount=100_001)

    def test_what_waits_for_decision_is_counted_too(self, town) -> None:
        propose(town, apply_for(town), by=CLERK, amount=300_000)
        with pytest.raises(BudgetExceeded, match="決裁待ちが300,000円"):
            propose(town, apply_for(town), by=CLERK, amount=300_000)

    def test_a_decision_that_would_exceed_it_fails_as_a_whole(self, town) -> None:
        proposal = propose(town, apply_for(town), by=CLERK, amount=300_000)
        budget(town, 200_000, edition=1)
        with pytest.raises(BudgetExceeded):
            verdict(town, proposal, by=HEAD)
        assert Case.objects.get().state == "deciding"
        assert Programme.objects.get().committed == 0

    def test_it_is_never_lowered_below_what_was_promised(self, town) -> None:
        grant(town, apply_for(town), 400_000)
        with pytest.raises(Refusal, match="400,000円"):
            budget(town, 399_999, edition=1)
        with pytest.raises(Refusal, match="変えました"):
            budget(town, 900_000, edition=0)

    def test_without_one_nothing_is_granted(self, world) -> None:
        with pytest.raises(Refusal, match="予算枠が登録されていません"):
            propose(world, world.submit("subsidy"), by=CLERK, amount=1000)

    def test_one_grant_has_its_own_limit(self, town) -> None:
        budget(town, 500_000, edition=1, most=100_000)
        with pytest.raises(Refusal, match="一件の上限"):
            propose(town, apply_for(town), by=CLERK, amount=100_001)

    def test_the_fixed_amount_never_exceeds_what_was_granted(self, town) -> None:
        first = grant(town, apply_for(town), 100_000)
        report = go_on(town, first, "report")
        with pytest.raises(Refusal, match="交付決定額"):
            propose(town, report, by=CLERK, amount=100_001)

    def test_an_amount_is_needed(self, town) -> None:
        with pytest.raises(Refusal, match="額がありません"):
            propose(town, apply_for(town), by=CLERK, amount=None)


class TestStages:
    def test_a_later_stage_begins_from_its_grant_and_in_order(self, town) -> None:
        with pytest.raises(Refusal, match="交付決定を受けた"):
            town.submit("subsidy", version="small-form-report")
        first = apply_for(town)
        with pytest.raises(Refusal, match="いまは「実績報告」"):
            go_on(town, first, "report")
        first = grant(town, first, 100_000)
        with pytest.raises(Refusal, match="いまは「請求」"):
            go_on(town, first, "claim")

    def test_nobody_else_goes_on_with_it(self, town) -> None:
        first = grant(town, apply_for(town), 100_000)
        from dataclasses import replace

        from yakuba.kernel.cases.tests.world import APPLICANT

        with pytest.raises(Refusal, match="別の人"):
            go_on(town, first, "report", by=STRANGER, applicant=replace(APPLICANT, account_id=STRANGER.id))

    def test_a_stage_taken_back_may_be_sent_again(self, town) -> None:
        first = grant(town, apply_for(town), 100_000)
        report = go_on(town, first, "report")
        assert following(first) == ()
        withdraw_case(by=HANAKO, case=report, reason="", clock=CLOCK)
        assert following(first) == (GrantStage.CHANGE, GrantStage.REPORT)
        assert Grant.objects.get().state == "granted"

    def test_a_claim_sent_back_may_be_sent_again(self, town) -> None:
        first = grant(town, apply_for(town), 100_000)
        report = grant(town, go_on(town, first, "report"), 100_000)
        claim = go_on(town, report, "claim")
        return_case(by=town.clerk(CLERK), case=claim, reason="金額が違います", clock=CLOCK)
        assert Grant.objects.get().state == "fixed"
        assert following(report) == (GrantStage.CLAIM,)

    def test_an_application_withdrawn_ends_the_grant(self, town) -> None:
        withdraw_case(by=HANAKO, case=apply_for(town), reason="", clock=CLOCK)
        assert Grant.objects.get().state == "ended"


@given(
    st.integers(0, 1_000_000),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 400_000)), max_size=40),
)
def test_whatever_is_decided_the_budget_holds_and_adds_up(ceiling, decisions) -> None:
    held: dict[int, int] = {}
    committed = 0
    for who, amount in decisions:
        try:
            committed = committed_after(ceiling=ceiling, committed=committed, held=held.get(who, 0), amount=amount)
        except BudgetExceeded:
            assert committed - held.get(who, 0) + amount > ceiling
            continue
        held[who] = amount
        assert committed == sum(held.values()) <= ceiling


@given(
    st.lists(
        st.builds(
            StageCase,
            st.sampled_from(GrantStage),
            st.sampled_from(["received", "deciding", "notified", "completed", "withdrawn", "paid"]),
            st.sampled_from(["", "approved", "refused"]),
        ),
        max_size=5,
    )
)
def test_a_claim_needs_a_fixed_amount_and_nothing_follows_an_open_stage(stages) -> None:
    possible = next_stages(stages)
    if GrantStage.CLAIM in possible:
        assert any(one.stage is GrantStage.REPORT and one.is_granted for one in stages)
    if any(one.is_open for one in stages):
        assert not possible
    for stage in GrantStage:
        if stage not in possible:
            with pytest.raises(Refusal):
                check_stage(stage, stages)


@pytest.mark.parametrize(
    ("programme", "days", "day"),
    [
        (None, None, None),
        (date(2027, 3, 20), None, date(2027, 3, 20)),
        (None, 30, date(2026, 12, 2)),
        (date(2027, 3, 20), 30, date(2026, 12, 2)),
        (date(2026, 11, 20), 30, date(2026, 11, 20)),
    ],
)
def test_until_when_a_report_is_due(programme, days, day) -> None:
    assert report_day(date(2026, 11, 2), programme=programme, days=days) == day


def test_the_stage_of_a_form_follows_from_its_key_or_the_sections_word() -> None:
    assert stage_of_form("septic-subsidy", {}) is GrantStage.APPLY
    assert stage_of_form("septic-subsidy-report", {}) is GrantStage.REPORT
    assert stage_of_form("other-form", {"other-form": "claim"}) is GrantStage.CLAIM
