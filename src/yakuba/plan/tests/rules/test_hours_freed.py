"""Hours freed are added up honestly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import Refusal
from yakuba.plan.rules.hours_freed import Method, Saving, add_up, check_saving

D = Decimal


def test_minutes_times_cases_become_hours():
    assert Saving(D(30), D(12), 200, Method.TIMED).hours == 60


def test_work_that_takes_longer_counts_against_the_total():
    total = add_up([Saving(D(30), D(12), 200, Method.TIMED), Saving(D(5), D(8), 100, Method.LOGGED)])
    assert total.measured == 55


def test_estimates_stand_beside_the_measured_hours_and_are_never_mixed_in():
    total = add_up([Saving(D(60), D(0), 3, Method.LOGGED), Saving(D(60), D(0), 50, Method.ASKED)])
    assert (total.measured, total.estimated) == (3, 50)
    assert [(one.method, one.works, one.cases) for one in total.by_method] == [
        (Method.LOGGED, 1, 3),
        (Method.ASKED, 1, 50),
    ]


def test_nothing_adds_up_to_nothing():
    total = add_up([])
    assert (total.measured, total.estimated, total.by_method) == (0, 0, ())


@pytest.mark.parametrize(
    ("before", "after", "cases", "field"),
    [(-1, 0, 1, "minutes_before"), (1, -1, 1, "minutes_after"), (1, 50_000, 1, "minutes_after"), (1, 0, 0, "cases")],
)
def test_figures_that_cannot_be_are_refused_by_field(before, after, cases, field):
    with pytest.raises(Refusal) as refused:
        check_saving(minutes_before=D(before), minutes_after=D(after), cases=cases)
    assert refused.value.field == field


_savings = st.builds(
    Saving,
    st.decimals(0, 600, places=1),
    st.decimals(0, 600, places=1),
    st.integers(1, 10_000),
    st.sampled_from(list(Method)),
)


@given(st.lists(_savings, max_size=8), st.randoms())
def test_the_total_is_the_sum_of_its_methods_whatever_the_order(savings, random):
    total = add_up(savings)
    shuffled = list(savings)
    random.shuffle(shuffled)
    assert abs(sum((one.hours for one in total.by_method), D(0)) - (total.measured + total.estimated)) < D("1e-9")
    assert abs(add_up(shuffled).measured - total.measured) < D("1e-9")
    assert sum(one.works for one in total.by_method) == len(savings)
