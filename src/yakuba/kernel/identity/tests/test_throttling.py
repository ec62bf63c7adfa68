"""Too many attempts."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.identity.rules.throttling import Limit, minutes_to_wait, seconds_to_wait
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt

FIVE = Limit("name", 5, 300)


def test_the_fifth_attempt_is_allowed_and_the_sixth_waits_for_the_first_to_be_forgotten() -> None:
    assert seconds_to_wait([0, 10, 20, 30], now=40, limit=FIVE) == 0
    assert seconds_to_wait([0, 10, 20, 30, 40], now=50, limit=FIVE) == 250
    assert seconds_to_wait([0, 10, 20, 30, 40], now=301, limit=FIVE) == 0


@given(st.lists(st.integers(0, 1000), max_size=30), st.integers(0, 1300))
def test_after_the_wait_that_was_told_an_attempt_is_allowed(attempts: list[int], now: int) -> None:
    made = [moment for moment in attempts if moment <= now]
    wait = seconds_to_wait(made, now=now, limit=FIVE)
    assert wait >= 0
    assert seconds_to_wait(made, now=now + wait, limit=FIVE) == 0


def test_people_are_told_whole_minutes() -> None:
    assert [minutes_to_wait(seconds) for seconds in (1, 60, 61, 300)] == [1, 1, 2, 5]


@pytest.mark.django_db
def test_only_failures_stay_counted() -> None:
    who = {"name": "1001-success"}
    for _ in range(20):
        count_attempt("test", limits=[FIVE], who=who).give_back()
    for _ in range(5):
        count_attempt("test", limits=[FIVE], who=who)
    with pytest.raises(TooManyAttempts) as refusal:
        count_attempt("test", limits=[FIVE], who=who)
    assert refusal.value.minutes == 5


@pytest.mark.django_db
def test_an_attempt_refused_by_one_limit_does_not_count_for_the_others() -> None:
    limits = [Limit("address", 3, 300), Limit("name", 1, 300)]
    count_attempt("two", limits=limits, who={"address": "a", "name": "n"})
    for _ in range(5):
        with pytest.raises(TooManyAttempts):
            count_attempt("two", limits=limits, who={"address": "a", "name": "n"})
    count_attempt("two", limits=limits, who={"address": "a", "name": "another"})


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_attempts_sent_at_the_same_moment_do_not_slip_through() -> None:
    from django.db import connections

    def try_once(_: int) -> bool:
        try:
            count_attempt("race", limits=[FIVE], who={"name": "race"})
        except TooManyAttempts:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        allowed = sum(pool.map(try_once, range(24)))
    assert 1 <= allowed <= 5
