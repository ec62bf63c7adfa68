"""Two hundred drafts wait: the pages ask the database no more often than for five, and nothing is left off unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yakuba.kernel.approval.api import decide, turns_of, waiting_for
from yakuba.kernel.approval.rules.states import Outcome
from yakuba.kernel.approval.tests.test_pages import seat, words
from yakuba.kernel.approval.tests.test_routes import CONSULT, DECIDE, LINE, lay
from yakuba.kernel.approval.tests.town_hall import acting, ask
from yakuba.kernel.values.api import SystemClock

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.prove]
CLOCK = SystemClock()
TODAY = CLOCK.today()


def _asked(hall: Any, first: int, last: int) -> None:
    for number in range(first, last):
        ask(hall, title=f"伺い{number}", kind=f"伺い{number}", clock=CLOCK)  # one of a kind waits for a subject


def _queries(hall: Any, name: str) -> tuple[int, str]:
    client = seat(hall, name)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("approval-decisions"))
    assert page.status_code == 200
    return len(captured), words(page)


def test_two_hundred_waiting_drafts_cost_no_more_questions_than_five(hall: Any) -> None:
    lay(LINE, CONSULT, DECIDE, kind="")
    _asked(hall, 0, 5)
    few, _ = _queries(hall, "行政 班長")
    _asked(hall, 5, 200)
    many, page = _queries(hall, "行政 班長")
    assert many <= few
    assert "200" in page
    assert len(turns_of(acting(hall.staff["行政 班長"], TODAY), on=TODAY).own) == 200


def test_two_hundred_decided_one_after_the_other_leave_nobody_behind(hall: Any) -> None:
    lay(DECIDE, kind="")
    _asked(hall, 0, 40)
    head = acting(hall.staff["総務 課長"], TODAY)
    for left in range(40, 0, -1):
        waiting = waiting_for(head, on=TODAY)
        assert len(waiting) == left
        decide(by=head, request=waiting[0], outcome=Outcome.APPROVED, comment="", clock=CLOCK)
    assert waiting_for(head, on=TODAY) == []
