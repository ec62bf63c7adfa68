from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import Period, Refusal

days = st.dates(date(2020, 1, 1), date(2020, 3, 1))


@st.composite
def periods(draw, *, may_be_open=True):
    start = draw(days)
    length = draw(st.integers(1, 40) | st.none()) if may_be_open else draw(st.integers(1, 40))
    return Period(start, None if length is None else start + timedelta(days=length))


def members(period):
    """The plain meaning of a period within the days of the test."""
    return {
        day
        for day in (date(2019, 12, 1) + timedelta(days=count) for count in range(200))
        if period.start <= day and (period.end is None or day < period.end)
    }


def test_a_period_is_half_open():
    april = Period(date(2026, 4, 1), date(2026, 5, 1))
    assert april.contains(date(2026, 4, 1))
    assert date(2026, 4, 30) in april
    assert date(2026, 5, 1) not in april
    assert april.days == 30
    assert april.last_day == date(2026, 4, 30)
    assert len(list(april)) == 30


def test_a_period_is_built_from_the_last_day_people_name():
    assert Period.through(date(2026, 4, 1), date(2026, 4, 30)) == Period(date(2026, 4, 1), date(2026, 5, 1))
    assert Period.through(date(2026, 4, 1), date(2026, 4, 1)).days == 1
    assert Period.through(date(2026, 4, 1), None) == Period(date(2026, 4, 1))


def test_an_open_period_has_neither_last_day_nor_length():
    employment = Period(date(2026, 4, 1))
    assert employment.days is None
    assert employment.last_day is None
    assert employment.contains(date(9999, 12, 31))
    with pytest.raises(ValueError, match="open period"):
        iter(employment)


@pytest.mark.parametrize("end", [date(2026, 3, 31), date(2026, 4, 1)])
def test_a_period_that_ends_before_it_begins_is_refused(end):
    with pytest.raises(Refusal) as refusal:
        Period(date(2026, 4, 1), end)
    assert "2026-04-01" in refusal.value.message
    assert refusal.value.hint


def test_a_moment_is_not_a_day():
    with pytest.raises(TypeError):
        Period(datetime(2026, 4, 1, tzinfo=UTC))
    with pytest.raises(TypeError):
        Period(date(2026, 4, 1)).contains(datetime(2026, 4, 1, tzinfo=UTC))
    with pytest.raises(TypeError):
        Period.through(date(2026, 4, 1), datetime(2026, 4, 1, tzinfo=UTC))


@given(periods(), periods())
def test_overlap_intersection_and_cover_mean_what_sets_of_days_mean(first, second):
    shared = first.intersect(second)
    assert first.overlaps(second) == second.overlaps(first) == (shared is not None)
    assert (members(shared) if shared else set()) == members(first) & members(second)
    assert first.covers(second) == (members(second) <= members(first) and (first.end is None or second.end is not None))


@given(periods(), st.none() | days, st.none() | days)
def test_clipping_keeps_the_days_between(period, since, until):
    clipped = period.clip(since=since, until=until)
    expected = {day for day in members(period) if (not since or since <= day) and (not until or day < until)}
    assert (members(clipped) if clipped else set()) == expected


@given(periods(may_be_open=False), st.integers(1, 20))
def test_periods_that_follow_each_other_are_adjacent_and_share_no_day(period, length):
    following = Period(period.end, period.end + timedelta(days=length))
    assert period.adjacent(following)
    assert following.adjacent(period)
    assert not period.overlaps(following)
    assert not period.adjacent(Period(period.end + timedelta(days=1)))


@given(periods(may_be_open=False))
def test_days_are_counted_as_they_are_walked(period):
    walked = list(period)
    assert len(walked) == period.days == len(members(period))
    assert walked[0] == period.start
    assert walked[-1] == period.last_day
