"""標準処理期間 and its light."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.cases.rules.deadlines import Light, correction_deadline, due_day, light, pause, warning_day
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.japan.api import BusinessCalendar, ClosingDays
from yakuba.kernel.values.api import Period

CALENDAR = BusinessCalendar(ClosingDays(weekdays=frozenset({5, 6}), national_holidays=True))
MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (0, date(2026, 11, 2)),
        (1, date(2026, 11, 4)),  # 3 November is 文化の日
        (5, date(2026, 11, 10)),
        (14, date(2026, 11, 24)),  # 23 November is 勤労感謝の日
    ],
)
def test_the_day_of_arrival_does_not_count_and_closed_days_neither(days, due) -> None:
    assert due_day(counts_from=MONDAY, days=days, pauses=(), is_stopped=False, calendar=CALENDAR) == due


def test_it_stands_still_while_the_applicant_has_to_answer() -> None:
    assert due_day(counts_from=MONDAY, days=5, pauses=(), is_stopped=True, calendar=CALENDAR) is None


def test_days_of_waiting_are_added() -> None:
    waiting = Period.through(date(2026, 11, 5), date(2026, 11, 9))
    assert due_day(counts_from=MONDAY, days=5, pauses=[waiting], is_stopped=False, calendar=CALENDAR) == date(
        2026, 11, 13
    )


@pytest.mark.parametrize(
    ("asked", "ended", "deadline", "last"),
    [
        (date(2026, 11, 4), date(2026, 11, 9), date(2026, 11, 18), date(2026, 11, 9)),
        (date(2026, 11, 4), date(2026, 11, 25), date(2026, 11, 18), date(2026, 11, 18)),
        (date(2026, 11, 4), None, date(2026, 11, 18), date(2026, 11, 18)),
    ],
)
def test_the_wait_ends_with_the_answer_or_the_deadline(asked, ended, deadline, last) -> None:
    assert pause(asked, ended, deadline) == Period.through(asked + timedelta(days=1), last)


def test_an_answer_on_the_same_day_stops_nothing() -> None:
    assert pause(MONDAY, MONDAY, date(2026, 11, 18)) is None


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(1, 60), st.integers(0, 40), st.integers(0, 30))
def test_waiting_never_shortens_the_period(start, days, after, length) -> None:
    waiting = Period.through(start + timedelta(days=after + 1), start + timedelta(days=after + 1 + length))
    plain = due_day(counts_from=start, days=days, pauses=(), is_stopped=False, calendar=CALENDAR)
    stopped = due_day(counts_from=start, days=days, pauses=[waiting], is_stopped=False, calendar=CALENDAR)
    assert plain is not None
    assert stopped is not None
    assert stopped >= plain
    assert CALENDAR.is_open(stopped)
    assert plain == CALENDAR.add_business_days(start, days)


@pytest.mark.parametrize(
    ("phase", "due", "shown"),
    [
        (Phase.NEW, date(2026, 11, 1), Light.RED),
        (Phase.NEW, MONDAY, Light.YELLOW),
        (Phase.WORKING, date(2026, 11, 6), Light.YELLOW),
        (Phase.WORKING, date(2026, 11, 9), Light.GREEN),
        (Phase.DECIDING, date(2026, 11, 1), Light.RED),
        (Phase.WORKING, None, Light.NONE),
        (Phase.APPLICANT, date(2026, 11, 1), Light.STOPPED),
        (Phase.CONSENT, None, Light.STOPPED),
        (Phase.OVERDUE, date(2027, 1, 1), Light.RED),
        (Phase.DECIDED, date(2026, 11, 1), Light.NONE),
        (Phase.CLOSED, date(2026, 11, 1), Light.NONE),
    ],
)
def test_the_light(phase, due, shown) -> None:
    warn_until = warning_day(MONDAY, 3, CALENDAR)
    assert warn_until == date(2026, 11, 6)
    assert light(phase=phase, due_on=due, today=MONDAY, warn_until=warn_until) is shown


def test_a_deadline_for_an_answer_is_an_open_day() -> None:
    assert correction_deadline(date(2026, 11, 1), 14, CALENDAR) == date(2026, 11, 16)
