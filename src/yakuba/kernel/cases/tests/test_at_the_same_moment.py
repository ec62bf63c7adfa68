"""Two at the same moment, on both databases: one case, one place, one decision, one budget, one arrival."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from yakuba.kernel.approval.api import Outcome as Verdict
from yakuba.kernel.approval.api import decide
from yakuba.kernel.approval.models import Decision, DecisionRequest
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.models import Case, Handling, Notice, Programme
from yakuba.kernel.cases.services import (
    answer_correction,
    ask_correction,
    put_on_paper,
    record_notice_opened,
    send_notice,
    set_programme,
    submit_case,
    withdraw_case,
)
from yakuba.kernel.cases.tests.deciding import SYSTEM, decided, lettered, propose
from yakuba.kernel.cases.tests.world import ANSWERS, APPLICANT, CLOCK, HANAKO
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.values.api import FiscalYear, FixedClock, Refusal

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment, each with a connection of its own; what each gave, or its refusal."""
    barrier = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(20)
            found[place] = act()
        except (Refusal, PermissionDenied) as refusal:
            found[place] = refusal
        except BaseException as fault:  # noqa: BLE001  (handed to the test)
            found[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    faults = [
        one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal | PermissionDenied)
    ]
    assert not faults, faults
    return found


def refusals(found: Sequence[object]) -> list[object]:
    return [one for one in found if isinstance(one, Exception)]


@pytest.fixture
def town(transactional_db: None) -> Any:
    from yakuba.kernel.cases.tests.world import open_world

    return open_world()


def test_one_filling_sent_by_five_is_one_case(town) -> None:
    filling = town.begin()

    def send() -> Case:
        return submit_case(
            by=HANAKO, procedure=town.procedures["application"], filling=filling, applicant=APPLICANT, clock=CLOCK
        )

    found = together(*[send] * 5)
    assert not refusals(found)
    assert len({one.pk for one in found}) == 1
    assert AnswerSet.objects.count() == 1


def test_different_fillings_get_different_numbers_without_a_gap(town) -> None:
    fillings = [town.begin() for _ in range(6)]

    def sender(filling: Any) -> Callable[[], Case]:
        return lambda: submit_case(
            by=HANAKO, procedure=town.procedures["application"], filling=filling, applicant=APPLICANT, clock=CLOCK
        )

    found = together(*[sender(one) for one in fillings])
    assert not refusals(found)
    assert sorted(int(one.number.split("-")[1]) for one in found) == [1, 2, 3, 4, 5, 6]


def test_the_last_place_is_given_once(town) -> None:
    with unaudited_writes("test"):
        Handling.objects.create(
            procedure=town.procedures["sign_up"],
            act_kind="other",
            places=2,
            sign_up_mode="first_come",
            changed_at=CLOCK.now(),
            changed_name="x",
        )
    fillings = [town.begin("sign_up") for _ in range(5)]

    def sender(filling: Any) -> Callable[[], Case]:
        return lambda: submit_case(
            by=HANAKO, procedure=town.procedures["sign_up"], filling=filling, applicant=APPLICANT, clock=CLOCK
        )

    assert not refusals(together(*[sender(one) for one in fillings]))
    assert Case.objects.filter(state="confirmed").count() == 2
    assert sorted(Case.objects.filter(state="waitlisted").values_list("queue_rank", flat=True)) == [1, 2, 3]


def test_a_correction_is_answered_once(town) -> None:
    case = town.submit()
    ask_correction(
        by=town.clerk(),
        case=case,
        items=[("reason", "?")],
        message="",
        deadline=CLOCK.today().replace(day=16),
        clock=CLOCK,
    )

    def sender(words: str) -> Callable[[], AnswerSet]:
        return lambda: answer_correction(
            by=HANAKO, case=case, answers={**ANSWERS, "reason": words}, sources={}, clock=CLOCK
        )

    found = together(*[sender(words) for words in "一二三四"])
    assert not refusals(found)
    assert len({one.pk for one in found}) == 1
    assert AnswerSet.objects.count() == 2


def test_a_withdrawal_and_a_decision_do_not_wait_for_each_other_forever(town) -> None:
    case = town.submit()
    request = DecisionRequest.objects.get(public_id=propose(town, case).request_id)
    head = town.clerk("総務 課長")
    found = together(
        lambda: decide(by=head, request=request, outcome=Verdict.APPROVED, comment="", clock=CLOCK),
        lambda: withdraw_case(by=HANAKO, case=case, reason="", clock=CLOCK),
    )
    assert len(refusals(found)) == 1
    state = Case.objects.get().state
    assert state in ("approved", "withdrawn")
    assert Decision.objects.count() == (1 if state == "approved" else 0)
    assert case.proposals.get().state == ("decided" if state == "approved" else "taken_back")


def test_two_decisions_never_promise_the_same_money(town) -> None:
    from yakuba.kernel.approval.services import name_section_symbol
    from yakuba.kernel.organisation.tests.town_hall import FOUNDED
    from yakuba.kernel.organisation.tests.town_hall import SYSTEM as FOUNDER

    name_section_symbol(by=FOUNDER, section=town.hall.sections["産業課"], symbol="産", starts_on=FOUNDED)

    def budget(ceiling: int, edition: int) -> Programme:
        return set_programme(
            by=town.clerk("産業 課長"),
            procedure=town.procedures["subsidy"],
            year=FiscalYear(2026),
            ceiling=ceiling,
            most_per_grant=None,
            report_by=None,
            ground="",
            seen_edition=edition,
            clock=CLOCK,
        )

    budget(1_000_000, 0)
    requests = [
        DecisionRequest.objects.get(
            public_id=propose(town, town.submit("subsidy"), by="産業 課長", amount=200_000).request_id
        )
        for _ in range(4)
    ]
    budget(500_000, 1)
    mayor = town.clerk("町長 一郎")

    def decider(request: DecisionRequest) -> Callable[[], Decision]:
        return lambda: decide(by=mayor, request=request, outcome=Verdict.APPROVED, comment="", clock=CLOCK)

    found = together(*[decider(one) for one in requests])
    assert len(refusals(found)) == 2
    assert Programme.objects.get().committed == 400_000
    assert Case.objects.filter(state="approved").count() == 2
    assert Case.objects.filter(state="deciding").count() == 2


def test_a_letter_arrives_once_or_goes_on_paper_and_never_both(town) -> None:
    case = decided(town, town.submit(accepts_enotice=True))
    notice = send_notice(by=town.clerk(), notice=lettered(town, case), clock=CLOCK)
    late = FixedClock(CLOCK.today().replace(day=20))
    together(
        lambda: record_notice_opened(by=HANAKO, notice=notice, clock=late),
        lambda: put_on_paper(by=SYSTEM, notice=notice, clock=late),
        lambda: record_notice_opened(by=HANAKO, notice=notice, clock=late),
    )
    found = Notice.objects.get()
    assert (found.way, found.state, found.to_paper_on is None) in [
        ("electronic", "arrived", True),
        ("post", "ready", False),
    ]
    assert (found.arrived_at is not None) == (found.way == "electronic")
