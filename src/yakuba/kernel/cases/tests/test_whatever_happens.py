"""Whatever people do in whatever order: no illegal step, no answer lost, never two decisions, one case per submission."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test

from yakuba.kernel.access.api import VISITOR, Person
from yakuba.kernel.approval.api import Outcome as Verdict
from yakuba.kernel.approval.api import decide
from yakuba.kernel.approval.models import Decision, DecisionRequest
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.verbs import slow_transactions
from yakuba.kernel.cases import services as verbs
from yakuba.kernel.cases.models import Case, NoticeState, Outcome
from yakuba.kernel.cases.rules.places import Lot
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.tests.deciding import SYSTEM
from yakuba.kernel.cases.tests.world import ANSWERS, APPLICANT, CLOCK, HANAKO, STRANGER, World
from yakuba.kernel.values.api import FixedClock, Refusal

_world: list[World] = []


class WhateverHappens(RuleBasedStateMachine):
    """Residents, clerks, heads, strangers and the night job, all at the same cases."""

    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.world = _world[0]
        self.block = transaction.atomic()
        self.block.__enter__()
        self.day = 0
        self.fillings: dict[int, Any] = {}
        self.sent: dict[int, list[str]] = {}

    def teardown(self) -> None:
        # How long a verb may take is measured by its own tests; here the search for examples runs beside it.
        slow_transactions.clear()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @property
    def clock(self) -> FixedClock:
        return FixedClock(CLOCK.now() + timedelta(days=self.day))

    def who(self, name: str) -> Person:
        people = {"hanako": HANAKO, "stranger": STRANGER, "visitor": VISITOR, "night": SYSTEM}
        return people[name] if name in people else self.world.clerk(name, self.clock.today())

    def attempt(self, case: int, act: Callable[[Case], object]) -> None:
        """Do it, or see it refused and nothing changed."""
        before = Case.objects.values().get(pk=case)
        events = Case.objects.get(pk=case).events.count()
        try:
            with transaction.atomic():
                act(Case.objects.get(pk=case))
        except (Refusal, PermissionDenied):
            assert Case.objects.values().get(pk=case) == before
            assert Case.objects.get(pk=case).events.count() == events

    people = st.sampled_from(
        ["hanako", "stranger", "visitor", "night", "行政 主事", "行政 主事", "行政 班長", "総務 課長", "財政 主事"]
    )

    @rule(target=cases, kind=st.sampled_from(["application", "application", "notification", "sign_up", "consultation"]))
    def submit(self, kind: str) -> Any:
        filling = self.world.begin(kind, clock=self.clock)
        case = self._send(kind, filling)
        self.fillings[case.pk] = (kind, filling)
        self.sent[case.pk] = [case.answers.digest]
        return case.pk if len(self.fillings) <= 3 else multiple()

    def _send(self, kind: str, filling: Any) -> Case:
        return verbs.submit_case(
            by=HANAKO,
            procedure=self.world.procedures[kind],
            filling=filling,
            applicant=APPLICANT,
            clock=self.clock,
        )

    @rule(case=cases)
    def press_the_button_again(self, case: int) -> None:
        count = Case.objects.count()
        assert self._send(*self.fillings[case]).pk == case
        assert Case.objects.count() == count

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.day += days
        for case in Case.objects.filter(phase=Phase.APPLICANT):
            verbs.mark_overdue(by=SYSTEM, case=case, clock=self.clock)

    @rule(case=cases, who=people)
    def start(self, case: int, who: str) -> None:
        self.attempt(case, lambda one: verbs.start_work(by=self.who(who), case=one, clock=self.clock))

    @rule(case=cases, who=people, days=st.integers(-1, 40), path=st.sampled_from(["reason", "purpose", "nothing"]))
    def ask(self, case: int, who: str, days: int, path: str) -> None:
        self.attempt(
            case,
            lambda one: verbs.ask_correction(
                by=self.who(who),
                case=one,
                items=[(path, "直してください")],
                message="",
                deadline=self.clock.today() + timedelta(days=days),
                clock=self.clock,
            ),
        )

    @rule(case=cases, who=people, words=st.sampled_from(["一", "二"]), purpose=st.sampled_from(["work", "school"]))
    def answer(self, case: int, who: str, words: str, purpose: str) -> None:
        def act(one: Case) -> None:
            given = {**ANSWERS, "reason": words, "purpose": purpose, "copies": 9}
            found = verbs.answer_correction(by=self.who(who), case=one, answers=given, sources={}, clock=self.clock)
            if found.digest not in self.sent[case]:
                self.sent[case].append(found.digest)

        self.attempt(case, act)

    @rule(case=cases, who=people)
    def take_back_the_question(self, case: int, who: str) -> None:
        self.attempt(
            case,
            lambda one: verbs.take_back_correction(by=self.who(who), case=one, reason="進める", clock=self.clock),
        )

    @rule(case=cases, who=people)
    def withdraw(self, case: int, who: str) -> None:
        if self.day % 3 == 0:  # most cases shall live on
            self.attempt(
                case, lambda one: verbs.withdraw_case(by=self.who(who), case=one, reason="申し出", clock=self.clock)
            )

    @rule(case=cases, who=people, approves=st.booleans(), reasons=st.sampled_from(["", "基準に合わない"]))
    def propose(self, case: int, who: str, approves: bool, reasons: str) -> None:
        self.attempt(
            case,
            lambda one: verbs.propose_decision(
                by=self.who(who),
                case=one,
                outcome=Outcome.APPROVED if approves else Outcome.REFUSED,
                reasons=reasons,
                conditions="",
                fee_items=[],
                amount=None,
                clock=self.clock,
            ),
        )

    @rule(
        case=cases,
        who=st.sampled_from(["総務 課長", "総務 課長", "行政 主事", "町長 一郎"]),
        verdict=st.sampled_from(list(Verdict)),
    )
    def decide(self, case: int, who: str, verdict: Verdict) -> None:
        def act(one: Case) -> None:
            request = DecisionRequest.objects.filter(subject_id=one.public_id).order_by("-id").first()
            if request is not None:
                decide(by=self.who(who), request=request, outcome=verdict, comment="意見", clock=self.clock)

        self.attempt(case, act)

    @rule(case=cases, who=people)
    def take_back_the_proposal(self, case: int, who: str) -> None:
        self.attempt(
            case, lambda one: verbs.take_back_proposal(by=self.who(who), case=one, reason="直す", clock=self.clock)
        )

    @rule(case=cases, who=people, on_paper=st.booleans())
    def notify(self, case: int, who: str, on_paper: bool) -> None:
        def act(one: Case) -> None:
            notice = verbs.make_notice(by=self.who(who), case=one, clock=self.clock, on_paper=on_paper)
            with unaudited_writes("the letter is set elsewhere"):
                notice.state = NoticeState.READY
                notice.save()
            verbs.hand_notice(by=self.who(who), notice=notice, to_whom="本人", clock=self.clock)

        self.attempt(case, act)

    @rule(case=cases, who=people)
    def complete(self, case: int, who: str) -> None:
        self.attempt(case, lambda one: verbs.complete_case(by=self.who(who), case=one, clock=self.clock))

    @rule(case=cases, who=people)
    def send_back(self, case: int, who: str) -> None:
        self.attempt(case, lambda one: verbs.return_case(by=self.who(who), case=one, reason="不備", clock=self.clock))

    @rule(case=cases, who=people, lot=st.sampled_from(list(Lot)))
    def give_a_place(self, case: int, who: str, lot: Lot) -> None:
        self.attempt(case, lambda one: verbs.decide_place(by=self.who(who), case=one, lot=lot, clock=self.clock))

    @invariant()
    def every_step_stands_in_its_table(self) -> None:
        for case in Case.objects.all():
            assert case.phase == case.table.phase(case.state).value
            assert (case.completed_on is None) == (case.standing is not Phase.CLOSED)
            state = ""
            for event in case.events.exclude(after="").order_by("pk"):
                if event.before:
                    assert event.before == state
                    assert case.table.table.allows(case.table.read(event.before), case.table.read(event.after))
                state = event.after
            assert state == case.state
            if case.kind == "notification":
                assert not {"審査", "却下"} & {case.state_label}

    @invariant()
    def no_answer_is_lost(self) -> None:
        for case in Case.objects.select_related("answers"):
            chain = []
            answers = case.answers
            while answers is not None:
                chain.append(answers.digest)
                answers = answers.previous
            assert set(self.sent[case.pk]) == set(chain)
            assert case.first_answers.digest == self.sent[case.pk][0]

    @invariant()
    def nothing_is_decided_twice(self) -> None:
        for case in Case.objects.all():
            assert case.proposals.filter(state="decided").count() <= 1
            approved = Decision.objects.filter(request__subject_id=case.public_id, outcome="approved").count()
            assert approved == (1 if case.outcome else 0)
            assert case.proposals.filter(state="waiting").count() == (1 if case.state == "deciding" else 0)
            if case.outcome:
                assert case.kind == "application"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        (8, 25),
        pytest.param(150, 30, marks=[pytest.mark.prove, pytest.mark.timeout(1800)]),
    ],
)
def test_whatever_happens(world, examples, steps) -> None:
    _world[:] = [world]
    run_state_machine_as_test(
        WhateverHappens,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
