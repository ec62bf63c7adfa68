"""Whatever people do in whatever order: one end per request, nobody decides an own draft, nothing decided changes."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.approval.access import drafters_of
from yakuba.kernel.approval.api import Outcome, decide, withdraw_request
from yakuba.kernel.approval.models import Decision, DecisionRequest
from yakuba.kernel.approval.rules.canonical import sha256_of
from yakuba.kernel.approval.services import hand_over_request, receive_return
from yakuba.kernel.approval.tests.town_hall import CLOCK, CONTENT, acting, ask
from yakuba.kernel.organisation.tests.town_hall import SYSTEM
from yakuba.kernel.values.api import Refusal

pytestmark = pytest.mark.django_db
PEOPLE = ("行政 主事", "行政 班長", "総務 課長", "町長 一郎", "副長 二郎")
ACTS = ("ask", "approved", "refused", "returned", "withdraw", "hand over", "receive")
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE)), min_size=3, max_size=10)


class _Undo(Exception):
    """Ends an example; its rows go with it."""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_no_order_of_acts_gives_two_decisions(hall, steps):
    people = {name: acting(hall.staff[name]) for name in PEOPLE}
    with pytest.raises(_Undo), transaction.atomic():
        for number, (act, name) in enumerate(steps):
            request = DecisionRequest.objects.order_by("-id").first()
            try:
                if act == "ask" or request is None:
                    ask(hall, by=name, content={**CONTENT, "回": number})
                elif act == "withdraw":
                    withdraw_request(by=people[name], request=request, reason="不要", clock=CLOCK)
                elif act == "receive":
                    receive_return(by=people[name], request=request, clock=CLOCK)
                elif act == "hand over":
                    hand_over_request(by=SYSTEM, request=request, to=hall.staff[name])
                else:
                    before = drafters_of(DecisionRequest.objects.get(pk=request.pk))
                    decision = decide(
                        by=people[name],
                        request=request,
                        outcome=Outcome(act),
                        comment="理由",
                        clock=CLOCK,
                        principal_is_absent=True,
                    )
                    assert decision.decided_staff_id not in before
            except (Refusal, NotAllowed):
                pass
            _all_is_well()
        raise _Undo


def _all_is_well() -> None:
    requests = list(DecisionRequest.objects.select_related("decision"))
    assert sum(one.is_waiting for one in requests) <= 1
    for one in requests:
        assert one.is_whole and sha256_of(one.content) == one.content_sha256
        decision = getattr(one, "decision", None)
        if one.state in ("waiting", "withdrawn"):
            assert decision is None
        else:
            assert decision is not None and decision.outcome == one.state
            assert decision.content_sha256 == one.content_sha256
    assert Decision.objects.count() == sum(one.state in ("approved", "refused", "returned") for one in requests)
